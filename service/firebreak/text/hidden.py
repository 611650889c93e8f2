"""Hidden: text spelled in characters that nobody sees, read out. Tag characters and variation selectors can do it."""

import re
from collections.abc import Iterator
from functools import partial

from firebreak.text.offsets import Edit, Offsets

TAG_RUN = re.compile("[\U000e0020-\U000e007e]+")
FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a]{5}\U000e007f")
"""The flags of England, Scotland and Wales: the one honest use of tag characters."""
_TAGS = {0xE0000 + code: chr(code) for code in range(0x20, 0x7F)}
SELECTOR_RUN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
"""Variation selectors in a row; scripts and emoji have one at a time. Each of the 256 spells a byte."""


def tags(text: str) -> tuple[str, Offsets] | None:
    """What the tag characters of `text` spell, one after the other."""
    plain = "".join(TAG_RUN.findall(text)).translate(_TAGS)
    return (plain, Offsets(len(text), partial(_kept, text))) if plain else None


def _kept(text: str) -> Iterator[Edit]:
    end = 0
    for run in TAG_RUN.finditer(text):
        yield end, run.start(), 0, 0
        end = run.end()
    yield end, len(text), 0, 0


def selectors(text: str) -> tuple[str, Offsets] | None:
    """What runs of variation selectors spell, one run after the other."""
    said = [(run.span(), _spell(run[0])) for run in SELECTOR_RUN.finditer(text)]
    plain = "".join(words for _, words in said)
    if not plain:
        return None
    return plain, Offsets(len(text), partial(_spelled, [(*span, len(words)) for span, words in said]))


def _spell(run: str) -> str:
    codes = (ord(character) for character in run)
    decoded = bytes(code - 0xFE00 if code < 0xE0100 else code - 0xE0100 + 16 for code in codes)
    return decoded.decode("utf-8", "replace")


def _spelled(runs: list[tuple[int, int, int]]) -> Iterator[Edit]:
    end = 0
    for lo, hi, made in runs:
        yield end, lo, 0, 0
        yield lo, hi, made, 0
        end = hi
