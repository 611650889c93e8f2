"""The cascade: what the small model is unsure of is shown to an encoder, off the event loop.

Rules:
1. Only passages whose small score lies in the band are shown; below it a text is taken for harmless, above it the
   small model has already told. Without an encoder there is no cascade, and nothing here runs.
2. What an application says itself (its system prompt) is not doubted; answers are judged by the small model alone,
   because an answer on its way must not wait.
3. A passage that was to be shown and could not be is a fact for the policy, as of any other detector.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from firebreak.detect.interface import Hit, Scorer
from firebreak.model.conversation import Origin, Part
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.interface import AttackEncoder
from firebreak.text.views import View

ENCODER = "injection-encoder"
"""The rule of its findings, and its name where it is absent."""

WIDTH, STEP = 480, 360
"""Characters of a passage and from one to the next: an order of a few sentences stands in one of them whole."""

MAX_PASSAGES = 64
"""Of one exchange that are shown. What is more counts as over budget: it would not be read in time."""


@dataclass(frozen=True, slots=True)
class Band:
    """Scores of the small model, `low` inclusive, `high` exclusive, between which it is unsure."""

    low: float
    high: float

    def holds(self, score: float) -> bool:
        return self.low <= score < self.high


class Unsure:
    """In the place of a small model where there is none."""

    kind = FindingKind.INJECTION

    def score(self, part: Part, views: Sequence[View]) -> float:
        return 0.5 if part.text and views else 0.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A passage that the small model is unsure of; `start` and `end` count characters of the part's own text."""

    text: str
    start: int
    end: int
    view: str
    score: float


class Cascade:
    """Stateless but for the encoder's memory; shared by all snapshots."""

    def __init__(self, scorer: Scorer, encoder: AttackEncoder, band: Band) -> None:
        self._scorer = scorer
        self._encoder = encoder
        self._band = band

    def doubts(self, part: Part, views: Sequence[View]) -> tuple[Doubt, ...]:
        """The passages of a part that the encoder is to be shown, each text once."""
        if part.origin is Origin.SYSTEM or not part.text or not self._band.holds(self._scorer.score(part, views)):
            return ()
        found: dict[str, Doubt] = {}
        for view in views:
            for start in range(0, max(1, len(view.text) - (WIDTH - STEP)), STEP):
                text = view.text[start : start + WIDTH]
                score = self._scorer.score(part._replace(text=text), (View("raw", text),))
                if self._band.holds(score) and text not in found:
                    found[text] = Doubt(text, *view.span(start, start + len(text)), view.name, score)
        return tuple(found.values())

    def score_now(self, part: Part, views: Sequence[View]) -> tuple[FindingKind, float]:
        """How sure both models together are, below the thresholds too: the encoder's word where it is asked."""
        doubts = self.doubts(part, views)
        if not doubts:
            return self._scorer.kind, self._scorer.score(part, views)
        return self._scorer.kind, max(self._encoder.attack_scores_now([doubt.text for doubt in doubts]))

    async def settle(self, doubts: Sequence[Sequence[Doubt]]) -> tuple[list[tuple[Hit, ...]], tuple[Absence, ...]]:
        """Hits for the doubts about each part, and why some could not be settled. The most suspect are shown first."""
        every = sorted({doubt.text: doubt for some in doubts for doubt in some}.values(), key=lambda one: -one.score)
        shown = [doubt.text for doubt in every[:MAX_PASSAGES]]
        absences = (Absence(ENCODER, "over_budget"),) if len(every) > MAX_PASSAGES else ()
        try:
            scores = dict(zip(shown, await self._encoder.attack_scores(shown), strict=True))
        except TimeoutError:
            return [() for _ in doubts], (Absence(ENCODER, "over_budget"),)
        except Unavailable:
            return [() for _ in doubts], (Absence(ENCODER, "crashed"), *absences)
        return [self._hits(some, scores) for some in doubts], absences

    def _hits(self, doubts: Sequence[Doubt], scores: dict[str, float]) -> tuple[Hit, ...]:
        return tuple(
            Hit(ENCODER, FindingKind.INJECTION, Severity.HIGH, round(score, 4), doubt.start, doubt.end, doubt.view)
            for doubt in doubts
            if (score := scores.get(doubt.text, 0.0)) >= self._encoder.threshold
        )
