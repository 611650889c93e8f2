"""An answer that is a JSON array, sent element by element (Gemini's `streamGenerateContent` without `alt=sse`)."""

import re
from enum import Enum, auto

from firebreak.codecs.frames.frame import WHERE, Buffer, Frame
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

_TOKEN = re.compile(rb"[^ \t\r\n]")
_BARE = re.compile(rb'["{}\[\]]')
_QUOTED = re.compile(rb'["\\]')


class _At(Enum):
    """What may come next, outside the elements."""

    BEGIN = auto()
    FIRST = auto()
    ITEM = auto()
    AFTER = auto()
    CLOSED = auto()


_NEXT = {
    (_At.BEGIN, b"["): _At.FIRST,
    (_At.FIRST, b"]"): _At.CLOSED,
    (_At.AFTER, b","): _At.ITEM,
    (_At.AFTER, b"]"): _At.CLOSED,
}


class Array:
    """One object of the array, one frame, with the bracket or comma before it. What closes the array is a frame
    without data, when the answer is over: whatever is wrong before leaves the array open for an error to be put in.
    """

    __slots__ = ("_at", "_buffer", "_depth", "_fault", "_quoted", "_seen", "_start")

    def __init__(self, limit: int) -> None:
        self._buffer = Buffer(limit)
        self._at = _At.BEGIN
        self._depth = 0
        self._quoted = False
        self._seen = 0
        self._start = 0
        self._fault: BadInput | None = None

    def feed(self, chunk: bytes) -> list[Frame]:
        self._raise()
        self._buffer.add(chunk)
        frames: list[Frame] = []
        try:
            while self._began() and (end := self._ended()):
                frames.append(self._frame(end))
            self._buffer.bounded()
        except BadInput as fault:
            self._fault = fault
            if not frames:
                raise
        return frames

    def rest(self) -> bytes:
        return bytes(self._buffer.bytes)

    def end(self) -> list[Frame]:
        self._raise()
        if self._at not in (_At.BEGIN, _At.CLOSED):
            raise BadInput(Reason.RESPONSE_INCOMPLETE, WHERE)
        raw = self._buffer.take(len(self._buffer.bytes))
        return [Frame(raw, b"", -1, lambda _: raw)] if raw else []

    def _raise(self) -> None:
        """The frames before a fault were whole and have been given out, as they are when the bytes come one by one."""
        if self._fault is not None:
            raise self._fault

    def _began(self) -> bool:
        """Whether an element has begun."""
        while not self._depth and (found := _TOKEN.search(self._buffer.bytes, self._seen)):
            self._seen = found.end()
            token = found.group()
            if token == b"{" and self._at in (_At.FIRST, _At.ITEM):
                self._start, self._depth = found.start(), 1
            elif (self._at, token) in _NEXT:
                self._at = _NEXT[self._at, token]
            else:
                raise BadInput(Reason.NOT_JSON, WHERE)
        if not self._depth:
            self._seen = len(self._buffer.bytes)
        return bool(self._depth)

    def _ended(self) -> int:
        """Where the element ends; 0 when it has not. Whether it is JSON is for its reader to see."""
        content = self._buffer.bytes
        while found := (_QUOTED if self._quoted else _BARE).search(content, self._seen):
            mark = found.group()
            if mark == b"\\":
                if found.end() == len(content):
                    self._seen = found.start()
                    return 0  # what it escapes has not come
                self._seen = found.end() + 1
                continue
            self._seen = found.end()
            if mark == b'"':
                self._quoted = not self._quoted
            else:
                self._depth += 1 if mark in b"{[" else -1
                if not self._depth:
                    return found.end()
        self._seen = len(content)
        return 0

    def _frame(self, end: int) -> Frame:
        raw, start = self._buffer.take(end), self._start
        self._at, self._seen, self._start = _At.AFTER, 0, 0
        head = raw[:start]
        return Frame(raw, raw[start:], start, lambda changed: head + changed)
