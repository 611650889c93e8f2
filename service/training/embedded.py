"""Where the order stands in texts that are only said to hold one.

The shared data has documents with an order in them, but not its place. An order comes up in several documents, a
document's own sentences in no other or in a near copy of it: so the order is what documents unlike each other share.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

_UNIT = re.compile(r"[^\n]+?(?:(?<=[a-z\d\"')>])[.!?:](?=\s)|$)", re.MULTILINE)
_FENCE = "```"
ALIKE = 0.4  # share of a document's characters that makes another one a near copy
SHORTEST = 12


def places(texts: Sequence[str], known: Collection[str]) -> list[tuple[int, int]]:
    """For each text, where its order begins and ends; nowhere, where none is found. `known` are lines of others."""
    units = [[(m.start(), m.end(), m[0].strip()) for m in _UNIT.finditer(text)] for text in texts]
    where: defaultdict[str, set[int]] = defaultdict(set)
    for number, found in enumerate(units):
        for _, _, said in found:
            if len(said) >= SHORTEST and said not in known:
                where[said].add(number)
    return [_place(texts[number], found, where) for number, found in enumerate(units)]


def _place(text: str, units: list[tuple[int, int, str]], where: dict[str, set[int]]) -> tuple[int, int]:
    shared: Counter[int] = Counter()
    for _, _, said in units:
        for other in where.get(said, ()):
            shared[other] += len(said)
    alike = {other for other, count in shared.items() if count > ALIKE * len(text)}
    best = max(units, key=lambda unit: (len(where.get(unit[2], set()) - alike), -unit[0]))
    if not where.get(best[2], set()) - alike:
        return 0, 0
    return _with_code(text, *best[:2])


def _with_code(text: str, start: int, end: int) -> tuple[int, int]:
    """With the block of code below it, or with the sentence above the block that it stands in."""
    before = text.count(_FENCE, 0, start)
    if before % 2:
        opened = text.rfind(_FENCE, 0, start)
        above = text.rfind("\n", 0, max(opened - 1, 0))
        sentence = max(text.rfind(mark, above + 1, opened - 2) for mark in (". ", "? ", "! ")) + 1
        start = sentence or above + 1
        closed = text.find(_FENCE, end)
        return start, closed + len(_FENCE) if closed >= 0 else len(text)
    opened = text.find(_FENCE, end)
    if opened >= 0 and not text[end:opened].strip():
        closed = text.find(_FENCE, opened + len(_FENCE))
        return start, closed + len(_FENCE) if closed >= 0 else len(text)
    return start, end
