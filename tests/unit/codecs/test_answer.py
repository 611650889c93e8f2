import pytest
from tests.unit.codecs.hearing import frame

from firebreak.codecs.answer import (
    MAX_NUMBER,
    Channel,
    Heard,
    count,
    document,
    is_opaque,
    take_ids,
    take_names,
    take_opaque,
    take_usage,
)
from firebreak.model.conversation import PartKind
from firebreak.model.errors import BadInput

KEY = "sk-proj-9aB2cD4eF6gH8iJ0kL"


def test_a_document_is_an_object():
    assert document(frame({"a": 1})) == {"a": 1}
    for raw in (b"[]", b"1", b"{", b"", b'{"a":1,"a":2}'):
        with pytest.raises(BadInput):
            document(frame(raw))


@pytest.mark.parametrize(
    "value", ["stop", "tool_calls", "response.output_text.delta", "", None, True, 0, -0.25, 10**11]
)
def test_words_of_the_api_numbers_and_nothing_are_names(value):
    members = {"finish_reason": value}
    take_names(members, ("finish_reason", "absent"))
    assert members == {}


@pytest.mark.parametrize(
    "value",
    [KEY, "two words", "AKIAQ3EGRZ5XWY7TNBMK", "a" * 65, "</answer>", "été", MAX_NUMBER, 4111111111111111, [], {}],
)
def test_anything_else_in_the_place_of_a_name_is_read(value):
    members = {"finish_reason": value}
    take_names(members, ("finish_reason",))
    assert members == {"finish_reason": value}


def test_ids_are_not_read_unless_they_are_sentences_or_addresses():
    members = {"id": "chatcmpl-B9MH", "call_id": "call_1+/=", "item_id": "two words", "tool_id": "bob@example.com"}
    take_names(members, ("id", "call_id", "item_id", "tool_id"))
    assert members == {"item_id": "two words", "tool_id": "bob@example.com"}
    members = {"obfuscation": "aB3dE9", "system_fingerprint": "fp_44709d6fcb"}
    take_ids(members, ("obfuscation", "system_fingerprint"))
    assert members == {}


@pytest.mark.parametrize(
    ("value", "opaque"),
    [
        ("QUJD" * 8, True),
        ("QUJD" * 8 + "QQ==", True),
        ("ab-_" * 8, True),
        ("ab+-" * 8, False),
        ("QUJD" * 7, False),
        ("QUJD" * 8 + "Q", False),
        ("QUJD " * 8, False),
        (KEY, False),
        (None, False),
        (7, False),
    ],
)
def test_what_only_the_provider_can_read_is_base64_in_whole_groups(value, opaque):
    assert is_opaque(value) is opaque
    members = {"signature": value}
    take_opaque(members, ("signature", "data"))
    assert members == ({} if opaque else {"signature": value})


def test_usage_is_taken_where_it_is_only_numbers_and_counts_in_any_case():
    usage = {"input_tokens": 3, "details": {"cached": None}, "iterations": [{"input_tokens": 1}], "tier": "standard"}
    members = {"usage": usage}
    assert take_usage(members, "usage") is usage
    assert members == {}
    odd: object
    for odd in ({"note": KEY}, {KEY: 1}, {"n": 4111111111111111}, {"inner": {"deep": [KEY]}}):
        hiding = {"usage": odd}
        assert take_usage(hiding, "usage") is odd
        assert hiding == {"usage": odd}
    assert take_usage({"usage": None}, "usage") is None
    assert take_usage({"usage": [1]}, "usage") is None


def test_a_number_of_tokens_is_what_a_counter_can_hold():
    usage = {"a": 3, "b": {"c": 4}, "odd": True, "minus": -1, "text": "5", "huge": 10**400, "list": []}
    assert [count(usage, *path) for path in (["a"], ["b", "c"])] == [3, 4]
    odd = (["odd"], ["minus"], ["text"], ["huge"], ["list"], ["absent"], ["a", "b"], ["list", "x"])
    assert [count(usage, *path) for path in odd] == [0] * len(odd)


def test_the_rest_leaves_out_what_says_nothing_but_never_a_key_that_could():
    heard = Heard()
    heard.rest({"refusal": None, "annotations": [], "note": "", "content": {}}, ())
    assert heard.deltas == []
    heard.rest({KEY: None, "zero": 0, "a": {"b": None}}, ("x",))
    assert heard.deltas[0].text == f"{KEY}: null\nzero: 0\na:\nb: null\n"
    assert [segment.path for segment in heard.deltas[0].segments][:2] == [("x", KEY), ("x", KEY)]


def test_strange_strings_grow_in_their_own_channels_and_hold_nothing_back():
    heard = Heard()
    members = {
        "type": "a.type",
        "verse": "La ",
        "parts": [{"index": 7, "text": "one"}, {"text": "two"}, "three"],
        KEY: {"n": 1, "big": MAX_NUMBER, "off": None},
    }
    heard.strange("0", members, ("delta",))
    opened = {delta.channel.key: (delta.text, delta.segments[0].path) for delta in heard.deltas if delta.open}
    assert opened == {
        "0.verse": ("La ", ("delta", "verse")),
        "0.parts.7.text": ("one", ("delta", "parts", 0, "text")),
        "0.parts.1.text": ("two", ("delta", "parts", 1, "text")),
        "0.parts.2": ("three", ("delta", "parts", 2)),
    }
    assert heard.paused == list(opened)
    assert heard.deltas[-1].text == f"{KEY}\n{MAX_NUMBER}\n"


def test_an_empty_text_says_nothing_and_an_empty_value_neither():
    heard = Heard()
    heard.text(Channel(PartKind.TEXT, "t"), "", ("a",))
    heard.flat(Channel(PartKind.TEXT, "t"), {}, ("a",))
    assert heard.deltas == []


def test_media_keeps_names_and_addresses_without_the_base64():
    heard = Heard()
    heard.media(Channel(PartKind.AUDIO, "a"), {"data": "QUJD", "name": "song.mp3"}, ("audio",))
    assert heard.deltas[0].text == "data: \nname: song.mp3\n"
