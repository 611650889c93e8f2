import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.codecs.frames.framing import bytewise, frames

from firebreak.codecs.frames.aws_event_stream import AwsEventStream, message, string_header
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

EVENT = string_header(":event-type", "chunk") + string_header(":content-type", "application/json")
EVENT += string_header(":message-type", "event")
# A message without headers and payload, from the AWS documentation: lengths 16 and 0 and both checksums.
EMPTY = bytes.fromhex("00000010000000000 5c248eb7d98c8ff".replace(" ", ""))


def parsed(raw):
    whole = [(frame.raw, frame.data, frame.event, frame.other) for frame in frames(AwsEventStream(4096), [raw])]
    cut = [(frame.raw, frame.data, frame.event, frame.other) for frame in frames(AwsEventStream(4096), bytewise(raw))]
    assert whole == cut
    assert b"".join(frame[0] for frame in whole) == raw
    return [frame[1:] for frame in whole]


def broken(raw, limit=4096):
    reasons = set()
    for pieces in ([raw], bytewise(raw)):
        with pytest.raises(BadInput) as caught:
            frames(AwsEventStream(limit), pieces)
        reasons.add(caught.value.reason)
    (reason,) = reasons
    return reason


def test_messages_are_frames():
    assert message(b"", b"") == EMPTY
    raw = message(EVENT, b'{"a":1}') + EMPTY + message(string_header(":exception-type", "validationException"), b"{}")
    assert parsed(raw) == [
        (b'{"a":1}', "chunk", ":event-type: chunk"),
        (b"", "", ""),
        (b"{}", "validationException", ":exception-type: validationException"),
    ]


def test_headers_that_are_not_the_usual_ones_are_text():
    (frame,) = parsed(message(string_header("note", "grüße") + string_header(":content-type", "text/plain"), b""))
    assert frame[2] == "note: grüße\n:content-type: text/plain"


def test_a_changed_payload_gets_lengths_and_checksums():
    (frame,) = frames(AwsEventStream(4096), [message(EVENT, b'{"a":1}')])
    assert frame.raw[frame.at : -4] == frame.data
    changed = frame.write(b'{"a":"longer than before"}')
    assert changed == message(EVENT, b'{"a":"longer than before"}')
    assert struct.unpack(">I", changed[-4:]) == (zlib.crc32(changed[:-4]),)
    assert parsed(changed)[0][0] == b'{"a":"longer than before"}'


@pytest.mark.parametrize("at", [0, 4, 9, 14, -9, -1])
def test_a_flipped_bit_is_noticed(at):
    raw = bytearray(message(EVENT, b'{"a":1}'))
    raw[at] ^= 1
    assert broken(bytes(raw)) is Reason.RESPONSE_FRAMING


def test_what_came_before_is_not_lost():
    reader = AwsEventStream(4096)
    good = message(EVENT, b"{}")
    assert [frame.raw for frame in reader.feed(good + b"\0" * 12)] == [good]
    with pytest.raises(BadInput):
        reader.feed(b"")
    assert reader.rest() == b"\0" * 12


def test_limits_and_ends():
    assert broken(message(EVENT, b"x" * 100), limit=64) is Reason.RESPONSE_TOO_LARGE
    assert broken(message(EVENT, b"{}")[:-1]) is Reason.RESPONSE_INCOMPLETE
    assert broken(b"HTTP/1.1 200 OK") is Reason.RESPONSE_FRAMING
    assert frames(AwsEventStream(64), []) == []


@pytest.mark.parametrize(
    "headers",
    [
        b"\x04name\x00",  # a flag
        b"\x04name\x07\x00\x09short",
        b"\x09name",
        b"\x01a",
        string_header("a", "1") + string_header("a", "2"),
    ],
)
def test_headers_that_nobody_could_read_alike(headers):
    assert broken(message(headers, b"{}")) is Reason.RESPONSE_FRAMING


def test_a_header_in_another_encoding():
    assert broken(message(b"\x01a\x07\x00\x01\xff", b"")) is Reason.NOT_UTF8


def test_a_prelude_that_contradicts_itself():
    lengths = struct.pack(">II", 16, 5)
    assert broken(lengths + struct.pack(">I", zlib.crc32(lengths)) + b"\0" * 9) is Reason.RESPONSE_FRAMING


@given(st.lists(st.binary(max_size=64), max_size=4), st.data())
def test_any_bytes_are_frames_or_bad(pieces, data):
    raw = bytearray(b"".join(message(EVENT, piece) for piece in pieces) + data.draw(st.binary(max_size=40)))
    if raw and data.draw(st.booleans()):
        raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    whole, cut = (outcome([bytes(raw)]), outcome(bytewise(bytes(raw))))
    assert whole == cut


def outcome(pieces):
    """The frames, and what is wrong behind them."""
    reader = AwsEventStream(4096)
    found: list[object] = []
    try:
        for piece in pieces:
            more = reader.feed(piece)
            while more:
                found += [frame.raw for frame in more]
                more = reader.feed(b"")
        reader.end()
    except BadInput as error:
        found.append(error.reason)
    return found
