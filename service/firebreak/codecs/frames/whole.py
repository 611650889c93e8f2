"""An answer that is one document: a single frame, when all of it is there."""

from firebreak.codecs.frames.frame import Buffer, Frame


class Whole:
    """The whole body as one frame; none where there is no body."""

    __slots__ = ("_buffer",)

    def __init__(self, limit: int) -> None:
        self._buffer = Buffer(limit)

    def feed(self, chunk: bytes) -> list[Frame]:
        self._buffer.add(chunk)
        self._buffer.bounded()
        return []

    def rest(self) -> bytes:
        return bytes(self._buffer.bytes)

    def end(self) -> list[Frame]:
        raw = self._buffer.take(len(self._buffer.bytes))
        return [Frame(raw, raw, 0, bytes)] if raw else []
