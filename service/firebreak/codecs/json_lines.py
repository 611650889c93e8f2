"""A body, or a file in one, of lines that are JSON documents (JSONL): where each stands."""

from firebreak.codecs.draft import MAX_PARTS
from firebreak.model.errors import BadInput
from firebreak.model.finding import Span
from firebreak.model.reason import Reason

_SPACE = b" \t\r"


def lines(raw: bytes, start: int, end: int) -> list[tuple[int, Span]]:
    """The lines that are not blank, with their numbers from 1. Raises `BadInput`. Linear in their length.

    A carriage return within a line would end it for some readers, and is refused.
    """
    found: list[tuple[int, Span]] = []
    number = 0
    while start < end:
        number += 1
        stop = raw.find(b"\n", start, end)
        stop = end if stop < 0 else stop
        line = raw[start:stop]
        said = line.strip(_SPACE)
        if said:
            if b"\r" in said:
                raise BadInput(Reason.NOT_JSON, place(number))
            if len(found) >= MAX_PARTS:
                raise BadInput(Reason.TOO_MANY_PARTS)
            begin = start + line.index(said)
            found.append((number, Span(begin, begin + len(said))))
        start = stop + 1
    return found


def place(number: int) -> str:
    """How an error names a line."""
    return f"line {number}"
