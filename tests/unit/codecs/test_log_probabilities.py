import json

from tests.unit.codecs.hearing import texts

from firebreak.codecs.answer import Heard
from firebreak.codecs.locate import Locator
from firebreak.codecs.log_probabilities import read_tokens
from firebreak.model.conversation import Origin, Part, Role


def token(text, raw=None, **more):
    return {"token": text, "logprob": -0.5, "bytes": list((raw or text).encode()), **more}


def read(tokens, **more):
    heard, members = Heard(), {"logprobs": tokens}
    found = read_tokens(heard, members, "logprobs", "k", ("x",), **more)
    return heard, members, found


def test_tokens_are_one_copied_text():
    heard, members, found = read([token("AK"), token("IA")])
    assert members == {}
    assert texts([heard]) == {"k": "AKIA"}
    assert found is not None
    assert found.copied
    assert heard.deltas[0].open


def test_tokens_of_the_completions_api_are_strings():
    heard, members, _ = read(["Th", "is"], more=False)
    assert (texts([heard]), members) == ({"k": "This"}, {})
    assert not heard.deltas[0].open


def test_bytes_that_say_something_else_are_read_too():
    heard, _, _ = read([token("a", "AK"), token("b", "IA")])
    assert texts([heard]) == {"k": "ab", "k.bytes": "AKIA"}


def test_half_a_character_is_read_when_the_other_half_has_come():
    first, second = "é".encode()
    tokens = [{"token": "\\xc3", "bytes": [first]}, {"token": "\\xa9", "bytes": [second]}]
    heard, _, _ = read(tokens)
    assert texts([heard])["k.bytes"] == "é"


def test_numbers_that_are_no_bytes_stay_to_be_read():
    heard, _, _ = read([{"token": "a", "bytes": [4111, -1]}])
    assert texts([heard])["rest"] == "bytes:\n4111\n-1\n"


def test_alternatives_are_one_text_and_their_unknown_members_have_a_place():
    tokens = [
        token("a", top_logprobs=[token("4", note="of bob"), token("1", "x")]),
        token("b", top_logprobs=[token("2")]),
    ]
    raw = json.dumps({"x": {"logprobs": tokens}}).encode()
    heard, _, _ = read(tokens)
    said = texts([heard])
    assert said["k.other"] == "4 or 1 or x or 2"
    assert said["rest"] == "note: of bob\n"
    parts = [Part(d.channel.kind, Role.ASSISTANT, Origin.ASSISTANT, d.text, d.segments) for d in heard.deltas]
    locator = Locator(raw, parts)
    for index, part in enumerate(parts):
        locator.span(index, 0, len(part.text))
        locator.pieces(index, 0, len(part.text))


def test_what_is_no_list_of_tokens_stays():
    odd: object
    for odd in ({}, "text", [1], [{"token": "a"}, 1], [], None):
        heard, members, found = read(odd)
        assert (found, members, heard.deltas) == (None, {"logprobs": odd}, [])
    heard, _, _ = read([{"token": 7, "top_logprobs": "none"}])
    assert texts([heard]) == {"rest": "token: 7\ntop_logprobs: none\n"}
