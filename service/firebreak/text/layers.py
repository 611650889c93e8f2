"""Layers: a text with some of its runs replaced by what they spell, in their surroundings, and the map back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firebreak.text.offsets import Edit, Offsets

MAX_RUNS = 16_384  # replaced runs per layer: 50 ms; an honest megabyte of HTML has fewer entities
CONTEXT = 256  # characters kept on each side of a run; what is farther was read in the view before
_GAP = "\n\0\n"  # stands for what was left out: no pattern reads over it by accident
_BLANK = re.compile(r"\s")

Found = tuple[int, int, str, tuple[Edit, ...]]
"""Characters lo..hi spell `text`; the edits tell its characters apart where that is possible. None: it stands as is."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What was decoded in one view: how many runs, and the first and last of them in that view's characters."""

    count: int
    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Peeled:
    """A text less one layer."""

    text: str
    offsets: Offsets
    kinds: tuple[str, ...]
    runs: Runs
    cut: bool


def whole(lo: int, hi: int, plain: str) -> Found:
    """A run whose characters cannot be told apart."""
    return lo, hi, plain, ((lo, hi, len(plain), 0),)


def assemble(text: str, found: Sequence[Found], kinds: tuple[str, ...], *, cut: bool) -> Peeled:
    """The decoded runs in their surroundings; a run without edits stands there unchanged."""
    pieces: list[str] = []
    edits: list[Edit] = []
    end = made = 0
    places: list[tuple[int, int]] = []
    for lo, hi, plain, parts in found:
        for piece, edit in _between(text, end, lo):
            pieces.append(piece)
            made += len(piece)
            if edit:
                edits.append(edit)
        if parts:
            places.append((made, made + len(plain)))
        pieces.append(plain)
        made += len(plain)
        edits.extend(parts)
        end = hi
    tail = _BLANK.search(text, min(end + CONTEXT, len(text)))
    pieces.append(text[end : tail.start() if tail else len(text)])
    whole = "".join(pieces)
    offsets = Offsets(len(text), lambda: edits)
    return Peeled(whole, offsets, kinds, Runs(len(places), places[0], places[-1]), cut)


def _between(text: str, lo: int, hi: int) -> Iterator[tuple[str, Edit | None]]:
    """What is kept of the text from one run to the next, cut at blanks so that no word is halved."""
    if hi - lo <= 2 * CONTEXT:
        yield text[lo:hi], None
        return
    leave = _BLANK.search(text, lo + CONTEXT, hi) if lo else None
    away = leave.start() if leave else lo if not lo else hi
    back = max(text.rfind(" ", away, hi - CONTEXT), text.rfind("\n", away, hi - CONTEXT))
    if back <= away:
        yield text[lo:hi], None
        return
    yield text[lo:away], None
    gap = _GAP if lo else ""
    yield gap, (away, back, len(gap), 0)
    yield text[back:hi], None
