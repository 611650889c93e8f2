from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.pipeline.memory import Memory, digest

PART = Part(PartKind.TEXT, Role.USER, Origin.USER, "hello", ())


def test_the_digest_covers_all_a_detector_can_see():
    changes: list[dict[str, Any]] = [
        {"text": "hello "},
        {"kind": PartKind.TOOL_RESULT},
        {"role": Role.SYSTEM},
        {"origin": Origin.TOOL},
        {"name": "f"},
    ]
    digests = {digest(PART._replace(**change)) for change in changes} | {digest(PART)}
    assert len(digests) == len(changes) + 1


def test_the_digest_does_not_depend_on_the_place_in_the_conversation():
    assert digest(PART._replace(message=7)) == digest(PART)


def test_a_name_and_a_text_are_not_taken_for_another_name_and_text():
    assert digest(PART._replace(name="a", text="b\x00c")) != digest(PART._replace(name="a\x00b", text="c"))


def test_half_a_surrogate_pair_has_a_digest():
    assert digest(PART._replace(text="\ud800"))


@given(st.lists(st.integers(0, 20)), st.integers(1, 5))
def test_a_memory_keeps_the_last_used_values_and_no_more(keys, limit):
    memory = Memory[int](limit)
    recent: list[int] = []
    for key in keys:
        if memory.get(bytes([key])) is None:
            memory.put(bytes([key]), key)
        recent = [other for other in recent if other != key] + [key]
        assert len(memory) <= limit
    for key in recent[-limit:]:
        assert memory.get(bytes([key])) == key


def test_a_memory_of_nothing_keeps_nothing():
    memory = Memory[int](0)
    memory.put(b"a", 1)
    assert memory.get(b"a") is None
