"""Letters drawn of signs (figlet and its kind): a model reads them, no filter for words does. Time is linear."""

import re
from collections.abc import Iterator, Sequence

from firebreak.detect.interface import Hit
from firebreak.model.conversation import Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

MIN_LINES = 4
"""Lines that a drawn letter has at least."""
MIN_WIDTH = 12
"""Characters of such a line: two letters."""
MIN_INK = 5
"""Signs, of them all, in the average line."""
MIN_INKS = 3
"""Places in a line where ink stands, gaps between them: a frame, a rule, a closing bracket has one or two."""
MIN_LINES_WITH_GAPS = 3
"""Lines that have so many."""

RULE = "drawn-letters"
RULES = {RULE: "Letters drawn of signs over several lines"}

_LINE = re.compile(r"\n([ \t#*@%$&|/\\_<>()\[\]{}'\"`.,:;~=+^!\-\u2500-\u259f]{5,400})(?![^\n])")
_INK = re.compile(r"[^\s]+")
_FENCE = re.compile(r"\s*[|+][\s|+:=-]*[|+]\s*|\s*([-=_*#~/.+])\1+\s*")


class DrawnLettersDetector:
    """Finds blocks of lines that hold signs only and have the gaps of letters."""

    name = "drawn-letters"
    broad = True

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """One hit for each block, with its place; more lines make it surer."""
        text = part.text
        if text.count("\n") < MIN_LINES - 1:
            return []
        return [
            Hit(RULE, FindingKind.OBFUSCATION, Severity.MEDIUM, 0.6, start, end, views[0].name)
            for start, end in blocks(text)
        ]


def blocks(text: str) -> Iterator[tuple[int, int]]:
    """Places of neighbouring lines that look like drawn letters."""
    rows: list[tuple[int, int]] = []
    for found in _LINE.finditer("\n" + text):
        start, end = found.start(), found.end() - 1  # of the line itself, in the text without the sign before it
        if rows and start != rows[-1][1] + 1:
            yield from _block(text, rows)
            rows = []
        rows.append((start, end))
    yield from _block(text, rows)


def _block(text: str, rows: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    lines = [text[start:end] for start, end in rows]
    drawn = [line for line in lines if line.strip() and not _FENCE.fullmatch(line)]
    if len(drawn) < MIN_LINES or max(map(len, drawn)) < MIN_WIDTH:
        return
    gapped = sum(len(_INK.findall(line)) >= MIN_INKS for line in drawn)
    ink = sum(len(line) - line.count(" ") for line in drawn)
    if gapped >= MIN_LINES_WITH_GAPS and ink >= MIN_INK * len(drawn) and len(set(drawn)) * 2 > len(drawn):
        yield rows[0][0], rows[-1][1]
