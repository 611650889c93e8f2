"""AWS event stream framing (Amazon Transcribe and Smithy documentation, "Event stream encoding").

total length 4 | headers' length 4 | CRC-32 of the eight bytes before 4 | headers | payload | CRC-32 of all before 4
A header: length of its name 1 | name | type 1 | value; of the types only strings (7: length 2 | UTF-8) are used by the
services read here, and numbers would be text that nobody reads, so that nothing else is let through.
"""

import struct
import zlib
from collections.abc import Callable

from firebreak.codecs.frames.frame import WHERE, Buffer, Frame
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

CONTENT_TYPE = "application/vnd.amazon.eventstream"

_PRELUDE = struct.Struct(">III")
_CRC_BYTES = 4
_STRING = 7
_PLAIN = frozenset({(":message-type", "event"), (":message-type", "exception"), (":content-type", "application/json")})
"""Headers that every message has; all others are text to be read."""

Opener = Callable[[Frame], Frame]


class AwsEventStream:
    """One message, one frame: its payload is the frame's data. `opened` may take another frame out of it."""

    __slots__ = ("_buffer", "_limit", "_opened")

    def __init__(self, limit: int, opened: Opener | None = None) -> None:
        self._buffer = Buffer(limit)
        self._limit = limit
        self._opened = opened

    def feed(self, chunk: bytes) -> list[Frame]:
        self._buffer.add(chunk)
        frames: list[Frame] = []
        while True:
            try:
                frame = self._next()
            except BadInput:
                if frames:
                    return frames  # it is found again in the next call
                raise
            if frame is None:
                return frames
            frames.append(frame)

    def rest(self) -> bytes:
        return bytes(self._buffer.bytes)

    def end(self) -> list[Frame]:
        if self._buffer.bytes:
            raise BadInput(Reason.RESPONSE_INCOMPLETE, WHERE)
        return []

    def _next(self) -> Frame | None:
        """The next message, once all of it is there."""
        waiting = self._buffer.bytes
        if len(waiting) < _PRELUDE.size:
            return None
        total, headers, check = _PRELUDE.unpack_from(waiting)
        if zlib.crc32(waiting[:8]) != check or total < _PRELUDE.size + headers + _CRC_BYTES:
            raise BadInput(Reason.RESPONSE_FRAMING, WHERE)
        if total > self._limit:
            raise BadInput(Reason.RESPONSE_TOO_LARGE, WHERE)
        if len(waiting) < total:
            return None
        frame = _frame(bytes(waiting[:total]))
        if self._opened:
            frame = self._opened(frame)
        self._buffer.take(total)
        return frame


def message(headers: bytes, payload: bytes) -> bytes:
    """One message with its lengths and checksums. `headers` is encoded."""
    total = _PRELUDE.size + len(headers) + len(payload) + _CRC_BYTES
    lengths = struct.pack(">II", total, len(headers))
    body = b"".join([lengths, struct.pack(">I", zlib.crc32(lengths)), headers, payload])
    return body + struct.pack(">I", zlib.crc32(body))


def string_header(name: str, value: str) -> bytes:
    """An encoded header."""
    named, said = name.encode(), value.encode()
    return struct.pack(">B", len(named)) + named + struct.pack(">BH", _STRING, len(said)) + said


def _frame(raw: bytes) -> Frame:
    if zlib.crc32(raw[:-_CRC_BYTES]) != int.from_bytes(raw[-_CRC_BYTES:], "big"):
        raise BadInput(Reason.RESPONSE_FRAMING, WHERE)
    at = _PRELUDE.size + int.from_bytes(raw[4:8], "big")
    encoded = raw[_PRELUDE.size : at]
    headers = _headers(encoded)
    named = dict(headers)
    event = named.get(":event-type") or named.get(":exception-type", "")
    other = "\n".join(f"{name}: {value}" for name, value in headers if (name, value) not in _PLAIN)
    return Frame(raw, raw[at:-_CRC_BYTES], at, lambda changed: message(encoded, changed), event, other)


def _headers(encoded: bytes) -> list[tuple[str, str]]:
    headers: list[tuple[str, str]] = []
    at = 0
    while at < len(encoded):
        name, at = _text(encoded, at, 1)
        if at >= len(encoded) or encoded[at] != _STRING:
            raise BadInput(Reason.RESPONSE_FRAMING, WHERE)
        value, at = _text(encoded, at + 1, 2)
        headers.append((name, value))
    if len(dict(headers)) != len(headers):  # readers disagree on which of two counts
        raise BadInput(Reason.RESPONSE_FRAMING, WHERE)
    return headers


def _text(encoded: bytes, at: int, width: int) -> tuple[str, int]:
    """A string that stands after its length, and where it ends."""
    start = at + width
    end = start + int.from_bytes(encoded[at:start], "big")
    if end > len(encoded):
        raise BadInput(Reason.RESPONSE_FRAMING, WHERE)
    try:
        return encoded[start:end].decode("utf-8"), end
    except UnicodeDecodeError:
        raise BadInput(Reason.NOT_UTF8, WHERE) from None
