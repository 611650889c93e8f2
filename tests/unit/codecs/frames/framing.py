"""All frames of some bytes, however they are cut."""

from collections.abc import Iterable

from firebreak.codecs.frames.frame import Frame, Framer


def frames(framer: Framer, chunks: Iterable[bytes]) -> list[Frame]:
    found: list[Frame] = []
    for chunk in chunks:
        piece = chunk
        while more := framer.feed(piece):
            found += more
            piece = b""
    while more := framer.end():
        found += more
    return found


def bytewise(raw: bytes) -> list[bytes]:
    return [raw[place : place + 1] for place in range(len(raw))]
