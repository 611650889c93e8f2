"""The seam of a detector: one part's views to hits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from firebreak.model.conversation import Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View


@dataclass(frozen=True, slots=True)
class Hit:
    """A detector's claim on one part; it becomes a finding when the screen has placed it in the raw body.

    `start` and `end` count characters of the part's own text, not of the view (`view` names the one it was seen in).
    """

    rule: str
    kind: FindingKind
    severity: Severity
    score: float
    start: int
    end: int
    view: str = "raw"


class Detector(Protocol):
    """Finds one sort of thing. Pure, deterministic, linear in the length of the text; knows no other detector."""

    name: str

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """Hits in one part. `views[0]` is the text as it stands."""


@runtime_checkable
class Broad(Protocol):
    """A detector that says what a text is like over a stretch of it, not what stands at one place.

    Of an answer that grows it is shown stretches, not each piece that comes: nothing is held back for it.
    """

    @property
    def broad(self) -> bool:
        """True."""


@runtime_checkable
class Scorer(Protocol):
    """A detector that can also say how sure it is of a text it reports nothing of: for evaluation and for cascades."""

    name: str
    kind: FindingKind

    def score(self, part: Part, views: Sequence[View]) -> float:
        """How likely one part holds something of this kind, in 0..1, calibrated. Pure and deterministic."""
