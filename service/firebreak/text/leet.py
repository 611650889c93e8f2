"""Leet: digits and signs that stand for letters inside words, read as these letters where words come of it."""

import re
from functools import lru_cache

from firebreak.text.evidence import WORDS
from firebreak.text.layers import Peeled
from firebreak.text.rewrite import LONG, region

MIN_WORDS = 2  # words that come of it, each counted once; a long one is enough alone

_DIGITS = "013457869@$"
_MEANT = str.maketrans("013457869@$!|+\u0131", "oieastbgGasilti")
_INNER = "!|+"
_CLASSES = (
    bytes(
        97 if chr(code).isalpha() else 49 if chr(code) in _DIGITS else 50 if chr(code) in _INNER else 32
        for code in range(128)
    )
    + b" " * 128
)
_BESIDE = ((b"1", b"a1"), (b"1", b"1a"), (b"2", b"a2a"))
"""In classes: a letter beside what may stand for one; signs that also end sentences only between two. Looking for the
mark alone first spares a text that has none the slower search for two bytes."""
_NO_SIGNS = bytes(code for code in range(256) if chr(code) not in _DIGITS + _INNER)
_TOKEN = re.compile(r"[A-Za-z0-9@$!|+]+")
_SPELLED = frozenset(word for word in WORDS if len(word) > 2)
_AS_BYTES = frozenset(word.encode() for word in _SPELLED)
_AS_LETTERS = tuple(
    bytes(ord(chr(code).translate(_MEANT | {ord("1"): one}).lower()) if code < 128 else code for code in range(256))
    for one in "il"
)
"""Small letters for whatever stands for one, with 1 as either of two."""
_ALONE = {"4": "a", "1": "i", "70": "to", "17": "it", "15": "is", "45": "as", "47": "at", "50": "so", "0": "o"}
"""Numbers that are words; read so only between two words."""


def leet(text: str, flat: bytes) -> Peeled | None:
    """The lines in which such words stand, with letters."""
    if not flat.translate(None, _NO_SIGNS):
        return None
    tokens = _tokens(flat)
    meant = [flat.translate(table) for table in _AS_LETTERS]
    likely = [(lo, hi) for lo, hi in tokens if meant[0][lo:hi] in _AS_BYTES or meant[1][lo:hi] in _AS_BYTES]
    if not likely:
        return None
    known = [(lo, hi, word) for lo, hi in sorted(likely) if (word := _meant(flat[lo:hi].decode()).lower()) in _SPELLED]
    words = {word for _, _, word in known}
    if len(words) < MIN_WORDS and not any(len(word) >= LONG for word in words):
        return None
    lo = text.rfind("\n", 0, known[0][0]) + 1
    end = text.find("\n", known[-1][1])
    hi = len(text) if end < 0 else end
    return region(text, lo, hi, _TOKEN.sub(_plain, text[lo:hi]), "leet", [(lo, hi, hi - lo, 1)])


def _tokens(flat: bytes) -> set[tuple[int, int]]:
    """Places of words that hold both letters and what may stand for one."""
    classes = b" %b " % flat.translate(_CLASSES)
    find = classes.find
    found: set[tuple[int, int]] = set()
    for mark, beside in _BESIDE:
        at = find(beside) if mark in classes else -1
        while at >= 0:
            end = find(b" ", at)
            found.add((classes.rfind(b" ", 0, at), end - 1))
            at = find(beside, end)
    return found


@lru_cache(maxsize=4096)
def _meant(token: str) -> str:
    """The word with letters: 1 is an i or an l, whichever makes a word; signs at its end are signs."""
    body = token.rstrip(_INNER)
    tail = token[len(body) :]
    either = body.translate(_MEANT)
    if "1" in body and either.lower() not in _SPELLED:
        other = body.replace("1", "l").translate(_MEANT)
        either = other if other.lower() in _SPELLED else either
    return either + tail


def _plain(found: re.Match[str]) -> str:
    token = found[0]
    if token.isalpha() or not token.strip(_INNER):
        return token
    if not token.isdecimal():
        said = _meant(token)
        return said if len(said) == len(token) else token
    meant = token.translate(_MEANT)
    if len(token) > 2 and meant in _SPELLED:
        return meant
    return _ALONE[token] if token in _ALONE and _between_words(found) else token


def _between_words(found: re.Match[str]) -> bool:
    """Whether a blank and a word with letters stand on both sides; one side will do at the edge of a line."""
    text = found.string
    before = text[max(found.start() - 24, 0) : found.start()].rpartition("\n")[2]
    after = text[found.end() : found.end() + 24].partition("\n")[0]
    left = not before.strip() or (before[-1] == " " and any(map(str.isalpha, before.split()[-1])))
    right = not after.strip(" .?!\"'") or (after[0] == " " and any(map(str.isalpha, after.split()[0])))
    return left and right and bool(before.strip() or after.strip())
