"""The built-in categories, and what a policy's own make of them."""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from firebreak.intent.taxonomy_background import BACKGROUND
from firebreak.intent.taxonomy_defence import DEFENCE
from firebreak.intent.taxonomy_everyday import EVERYDAY
from firebreak.intent.taxonomy_harmful import HARMFUL
from firebreak.intent.taxonomy_harmless import HARMLESS as _HARMLESS
from firebreak.intent.taxonomy_more_defence import MORE_DEFENCE
from firebreak.intent.taxonomy_more_everyday import MORE_EVERYDAY
from firebreak.intent.taxonomy_more_harmful import MORE_HARMFUL
from firebreak.intent.taxonomy_varied_harmful import VARIED_HARMFUL
from firebreak.intent.taxonomy_varied_harmless import VARIED_HARMLESS
from firebreak.model.category import Category
from firebreak.model.intent import UNKNOWN

__all__ = [
    "BACKGROUND",
    "BROAD",
    "BUILT_IN",
    "GRAVE",
    "HARM",
    "HARMLESS",
    "MISSING_MEND",
    "SURFACE_TASKS",
    "completed",
    "missing",
]

_FURTHER = (MORE_DEFENCE, MORE_EVERYDAY, MORE_HARMFUL, VARIED_HARMFUL)


def _further(name: str) -> list[str]:
    return [text for texts in _FURTHER if name in texts for text in texts[name].split("\n")]


BUILT_IN = MappingProxyType(
    {
        category.name: replace(category, examples=(*category.examples, *_further(category.name)))
        for category in (*DEFENCE, *EVERYDAY, *HARMFUL)
    }
)
HARM = frozenset(category.name for category in HARMFUL)
"""Built-in categories nobody allows: few asks belong to them, whatever words they share with harmless ones."""

GRAVE = frozenset({"autonomous_targeting", "bulk_surveillance", "pattern_of_life"})
"""Built-in categories of defence that are much like harm."""

BROAD = frozenset(category.name for category in EVERYDAY)
"""Built-in categories of everyday work, which have asks about anything."""

HARMLESS = tuple(
    tuple(text for groups in (_HARMLESS, VARIED_HARMLESS) if name in groups for text in groups[name].split("\n"))
    for name in (*_HARMLESS, *(name for name in VARIED_HARMLESS if name not in _HARMLESS))
)
"""Groups of harmless asks in the words of harm."""

SURFACE_TASKS = frozenset({"batch", "embedding", "moderation", "tool_use", "upload"})
"""Categories that an API implies by itself: no text has to be recognised."""

MISSING_MEND = "give the category a description and examples, or use the name of a built-in one"


def missing(categories: Sequence[Category]) -> tuple[str, ...]:
    """Names that no text could ever be recognised as: nothing built in, and neither description nor examples."""
    return tuple(category.name for category in categories if not _can_be_told(category))


def completed(category: Category) -> Category:
    """The policy's category with the built-in one of its name added to it."""
    base = BUILT_IN.get(category.name)
    if base is None:
        return category
    return Category(
        name=category.name,
        description=category.description or base.description,
        examples=tuple(dict.fromkeys((*category.examples, *base.examples))),
        counterexamples=tuple(dict.fromkeys((*category.counterexamples, *base.counterexamples))),
    )


def _can_be_told(category: Category) -> bool:
    if category.name in BUILT_IN or category.name in SURFACE_TASKS or category.name == UNKNOWN:
        return True
    return any(text.strip() for text in (category.description, *category.examples))
