"""Texts to rows of n-grams, as the detector will see them: one row for each window, or for each piece."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BLOCK, BUCKETS, NOTHING, Grams, codes, grams
from firebreak.detect.ngram.model import FEW, pieces, size, spans
from training.example import Example

MOST = 6  # windows of one text; more are left out evenly
MOST_PIECES = 5
COVERED = 0.6  # share of the attack, or of 150 characters of it, that makes a window an attack
TOUCHED = 0.15  # up to such a share the window is harmless; between the two it is not used
ENOUGH = 150
FILLED = 0.5  # share of a piece that is the attack, from which on it counts as one

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Rows:
    """`grams` has a row for each window, `owner` is its text's number, `part` the share of the attack in it."""

    grams: sp.csr_matrix
    owner: NDArray[np.intp]
    part: NDArray[np.float64]


_Row = tuple[tuple[NDArray[np.uint32], float], int, float]


def rows(examples: Sequence[Example]) -> Rows:
    """The windows of all texts."""
    return _assembled(row for number, example in enumerate(examples) for row in _windows(example, number))


def piece_rows(examples: Sequence[Example], seed: int) -> Rows:
    """Pieces of the texts that a document's reader is to judge: orders, and some of everything else."""
    rng = np.random.default_rng(seed)
    asked = ((number, example) for number, example in enumerate(examples) if example.data is not None)
    return _assembled(row for number, example in asked for row in _pieces(example, number, rng))


def _windows(example: Example, number: int) -> Iterator[_Row]:
    points = codes(example.text)[:BLOCK]
    starts, ends = spans(len(points))
    read = grams(points)
    sizes = size(read, starts, ends)
    parts = _parts(example, starts, ends)
    for i in range(0, len(starts), max(1, -(-len(starts) // MOST))):
        yield _row(read, starts[i], ends[i], sizes[i]), number, float(parts[i])


def _pieces(example: Example, number: int, rng: np.random.Generator) -> Iterator[_Row]:
    points = codes(example.text)[:BLOCK]
    read = grams(points)
    if len(points) <= FEW:
        starts, ends = np.zeros(1, np.intp), np.full(1, len(points), np.intp)
    else:
        starts, ends = pieces(read.seams)
    sizes = size(read, starts, ends)
    parts = _parts(example, starts, ends)
    for i in _chosen(example, starts, ends, parts, rng):
        yield _row(read, starts[i], ends[i], sizes[i]), number, float(parts[i])


def _chosen(
    example: Example, starts: Places, ends: Places, parts: NDArray[np.float64], rng: np.random.Generator
) -> Places:
    if example.end <= example.start or len(starts) == 1:
        return _some(np.arange(len(starts)), MOST_PIECES, rng)
    shared = np.minimum(ends, example.end) - np.maximum(starts, example.start)
    full = np.flatnonzero((parts >= COVERED) & (shared >= FILLED * (ends - starts)))
    return np.concatenate((_some(full, 3, rng), _some(np.flatnonzero(parts <= TOUCHED), 3, rng)))


def _some(places: Places, most: int, rng: np.random.Generator) -> Places:
    return places if len(places) <= most else rng.choice(places, most, replace=False)


def _row(read: Grams, start: int, end: int, root: float) -> tuple[NDArray[np.uint32], float]:
    low, high = np.searchsorted(read.starts, (start, end))
    buckets = np.concatenate((read.characters[:, start:end].ravel(), read.words[:, low:high].ravel()))
    return buckets[buckets != NOTHING], 1 / root


def _assembled(found: Iterable[_Row]) -> Rows:
    buckets, values, owner, parts = [], [], [], []
    for (row, value), number, part in found:
        buckets.append(row)
        values.append(value)
        owner.append(number)
        parts.append(part)
    counts = [len(row) for row in buckets]
    edges = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    data = np.repeat(np.array(values, np.float32), counts)
    matrix = sp.csr_matrix((data, np.concatenate(buckets).astype(np.int32), edges), shape=(len(buckets), BUCKETS))
    return Rows(matrix, np.array(owner), np.array(parts))


def _parts(example: Example, starts: Places, ends: Places) -> NDArray[np.float64]:
    """The share of the attack in each window; all of it where its place is not known."""
    if example.end <= example.start:
        return np.ones(len(starts))
    shared = np.minimum(ends, example.end) - np.maximum(starts, example.start)
    share: NDArray[np.float64] = np.maximum(shared, 0) / min(example.end - example.start, ENOUGH)
    return share
