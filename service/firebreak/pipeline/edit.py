"""Changes of characters, carried out in the bytes they stand for. All other bytes stay as they are."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firebreak.codecs.answer import Delta
from firebreak.codecs.frames.frame import Frame
from firebreak.codecs.locate import Locator
from firebreak.model.conversation import Origin, Part, Role
from firebreak.model.finding import Span

Splice = tuple[int, int, bytes]
"""Bytes `start` to `end` and what stands there afterwards."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of a text to be replaced."""

    start: int
    end: int
    replacement: str


def disjoint(changes: Iterable[Splice]) -> tuple[Splice, ...]:
    """In order and without overlap: of those that overlap the first has its say in the place of all.

    Two findings in one number overlap, since a number can only be replaced as a whole.
    """
    apart: list[Splice] = []
    for start, stop, replacement in sorted(changes, key=lambda one: (one[0], -one[1])):
        if apart and start < apart[-1][1]:
            first, end, said = apart[-1]
            apart[-1] = (first, max(end, stop), said)
        else:
            apart.append((start, stop, replacement))
    return tuple(apart)


def splice(raw: bytes, changes: Iterable[Splice]) -> bytes:
    """`raw` with the changes, which are in order and do not overlap."""
    pieces, end = [], 0
    for start, stop, replacement in changes:
        pieces += [raw[end:start], replacement]
        end = stop
    return b"".join([*pieces, raw[end:]])


class Places:
    """Where the texts of one frame stand in it. The frame is walked once, at the first question."""

    __slots__ = ("_deltas", "_frame", "_locator")

    def __init__(self, frame: Frame, deltas: Sequence[Delta]) -> None:
        self._frame = frame
        self._deltas = deltas
        parts = [Part(d.channel.kind, Role.ASSISTANT, Origin.ASSISTANT, d.text, d.segments) for d in deltas]
        self._locator = Locator(frame.data, parts)

    def within(self, index: int, start: int, end: int) -> Span:
        """The bytes of the frame behind characters of one of its deltas; the whole frame where they have no place of
        their own.
        """
        delta, frame = self._deltas[index], self._frame
        if frame.at < 0 or not delta.segments:
            return Span(0, len(frame.raw))
        span = self._locator.span(index, max(start, 0), min(end, len(delta.text)))
        return Span(frame.at + span.start, frame.at + span.end)

    def edited(self, changes: Iterable[tuple[int, int, list[Edit]]]) -> bytes:
        """The frame with edits of texts: which delta, where it begins in its text, and the edits that touch it.

        An edit that began in an earlier frame was written there: here its characters only go.
        """
        splices: list[Splice] = []
        for index, begins, edits in changes:
            length = len(self._deltas[index].text)
            for edit in merged(edits):
                first = edit.start >= begins
                found = self._locator.pieces(index, max(edit.start - begins, 0), min(edit.end - begins, length))
                for number, (span, quoted) in enumerate(found):
                    text = edit.replacement if first and number == 0 else ""
                    splices.append((span.start, span.end, written(text, quoted=quoted)))
        return self._frame.write(splice(self._frame.data, disjoint(splices)))


def written(text: str, *, quoted: bool) -> bytes:
    """As characters of a JSON string, or as a whole string in the place of a number or a word."""
    literal = json.dumps(text).encode()
    return literal[1:-1] if quoted else literal


def merged(edits: Iterable[Edit]) -> list[Edit]:
    """Edits that overlap as one, with the replacement of the first."""
    apart: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one.start, -one.end)):
        if apart and edit.start < apart[-1].end:
            last = apart[-1]
            apart[-1] = Edit(last.start, max(last.end, edit.end), last.replacement)
        else:
            apart.append(edit)
    return apart
