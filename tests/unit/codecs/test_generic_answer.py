import json

import pytest
from tests.unit.codecs.hearing import everything, kinds, said

from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.generic_answer import GenericAnswer
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal

REFUSAL = Refusal(400, "block", "Response blocked", "policy")


def reader(content_type):
    found = GenericAnswer()
    assert found.framer(content_type, 1000) is not None
    return found


@pytest.mark.parametrize(
    ("content_type", "framer"),
    [
        ("application/json", Whole),
        ("application/problem+json", Whole),
        ("text/event-stream", Sse),
        ("application/x-ndjson", Lines),
        ("application/jsonl", Lines),
    ],
)
def test_documents_events_and_lines(content_type, framer):
    assert isinstance(GenericAnswer().framer(content_type, 1000), framer)


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/html", "audio/mpeg", "application/octet-stream"])
def test_what_is_no_json_is_not_let_through(content_type):
    assert GenericAnswer().framer(content_type, 1000) is None


@pytest.mark.parametrize("value", [{"id": "words", "n": [1, {"x y": None}]}, ["words", "x y"], "words x y"])
def test_every_string_and_key_of_a_document_is_read(value):
    (heard,) = said(reader("application/json"), value)
    assert heard.last
    for text in ("words", "x y"):
        assert text in everything([heard])


@pytest.mark.parametrize("content_type", ["text/event-stream", "application/x-ndjson"])
def test_strings_at_one_place_of_a_stream_are_one_text(content_type):
    heard = said(reader(content_type), {"a": [{"text": "Hel"}]}, {"a": [{"text": "lo"}]}, {"b": "!"})
    keys = [[delta.channel.key for delta in each.deltas] for each in heard]
    assert keys[0] == keys[1] != keys[2]
    assert all(each.paused for each in heard)
    assert not any(each.last for each in heard)


@pytest.mark.parametrize("value", [["a list"], "a text", 5555555555554444])
def test_other_pieces_are_read_whole(value):
    (heard,) = said(reader("text/event-stream"), value)
    assert str(value).strip("[]'") in everything([heard])


def test_the_sentinel_ends_a_stream_of_events():
    (heard,) = said(reader("text/event-stream"), b"[DONE]")
    assert (heard.last, heard.deltas) == (True, [])
    with pytest.raises(BadInput):
        said(reader("application/x-ndjson"), b"[DONE]")


@pytest.mark.parametrize("content_type", ["application/json", "text/event-stream"])
def test_what_is_long_and_in_base64_was_not_inspected(content_type):
    (heard,) = said(reader(content_type), {"a": [{"image": "iVBORw0K" * 40}]})
    assert ("other", "") in kinds(heard)
    (heard,) = said(reader(content_type), {"a": [{"image": "iVBORw0K"}]})
    assert "other" not in [kind for kind, _ in kinds(heard)]


def test_a_cut_is_one_more_event_or_line():
    assert reader("text/event-stream").cut(REFUSAL).startswith(b"event: error\ndata: {")
    line = reader("application/x-ndjson").cut(REFUSAL)
    assert json.loads(line)["error"]["message"] == "Response blocked"
    assert line.count(b"\n") == 1
