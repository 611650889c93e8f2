import gzip
import json

import pytest

from firebreak.evaluation.examples import MAX_LINE_BYTES, Example, parse, read
from firebreak.model.conversation import Origin
from firebreak.model.errors import BadConfig


def one(**row):
    return parse(json.dumps(row).encode(), "f:3", "f:3", "f", "injection")


def test_a_label_says_whether_a_text_is_of_the_kind_in_question():
    assert one(text="a", label=1) == Example("f:3", "f", "injection", "a", harmful=True)
    assert one(text="a", label=False) == Example("f:3", "f", "injection", "a")
    assert one(text="a", label=1, kind="secret").kind == "secret"


def test_a_set_is_named_by_set_by_source_or_by_the_file():
    assert one(text="a", label=1, set="s", source="t").set == "s"
    assert one(text="a", label=1, source="t").set == "t"
    assert one(text="a", label=1, id=7, origin="tool").origin is Origin.TOOL
    assert one(text="a", label=1, id=7).id == "7"


def test_a_word_as_label_is_an_intent():
    for row in ({"text": "a", "label": "coding"}, {"prompt": "a", "category": "coding"}):
        told = one(**row)
        assert (told.kind, told.category, told.harmful) == ("intent", "coding", False)


def test_spans_say_what_has_to_be_found_and_none_that_nothing_does():
    told = one(text="key abc", spans=[{"start": 4, "end": 7}])
    assert (told.harmful, told.spans) == (True, ((4, 7),))
    assert not one(text="key abc", spans=[]).harmful


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"label": 1}, "no text"),
        ({"text": 3, "label": 1}, "no text"),
        ({"text": "a"}, "no label"),
        ({"text": "a", "label": 2}, "no label"),
        ({"text": "a", "label": None}, "no label"),
        ({"text": "a", "label": ""}, "no label"),
        ({"text": "a", "label": 1, "kind": "nonsense"}, "kind is not known"),
        ({"text": "a", "label": 1, "kind": "intent"}, "no category"),
        ({"text": "a", "label": 1, "origin": "moon"}, "origin is not known"),
        ({"text": "a", "label": 1, "set": "x" * 201}, "`set` is no name"),
        ({"text": "a", "label": 1, "set": "a\nb"}, "`set` is no name"),
        ({"text": "a", "label": 1, "id": ["x"]}, "`id` is no name"),
        ({"text": "a", "label": 1, "set": "pooled"}, "a row of its own"),
        ({"text": "a", "label": 1, "set": "category:x"}, "a row of its own"),
        ({"text": "a", "spans": 3}, "a span is none"),
        ({"text": "a", "spans": [{"start": 0, "end": 9}]}, "a span is none"),
        ({"text": "a", "spans": [{"start": True, "end": 1}]}, "a span is none"),
        ([1], "no object"),
    ],
)
def test_what_is_none_of_the_forms_is_refused_with_its_line(row, problem):
    with pytest.raises(BadConfig, match=problem) as caught:
        parse(json.dumps(row).encode(), "f:3", "f:3", "f", "injection")
    assert caught.value.place == "f:3"


@pytest.mark.parametrize("line", [b"{", b"\xff", b'{"text": "a", "text": "b", "label": 1}', b"[" * 200])
def test_a_line_that_two_readers_could_read_differently_is_refused(line):
    with pytest.raises(BadConfig, match="f:3: "):
        parse(line, "f:3", "f:3", "f", "injection")


def test_files_are_read_in_order_plain_or_packed(tmp_path):
    plain, packed = tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"
    plain.write_text('{"text": "x", "label": 1}\n\n{"text": "y", "label": 0}\n')
    packed.write_bytes(gzip.compress(b'{"text": "z", "label": 0}'))
    assert [(told.id, told.set, told.text) for told in read([plain, packed], "pii")] == [
        ("a:1", "a", "x"),
        ("a:3", "a", "y"),
        ("b:1", "b", "z"),
    ]


def test_an_id_that_stands_twice_is_refused(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "x", "label": 1, "id": "k"}\n{"text": "y", "label": 0, "id": "k"}\n')
    with pytest.raises(BadConfig, match=r"a\.jsonl:2: the id stands in .*a\.jsonl:1 too"):
        read([file], "pii")


def test_files_that_cannot_be_read_are_named(tmp_path):
    empty, damaged, torn, long = (tmp_path / name for name in ("empty", "d.gz", "t.gz", "long"))
    empty.write_text("\n")
    damaged.write_bytes(b"no gzip")
    torn.write_bytes(gzip.compress(b"x" * 1000)[:-12])
    long.write_bytes(b" " * (MAX_LINE_BYTES + 2))
    for file, problem in (
        (empty, "no labelled text"),
        (damaged, "cannot be read"),
        (torn, "damaged"),
        (long, "longer than"),
        (tmp_path / "absent", "No such file"),
    ):
        with pytest.raises(BadConfig, match=problem):
            read([file], "pii")


def test_an_example_shows_no_text_of_itself():
    assert "hunter2" not in repr(one(text="hunter2", label=1))
