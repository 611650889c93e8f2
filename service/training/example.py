"""One text to learn from."""

from dataclasses import dataclass

from firebreak.text.fold import fold

NATURAL_WEIGHT = 6.0
"""Of what people wrote, as against what the generators write."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text, where in it the attack stands (all of it where that is not known), and what the heads should say."""

    text: str
    group: str
    user: bool | None
    data: bool | None
    start: int = 0
    end: int = 0
    weight: float = 1.0


def reading(text: str) -> str:
    """The text as the model reads it."""
    return fold(text)[0]
