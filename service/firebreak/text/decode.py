"""Decode: one layer of encoding taken off, wherever in a text it is.

Escapes come off first, alone: what they spell may be part of a longer run. When there are none, runs are read.
"""

from collections.abc import Iterator, Sequence

from firebreak.text.codes import codes
from firebreak.text.drawn import drawn
from firebreak.text.escapes import escapes
from firebreak.text.layers import MAX_RUNS, Found, Peeled, assemble
from firebreak.text.leet import leet
from firebreak.text.payload import Room
from firebreak.text.rewrite import rewritten
from firebreak.text.runs import SHORTEST_RUN, spelled
from firebreak.text.shape import flat, solid

INFLATED = 4  # times the text's length, plus INFLATED_SLACK, that archives in one layer may hold
INFLATED_SLACK = 262_144  # bytes


SHORTEST = 6  # characters of a text in which more than escapes and runs is looked for
_TURNS = frozenset({"rot13", "caesar", "atbash"})
_MIRRORS = frozenset({"reversed", "reversed-words"})


def room_for(text: str) -> Room:
    """How much may be inflated in one layer of the text."""
    return Room(INFLATED * len(text) + INFLATED_SLACK)


def readings(text: str, *, after: tuple[str, ...] = ()) -> Iterator[Peeled]:
    """Every reading one layer below the text: what is encoded in it, and what it says when it is rewritten.

    `after` names how the text itself was made: what was turned or reversed is not turned or reversed back.
    """
    bytewise = flat(text)
    words = solid(bytewise)
    long = SHORTEST_RUN in words
    peeled = peel(text, long=long)
    if peeled:
        yield peeled
    if len(text) < SHORTEST:
        return
    room = room_for(text)
    rows = codes(text, bytewise, words, room, long=long)
    if rows:
        kinds = sorted({kind for names, _ in rows[:MAX_RUNS] for kind in names})
        cut = room.cut or len(rows) > MAX_RUNS
        yield assemble(text, [run for _, run in rows[:MAX_RUNS]], tuple(kinds), cut=cut)
    for reading in rewritten(text, bytewise):
        if not any(_undoes(kind, reading.kinds[0]) for kind in after):
            yield reading
    lettered = leet(text, bytewise)
    if lettered:
        yield lettered
    yield from drawn(text, bytewise)


def _undoes(before: str, kind: str) -> bool:
    return (before in _TURNS and kind in _TURNS) or (before in _MIRRORS and kind in _MIRRORS)


def peel(text: str, *, long: bool = True) -> Peeled | None:
    """`text` around its encoded runs, with these decoded; None when nothing in it decodes.

    `long` says whether there is a word in it that is long enough for a run.
    """
    room = room_for(text)
    signs = escapes(text)
    if not signs and not long and "=" not in text:
        return None
    cut = len(signs) > MAX_RUNS
    if signs:
        kinds = {kind for kind, _ in signs[:MAX_RUNS]}
        found, crowded = _with_runs(text, [run for _, run in signs[:MAX_RUNS]], room)
        return assemble(text, found, tuple(sorted(kinds)), cut=cut or crowded or room.cut)
    found = []
    names: set[str] = set()
    for _, _, entries in spelled(text, room):
        for kinds_of, run in entries:
            if len(found) == MAX_RUNS:
                return assemble(text, found, tuple(sorted(names)), cut=True)
            names.update(kinds_of)
            found.append(run)
    return assemble(text, found, tuple(sorted(names)), cut=room.cut) if found else None


def _with_runs(text: str, signs: Sequence[Found], room: Room) -> tuple[list[Found], bool]:
    """The escapes and, as they stand, the runs that the next layer reads; and whether there were too many of these.

    Without them a run far from every escape would be left out of the view, and nothing would ever read it.
    A run counts when it says something, or when an escape at its edge may be a piece of it.
    """
    found: list[Found] = []
    upto = kept = 0
    for lo, hi, entries in spelled(text, room):
        while upto < len(signs) and signs[upto][0] < hi:
            found.append(signs[upto])
            upto += 1
        end = found[-1][1] if found else -1
        touched = end >= lo or (upto < len(signs) and signs[upto][0] == hi)
        if (entries or touched) and end < hi:
            if kept == MAX_RUNS:
                return [*found, *signs[upto:]], True
            kept += 1
            start = max(lo, end)
            found.append((start, hi, text[start:hi], ()))
    return [*found, *signs[upto:]], False
