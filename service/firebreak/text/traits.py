"""Traits: what the normaliser saw that an honest writer seldom leaves behind. Counts and places, no verdict."""

from collections.abc import Sequence
from dataclasses import dataclass

from firebreak.text.views import View


@dataclass(frozen=True, slots=True)
class Sign:
    """How often one thing occurs, and the first and last place of it in characters of the original text."""

    count: int = 0
    first: tuple[int, int] = (0, 0)
    last: tuple[int, int] = (0, 0)


NONE = Sign()


@dataclass(frozen=True, slots=True)
class Traits:
    """One text's signs of hiding.

    What a script or an emoji needs (a joiner in Farsi, a variation selector after an emoji) is not counted.
    """

    invisible: Sign = NONE
    """Zero-width and other default-ignorable characters."""
    bidi: Sign = NONE
    """Controls that reorder what a person sees: embeddings, overrides, isolates."""
    tags: Sign = NONE
    """Runs of tag characters, which spell ASCII that nobody sees; view `tags` holds what they spell."""
    mixed: Sign = NONE
    """Words that mix Latin letters with look-alikes of another script."""
    encoded: Sign = NONE
    """Runs that decoded to text, on any layer; places are of the encoded characters."""
    kinds: tuple[str, ...] = ()
    """The encodings that were decoded, sorted: `base64`, `entities`, `escapes`, `hex`, `percent`."""
    depth: int = 0
    """How many layers of encoding were peeled off."""
    cut: tuple[str, ...] = ()
    """Names of the bounds that stopped the normaliser (`layers`, `runs`, `growth`): there is text nobody has read."""


def traits(text: str, views: Sequence[View]) -> Traits:
    """The signs in `text`, of which `views` are the readings."""
    return Traits(depth=len(views) - 1 if text else 0)
