"""Server-sent events over bytes (WHATWG HTML, section 9.2, "Parsing an event stream").

A reader that is stricter than this one could take text for an event that this one takes for nothing, or the other way
round. So whatever a line says is either data, the event's name, or text to be read (`other`): a comment, an unknown
field and an event that the end of the stream cuts off are no places to hide in.
"""

import re

from firebreak.codecs.frames.frame import WHERE, Buffer, Frame, text_of
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"

MAX_LINES = 10_000
"""Of one event. Each takes a hundred times its length to remember where it stands."""


class Sse:
    """One event, one frame: its lines and the empty line after them."""

    __slots__ = ("_begun", "_buffer", "_line_start", "_lines", "_seen")

    def __init__(self, limit: int) -> None:
        self._buffer = Buffer(limit)
        self._lines: list[tuple[int, int]] = []
        self._line_start = 0
        self._seen = 0
        self._begun = False

    def feed(self, chunk: bytes) -> list[Frame]:
        self._buffer.add(chunk)
        frames = self._frames(final=False)
        if not frames:
            self._buffer.bounded()
        return frames

    def rest(self) -> bytes:
        return bytes(self._buffer.bytes)

    def end(self) -> list[Frame]:
        """What stands after the last empty line too: some readers take it for an event."""
        frames = self._frames(final=True)
        rest = len(self._buffer.bytes)
        if frames or not rest:
            return frames
        if self._line_start < rest:
            self._line(self._line_start, rest)
        return [self._close(rest)]

    def _frames(self, *, final: bool) -> list[Frame]:
        frames: list[Frame] = []
        while (found := _LINE_END.search(self._buffer.bytes, self._seen)) is not None:
            if found.group() == b"\r" and found.end() == len(self._buffer.bytes) and not final:
                self._seen = found.start()
                return frames  # the other half of a line's end may follow
            try:
                if self._line_start < found.start():
                    self._line(self._line_start, found.start())
                    self._line_start = self._seen = found.end()
                    continue
                frames.append(self._close(found.end()))
            except BadInput:
                if frames:
                    return frames  # it is found again in the next call
                raise
        self._seen = len(self._buffer.bytes)
        return frames

    def _close(self, end: int) -> Frame:
        self._buffer.check(end)
        if self._lines and not self._begun and self._buffer.bytes.startswith(_BOM):
            self._lines[0] = (len(_BOM), self._lines[0][1])  # at the start of a stream it is no part of a name
        frame = _frame(bytes(self._buffer.bytes[:end]), self._lines)
        self._buffer.take(end)
        self._begun = True
        self._lines = []
        self._line_start = self._seen = 0
        return frame

    def _line(self, start: int, end: int) -> None:
        if len(self._lines) >= MAX_LINES:
            raise BadInput(Reason.RESPONSE_TOO_LARGE, WHERE)
        self._lines.append((start, end))


def _frame(raw: bytes, lines: list[tuple[int, int]]) -> Frame:
    data: list[tuple[int, int]] = []
    event = ""
    other: list[str] = []
    for start, end in lines:
        line = raw[start:end]
        name, colon, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            data.append((end - len(value), end))
        elif name == b"event":
            event = text_of(value)
            other.append(event)
        elif name or colon:
            other.append(text_of(line))
    at = data[0][0] if len(data) == 1 else -1
    payload = b"\n".join(raw[start:end] for start, end in data)

    def write(changed: bytes) -> bytes:
        """The data in one line: within JSON a line's end can only stand where a space can."""
        if not data:
            return raw
        first, last = data[0], data[-1]
        return raw[: first[0]] + changed.replace(b"\n", b" ") + raw[last[1] :]

    return Frame(raw, payload, at, write, event, "\n".join(other))
