"""Repetition: one sign, one row of signs, one word, one line again and again. Time is linear, whatever the text.

The text is read in blocks. A block repeats itself if what stands in its middle was there before and it has few
different words; what has no spaces is measured by what a compressor makes of it.
"""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from firebreak.detect.interface import Hit
from firebreak.model.conversation import Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

BLOCK = 2048
"""Characters that are judged together: enough that prose never looks repetitive."""
LEAST = 8_000
"""Characters: some 2,000 tokens. Who repeats less wastes nothing worth telling of."""
MIN_BLOCK = 1_000
"""Characters of the last block, which is cut off."""
SAME_WORDS = 0.12
"""Share of different words among all of a block below which it repeats itself. Prose has .4 to .6, code .3, logs .2."""
PIECE = 12
"""Characters in the middle of a block that must have stood in it before."""
MANY_WORDS = 100
"""A block with fewer words is measured as one without spaces."""
PACKED = 0.045
"""Share of its size that a compressor leaves of a block that repeats itself. Digits leave .45, base64 .75, tables
.1."""

RULE = "repetition"
RULES = {RULE: "The same sign, word or line again and again"}

_GRADES = (
    (LEAST, Severity.LOW, 0.4),
    (32_000, Severity.MEDIUM, 0.6),
    (100_000, Severity.HIGH, 0.85),
)
"""Characters that only repeat, and what they are graded."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters that only repeat what stands in them."""

    start: int
    end: int


class RepetitionDetector:
    """Finds stretches that repeat themselves, and grades the text by how much of it they are."""

    name = "repetition"
    broad = True

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """At most one hit, over the longest stretch, graded by the sum of all."""
        text = part.text
        if len(text) < LEAST:
            return []
        found = list(stretches(text))
        amount = sum(stretch.end - stretch.start for stretch in found)
        grade = None
        for least, severity, score in _GRADES:
            if amount >= least:
                grade = (severity, score)
        if grade is None:
            return []
        longest = max(found, key=lambda stretch: stretch.end - stretch.start)
        return [Hit(RULE, FindingKind.WASTE, *grade, longest.start, longest.end, views[0].name)]


def stretches(text: str) -> Iterator[Stretch]:
    """Neighbouring blocks that repeat themselves, as one each."""
    start = end = -1
    for at in range(0, len(text), BLOCK):
        block = text[at : at + BLOCK]
        if len(block) >= MIN_BLOCK and _repeats(block):
            if start < 0:
                start = at
            end = at + len(block)
        elif start >= 0:
            yield Stretch(start, end)
            start = -1
    if start >= 0:
        yield Stretch(start, end)


def _repeats(block: str) -> bool:
    middle = len(block) // 2
    piece = block[middle : middle + PIECE]
    if block.find(piece) == middle:
        return False  # what repeats itself has been there before; so most text costs one search
    words = block.split()
    if len(words) >= MANY_WORDS:
        return len(set(words)) < SAME_WORDS * len(words)
    raw = block.encode("utf-8", "surrogatepass")
    return len(zlib.compress(raw, 1)) < PACKED * len(raw)
