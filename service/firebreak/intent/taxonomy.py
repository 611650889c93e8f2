"""The built-in categories, and what a policy's own make of them."""

from collections.abc import Sequence
from types import MappingProxyType

from firebreak.intent.taxonomy_background import BACKGROUND
from firebreak.intent.taxonomy_defence import DEFENCE
from firebreak.intent.taxonomy_everyday import EVERYDAY
from firebreak.intent.taxonomy_harmful import HARMFUL
from firebreak.model.category import Category
from firebreak.model.intent import UNKNOWN

__all__ = ["BACKGROUND", "BUILT_IN", "HARM", "MISSING_MEND", "SURFACE_TASKS", "completed", "missing"]

BUILT_IN = MappingProxyType({category.name: category for category in (*DEFENCE, *EVERYDAY, *HARMFUL)})
HARM = frozenset(category.name for category in HARMFUL)
"""Built-in categories nobody allows: few asks belong to them, whatever words they share with harmless ones."""

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
