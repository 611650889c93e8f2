"""The cascade: what the small model is unsure of is shown to an encoder, off the event loop.

Rules:
1. Only texts whose small score lies in the band are in doubt; below it a text is taken for harmless, above it the
   small model has told. Without an encoder there is no cascade, and nothing here runs.
2. In the band the encoder has the last word, weighed with the small model's: what the small model marked there is a
   finding no more where all passages of it were shown and none is an attack. Of a user's play the small model's word
   stands where it is sure: the encoder takes harmless play for a jailbreak.
3. Only the words of those whom the encoder is for are doubted, and never the application's own system prompt. Answers
   are judged by the small model alone, because an answer on its way must not wait.
4. A passage that was to be shown and could not be is a fact for the policy, as of any other detector, and nothing of
   its part is taken back then.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from firebreak.detect.interface import Hit, Scorer
from firebreak.model.conversation import UNTRUSTED, Origin, Part
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.interface import AttackEncoder, AttackScore, Look
from firebreak.text.views import View

ENCODER = "injection-encoder"
"""The rule of its findings, and its name where it is absent."""

WIDTH, STEP = 1440, 1080
"""Characters of a passage and from one to the next: what a user plays at and what he asks stand in one of them. Of
narrower ones more harmless play is taken for attacks, and of wider ones no less (docs/models/encoder.md)."""

PLAY, SURE = 0.5, 0.8
"""From here on what a user says is taken for play by the encoder, and for an attack by the small model alone."""

CERTAIN = 1e-4
"""How near to 0 and 1 a score is taken for, when two are weighed."""

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

    name = "unsure"
    kind = FindingKind.INJECTION

    def score(self, part: Part, views: Sequence[View]) -> float:
        return 0.5 if part.text and views else 0.0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A passage of a text that the small model is unsure of; `start` and `end` count characters of the part's own text,
    `score` is the small model's of the passage alone, `origin` that of the part.
    """

    text: str
    start: int
    end: int
    view: str
    score: float
    origin: Origin = Origin.USER


class Cascade:
    """Stateless but for the encoder's memory; shared by all snapshots."""

    def __init__(self, scorer: Scorer, encoder: AttackEncoder, band: Band, small_weight: float = 0.0) -> None:
        self._scorer = scorer
        self._encoder = encoder
        self._band = band
        self._small_weight = small_weight

    def doubts(self, part: Part, views: Sequence[View], hits: Sequence[Hit] = ()) -> tuple[Doubt, ...]:
        """The passages of a part that the encoder is to be shown, each text once. `hits` are what was found in it."""
        if part.origin is Origin.SYSTEM or part.origin not in self._encoder.origins or not part.text:
            return ()
        if not self._band.holds(self._scorer.score(part, views)):
            return ()
        marked = [(hit.start, hit.end) for hit in hits if hit.rule == self._scorer.name]
        found: dict[str, Doubt] = {}
        for view in views:
            for at in range(0, max(1, len(view.text) - (WIDTH - STEP)), STEP):
                text = view.text[at : at + WIDTH]
                score = self._scorer.score(part._replace(text=text), (View("raw", text),))
                start, end = view.span(at, at + len(text))
                suspect = score >= self._band.low or any(start < last and first < end for first, last in marked)
                if suspect and text not in found:
                    found[text] = Doubt(text, start, end, view.name, score, part.origin)
        return tuple(found.values())

    def left(self, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Of what was found in a part that the encoder takes for harmless."""
        return tuple(hit for hit in hits if hit.rule != self._scorer.name)

    def score_now(self, part: Part, views: Sequence[View]) -> tuple[FindingKind, float]:
        """How sure both models together are, below the thresholds too: the encoder's word where it is asked."""
        doubts = self.doubts(part, views)
        if not doubts:
            return self._scorer.kind, self._scorer.score(part, views)
        said = self._encoder.attack_scores_now([doubt.text for doubt in doubts])
        own = self._scorer.score(part, views) if any(map(_is_sure_play, said, doubts)) else 0.0
        return self._scorer.kind, max(own, *map(self._weighed, said, doubts))

    def _weighed(self, said: AttackScore, doubt: Doubt) -> float:
        """The encoder's score and the small model's: log odds are added, which is right where they err apart."""
        score = said.by(doubt.origin)
        if not self._small_weight:
            return score
        return 1 / (1 + math.exp(-_log_odds(score) - self._small_weight * _log_odds(doubt.score)))

    async def settle(self, doubts: Sequence[Sequence[Doubt]]) -> tuple[list[Look], tuple[Absence, ...]]:
        """For the doubts about each part, and why some could not be settled. The most suspect are shown first."""
        every = sorted({doubt.text: doubt for some in doubts for doubt in some}.values(), key=lambda one: -one.score)
        shown = [doubt.text for doubt in every[:MAX_PASSAGES]]
        absences = (Absence(ENCODER, "over_budget"),) if len(every) > MAX_PASSAGES else ()
        try:
            scores = dict(zip(shown, await self._encoder.attack_scores(shown), strict=True))
        except TimeoutError:
            return [Look() for _ in doubts], (Absence(ENCODER, "over_budget"),)
        except Unavailable:
            return [Look() for _ in doubts], (Absence(ENCODER, "crashed"), *absences)
        return [self._look(some, scores) for some in doubts], absences

    def _look(self, doubts: Sequence[Doubt], scores: dict[str, AttackScore]) -> Look:
        hits = tuple(
            Hit(ENCODER, FindingKind.INJECTION, Severity.HIGH, round(score, 4), doubt.start, doubt.end, doubt.view)
            for doubt in doubts
            if doubt.text in scores and (score := self._weighed(scores[doubt.text], doubt)) >= self._encoder.threshold
        )
        told = all(doubt.text in scores and not _is_sure_play(scores[doubt.text], doubt) for doubt in doubts)
        return Look(hits, clears=told and not hits)


def _is_sure_play(said: AttackScore, doubt: Doubt) -> bool:
    return doubt.origin not in UNTRUSTED and said.play >= PLAY and doubt.score >= SURE


def _log_odds(score: float) -> float:
    kept = min(max(score, CERTAIN), 1 - CERTAIN)
    return math.log(kept / (1 - kept))
