"""Text to hashed n-grams with their places: the one reading that the trainer and the detector share.

A text is read as characters in small letters with digits alike, and as words. Every n-gram is a number below
`BUCKETS`, by polynomial hashes over whole arrays, and belongs to the character it starts at. So what a window of the
text says is a difference of two running sums, and a text is read once, however many windows look at it.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BITS = 20
BUCKETS = 1 << BITS
NOTHING = 0
"""The bucket of what does not count; its weight is zero."""

LENGTHS = (3, 4, 5)
"""Of the n-grams of characters."""
WORD_SORTS = 8
"""One, two and three words; two with one and with two left out between them; one to three that open a sentence."""

_BASE = 0x9E3779B1  # odd, so that its powers have inverses modulo 2**32
_ODD = np.uint32(_BASE)
_MIX = np.uint32(0x85EBCA6B)
_TURN = np.uint32(15)
_KEEP = np.uint32(32 - BITS)
_TABLE = 0x3000  # characters beyond are letters, or the ideographs and syllables of scripts without spaces
_SPACE = np.uint32(32)
_FIRST_ALONE, _LAST_ALONE = 0x3040, 0x9FFF  # kana and ideographs: each is taken for a word

_PAD = max(LENGTHS) - 1
_NEAR = 3  # words that the widest word n-gram reaches beyond its first

BLOCK = 16_384
"""Characters read at once, so that the arrays stay in the processor's cache."""

Numbers = NDArray[np.uint32]
Points = NDArray[np.uint8] | NDArray[np.uint32]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Grams:
    """Buckets of a text, whose words begin at `starts`."""

    every: Numbers
    """As `parts` takes them apart."""
    starts: Places
    seams: Places
    """Places between sentences, lines, cells and quoted values; the first is the beginning, the last the end."""

    @property
    def characters(self) -> Numbers:
        """A row for each length; a column for each character."""
        return parts(self.every, len(self.starts))[0]

    @property
    def words(self) -> Numbers:
        """A row for each sort; a column for each word."""
        return parts(self.every, len(self.starts))[1]


def parts(every: NDArray[Any], words: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """What belongs to n-grams of characters, and to those of so many words."""
    edge = len(every) - WORD_SORTS * words
    return every[:edge].reshape(len(LENGTHS), -1), every[edge:].reshape(WORD_SORTS, words)


_IN_WORD, _OPENS, _ENDS, _ENDS_BEFORE_BLANK, _BLANK = (np.uint8(1 << bit) for bit in (0, 1, 2, 3, 7))
"""Of a character: part of a word; a sentence can begin after it; a piece ends with it, or does before a blank."""
_ANY = np.uint8(1 << 6)
"""Of every character. With `_BLANK`, less four bits: which ends of a piece hold before it."""
_TO_ENDS = np.uint8(4)


def _tables() -> tuple[Numbers, NDArray[np.uint8]]:
    """For each character its plain form and what it is."""
    plain = np.arange(_TABLE, dtype=np.uint32)
    kinds = np.full(_TABLE, _ANY)
    for point in range(_TABLE):
        character = chr(point)
        small = character.lower()
        kind = unicodedata.category(character)[0]
        if kind == "N":
            small = "0"
        elif character.isspace() and character != "\n":
            small = " "
        if len(small) == 1:
            plain[point] = ord(small)
        if kind in "LNM":
            kinds[point] |= _IN_WORD
    for marks, flag in (
        ('.!?:;\n|>"#*-`([{<=/\t\u00bf\u00a1\u201c\u201e\u00ab\u0964\u06d4\u061f', _OPENS),
        ('\n|<>"', _ENDS),
        (".!?:;\u061f\u06d4\u0964", _ENDS_BEFORE_BLANK),
        (" \n\t", _BLANK),
    ):
        kinds[[ord(mark) for mark in marks]] |= flag
    return plain, kinds


_PLAIN, _KINDS = _tables()
_PLAIN_ASCII, _KINDS_ASCII = (bytes(table[:128].astype(np.uint8)) + bytes(128) for table in (_PLAIN, _KINDS))
NARROWEST = 12
"""Of seams that fall into the same so many characters, the last one counts."""
_FULL_STOPS = (0x3002, 0xFF01, 0xFF1F)


def _powers(base: int) -> Numbers:
    powers = np.empty(BLOCK, np.uint32)
    value = 1
    for i in range(BLOCK):
        powers[i] = value
        value = value * base & 0xFFFFFFFF
    return powers


_FORWARD = _powers(_BASE)
_BACKWARD = _powers(pow(_BASE, -1, 1 << 32))
_SECOND, _THIRD = (
    np.array([[pow(_BASE, power, 1 << 32)] for power in powers], np.uint32) for powers in ((3, 4), (5, 6))
)
_FOURTH = np.uint32(pow(_BASE, 7, 1 << 32))
"""What words of an n-gram after its first are multiplied by, in each sort that has them."""


def codes(text: str) -> Points:
    """The characters as numbers; those of ASCII are bytes."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def grams(points: Points) -> Grams:
    """Everything in at most `BLOCK` characters."""
    far = None
    letters: Points
    if points.dtype == np.uint8:
        raw = points.tobytes()
        letters = np.frombuffer(raw.translate(_PLAIN_ASCII), np.uint8)
        kinds = np.frombuffer(raw.translate(_KINDS_ASCII), np.uint8)
    else:
        letters, kinds = _PLAIN.take(points, mode="clip"), _KINDS.take(points, mode="clip")
        far = points if points.max(initial=0) >= _TABLE else None
    word = (kinds & _IN_WORD).view(np.bool_)
    first = word.copy()
    np.greater(word[1:], word[:-1], out=first[1:])
    if far is not None:
        first = _beyond(far, letters, word)
    starts = first.nonzero()[0]
    every = np.empty(len(LENGTHS) * len(points) + WORD_SORTS * len(starts), np.uint32)
    characters, words = parts(every, len(starts))
    _characters(letters, characters)
    if len(starts):
        _words(letters * word, starts, _opening(starts, kinds), words)
    every >>= _KEEP
    return Grams(every, starts, _seams(kinds, far))


def _beyond(points: Points, letters: Points, word: Flags) -> Flags:
    """Where words begin, with characters that the table does not have; notes these as letters."""
    far = points >= _TABLE
    letters[far] = points[far]
    word |= far
    alone = (points >= _FIRST_ALONE) & (points <= _LAST_ALONE)
    first = word.copy()
    first[1:] &= ~word[:-1] | alone[:-1]
    return first | alone


def _opening(starts: Places, kinds: NDArray[np.uint8]) -> Flags:
    """Which words open a sentence, a line, a cell or a quotation: the first, and what comes next after such a sign."""
    opening = np.empty(len(starts), np.bool_)
    opening[0] = True
    np.not_equal(np.bitwise_or.reduceat(kinds, starts)[:-1] & _OPENS, 0, out=opening[1:])
    return opening


def _seams(kinds: NDArray[np.uint8], points: Points | None) -> Places:
    """Where pieces begin or end. `points` are given where there may be full stops that the table does not have."""
    found = (kinds[:-1] & kinds[1:] >> _TO_ENDS) != 0
    if points is not None:
        for stop in _FULL_STOPS:
            found |= points[:-1] == stop
    inner = found.nonzero()[0]
    inner += 1
    place = inner // NARROWEST
    last = np.empty(len(inner), np.bool_)
    last[-1:] = True
    np.greater(place[1:], place[:-1], out=last[:-1])
    inner = inner[last]
    seams = np.empty(len(inner) + 2, np.intp)
    seams[0], seams[1:-1], seams[-1] = 0, inner, len(kinds)
    return seams


def _characters(letters: Points, found: Numbers) -> None:
    """Fills in hashes. Every place has an n-gram of each length; after the end stand spaces."""
    size = len(letters)
    padded = np.empty(size + _PAD, np.uint32)
    padded[:size] = letters
    padded[size:] = _SPACE
    hashes = padded[:size] * _ODD
    hashes += padded[1 : size + 1]
    hashes *= _ODD
    for row, length in zip(found, LENGTHS, strict=True):
        np.add(hashes, padded[length - 1 : size + length - 1], out=row)
        hashes = np.multiply(row, _ODD, out=row)


def _words(letters: Points, starts: Places, opening: Flags, found: Numbers) -> None:
    """Fills in hashes. Every word has an n-gram of each sort; after the last stands nothing."""
    count = len(starts)
    spelled = letters * _FORWARD[: len(letters)]
    words = np.empty(count + _NEAR, np.uint32)
    words[count:] = _ODD
    mixed = words[:count]
    np.multiply(np.add.reduceat(spelled, starts, dtype=np.uint32), _BACKWARD.take(starts, mode="clip"), out=mixed)
    mixed ^= mixed >> _TURN
    mixed *= _MIX
    found[:5] = mixed
    found[1:3] += _SECOND * words[1 : count + 1]
    found[2:4] += _THIRD * words[2 : count + 2]
    found[4] += _FOURTH * words[3 : count + 3]
    np.multiply(found[:3], opening * _ODD, out=found[5:])  # what opens nothing has the bucket of what does not count
