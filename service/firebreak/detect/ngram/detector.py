"""The detector of attacks on a model by what they sound like; the patterns beside it know them by name.

The rules this file lives by:
1. Who speaks decides: in a tool's result and in a document any order to a model counts, and another head of the model
   reads them. An application's own prompt is full of orders; of it only what is beyond doubt is told.
2. Each reading of the text is judged, but the raw one only where folding changes nothing.
3. A hit is the stretch of neighbouring windows that are at or above the threshold.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from firebreak.detect.interface import Hit
from firebreak.detect.ngram.model import Head, Windows
from firebreak.model.conversation import Origin, Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

RULE = "injection-model"
DESCRIPTION = "Sounds like an attack on a model"
USER, DATA = "user", "data"
HEADS = (USER, DATA)
"""Heads that the asset must have."""

LOWEST = 0.5
"""The score that the trainer puts at the threshold."""
HIGH = 0.8
"""From here on a hit is as severe as that of a plain phrase."""
THRESHOLDS = {Origin.SYSTEM: 0.97}
"""Of origins that need more than `LOWEST`."""
MOST_HITS = 64
"""In one view; the last one reaches to the end of what is left."""

_DATA = frozenset({Origin.TOOL, Origin.RETRIEVAL})
_FOLDED = "folded"


class NgramDetector:
    """Reads with the heads of one asset, which is only read."""

    name = RULE
    kind = FindingKind.INJECTION

    def __init__(self, heads: Mapping[str, Head]) -> None:
        self._heads = heads

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """Hits sorted by place."""
        head = self._head(part)
        threshold = THRESHOLDS.get(part.origin, LOWEST)
        hits = []
        for view in _readings(views):
            windows = head.windows(view.text)
            if head.score(float(windows.odds.max())) >= threshold:
                hits += list(_hits(view, windows, head, threshold))
        return sorted(_once(hits), key=lambda hit: (hit.start, hit.end, hit.view))

    def score(self, part: Part, views: Sequence[View]) -> float:
        """The highest of any window of any reading."""
        if not part.text:
            return 0.0
        head = self._head(part)
        return max(head.score(float(head.windows(view.text).odds.max())) for view in _readings(views))

    def _head(self, part: Part) -> Head:
        return self._heads[DATA if part.origin in _DATA else USER]


def _readings(views: Sequence[View]) -> list[View]:
    """Those views that no folded one stands for."""
    folded = {view.name.rpartition(">")[0] for view in views if view.name.rpartition(">")[2] == _FOLDED}
    if _FOLDED in {view.name for view in views}:
        folded.add(views[0].name)
    return [view for view in views if view.name not in folded]


def _hits(view: View, windows: Windows, head: Head, threshold: float) -> Iterator[Hit]:
    """One for each stretch of neighbouring windows; its score is that of the best among them."""
    scores = np.array([head.score(float(odds)) for odds in windows.odds])
    above = np.flatnonzero(scores >= threshold)
    groups = np.split(above, np.flatnonzero(np.diff(above) > 1) + 1)
    if len(groups) > MOST_HITS:
        groups = [*groups[: MOST_HITS - 1], np.concatenate(groups[MOST_HITS - 1 :])]
    for group in groups:
        best = float(scores[group].max())
        start, end = view.span(int(windows.starts[group[0]]), int(windows.ends[group[-1]]))
        severity = Severity.HIGH if best >= HIGH else Severity.MEDIUM
        yield Hit(RULE, FindingKind.INJECTION, severity, round(best, 4), start, end, view.name)


def _once(hits: Sequence[Hit]) -> list[Hit]:
    """Without those that lie in another one that is as sure."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda one: (-one.score, one.start, -one.end)):
        if not any(other.start <= hit.start and hit.end <= other.end for other in kept):
            kept.append(hit)
    return kept
