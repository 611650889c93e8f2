"""Text to hashed n-grams with their places: the one reading that the trainer and the detector share.

A text is read as characters in small letters with digits alike, and as words. Every n-gram is a number below
`BUCKETS`, by polynomial hashes over whole arrays, and belongs to the character it starts at. So what a window of the
text says is a difference of two running sums, and a text is read once, however many windows look at it.
"""

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 18
BUCKETS = 1 << BITS
NOTHING = 0
"""The bucket of what does not count; its weight is zero."""

LENGTHS = (3, 4, 5)
"""Of the n-grams of characters."""
WORD_SORTS = 8
"""One, two and three words; two with one and with two left out between them; one to three that open a sentence."""

_BASE = 0x9E3779B1  # odd, so that its powers have inverses modulo 2**32
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
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Grams:
    """Buckets: a row for each sort; a column for each character, and for each word, which begins at `starts`."""

    characters: Numbers
    words: Numbers
    starts: Places
    seams: Places
    """Places between sentences, lines, cells and quoted values; the first is the beginning, the last the end."""


_IN_WORD, _OPENS, _ENDS, _ENDS_BEFORE_BLANK, _BLANK = (np.uint8(1 << bit) for bit in range(5))
"""Of a character: part of a word; a sentence can begin after it; a piece ends with it, or does before a blank."""


def _tables() -> tuple[Numbers, NDArray[np.uint8]]:
    """For each character its plain form and what it is."""
    plain = np.arange(_TABLE, dtype=np.uint32)
    kinds = np.zeros(_TABLE, np.uint8)
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
_CHARACTER_SALTS = np.array([[0x3C6EF35F * n & 0xFFFFFFFF] for n in LENGTHS], np.uint32)
_WORD_SALTS = np.array([[0x2545F491 * n & 0xFFFFFFFF] for n in range(11, 11 + WORD_SORTS)], np.uint32)


def codes(text: str) -> Numbers:
    """The characters as numbers."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), np.uint8).astype(np.uint32)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def grams(points: Numbers) -> Grams:
    """Everything in at most `BLOCK` characters."""
    far = None
    if not len(points) or points.max() < 128:
        raw = points.astype(np.uint8).tobytes()
        letters = np.frombuffer(raw.translate(_PLAIN_ASCII), np.uint8).astype(np.uint32)
        kinds = np.frombuffer(raw.translate(_KINDS_ASCII), np.uint8)
    else:
        small = np.minimum(points, np.uint32(_TABLE - 1))
        letters, kinds = _PLAIN.take(small), _KINDS.take(small)
        far = points if points.max() >= _TABLE else None
    word = (kinds & _IN_WORD).view(np.bool_)
    first = word.copy()
    first[1:] &= ~word[:-1]
    if far is not None:
        first = _beyond(far, letters, word)
    starts = np.flatnonzero(first)
    opens = (kinds & _OPENS).astype(np.bool_)
    return Grams(_characters(letters), _words(letters * word, opens, starts), starts, _seams(kinds, far))


def _beyond(points: Numbers, letters: Numbers, word: Flags) -> Flags:
    """Where words begin, with characters that the table does not have; notes these as letters."""
    far = points >= _TABLE
    letters[far] = points[far]
    word |= far
    alone = (points >= _FIRST_ALONE) & (points <= _LAST_ALONE)
    first = word.copy()
    first[1:] &= ~word[:-1] | alone[:-1]
    return first | alone


def _seams(kinds: NDArray[np.uint8], points: Numbers | None) -> Places:
    """Where pieces begin or end. `points` are given where there may be full stops that the table does not have."""
    found = (kinds & _ENDS).astype(np.bool_)
    found[:-1] |= (kinds[:-1] & _ENDS_BEFORE_BLANK).astype(np.bool_) & (kinds[1:] & _BLANK).astype(np.bool_)
    if points is not None:
        for stop in _FULL_STOPS:
            found |= points == stop
    inner = np.flatnonzero(found[:-1]) + 1
    last = np.append(np.diff(inner // NARROWEST) > 0, np.ones(min(len(inner), 1), np.bool_))
    return np.concatenate(([0], inner[last], [len(kinds)]))


def _buckets(hashes: Numbers, salts: Numbers) -> Numbers:
    """The upper bits, after multiplications that let all bits bear on them."""
    hashes ^= salts
    hashes *= _MIX
    hashes ^= hashes >> _TURN
    hashes *= np.uint32(_BASE)
    hashes >>= _KEEP
    return hashes


def _characters(letters: Numbers) -> Numbers:
    """Every place has an n-gram of each length; after the end stand spaces."""
    size = len(letters)
    padded = np.full(size + _PAD, _SPACE, np.uint32)
    padded[:size] = letters
    base = np.uint32(_BASE)
    found = np.empty((len(LENGTHS), size), np.uint32)
    hashes = padded
    for n in range(2, LENGTHS[-1] + 1):
        hashes = hashes[:-1] * base
        hashes += padded[n - 1 :]
        if n >= LENGTHS[0]:
            found[n - LENGTHS[0]] = hashes[:size]
    return _buckets(found, _CHARACTER_SALTS)


def _words(spelled: Numbers, opens: Flags, starts: Places) -> Numbers:
    """Every word has an n-gram of each sort; after the last stands nothing."""
    count = len(starts)
    found = np.empty((WORD_SORTS, count), np.uint32)
    if not count:
        return found
    spelled *= _FORWARD[: len(spelled)]
    words = np.zeros(count + _NEAR, np.uint32)
    words[:count] = np.add.reduceat(spelled, starts, dtype=np.uint32) * _BACKWARD[starts]
    words ^= words >> _TURN
    words *= _MIX
    turned = words ^ words >> _TURN
    found[0] = words[:count]
    found[1] = turned[:count] + words[1 : count + 1] * np.uint32(_BASE)
    found[2] = (found[1] ^ found[1] >> _TURN) * _MIX + words[2 : count + 2]
    found[3] = turned[:count] - words[2 : count + 2] * np.uint32(_BASE)
    found[4] = turned[:count] + words[3 : count + 3] * np.uint32(3 * _BASE & 0xFFFFFFFF)
    found[5:8] = found[0:3]
    found = _buckets(found, _WORD_SALTS)
    found[5:8, ~_opening(opens, starts)] = NOTHING
    return found


def _opening(opens: Flags, starts: Places) -> Flags:
    """Which words open a sentence, a line, a cell or a quotation."""
    edges = np.empty(len(starts), np.intp)
    edges[0] = 0
    edges[1:] = starts[:-1]
    found = np.logical_or.reduceat(opens[: starts[-1] + 1], edges)
    found[0] = True
    return found
