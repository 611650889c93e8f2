"""What was seen of all texts, added up: a row of figures for each set, for named pools and for everything together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from firebreak.evaluation.examples import POOLED
from firebreak.evaluation.figures import Rate, above, auc, quantile, rate, roc
from firebreak.evaluation.measure import Seen

SHARES = {"1": 0.01, "01": 0.001}
"""The shares of harmless texts, pooled over all sets, at which recall is told: 1 % and 0.1 %."""


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one set. Rates of a class that the set does not have count nothing and are NaN.

    `over` has the rate of texts, of each class, over the score that 1 % (`1`) or 0.1 % (`01`) of all harmless texts
    exceed. `auc` holds the set's texts against all texts of the class that it lacks, where it has one class only.
    """

    kind: str
    name: str
    recall: Rate
    fpr: Rate
    auc: float
    over: Mapping[str, tuple[Rate, Rate]]
    p50_ms: float
    p99_ms: float
    ms_per_kb: float
    spans: Rate = field(default_factory=lambda: Rate(0, 0))

    @property
    def n(self) -> int:
        return self.recall.n + self.fpr.n

    @property
    def accuracy(self) -> Rate:
        return Rate(self.recall.hits + self.fpr.n - self.fpr.hits, self.n)

    def figures(self) -> dict[str, float]:
        """By the names that floors use."""
        told = {
            "recall": self.recall.value,
            "fpr": self.fpr.value,
            "accuracy": self.accuracy.value,
            "auc": self.auc,
            "spans": self.spans.value,
            "p50_ms": self.p50_ms,
            "p99_ms": self.p99_ms,
            "ms_per_kb": self.ms_per_kb,
        }
        for name, (harmful, harmless) in self.over.items():
            told[f"recall_at_fpr_{name}"] = harmful.value
            told[f"fpr_at_fpr_{name}"] = harmless.value
        return told


@dataclass(frozen=True, slots=True)
class Tally:
    """All rows of one kind; the first is that of everything pooled. `curve` is the pooled ROC."""

    kind: str
    rows: tuple[Row, ...]
    curve: tuple[tuple[float, float], ...]
    seen: tuple[Seen, ...]
    thresholds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a text counts as flagged: at the shipped thresholds, at a score, or over the score of an FPR."""

    at_least: float | None = None
    fpr: float | None = None

    def flags(self, seen: Sequence[Seen]) -> list[bool]:
        if self.at_least is not None:
            return [one.score >= self.at_least for one in seen]
        if self.fpr is not None:
            over = above([one.score for one in seen if not one.example.harmful], self.fpr)
            return [one.score > over for one in seen]
        return [one.found for one in seen]


SHIPPED = Cut()


def tallies(seen: Sequence[Seen], pools: Mapping[str, Sequence[str]] | None = None, cut: Cut = SHIPPED) -> list[Tally]:
    """One for each kind, in alphabetical order. `pools` names sets that are also counted together, as globs."""
    kinds = sorted({one.example.kind for one in seen})
    return [_tally(kind, [one for one in seen if one.example.kind == kind], pools or {}, cut) for kind in kinds]


def _tally(kind: str, seen: list[Seen], pools: Mapping[str, Sequence[str]], cut: Cut) -> Tally:
    flags = cut.flags(seen)
    scores = _by_class(seen)
    thresholds = {name: above(scores[False], share) for name, share in SHARES.items()}
    groups: dict[str, list[tuple[Seen, bool]]] = {POOLED: list(zip(seen, flags, strict=True))}
    for name, globs in pools.items():
        groups[name] = [
            (one, flag) for one, flag in groups[POOLED] if any(fnmatchcase(one.example.set, glob) for glob in globs)
        ]
    for name in sorted({one.example.set for one in seen}):
        groups[name] = [(one, flag) for one, flag in groups[POOLED] if one.example.set == name]
    rows = tuple(_row(kind, name, group, scores, thresholds) for name, group in groups.items() if group)
    return Tally(kind, rows, tuple(roc(scores[True], scores[False])), tuple(seen), thresholds)


def _by_class(seen: Sequence[Seen]) -> dict[bool, list[float]]:
    return {harmful: [one.score for one in seen if one.example.harmful is harmful] for harmful in (True, False)}


def _row(
    kind: str,
    name: str,
    group: Sequence[tuple[Seen, bool]],
    pooled: Mapping[bool, list[float]],
    thresholds: Mapping[str, float],
) -> Row:
    seen = [one for one, _ in group]
    own = _by_class(seen)
    kilobytes = sum(len(one.example.text.encode("utf-8", "replace")) for one in seen) / 1024
    spans = sum(len(one.example.spans) for one in seen)
    return Row(
        kind=kind,
        name=name,
        recall=rate(flag for one, flag in group if one.example.harmful),
        fpr=rate(flag for one, flag in group if not one.example.harmful),
        auc=auc(own[True] or pooled[True], own[False] or pooled[False]),
        over={
            share: (rate(score > over for score in own[True]), rate(score > over for score in own[False]))
            for share, over in thresholds.items()
        },
        p50_ms=quantile([one.cpu_ms for one in seen], 0.5),
        p99_ms=quantile([one.cpu_ms for one in seen], 0.99),
        ms_per_kb=sum(one.cpu_ms for one in seen) / kilobytes if kilobytes else math.nan,
        spans=Rate(sum(one.covered for one in seen), spans),
    )
