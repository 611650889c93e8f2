"""Rewrite: what a text would say with its letters turned, back to front, or moved within its words.

Any text can be rewritten so. It is done only where words of `evidence.WORDS` come up, near each other or long ones,
that the text as it stands does not have; or where it says itself how it was written.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from firebreak.text.evidence import WORDS, known, natural, telling
from firebreak.text.layers import Peeled, Runs
from firebreak.text.offsets import Edit, Offsets

NEAR = 100  # characters within which two short words are evidence of each other
LONG = 6  # letters of a word that is evidence alone
MAX_READINGS = 3  # of shifts and directions in one text, the best attested ones
MOST_SEARCHED = 12  # different words of which each is searched for by itself
MAX_TOLD = 65_536  # characters that are rewritten where the text only says that they are to be

REVERSED, ATBASH, ROT47, PIG_LATIN = 0, 26, 27, 28
"""Beside the 25 shifts of the alphabet, which stand for themselves."""
_SMALL = "abcdefghijklmnopqrstuvwxyz"
_BOTH = _SMALL + _SMALL.upper()
_SEEN = (
    "log led did bar max era eco emit sdk opt tmp von saw tuo rfc gps cnn std par tue ini tre cap als rpc ger exp wolf "
    "sul mph jan cdn alex ptr lax sel fur dsl zoo haz dei vor ton tee rob mfe maxy edu ria pnc pcap gte elif"
)
_ORDINARY = frozenset(_SEEN.split())
"""Words of ordinary texts that are some other word rewritten."""


def _turned(shift: int) -> dict[int, str]:
    if shift == ATBASH:
        return dict(zip(map(ord, _BOTH), _SMALL[::-1] + _SMALL.upper()[::-1], strict=True))
    small = _SMALL[shift:] + _SMALL[:shift]
    return dict(zip(map(ord, _BOTH), small + small.upper(), strict=True))


_TURNED = {shift: _turned(shift) for shift in range(1, 27)}
"""For each shift, the letters that undo it."""
_TURNED[ROT47] = {code: chr(33 + (code + 14) % 94) for code in range(33, 127)}  # 94 visible signs, by half of them
_NAMES = {REVERSED: "reversed", ATBASH: "atbash", 13: "rot13", ROT47: "rot47", PIG_LATIN: "pig-latin"}
_IN_ROT47 = tuple(
    word.translate(_TURNED[ROT47]).encode()
    for word in ("the", "you", "all", "and", "prompt", "system", "ignor", "instruction", "previous", "reveal")
)
"""Of these words a text in it has two: they are signs, which no list of words would find."""
_SIGNS_ROT47 = (b"@", b"?", b"=", b":")
"""O, n, l and i. A single sign is found ten times as fast as a word."""
_PIG = re.compile(r"[A-Za-z]{2,20}ay\b")


def _pig(word: str) -> tuple[str, ...]:
    """In pig Latin: the first consonants at the end, before `ay`; a first vowel stays."""
    if word[0] in "aeiou":
        return f"{word}ay", f"{word}way", f"{word}yay"
    return tuple(f"{word[moved:]}{word[:moved]}ay" for moved in (1, 2, 3))


def _disguises() -> dict[bytes, tuple[int, ...]]:
    """Every word rewritten in every way, with the ways that undo it."""
    found: dict[bytes, set[int]] = defaultdict(set)
    for word in WORDS:
        if len(word) > 2 and word != word[::-1]:
            found[word[::-1].encode()].add(REVERSED)
        for shift in range(1, 27):
            if len(word) > (3 if shift != 13 else 2):  # short words are some other shift of too many
                back = shift if shift == ATBASH else 26 - shift
                found[word.translate(_TURNED[back]).encode()].add(shift)
        for form in _pig(word) if len(word) > 3 else ():
            found[form.encode()].add(PIG_LATIN)
    known = {word.encode() for word in WORDS | _ORDINARY}
    return {word: tuple(sorted(ways)) for word, ways in found.items() if word not in known}


_DISGUISES = _disguises()
_TOLD = {
    b"rot13": 13,
    b"rot": 13,
    b"backwards": REVERSED,
    b"backward": REVERSED,
    b"reversed": REVERSED,
    b"reverse": REVERSED,
    b"atbash": ATBASH,
}
_SOUGHT = frozenset({**_DISGUISES, **_TOLD})
_LOWER = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256))
_TOKEN = re.compile(b"[a-z0-9]+")
_WORD = re.compile(r"\S+")


@dataclass(slots=True)
class _Trace:
    """Where words of one disguise stand."""

    first: int
    last: int
    before: int = 0
    words: set[bytes] = field(default_factory=set)
    sure: bool = False

    def add(self, word: bytes, lo: int, hi: int) -> bool:
        """Whether this word and the one before it are to be looked at."""
        near = lo - self.last < NEAR and bool(self.words - {word})
        self.sure = self.sure or len(word) >= LONG
        self.words.add(word)
        self.last = hi
        if not near:
            self.before = lo
        return near and not self.sure


def rewritten(text: str, flat: bytes) -> Iterator[Peeled]:
    """Readings that the text's letters give when they are turned, or read back to front."""
    yield from _signs(text, flat)
    lowered = flat.translate(_LOWER)
    sought = _SOUGHT.intersection(lowered.split())
    if not _worth(sought):
        return
    traces: dict[int, _Trace] = {}
    told: set[int] = set()
    for word, lo in _places(lowered, sought):
        hi = lo + len(word)
        for way in _DISGUISES.get(word, ()):
            trace = traces.setdefault(way, _Trace(lo, hi))
            if trace.add(word, lo, hi):
                trace.sure = natural(_said(text[trace.before : hi], way))
        way = _TOLD.get(word, -1)
        told |= {way} if way >= 0 else set()
    sure = sorted((way for way, trace in traces.items() if trace.sure), key=lambda way: -len(traces[way].words))
    for way in sure[:MAX_READINGS]:
        yield from _readings(text, way, *_lines(text, traces[way].first, traces[way].last))
    for way in sorted(told.difference(sure)):
        if way == 13 or way in traces:
            yield from _readings(text, way, 0, min(len(text), MAX_TOLD))


def _signs(text: str, flat: bytes) -> Iterator[Peeled]:
    """ROT47, which turns letters into signs and signs into letters."""
    if not all(sign in flat for sign in _SIGNS_ROT47):
        return
    places = [flat.find(word) for word in _IN_ROT47 if word in flat]
    if len(places) < 2:
        return
    last = max(flat.rfind(word) for word in _IN_ROT47)
    lo, hi = _lines(text, min(places), last)
    if telling(known(_said(text[lo:hi], ROT47))):
        yield from _readings(text, ROT47, lo, hi)


def _unpigged(word: str) -> str:
    """The word that is known, of those it may be; else the likeliest."""
    left = word[:-2].lower()
    likely = [left[:-1]] if left.endswith(("w", "y", "h")) else []
    likely += [left[-moved:] + left[:-moved] for moved in (1, 2, 3)] + [left]
    return next((one for one in likely if one in WORDS), likely[0])


def _places(lowered: bytes, sought: frozenset[bytes]) -> Iterator[tuple[bytes, int]]:
    """Where these words stand, in order. A few are searched for; among many, every word is looked at."""
    if len(sought) > MOST_SEARCHED:
        yield from ((found[0], found.start()) for found in _TOKEN.finditer(lowered) if found[0] in sought)
        return
    padded = b" %b " % lowered
    found = []
    for word in sought:
        alone = b" %b " % word
        at = padded.find(alone)
        while at >= 0:
            found.append((at, word))
            at = padded.find(alone, at + len(word) + 1)
    yield from ((word, at) for at, word in sorted(found))


def _worth(words: frozenset[bytes]) -> bool:
    """Whether these words may be evidence of one disguise: a long one, or two."""
    ways = [way for word in words for way in _DISGUISES.get(word, ())]
    return len(set(ways)) < len(ways) or any(len(word) >= LONG or word in _TOLD for word in words)


def _lines(text: str, lo: int, hi: int) -> tuple[int, int]:
    end = text.find("\n", hi)
    return text.rfind("\n", 0, lo) + 1, len(text) if end < 0 else end


def _said(part: str, way: int) -> str:
    if way == PIG_LATIN:
        return _PIG.sub(lambda word: _unpigged(word[0]), part)
    return part[::-1] if way == REVERSED else part.translate(_TURNED[way])


def _readings(text: str, way: int, lo: int, hi: int) -> Iterator[Peeled]:
    part = text[lo:hi]
    said, name = _said(part, way), _NAMES.get(way, "caesar")
    if way == PIG_LATIN:
        words = [(lo + found.start(), lo + found.end(), len(_unpigged(found[0])), 0) for found in _PIG.finditer(part)]
        yield region(text, lo, hi, said, name, words)
    elif way == REVERSED:
        yield region(text, lo, hi, said, name, [(lo, hi, hi - lo, 0)])
        words = [(lo + one.start(), lo + one.end(), one.end() - one.start(), 0) for one in _WORD.finditer(part)]
        yield region(text, lo, hi, _WORD.sub(lambda found: found[0][::-1], part), "reversed-words", words)
    else:
        yield region(text, lo, hi, said, name, [(lo, hi, hi - lo, 1)])


def region(text: str, lo: int, hi: int, made: str, kind: str, edits: list[Edit]) -> Peeled:
    """A reading of a part of the text alone."""
    every = [(0, lo, 0, 0), *edits, (hi, len(text), 0, 0)]
    place = (0, len(made))
    return Peeled(made, Offsets(len(text), lambda: every), (kind,), Runs(1, place, place), cut=False)
