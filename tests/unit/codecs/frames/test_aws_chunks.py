import base64
import json

import pytest
from tests.unit.codecs.frames.framing import bytewise, frames

from firebreak.codecs.frames.aws_chunks import chunks, is_padding
from firebreak.codecs.frames.aws_event_stream import message, string_header
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

CHUNK = string_header(":event-type", "chunk")


def carried(data, **others):
    return message(CHUNK, json.dumps({"bytes": base64.b64encode(data).decode(), **others}).encode())


def test_a_frame_is_the_document_within():
    raw = carried(b'{"a":1}', p="abcdefgh") + carried(b"", note="hidden")
    for pieces in ([raw], bytewise(raw)):
        first, second = frames(chunks(4096), pieces)
        assert (first.data, first.at, first.other) == (b'{"a":1}', -1, ":event-type: chunk\n")
        assert (second.data, second.other) == (b"", ":event-type: chunk\nnote: hidden\n")


def test_a_changed_document_goes_back_the_same_way():
    (frame,) = frames(chunks(4096), [carried(b'{"a":1}', p="abc")])
    assert frame.write(b'{"a":[]}') == carried(b'{"a":[]}', p="abc")


def test_other_events_stay_as_they_are():
    raw = message(string_header(":exception-type", "throttlingException"), b'{"message":"slow down"}')
    (frame,) = frames(chunks(4096), [raw])
    assert (frame.raw, frame.data) == (raw, b'{"message":"slow down"}')


@pytest.mark.parametrize("payload", [b"[]", b"{}", b'{"bytes":1}', b'{"bytes":"a b="}', b'{"bytes":"\\u00e9"}'])
def test_what_carries_no_base64(payload):
    with pytest.raises(BadInput) as caught:
        frames(chunks(4096), [message(CHUNK, payload)])
    assert caught.value.reason is Reason.RESPONSE_FRAMING


def test_padding_is_always_the_same():
    assert is_padding("p", "abcdefghij")
    assert is_padding("p", "")
    assert not is_padding("p", "abcdefghiX")
    assert not is_padding("q", "abc")
    assert not is_padding("p", 1)
