"""Logistic regression on rows of n-grams, by small steps that adapt to each weight (AdaGrad).

A few passes over the rows, each with smaller steps, generalise better than the optimum of the same loss does, and
cost a hundredth. From the third pass on it looks harder at what the pass before got wrong.

Same rows, same bytes: one thread, sums in a fixed order, one seed; single precision throughout.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BUCKETS
from training.example import Example
from training.windows import COVERED, TOUCHED, Rows

PASSES = 6
TRUSTING = 2
"""Passes before the model's own opinion of the rows counts."""
BATCH = 256
STEP = 0.2
OFFSET_STEP = 0.25
HARD = -1.0
"""Log odds from which a harmless window counts as hard, and so many times as much."""
HARD_WEIGHT, HARD_PIECES = 8.0, 3.0
"""Of windows, and of pieces: one of a document may well sound like an order."""
MILD, BEHIND = 1.0, 0.5
"""A window of an attack whose place is not known is held to be the attack unless its odds are below the first, and
that much below those of the text's worst window."""

Reals = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labels:
    """For each row whether it is an attack (1), harmless (0) or not asked about (-1), and its weight."""

    attack: NDArray[np.int8]
    weight: Reals
    vague: NDArray[np.bool_]
    """Rows of attacks whose place in their text is not known."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A weight for each bucket, and what is added to their sum."""

    weights: Reals
    offset: float

    def odds(self, grams: sp.csr_matrix) -> Reals:
        """Log odds of rows."""
        return np.asarray(grams @ self.weights + np.float32(self.offset), np.float32)


def labels(examples: Sequence[Example], rows: Rows, told: Callable[[Example], bool | None]) -> Labels:
    """What one head is to learn of the rows; `told` picks the answer for it."""
    answers = {None: -1, False: 0, True: 1}
    attack = np.array([answers[told(example)] for example in examples], np.int8)[rows.owner]
    attack[(attack == 1) & (rows.part < COVERED) & (rows.part > TOUCHED)] = -1
    attack[(attack == 1) & (rows.part <= TOUCHED)] = 0
    weight = np.array([example.weight for example in examples])[rows.owner]
    weight /= np.sqrt(np.bincount(rows.owner)[rows.owner])
    whole = np.array([example.end <= example.start for example in examples])[rows.owner]
    return Labels(attack, weight.astype(np.float32), whole & (attack == 1))


def fit(rows: Rows, given: Labels, use: NDArray[np.bool_], seed: int, hard: float = HARD_WEIGHT) -> Fitted:
    """Learn from the rows in `use`."""
    rng = np.random.default_rng(seed)
    count = len(given.attack)
    weights, squares = np.zeros(BUCKETS, np.float32), np.full(BUCKETS, 1e-8, np.float32)
    offset, offset_squares = np.float32(0), np.float32(1e-8)
    base = np.where(use & (given.attack >= 0), given.weight, np.float32(0))
    base /= base[base > 0].mean(dtype=np.float64)
    sign = np.where(given.attack == 1, np.float32(-1), np.float32(1))
    odds = np.zeros(count, np.float32)
    for turn in range(PASSES):
        weight = _looked_at(rows, given, base, odds, hard) if turn >= TRUSTING else base
        step = np.float32(1 - turn / PASSES)
        for number in rng.permutation(-(-count // BATCH)):
            low, high = number * BATCH, min(count, (number + 1) * BATCH)
            batch = _slice(rows.grams, low, high)
            odds[low:high] = batch @ weights + offset
            slope = weight[low:high] * sign[low:high] / (1 + np.exp(-sign[low:high] * odds[low:high])) / BATCH
            back = batch.T @ slope
            squares += back * back
            weights -= step * np.float32(STEP) * back / np.sqrt(squares)
            lean = slope.sum(dtype=np.float32)
            offset_squares += lean * lean
            offset -= step * np.float32(OFFSET_STEP) * lean / np.sqrt(offset_squares)
    return Fitted(weights, float(offset))


def _slice(grams: sp.csr_matrix, low: int, high: int) -> sp.csr_matrix:
    """Rows of a matrix, without copying them."""
    first, last = grams.indptr[low], grams.indptr[high]
    parts = (grams.data[first:last], grams.indices[first:last], grams.indptr[low : high + 1] - first)
    return sp.csr_matrix(parts, shape=(high - low, grams.shape[1]), copy=False)


def _looked_at(rows: Rows, given: Labels, base: Reals, odds: Reals, hard: float) -> Reals:
    """More weight for harmless windows that looked bad, none for those of an attack that do not seem to hold it."""
    best = np.full(int(rows.owner.max()) + 1, -np.inf, np.float32)
    np.maximum.at(best, rows.owner, odds)
    weight = base.copy()
    weight[given.vague & (odds < best[rows.owner] - BEHIND) & (odds < MILD)] = 0
    weight[(given.attack == 0) & (odds > HARD)] *= hard
    return weight
