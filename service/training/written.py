"""Texts that were written for this project one by one, each as a whole: what no grammar varies enough.

`written/*.jsonl` holds them. Harmless are requests and documents that look like attacks (stories, roles, games, matters
that sound bad, requests between people); beside them stand attacks in the same framings, and documents with an order to
a model in them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from training.example import NATURAL_WEIGHT, Example, reading

FOLDER = Path(__file__).parent / "written"
GROUP = "w_"
"""What their groups' names begin with."""
HARMLESS = (
    *("fiction", "roles", "sensitive", "games", "content", "scenarios"),
    *("asks", "frames", "pasted", "plain", "twins", "languages_asks"),
)
"""Requests. Nobody is asked about them as documents."""
PAPERS = ("papers",)
"""Harmless documents."""
ATTACKS = ("attacks", "orders", "direct", "framings", "languages_attacks")
DOCUMENTS = ("documents",)
"""With an order in each."""
ODD = ("mails", "tables", "pages", "code")
"""Documents whose orders are mostly told by nothing but that they do not belong there."""
MESSAGES = ("planted",)
"""Of users who show such a document."""
OPENS, CLOSES = "⟦", "⟧"
"""Marks around the order."""
SWAPS = (101, 307, 701)
"""How far away the documents are whose orders each document has too, in the place of its own."""
SWAPPED_WEIGHT = 2.0
LIGHT_WEIGHT, LIGHT_PLAIN_WEIGHT = 1.0, 3.0
AMID, AMID_SHORT = 3000, 300
"""How many messages of several requests, and how long one of these is at most, in characters."""


def examples() -> Iterator[Example]:
    """All of them, always in the same order."""
    for name in HARMLESS:
        for text in _texts(name):
            yield Example(reading(text), GROUP + name, user=False, data=None, weight=NATURAL_WEIGHT)
    for name in PAPERS:
        for text in _texts(name):
            yield Example(reading(text), GROUP + name, user=False, data=False, weight=NATURAL_WEIGHT)
    for name in ATTACKS:
        for text in _texts(name):
            yield Example(reading(text), GROUP + name, user=True, data=True, weight=NATURAL_WEIGHT)
    yield from _documents(DOCUMENTS)


def odd() -> Iterator[Example]:
    """As an encoder learns them, each order in several places."""
    return _documents((*ODD, *MESSAGES), swaps=SWAPS)


def odd_lightly() -> Iterator[Example]:
    """As the small model learns them: a sum of n-grams does not see what an order stands amid. With the full weight it
    found more of these and fewer of all others.
    """
    for one in _documents((*ODD, *MESSAGES)):
        yield replace(one, weight=LIGHT_WEIGHT if one.user else LIGHT_PLAIN_WEIGHT)


def _documents(names: Sequence[str], swaps: Sequence[int] = ()) -> Iterator[Example]:
    """With their order in it, with orders of others, and without."""
    found = [(name, _parts(text)) for name in names for text in _texts(name)]
    for number, (name, (before, order, after)) in enumerate(found):
        yield _placed(before, order, after, name, NATURAL_WEIGHT)
        for swap in swaps:
            other = found[(number + swap) % len(found)][1][1]
            yield _placed(before, other, after, name, SWAPPED_WEIGHT)
        data = None if name in MESSAGES else False
        yield Example(before + after, GROUP + name, user=False, data=data, weight=NATURAL_WEIGHT)


def _parts(text: str) -> tuple[str, str, str]:
    """What stands before the order, the order, and what stands behind it."""
    before, _, rest = text.partition(OPENS)
    order, _, after = rest.partition(CLOSES)
    return reading(before), reading(order), reading(after)


def _placed(before: str, order: str, after: str, name: str, weight: float) -> Example:
    start, end = len(before), len(before) + len(order)
    text = before + order + after
    return Example(text, GROUP + name, user=True, data=True, start=start, end=end, weight=weight)


def amid(rng: Random) -> Iterator[Example]:
    """Messages of several short requests: half of them with an attack at some place."""
    harmless = [text for _, text in _short(HARMLESS)]
    attacks = list(_short(ATTACKS))
    for number in range(AMID):
        mark = rng.choice((" ", "\n", "\n\n"))
        beside = rng.sample(harmless, rng.randint(1, 4))
        if number % 2:
            yield Example(mark.join(beside), GROUP + "beside", user=False, data=None)
            continue
        name, attack = rng.choice(attacks)
        at = rng.randint(0, len(beside))
        before = "".join(one + mark for one in beside[:at])
        after = "".join(mark + one for one in beside[at:])
        start, end = len(before), len(before) + len(attack)
        yield Example(before + attack + after, f"{GROUP}{name}_amid", user=True, data=None, start=start, end=end)


def _short(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        for text in _texts(name):
            if len(text) <= AMID_SHORT:
                yield name, reading(text)


def _texts(name: str) -> list[str]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]
