"""Texts that were written for this project one by one, each as a whole: what no grammar varies enough.

`written/*.jsonl` holds them. Harmless are requests that look like attacks (stories, roles, games, matters that sound
bad); beside them stand attacks in the same framings, and documents with an order to a model in them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from training.example import NATURAL_WEIGHT, Example, reading

FOLDER = Path(__file__).parent / "written"
GROUP = "w_"
"""What their groups' names begin with."""
HARMLESS = ("fiction", "roles", "sensitive", "games", "content", "scenarios")
ATTACKS = ("attacks", "orders")
OPENS, CLOSES = "⟦", "⟧"
"""Marks around the order in a document."""


def examples() -> Iterator[Example]:
    """All of them, always in the same order. Nobody is asked about a harmless request as a document."""
    for name in HARMLESS:
        for text in _texts(name):
            yield Example(reading(text), GROUP + name, user=False, data=None, weight=NATURAL_WEIGHT)
    for name in ATTACKS:
        for text in _texts(name):
            yield Example(reading(text), GROUP + name, user=True, data=True, weight=NATURAL_WEIGHT)
    for text in _texts("documents"):
        yield from _document(text)


def _document(text: str) -> Iterator[Example]:
    """With the order in it, and without."""
    before, _, rest = text.partition(OPENS)
    order, _, after = rest.partition(CLOSES)
    before, order, after = reading(before), reading(order), reading(after)
    group, start, end = GROUP + "documents", len(before), len(before) + len(order)
    yield Example(before + order + after, group, user=True, data=True, start=start, end=end, weight=NATURAL_WEIGHT)
    yield Example(before + after, group, user=False, data=False, weight=NATURAL_WEIGHT)


def _texts(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]
