"""Changes of characters, carried out in the bytes they stand for. All other bytes stay as they are."""

import json
from collections.abc import Iterable, Sequence

from firebreak.codecs.answer import Delta
from firebreak.codecs.frames.frame import Frame
from firebreak.codecs.locate import Locator
from firebreak.model.conversation import Origin, Part, Role
from firebreak.model.finding import Span
from firebreak.pipeline.growing import Edit

Splice = tuple[int, int, bytes]
"""Bytes `start` to `end` and what stands there afterwards."""


def splice(raw: bytes, changes: Iterable[Splice]) -> bytes:
    """`raw` with the changes, which must not overlap."""
    pieces, end = [], 0
    for start, stop, replacement in sorted(changes):
        pieces += [raw[end:start], replacement]
        end = stop
    return b"".join([*pieces, raw[end:]])


def within(frame: Frame, delta: Delta, start: int, end: int) -> Span:
    """The bytes of the frame behind characters of one of its deltas; the whole frame where they have no place of
    their own.
    """
    if frame.at < 0 or not delta.segments:
        return Span(0, len(frame.raw))
    length = len(delta.text)
    span = _locator(frame, [delta]).span(0, max(start, 0), min(end, length))
    return Span(frame.at + span.start, frame.at + span.end)


def apply(frame: Frame, changes: Sequence[tuple[Delta, list[Edit], int]]) -> bytes:
    """The frame with edits of texts; each delta comes with those that touch it and where it begins in its text.

    An edit that began in an earlier frame was written there: here its characters only go.
    """
    locator = _locator(frame, [delta for delta, _, _ in changes])
    splices: list[Splice] = []
    for index, (delta, edits, start) in enumerate(changes):
        for edit in _merged(edits):
            first = edit.start >= start
            places = locator.pieces(index, max(edit.start - start, 0), min(edit.end - start, len(delta.text)))
            for number, (span, quoted) in enumerate(places):
                text = edit.replacement if first and number == 0 else ""
                splices.append((span.start, span.end, written(text, quoted=quoted)))
    return frame.write(splice(frame.data, splices))


def written(text: str, *, quoted: bool) -> bytes:
    """As characters of a JSON string, or as a whole string in the place of a number or a word."""
    literal = json.dumps(text).encode()
    return literal[1:-1] if quoted else literal


def _merged(edits: Iterable[Edit]) -> list[Edit]:
    """Edits that overlap as one, with the replacement of the first."""
    merged: list[Edit] = []
    for edit in sorted(edits, key=lambda one: (one.start, -one.end)):
        if merged and edit.start < merged[-1].end:
            last = merged[-1]
            merged[-1] = Edit(last.start, max(last.end, edit.end), last.replacement)
        else:
            merged.append(edit)
    return merged


def _locator(frame: Frame, deltas: Iterable[Delta]) -> Locator:
    parts = [Part(d.channel.kind, Role.ASSISTANT, Origin.ASSISTANT, d.text, d.segments) for d in deltas]
    return Locator(frame.data, parts)
