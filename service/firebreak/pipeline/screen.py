"""Every detector and the classifier over every new part; who failed is itself a fact."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from firebreak.detect.interface import Broad, Detector, Hit, Scorer
from firebreak.intent.classify import NOTHING, Guess
from firebreak.model.conversation import Part
from firebreak.model.facts import Absence
from firebreak.model.finding import FindingKind
from firebreak.pipeline.allowed import without_allowed
from firebreak.pipeline.cascade import ENCODER, Cascade, Doubt
from firebreak.pipeline.entities import Entities
from firebreak.pipeline.interface import Look, TextClassifier
from firebreak.pipeline.memory import MAX_HITS_KEPT, Memory, digest
from firebreak.text.views import View, views

logger = logging.getLogger(__name__)

T = TypeVar("T")

NORMALISER = "normaliser"
CLASSIFIER = "classifier"


@dataclass(frozen=True, slots=True)
class Screened:
    """What one part's text was found to hold. `guess` is None for a text that asks nothing (it is empty).

    `doubts` are passages that an encoder has yet to be shown, `untagged` readings that a tagger has: `Screen.settle`
    does.
    """

    hits: tuple[Hit, ...]
    guess: Guess | None
    absences: tuple[Absence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    untagged: tuple[View, ...] = ()

    @property
    def open(self) -> bool:
        return bool(self.doubts or self.untagged)


class Screen:
    """Detectors, classifier and memory of one snapshot.

    `budget_s` bounds each detector's time on one part. Detectors run in linear time and are not interrupted: one that
    took longer has answered, but too late to be relied on, and counts as absent.
    """

    def __init__(  # noqa: PLR0913 -- a screen is made of that much
        self,
        detectors: Sequence[Detector],
        classifier: TextClassifier,
        *,
        memory_entries: int,
        budget_s: float,
        cascade: Cascade | None = None,
        entities: Entities | None = None,
        allowed: frozenset[bytes] = frozenset(),
    ) -> None:
        self._detectors = tuple(detectors)
        self._broad = tuple(detector for detector in detectors if isinstance(detector, Broad))
        self._narrow = tuple(detector for detector in detectors if not isinstance(detector, Broad))
        self._classifier = classifier
        self._memory: Memory[Screened] = Memory(memory_entries)
        self._budget_s = budget_s
        self._cascade = cascade
        self._entities = entities
        self._allowed = allowed

    def classify(self, text: str, absences: list[Absence]) -> Guess:
        """For a text that is no single part, such as several turns joined. A failure is added to `absences`."""
        return self._ask(CLASSIFIER, partial(self._classifier.classify, text), absences) or NOTHING

    def part(self, part: Part) -> Screened:
        """From memory if the same text was seen in the same role. A part that something failed on is not kept."""
        key = digest(part)
        known = self._memory.get(key)
        if known is not None:
            return known
        screened = self._screen(part)
        self._keep(key, screened)
        return screened

    async def settle(self, parts: Sequence[Part], screened: list[Screened]) -> list[Screened]:
        """What `part` said of each of these parts, with the encoders' word where that left something open.

        Both are asked at once: they share a thread, and each waits no longer than its budget.
        """
        doubted = [row for row, one in enumerate(screened) if one.doubts]
        untagged = [row for row, one in enumerate(screened) if one.untagged]
        looks = []
        if self._cascade is not None and doubted:
            looks.append((doubted, self._cascade.settle([screened[row].doubts for row in doubted])))
        if self._entities is not None and untagged:
            looks.append((untagged, self._entities.settle([screened[row].untagged for row in untagged])))
        if not looks:
            return screened
        settled = list(screened)
        answers = await asyncio.gather(*(look for _, look in looks))
        for (rows, _), (found, absences) in zip(looks, answers, strict=True):
            for row, look in zip(rows, found, strict=True):
                settled[row] = self._with(settled[row], parts[row], look, absences)
        for row in {*doubted, *untagged}:
            self._keep(digest(parts[row]), settled[row])
        return settled

    def _with(self, one: Screened, part: Part, look: Look, absences: tuple[Absence, ...]) -> Screened:
        """Nothing of it is open any more: whoever was to look at it has, or is absent."""
        hits = without_allowed(look.hits, part.text, self._allowed) if self._allowed else look.hits
        kept = self._cascade.left(one.hits) if look.clears and self._cascade else one.hits
        return Screened((*kept, *hits), one.guess, (*one.absences, *absences))

    def _keep(self, key: bytes, screened: Screened) -> None:
        if not screened.absences and not screened.open and len(screened.hits) <= MAX_HITS_KEPT:
            self._memory.put(key, screened)

    def hits(self, part: Part, more: Sequence[Detector] = ()) -> Screened:
        """What `more` and the detectors but the broad ones say of a text of an answer. It grows: nothing is kept."""
        return self._look(part, (*self._narrow, *more))

    def all_hits(self, part: Part) -> Screened:
        """What all detectors say of a part, each time anew: for measuring."""
        return self._look(part, self._detectors)

    def broad_hits(self, stretch: Part) -> Screened:
        """What the broad detectors say of a stretch of such a text."""
        return self._look(stretch, self._broad)

    def _look(self, part: Part, detectors: Sequence[Detector]) -> Screened:
        absences: list[Absence] = []
        readings = self._read(part, absences)
        return Screened(tuple(self._detect(part, readings, absences, detectors)), None, tuple(absences))

    def scores(self, part: Part) -> Mapping[FindingKind, float]:
        """How sure the detectors that can say so are, below their thresholds too. For evaluation: no decision asks."""
        readings = views(part.text)
        found: dict[FindingKind, float] = {}
        for detector in self._detectors:
            if isinstance(detector, Scorer):
                found[detector.kind] = max(found.get(detector.kind, 0.0), detector.score(part, readings))
        if self._cascade is not None:
            kind, score = self._cascade.score_now(part, readings)
            found[kind] = score
        return found

    def _read(self, part: Part, absences: list[Absence]) -> tuple[View, ...]:
        return self._ask(NORMALISER, partial(views, part.text), absences) or (View("raw", part.text),)

    def _detect(
        self, part: Part, readings: Sequence[View], absences: list[Absence], detectors: Sequence[Detector]
    ) -> list[Hit]:
        hits: list[Hit] = []
        for detector in detectors:
            hits += self._ask(detector.name, partial(detector.detect, part, readings), absences) or ()
        return without_allowed(hits, part.text, self._allowed) if self._allowed else hits

    def _screen(self, part: Part) -> Screened:
        absences: list[Absence] = []
        readings = self._read(part, absences)
        hits = self._detect(part, readings, absences, self._detectors)
        doubts: tuple[Doubt, ...] | None = ()
        if self._cascade is not None:
            doubts = self._ask(ENCODER, partial(self._cascade.doubts, part, readings, hits), absences)
        guess = self._ask(CLASSIFIER, partial(self._classifier.classify, part.text), absences) if part.text else None
        untagged = self._entities.readings(part, readings) if self._entities is not None else ()
        return Screened(tuple(hits), guess, tuple(absences), doubts or (), untagged)

    def _ask(self, name: str, question: Callable[[], T], absences: list[Absence]) -> T | None:
        """The answer, or None and an absence. The one place that takes any exception for an answer."""
        started = time.perf_counter()
        try:
            answer = question()
        except Exception:
            logger.exception("%s crashed", name)
            absences.append(Absence(name, "crashed"))
            return None
        if time.perf_counter() - started > self._budget_s:
            absences.append(Absence(name, "over_budget"))
        return answer
