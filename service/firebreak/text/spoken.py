"""Spoken: letters by their names or by their numbers (`november oscar`, `14-15`), where words come of it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator

from firebreak.text.evidence import known, parted
from firebreak.text.layers import whole
from firebreak.text.runs import Entry

MIN_LETTERS = 6  # in a row
MIN_WORDS, LONG = 2, 5  # known words that a row has to hold; and one of them has so many letters

_NAMES = (
    "alfa alpha bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar papa "
    "quebec romeo sierra tango uniform victor whiskey whisky xray x-ray yankee zulu"
)
"""Of the ICAO, as they are also spelt."""
_NAME = "|".join(_NAMES.split())
_SPELLED = re.compile(
    rf"(?<![a-z0-9])(?:{_NAME})(?:[^a-z0-9]{{1,5}}(?:{_NAME})(?![a-z0-9])){{{MIN_LETTERS - 1},}}".encode()
)
_ONE_NAME = re.compile(_NAME.encode())
_USUAL = (b"november", b"romeo", b"tango")
"""A row that says something has one of these: few words have neither n, r nor t, and few texts have these names."""

_NUMBER = "2[0-7]|1[0-9]|0?[0-9]"
_NUMBERED = re.compile(
    rf"(?<![0-9A-Za-z.])(?:{_NUMBER})(?:[-, /|_+]{{1,5}}(?:{_NUMBER})(?![0-9A-Za-z])){{{MIN_LETTERS - 1},}}".encode()
)
_ONE_NUMBER = re.compile(b"[0-9]+")
_IN_NUMBERED = bytes(120 if chr(code) in "0123456789-, /|_+" else 32 for code in range(256))
_SHORTEST = b"x" * (2 * MIN_LETTERS - 1)
_RULED = b" -|"
"""Of which indentations and the lines of tables are."""
_BLANK_NUMBERS = (0, 27)


def by_name(flat: bytes) -> Iterator[Entry]:
    """Every row of names that spells words; `flat` is the text as `shape` has it."""
    small = flat.lower()
    if any(name in small for name in _USUAL):
        yield from _rows("nato", _SPELLED.finditer(small), _ONE_NAME, lambda name: name[:1].decode())


def by_number(flat: bytes) -> Iterator[Entry]:
    """Every row of numbers that spells words, A being 1."""
    signs = flat.translate(_IN_NUMBERED)
    at = signs.find(_SHORTEST)
    while at >= 0:
        end = signs.find(b" ", at)
        end = len(signs) if end < 0 else end
        if flat[at:end].strip(_RULED) and len(_ONE_NUMBER.findall(flat, at, end)) >= MIN_LETTERS:
            yield from _rows("a1z26", _NUMBERED.finditer(flat, at, end + 1), _ONE_NUMBER, _of_number)
        at = signs.find(_SHORTEST, end)


def _of_number(number: bytes) -> str:
    value = int(number)
    return " " if value in _BLANK_NUMBERS else chr(96 + value)


def _rows(
    kind: str, rows: Iterator[re.Match[bytes]], one: re.Pattern[bytes], letter: Callable[[bytes], str]
) -> Iterator[Entry]:
    for row in rows:
        gaps = one.split(row[0])[1:-1]
        usual = Counter(gaps).most_common(1)[0][0]
        letters = [letter(name) for name in one.findall(row[0])]
        blanks = ["" if gap == usual else " " for gap in gaps]
        said = "".join(a + b for a, b in zip(letters, [*blanks, ""], strict=True))
        plain = said if " " in said else parted(said)
        words = known(plain)
        if len(words) >= MIN_WORDS and max(map(len, words)) >= LONG:
            yield (kind,), whole(*row.span(), plain)
