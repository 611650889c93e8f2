"""What examples teach: for each category a line, a centre and its nearest examples, and what speaks against all.

A text is in a category where more speaks for it than for everything else that the classifier was shown: the built-in
categories that a policy does not name, and the background.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firebreak.intent.interface import Floats, TextVectors
from firebreak.intent.vectors import unit

NEAREST = 3  # how many examples of a category speak for it
ENOUGH = 40  # examples; what a category has fewer of, its own words are found less often, and less is asked of it
COUNTER_WEIGHT = 12.0  # what a counterexample that is nearer than anything else costs, for each unit of cosine
SHARPNESS = 12.0  # of an example's weight by its cosine, where all examples of harm speak together: e-fold each 1/12
LEAST_SPREAD = 0.1  # of unit vectors about their category's mean, where there are too few to say

_Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts to learn from: `owner` is the category's index, -1 background; `against` the one it counters, or -1.

    Owners from the number of the policy's categories on are other categories, which speak against those.
    """

    texts: tuple[str, ...]
    owner: tuple[int, ...]
    against: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of what speaks for a category and, `rival` and `apart`, against all; the difference is the log odds.

    `line` weighs the discriminant, `near` nearness to its examples, `centre` to their mean, `few` how few there are;
    `rival` the best discriminant of what is no category of the policy, `apart` nearness to the examples of that.
    `dense` weighs, for categories of harm, how densely their examples lie about a text, all against everything else's.
    Where log odds were learnt of many asks, `learnt` weighs them, and `examples` all the above.
    """

    line: float
    near: float
    centre: float
    few: float
    rival: float
    apart: float
    offset: float
    dense: float
    learnt: float
    examples: float


@dataclass(frozen=True, slots=True)
class Best:
    """For each vector the two likeliest categories and their log odds; `similar` is all that was measured.

    Where there is but one category, it is both. `harm` is the likeliest category of harm, -1 where there is none.
    """

    category: list[int]
    odds: list[float]
    second: list[int]
    second_odds: list[float]
    harm: list[int]
    harm_odds: list[float]
    similar: Floats


class Space:
    """Examples of categories, learnt once; measures vectors against them. There are `count` categories.

    `handicap` is, for each category, what its log odds are lowered by. `harm` are the categories that are weighed
    together: the likeliest of them is as likely as that the text is in any.
    """

    def __init__(
        self,
        sample: Sample,
        handicap: Sequence[float],
        embeddings: TextVectors,
        calibration: Calibration,
        harm: Sequence[int] = (),
    ) -> None:
        vectors = embeddings.vectors(sample.texts)
        count = len(handicap)
        owner = np.array(sample.owner, np.intp)
        against = np.array(sample.against, np.intp)
        told = calibration
        learnt = against < 0
        classes = np.where(owner < 0, owner.max() + 1, owner)[learnt]
        lines, offsets, means = _discriminants(vectors[learnt], classes)
        own = [np.flatnonzero(owner == number) for number in range(count)]
        few = np.log([ENOUGH / min(ENOUGH, len(rows)) for rows in own])
        ours = told.line * lines[:, :count] + told.centre * unit(means[:count]).T
        base = told.line * offsets[:count] + told.few * few - told.offset
        rivals = told.rival * lines[:, count:]
        self._rival_base = (told.rival * offsets[count:]).astype(np.float32)
        self._base = base.astype(np.float32)
        self._handicap = np.array(handicap, np.float32)
        self._line = ours - rivals[:, -1:]
        self._offset = self._base - self._handicap - self._rival_base[-1]
        nothing = np.zeros((embeddings.dims, 1), np.float32)
        self._measures = np.ascontiguousarray(np.concatenate((vectors.T, nothing, ours, rivals), 1))
        self._own = _table(own, NEAREST)
        others = np.flatnonzero(((owner < 0) | (owner >= count)) & learnt)
        others = others if len(others) >= NEAREST else np.resize(others, NEAREST)
        rest = -len(others) % self._own.shape[1]
        filled = np.concatenate((others, np.full(rest, len(vectors), np.intp)))
        self._groups = np.concatenate((self._own, filled.reshape(-1, self._own.shape[1])))
        self.count = count
        self._harm = np.array(harm, np.intp)
        self._harmful = frozenset(harm)
        self._shares = _shares(np.isin(owner, self._harm), learnt)
        self._counters = [np.flatnonzero(against == number) for number in range(count)]
        self._calibration = calibration

    def promising(self, chunks: Floats, least: float) -> list[tuple[int, int]]:
        """Of each category the window that looks most like it, where its log odds seem over `least`: its chunks.

        A window is two or three chunks. What it looks like and its length follow from those of its chunks.
        """
        lines = chunks @ self._line
        pairs = lines[:-1] + lines[1:]
        logits = np.concatenate((pairs, pairs[:-1] + lines[2:]))
        logits /= _lengths(chunks)[:, None]
        logits += self._offset
        chosen = _tops(logits, least)
        return [(row, row + 2) if row < len(pairs) else (row - len(pairs), row - len(pairs) + 3) for row in chosen]

    def promising_asks(self, vectors: Floats, least: float) -> list[int]:
        """The same of unit vectors: which of them."""
        return _tops(vectors @ self._line + self._offset, least)

    def best(self, vectors: Floats, learnt: Floats) -> Best:
        """The likeliest category of each unit vector. `learnt` has a row for each: log odds of each category that were
        learnt elsewhere, NaN where nothing was.
        """
        similar = vectors @ self._measures
        groups = similar.take(self._groups, 1)
        groups.sort(-1)
        top = groups[..., -NEAREST:]
        count, rivals = self.count, len(self._rival_base)
        others = top[:, count:].reshape(len(vectors), -1)
        others.sort(-1)
        apart = np.add.reduce(others[:, -NEAREST:], -1) / NEAREST
        told = self._calibration
        odds = np.add.reduce(top[:, :count], -1) * (told.near / NEAREST)
        odds += similar[:, -count - rivals : -rivals]
        odds += self._base
        if len(self._harm):
            odds[:, self._harm] += self._together(odds[:, self._harm], similar[:, : len(self._shares)])[:, None]
        against = (similar[:, -rivals:] + self._rival_base).max(-1) + told.apart * apart
        odds -= against[:, None]
        both = told.examples * odds + told.learnt * learnt
        odds = np.where(np.isnan(learnt), odds, both) - self._handicap
        rows = zip(similar, odds.tolist(), apart.tolist(), strict=True)
        found = [self._ranked(*row) for row in rows]
        category, best, second, close, harm, harm_odds = map(list, zip(*found, strict=True))
        return Best(category, best, second, close, harm, harm_odds, similar)

    def _together(self, odds: Floats, similar: Floats) -> Floats:
        """What makes the log odds of the likeliest category of harm those of all of them together."""
        top = odds.max(-1)
        near = np.log(np.exp(SHARPNESS * similar) @ self._shares)
        total: Floats = np.log(np.exp(odds - top[:, None]).sum(-1)) + self._calibration.dense * (
            near[:, 0] - near[:, 1]
        )
        return total

    def _ranked(self, similar: Floats, odds: list[float], apart: float) -> tuple[int, float, int, float, int, float]:
        """The likeliest category and its log odds, the next, and the likeliest of harm."""
        order = sorted(range(len(odds)), key=odds.__getitem__, reverse=True)
        first, second = self._likeliest(similar, odds, apart, order)
        harm = (-math.inf, -1)
        if len(self._harm):
            harm, _ = self._likeliest(
                similar, odds, apart, [category for category in order if category in self._harmful]
            )
        return first[1], first[0], second[1], second[0], harm[1], harm[0]

    def _likeliest(
        self, similar: Floats, odds: list[float], apart: float, order: Sequence[int]
    ) -> tuple[tuple[float, int], tuple[float, int]]:
        """The two likeliest of some categories; nearness to a counterexample of one lowers its log odds."""
        best = second = (-math.inf, 0)
        for category in order:
            value = odds[category]
            if value <= second[0]:
                break
            counters = self._counters[category]
            if len(counters):
                value -= COUNTER_WEIGHT * max(0.0, float(similar.take(counters).max()) - apart)
            best, second = ((value, category), best) if value > best[0] else (best, max(second, (value, category)))
        return best, second if math.isfinite(second[0]) else best

    def nearest(self, similar: Floats, category: int) -> int:
        """The index, among the sample's texts, of the category's example that is nearest to a measured vector."""
        rows = self._own[category]
        return int(rows[similar.take(rows).argmax()])


def _tops(logits: Floats, least: float) -> list[int]:
    """The rows that are the highest in some column, and over `least` there."""
    tops = logits.argmax(0)
    return sorted(set(tops[logits[tops, np.arange(len(tops))] > least].tolist()))


def joined(edges: Floats, chunks: Floats, spans: Sequence[tuple[int, int]], asks: Sequence[Floats] = ()) -> Floats:
    """The edges, then the spans of chunks, then some asks, as unit vectors."""
    windows = [np.add.reduce(chunks[start:stop], 0) for start, stop in spans]
    every: Floats = np.stack((*edges, *windows, *asks))
    return unit(every)


def alike(left: Floats, right: Floats) -> float:
    """The cosine of two groups' mean vectors."""
    return float(unit(left.mean(0)[None])[0] @ unit(right.mean(0)[None])[0])


def _discriminants(vectors: Floats, classes: _Numbers) -> tuple[Floats, Floats, Floats]:
    """Fisher's: of each class a direction and an offset, where all spread about their means alike; and the means.

    The spread is evened out by as much again in every direction: there are too few examples to know it well.
    """
    numbers = np.arange(int(classes.max()) + 1)
    shares = (classes == numbers[:, None]).astype(np.float64)
    means = shares @ vectors / np.maximum(shares.sum(1), 1.0)[:, None]
    about = vectors - means[classes]
    spread = about.T @ about / len(vectors)
    even = max(float(spread.trace()), LEAST_SPREAD) / len(spread)
    lines = np.linalg.solve(spread + even * np.eye(len(spread)), means.T)
    offsets = -0.5 * np.vecdot(means, lines.T)
    return lines.astype(np.float32), offsets.astype(np.float32), means.astype(np.float32)


def _shares(harm: NDArray[np.bool_], learnt: NDArray[np.bool_]) -> Floats:
    """Two columns that make of examples' weights the mean of harm's and the mean of all others'."""
    both = np.stack((harm & learnt, ~harm & learnt), 1).astype(np.float32)
    shares: Floats = both / np.maximum(both.sum(0), 1.0)
    return shares


def _lengths(chunks: Floats) -> Floats:
    """Of every two chunks' sum, then of every three's, from the chunks' products with themselves and each other."""
    squares = np.vecdot(chunks, chunks)
    next_one = 2.0 * np.vecdot(chunks[:-1], chunks[1:])
    next_two = 2.0 * np.vecdot(chunks[:-2], chunks[2:])
    pairs = squares[:-1] + squares[1:] + next_one
    triples = pairs[:-1] + squares[2:] + next_one[1:] + next_two
    lengths: Floats = np.sqrt(np.maximum(np.concatenate((pairs, triples)), 1e-9))
    return lengths


def _table(groups: Sequence[_Numbers], least: int) -> _Numbers:
    """Indices as a rectangle; a group with fewer than `least` repeats its own, a short row its first."""
    full = [group if len(group) >= least else np.resize(group, least) for group in groups]
    width = max(len(group) for group in full)
    out = np.zeros((len(full), width), np.intp)
    for row, group in enumerate(full):
        out[row, : len(group)] = group
        out[row, len(group) :] = group[0]
    return out
