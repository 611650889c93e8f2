"""Text to vocabulary ids: words by dictionary, greedy word pieces for the rest.

Rules:
1. The ids depend on the text alone; the cache of split words changes only the time.
2. Work is bounded: at most `MAX_CHARS` are read of a text, and at most `MAX_SPLITS` distinct words are split.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat

MAX_CHARS = 32 * 1024  # a longer text is sampled: a millisecond for each 10,000 words
EDGE_CHARS = 8 * 1024  # read whole at each end of a sampled text: an ask stands first or last
SLICE_CHARS = 1024  # evenly spaced pieces of what lies between the ends
MAX_SPLITS = 256  # distinct words out of vocabulary that one text may have split
MAX_WORD_CHARS = 24  # a longer run of letters is no word of a language this vocabulary knows
MAX_PIECE_CHARS = 20
CACHE_WORDS = 20_000
MAX_READ_CHARS = MAX_CHARS + (MAX_CHARS - 2 * EDGE_CHARS) // SLICE_CHARS + 1  # with a break after each piece

_TYPOGRAPHIC = "\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u2022\u00a0\u00b7\u2192"
_ABSENT = -1
_WORD = re.compile(r"[^\W_]+")
_TO_SPACE = {code: " " for code in range(128) if not chr(code).isalnum()}


@dataclass(frozen=True, slots=True)
class Reading:
    """`ids` of the words that were understood, and their `share` of the letters that were read, in 0..1."""

    ids: list[int]
    share: float


def sample(text: str) -> str:
    """The text, or of a long one both ends and evenly spaced pieces between them."""
    if len(text) <= MAX_CHARS:
        return text
    count = (MAX_CHARS - 2 * EDGE_CHARS) // SLICE_CHARS
    room = len(text) - 2 * EDGE_CHARS - SLICE_CHARS
    starts = [EDGE_CHARS + room * number // (count - 1) for number in range(count)]
    middle = [text[start : start + SLICE_CHARS] for start in starts]
    return "\n".join([text[:EDGE_CHARS], *middle, text[-EDGE_CHARS:]])


class Vocabulary:
    """Lower-case words and word pieces (`##ing`) by id."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = dict(ids)
        self._split: dict[str, tuple[int, ...]] = {}

    def read(self, text: str) -> Reading:
        words = _words(plain(sample(text)))
        found = list(map(self._ids.get, words, repeat(_ABSENT)))
        absent = found.count(_ABSENT)
        if not absent:
            return Reading(found, 1.0 if found else 0.0)
        rows: list[int] = []
        for _ in range(absent):
            rows.append(found.index(_ABSENT, rows[-1] + 1 if rows else 0))
        split = self.split([words[row] for row in rows])
        ids: list[int] = []
        lost = start = 0
        for row in rows:
            pieces = split[words[row]]
            ids += found[start:row]
            ids += pieces
            lost += 0 if pieces else len(words[row])
            start = row + 1
        ids += found[start:]
        return Reading(ids, 1.0 - lost / sum(map(len, words)))

    def split(self, words: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """The ids of the pieces of one text's words, which are none where a word is lost."""
        split: dict[str, tuple[int, ...]] = {}
        left = MAX_SPLITS
        for word in dict.fromkeys(words):
            number = self._ids.get(word)
            if number is not None:
                split[word] = (number,)
            elif left > 0:
                left -= 1
                split[word] = self._split.get(word) or self._pieces(word)
            else:
                split[word] = ()
        return split

    def _pieces(self, word: str) -> tuple[int, ...]:
        known = self._split.get(word)
        if known is None:
            known = self._greedy(word) if len(word) <= MAX_WORD_CHARS else ()
            if len(self._split) < CACHE_WORDS:
                self._split[word] = known
        return known

    def _greedy(self, word: str) -> tuple[int, ...]:
        """Longest pieces first; nothing where a rest is in no piece, as with letters that are not Latin."""
        if not word.isascii():
            word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
            if not word.isascii():
                return ()
        out: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            for end in range(min(len(word), start + MAX_PIECE_CHARS), start, -1):
                number = self._ids.get(mark + word[start:end])
                if number is not None:
                    out.append(number)
                    start = end
                    break
            else:
                return ()
        return tuple(out)


def plain(text: str) -> str:
    """Lower case, with typographer's marks as spaces: mostly ASCII where the text is English."""
    text = text.lower()
    if not text.isascii():
        for mark in _TYPOGRAPHIC:
            text = text.replace(mark, " ")
    return text


def _words(text: str) -> list[str]:
    """Runs of letters and digits; the common case, ASCII, without the pattern engine."""
    return text.translate(_TO_SPACE).split() if text.isascii() else runs(text)


def runs(text: str) -> list[str]:
    """Runs of letters and digits, whatever the script."""
    return _WORD.findall(text)
