"""The statistics of an evaluation: rates with bounds, ROC, AUC, and what two runs differ in. Pure."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

Z95 = 1.959963984540054
"""The 97.5th percentile of the normal distribution: two-sided bounds of 95 %."""
_EXACT_MOST = 1000
"""Disagreements from which the normal distribution stands for the sum of the binomial one's tail."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `n`, with the bounds of Wilson's score interval.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference"; recommended for small n by
    Brown, Cai and DasGupta 2001, "Interval estimation for a binomial proportion".
    """

    hits: int
    n: int

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else math.nan

    @property
    def bounds(self) -> tuple[float, float]:
        """The lower and the upper 95 % bound; 0 and 1 where nothing was counted."""
        if not self.n:
            return 0.0, 1.0
        share, squared = self.hits / self.n, Z95 * Z95
        middle = share + squared / (2 * self.n)
        reach = Z95 * math.sqrt(share * (1 - share) / self.n + squared / (4 * self.n * self.n))
        least, most = ((middle + side * reach) / (1 + squared / self.n) for side in (-1, 1))
        return (0.0 if self.hits == 0 else least), (1.0 if self.hits == self.n else most)


def rate(flags: Iterable[bool]) -> Rate:
    counted = list(flags)
    return Rate(sum(counted), len(counted))


def auc(harmful: Sequence[float], harmless: Sequence[float]) -> float:
    """The chance that a harmful text scores above a harmless one, ties counting half (Mann and Whitney 1947)."""
    if not harmful or not harmless:
        return math.nan
    ordered = sorted(harmless)
    halves = sum(bisect_left(ordered, score) + bisect_right(ordered, score) for score in harmful)
    return halves / (2 * len(harmful) * len(harmless))


def roc(harmful: Sequence[float], harmless: Sequence[float]) -> list[tuple[float, float]]:
    """False positive rate and recall at every threshold, from (0, 0) to (1, 1); equal scores are one step."""
    if not harmful or not harmless:
        return []
    scored = sorted([(score, True) for score in harmful] + [(score, False) for score in harmless], reverse=True)
    points, true, false = [(0.0, 0.0)], 0, 0
    for _, step in groupby(scored, key=lambda one: one[0]):
        labels = [label for _, label in step]
        true += sum(labels)
        false += len(labels) - sum(labels)
        points.append((false / len(harmless), true / len(harmful)))
    return points


def above(harmless: Sequence[float], share: float) -> float:
    """The score that a text has to exceed, so that at most this share of the harmless ones does."""
    allowed = int(share * len(harmless) + 1e-9)
    ordered = sorted(harmless, reverse=True)
    return ordered[allowed] if allowed < len(ordered) else -math.inf


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of all values does not exceed (nearest rank)."""
    if not values:
        return math.nan
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def mcnemar(only_first: int, only_second: int) -> float:
    """How likely paired yes-or-no answers differ at least this much by chance: McNemar 1947, the exact two-sided test.

    Only texts on which the two disagree count; under chance alone each side wins half of them.
    """
    n, fewer = only_first + only_second, min(only_first, only_second)
    if n >= _EXACT_MOST:
        return math.erfc(max(0, n - 2 * fewer - 1) / math.sqrt(2 * n))  # corrected for continuity: Edwards 1948
    tail = sum(math.comb(n, k) for k in range(fewer + 1))
    return min(1.0, tail / 2.0 ** (n - 1))


def difference(first: Rate, second: Rate) -> tuple[float, float, float]:
    """Second less first, with 95 % bounds from both Wilson intervals.

    Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10. For two runs
    over the same texts, whose answers agree mostly, the bounds are wider than they need to be.
    """
    if not first.n or not second.n:
        return math.nan, -1.0, 1.0
    (least1, most1), (least2, most2) = first.bounds, second.bounds
    moved = second.value - first.value
    low = moved - math.hypot(second.value - least2, most1 - first.value)
    high = moved + math.hypot(most2 - second.value, first.value - least1)
    return moved, low, high
