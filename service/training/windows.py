"""Texts to rows of n-grams, as the detector will see them: one row for each window."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BLOCK, BUCKETS, NOTHING, codes, grams
from firebreak.detect.ngram.model import size, spans
from training.corpus import Example

MOST = 8  # windows of one text; more are left out evenly
COVERED = 0.6  # share of the attack, or 150 characters of it, that makes a window an attack
TOUCHED = 0.15  # up to such a share the window is harmless; between the two it is not used
ENOUGH = 150


@dataclass(frozen=True, slots=True)
class Rows:
    """`grams` has a row for each window, `owner` is its text's number, `part` the share of the attack in it."""

    grams: sp.csr_matrix
    owner: NDArray[np.intp]
    part: NDArray[np.float64]


def rows(examples: Sequence[Example]) -> Rows:
    """The windows of all texts."""
    found: list[NDArray[np.uint32]] = []
    values: list[float] = []
    owner: list[int] = []
    parts: list[float] = []
    for number, example in enumerate(examples):
        points = codes(example.text)[:BLOCK]
        starts, ends = spans(len(points))
        read = grams(points)
        sizes = size(read, starts, ends)
        for i in range(0, len(starts), max(1, -(-len(starts) // MOST))):
            low, high = np.searchsorted(read.starts, (starts[i], ends[i]))
            both = (read.characters[:, starts[i] : ends[i]].ravel(), read.words[:, low:high].ravel())
            buckets = np.concatenate(both)
            found.append(buckets[buckets != NOTHING])
            values.append(1 / sizes[i])
            owner.append(number)
            parts.append(_part(example, int(starts[i]), int(ends[i])))
    counts = [len(row) for row in found]
    edges = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    data = np.repeat(np.array(values, np.float32), counts)
    matrix = sp.csr_matrix((data, np.concatenate(found).astype(np.int32), edges), shape=(len(found), BUCKETS))
    return Rows(matrix, np.array(owner), np.array(parts))


def _part(example: Example, start: int, end: int) -> float:
    if example.end <= example.start:
        return 1.0
    shared = min(end, example.end) - max(start, example.start)
    return max(0.0, shared) / min(example.end - example.start, ENOUGH)
