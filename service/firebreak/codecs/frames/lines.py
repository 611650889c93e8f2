"""An answer of lines, each a JSON document (NDJSON, as Ollama streams it)."""

from firebreak.codecs.frames.frame import Buffer, Frame
from firebreak.model.errors import BadInput

_SPACE = b" \t\r"


class Lines:
    """One line, one frame. An empty line is a frame without data."""

    __slots__ = ("_buffer", "_seen")

    def __init__(self, limit: int) -> None:
        self._buffer = Buffer(limit)
        self._seen = 0

    def feed(self, chunk: bytes) -> list[Frame]:
        self._buffer.add(chunk)
        frames: list[Frame] = []
        while (end := self._buffer.bytes.find(b"\n", self._seen)) >= 0:
            try:
                frames.append(_frame(self._buffer.take(end + 1)))
            except BadInput:
                if frames:
                    return frames  # it is found again in the next call
                raise
            self._seen = 0
        self._seen = len(self._buffer.bytes)
        if not frames:
            self._buffer.bounded()
        return frames

    def rest(self) -> bytes:
        return bytes(self._buffer.bytes)

    def end(self) -> list[Frame]:
        raw = self._buffer.take(len(self._buffer.bytes))
        return [_frame(raw)] if raw else []


def _frame(raw: bytes) -> Frame:
    data = raw.removesuffix(b"\n").strip(_SPACE)
    start = raw.find(data)
    head, tail = raw[:start], raw[start + len(data) :]
    return Frame(raw, data, start, lambda changed: head + changed + tail)
