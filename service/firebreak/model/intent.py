"""What a text asks for, as a category of the policy."""

from dataclasses import dataclass
from enum import StrEnum

from firebreak.model.finding import Surface

UNKNOWN = "unknown"
"""The category of an ask that fits none of the policy's."""


class IntentSource(StrEnum):
    """Who said so: the local classifier, the LLM judge, or the API itself (an embedding is an embedding)."""

    LOCAL = "local"
    JUDGE = "judge"
    SURFACE = "surface"


@dataclass(frozen=True, slots=True)
class Intent:
    """A category with a calibrated confidence in 0..1.

    `primary` marks the exchange's ask; the others were seen in earlier turns, system prompts, tool definitions or
    tool results, and are kept only when the classifier is confident. `part` is the index of the part, -1 for none.

    Of an answer it is what a text of it is about: `surface` tells texts from tool calls, and none is primary.
    """

    category: str
    confidence: float
    source: IntentSource
    primary: bool
    part: int = -1
    evidence: str = ""
    """Id of the nearest example (`bulk_surveillance#3`), for explanations. Never text of the request."""
    surface: Surface = Surface.REQUEST
