"""A tagger's word on each token of a text, put together to names and addresses with exact places.

Rules:
1. What counts is a word, not a token: a word is tagged as a whole, however a tokenizer cuts it.
2. Where a text is cut into passages does not matter: words of all passages are joined before anything is put together.
3. A place alone (a city) is no address: a street is needed, or a number.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from firebreak.intent.interface import Floats


class Sort(StrEnum):
    """What a label may mean. A place is part of an address, and none by itself."""

    PERSON = "person-name"
    ADDRESS = "postal-address"
    PLACE = "place"

    @property
    def rule(self) -> str:
        return Sort.PERSON if self is Sort.PERSON else Sort.ADDRESS


class Label(NamedTuple):
    """One of a model's labels, without `B-` or `I-`. No `sort`: not looked for. `begins`: a thing begins here."""

    name: str
    sort: Sort | None = None
    begins: bool = False


class Word(NamedTuple):
    """A word that is taken for something; places are characters of the text that was shown."""

    start: int
    end: int
    sort: Sort
    label: str
    begins: bool
    score: float


class Mention(NamedTuple):
    """A name or an address as it stands in a text. `score` is the mean of its words'."""

    rule: str
    start: int
    end: int
    score: float


_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts that are written without spaces: there a character counts as a word."""
_BETWEEN = (
    "\\s\x00-/:-@\\[-`{-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf\u055a-\u055f\u060c\u061b\u061f\u0964\u0965\u2000-\u206f"
    "\u3000-\u303f\u30fb\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
"""Spaces and punctuation, as ranges: marks that stand on a letter are part of a word."""
_WORD = re.compile(f"[{_UNSPACED}](?<![{_BETWEEN}])|[^{_BETWEEN}{_UNSPACED}]+")
BETWEEN = re.compile(f"[{_BETWEEN}]")
_ONE = re.compile(f"[{_UNSPACED}]")

_GAPS = {
    Sort.PERSON: re.compile("[ \t\xa0.'\u2019\\-\u2010\u2011\xb7\u30fb]{0,3}"),
    Sort.ADDRESS: re.compile("[\\s,.;:/#'\u2019\xb0\\-\u2010\u2011\u2013\uff0c\u3001]{0,4}"),
}
"""What may stand between two words of one thing."""
_MOST_BETWEEN = 4
_LEAST_ADDRESS = 4
"""Characters; shorter than that is what a model tags by mistake."""


def words(
    text: str, offsets: Sequence[tuple[int, int]], shares: Floats, labels: Sequence[Label], threshold: float
) -> tuple[Word, ...]:
    """The words of a text that are taken for something, in order. A row of `shares` says what its token is, as a share
    of 1 for each label; `offsets` are the tokens' characters.

    Of a word's tokens its first speaks, or all where they are surer: most models are taught the first one only.
    """
    columns = [[index for index, label in enumerate(labels) if label.sort is sort] for sort in Sort]
    likely = [shares[:, column].sum(1) for column in columns]
    if not len(shares) or float(sum(likely).max()) < threshold:
        return ()
    best = shares.argmax(1)
    found: list[Word] = []
    for start, end, first, after in _tokens_of_words(text, offsets):
        said = [max(float(row[first]), float(row[first:after].mean())) for row in likely]
        sort, score = _told(said)
        if score < threshold:
            continue
        label = labels[int(best[first])]
        begins = label.begins and _begin(text, offsets[first]) >= start
        found.append(Word(start, end, sort, label.name, begins, min(1.0, score)))
    return tuple(found)


def _told(said: Sequence[float]) -> tuple[Sort, float]:
    person, address, place = said
    if person >= address + place:
        return Sort.PERSON, person
    return (Sort.ADDRESS if address >= place else Sort.PLACE), address + place


def _tokens_of_words(text: str, offsets: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Each word's characters and its tokens. Tokens are in order; one may reach over several words."""
    first = 0
    for word in _WORD.finditer(text):
        start, end = word.span()
        while first < len(offsets) and offsets[first][1] <= start:
            first += 1
        after = first
        while after < len(offsets) and offsets[after][0] < end:
            after += 1
        if after > first:
            yield start, end, first, after


def _begin(text: str, token: tuple[int, int]) -> int:
    """Where a token's word begins: some tokenizers count the space before it."""
    start, end = token
    while start < end and BETWEEN.match(text, start):
        start += 1
    return start


def joined(found: Iterable[Word]) -> list[Word]:
    """The words of overlapping passages, in order: each once, and pieces of one as one."""
    apart: list[Word] = []
    for word in sorted(found, key=lambda one: (one.start, -one.end)):
        if not apart or word.start >= apart[-1].end:
            apart.append(word)
            continue
        last = apart[-1]
        if word.sort is last.sort:
            apart[-1] = last._replace(end=max(last.end, word.end), score=max(last.score, word.score))
        elif word.score > last.score:
            apart[-1] = word
    return apart


def mentions(text: str, found: Sequence[Word]) -> Iterator[Mention]:
    """Names and addresses of which these are the words, in order and without overlap."""
    begun = 0
    for place, (last, word) in enumerate(pairwise(found), 1):
        if not _goes_on(text, last, word):
            yield from _mention(text, found[begun:place])
            begun = place
    yield from _mention(text, found[begun:])


def _goes_on(text: str, last: Word, word: Word) -> bool:
    if last.sort.rule != word.sort.rule or (word.begins and word.label == last.label and word.sort is not Sort.PLACE):
        return False  # several places make one address: a street's and a city's
    if word.start - last.end > _MOST_BETWEEN:
        return False
    return _GAPS[Sort(word.sort.rule)].fullmatch(text, last.end, word.start) is not None


def _mention(text: str, run: Sequence[Word]) -> Iterator[Mention]:
    if run and (_is_name(text, run) if run[0].sort is Sort.PERSON else _is_address(text, run)):
        score = sum(word.score for word in run) / len(run)
        yield Mention(run[0].sort.rule, run[0].start, run[-1].end, round(score, 2))


def _is_name(text: str, run: Sequence[Word]) -> bool:
    """Two letters at least that are no lone initials, and more letters than digits."""
    said = text[run[0].start : run[-1].end]
    letters, digits = sum(map(str.isalpha, said)), sum(map(str.isdigit, said))
    written_out = any(word.end - word.start > 1 or _ONE.match(text, word.start) for word in run)
    return letters > max(1, digits) and written_out


def _is_address(text: str, run: Sequence[Word]) -> bool:
    said = text[run[0].start : run[-1].end]
    named = any(word.sort is Sort.ADDRESS for word in run)
    return len(said) >= _LEAST_ADDRESS and any(map(str.isalpha, said)) and (named or any(map(str.isdigit, said)))
