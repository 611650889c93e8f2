"""The detector of attacks on a model by what they sound like; the patterns beside it know them by name.

The rules this file lives by:
1. Who speaks decides: in a tool's result and in a document any order to a model counts, and the model reads them in
   another voice. An application's own prompt is full of orders; of it only what is beyond doubt is told. What the
   model itself has said attacks no model.
2. Each reading of the text is judged, but the raw one only where folding changes nothing.
3. A hit is the stretch of touching windows and pieces that are at or above the threshold.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from firebreak.detect.interface import Hit
from firebreak.detect.ngram.model import Model, Windows
from firebreak.model.conversation import UNTRUSTED, Origin, Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

RULE = "injection-model"
USER, DATA = "user", "data"
VOICES = frozenset({USER, DATA})
"""Voices that the model must know."""

LOWEST = 0.5
"""The score that the trainer puts at the threshold."""
HIGH = 0.8
"""From here on a hit is as severe as that of a plain phrase."""
THRESHOLDS = {Origin.SYSTEM: 0.97}
"""Of origins that need more than `LOWEST`."""
MOST_HITS = 64
"""In one view; the last one reaches to the end of what is left."""

_FOLDED = "folded"


class NgramDetector:
    """Reads with one model, which is only read."""

    name = RULE
    broad = True
    kind = FindingKind.INJECTION

    def __init__(self, model: Model) -> None:
        self._model = model

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """Hits sorted by place."""
        if part.origin is Origin.ASSISTANT:
            return []
        threshold = THRESHOLDS.get(part.origin, LOWEST)
        hits: list[Hit] = []
        for view in _readings(views):
            windows = self._model.windows(view.text, _voice(part))
            if windows.scores.max() >= threshold:
                hits += _hits(view, windows, threshold)
        return sorted(_once(hits), key=lambda hit: (hit.start, hit.end, hit.view))

    def score(self, part: Part, views: Sequence[View]) -> float:
        """The highest of any place of any reading."""
        if not part.text:
            return 0.0
        voice = _voice(part)
        return max(float(self._model.windows(view.text, voice).scores.max()) for view in _readings(views))


def _voice(part: Part) -> str:
    return DATA if part.origin in UNTRUSTED else USER


def _readings(views: Sequence[View]) -> list[View]:
    """Those views that no folded one stands for."""
    folded = {view.name.rpartition(">")[0] for view in views if view.name.rpartition(">")[2] == _FOLDED}
    if _FOLDED in {view.name for view in views}:
        folded.add(views[0].name)
    return [view for view in views if view.name not in folded]


def _hits(view: View, windows: Windows, threshold: float) -> Iterator[Hit]:
    """One for each stretch; its score is that of the best place in it."""
    above = np.flatnonzero(windows.scores >= threshold)
    above = above[np.argsort(windows.starts[above], kind="stable")]
    starts, ends = windows.starts[above], np.maximum.accumulate(windows.ends[above])
    groups = np.split(np.arange(len(above)), np.flatnonzero(starts[1:] > ends[:-1]) + 1)
    if len(groups) > MOST_HITS:
        groups = [*groups[: MOST_HITS - 1], np.concatenate(groups[MOST_HITS - 1 :])]
    for group in groups:
        best = float(windows.scores[above[group]].max())
        start, end = view.span(int(starts[group[0]]), int(ends[group[-1]]))
        severity = Severity.HIGH if best >= HIGH else Severity.MEDIUM
        yield Hit(RULE, FindingKind.INJECTION, severity, round(best, 4), start, end, view.name)


def _once(hits: Sequence[Hit]) -> list[Hit]:
    """Without those that lie in another one that is as sure."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (-one.score, one.start, -one.end)):
        if not any(other.start <= hit.start and hit.end <= other.end for other in kept):
            kept.append(hit)
    return kept
