"""Word vectors and the arithmetic on them: the one module that knows numpy.

The asset: `MAGIC`, the header's length (4 bytes, little endian), a JSON header (`rows`, `dims`, `vocabulary_bytes`,
`source`, `licence`), the vocabulary (UTF-8, one word a line), a float32 scale for each row, the int8 rows.
A row is already centred, half-whitened and weighted by the word's rarity, so a text's vector is the plain sum of its
rows, brought to length one.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from firebreak.intent.words import Vocabulary
from firebreak.model.errors import BadConfig

MAGIC = b"firebreak-words-1\n"
CHUNK_WORDS = 8  # windows of a long text are two and three chunks wide: about as long as an ask
EDGE_WORDS = 48  # as much of a text's beginning and end as is read as an ask of its own
LEAD_WORDS = 6  # an ask most often opens with its verb, so these count twice
NEAREST = 3  # how many examples of a category speak for it
ROUNDS = 300
MOMENTUM = 0.9
STEP = 32.0
DECAY = 1e-4
LOGIT_LIMIT = 30.0  # beyond it a float32 exponential says nothing more
COUNTER_WEIGHT = 3.0  # a counterexample is worth three examples of another category

Floats = NDArray[np.float32]
_Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as unit vectors: `edges` is the whole, its beginning and its end; `windows` all of a long one."""

    edges: Floats
    windows: Floats


@dataclass(frozen=True, slots=True)
class Sample:
    """Texts to learn from: `owner` is the category's index, -1 background; `against` the one it counters, or -1."""

    texts: tuple[str, ...]
    owner: tuple[int, ...]
    against: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of what speaks for a category; their sum is the log odds that an ask is in it.

    `logit` weighs the line's, `near` nearness to its examples, `apart` nearness to what it is not, `margin` how much
    nearer it is than the second nearest category.
    """

    logit: float
    near: float
    apart: float
    margin: float
    offset: float


@dataclass(frozen=True, slots=True)
class Best:
    """For each vector, the likeliest category's index and the log odds of it."""

    category: list[int]
    odds: list[float]


class Embeddings:
    """Vectors of words, kept as int8 in the bytes of the asset."""

    def __init__(self, vocabulary: Vocabulary, rows: NDArray[np.int8], scales: Floats) -> None:
        self._vocabulary = vocabulary
        self._rows = rows
        self._scales = scales

    @property
    def dims(self) -> int:
        return int(self._rows.shape[1])

    def pieces(self, text: str, least_share: float) -> Pieces:
        """Unit vectors of a text; none where less than `least_share` of its letters was understood."""
        reading = self._vocabulary.read(text)
        if not reading.ids or reading.share < least_share:
            nothing = np.zeros((0, self.dims), np.float32)
            return Pieces(nothing, nothing)
        ids = np.array(reading.ids, np.intp)
        if len(ids) <= EDGE_WORDS:
            return Pieces(_unit(self._ask(ids)[None]), np.zeros((0, self.dims), np.float32))
        chunks = self._chunks(ids)
        pairs = chunks[:-1] + chunks[1:]
        span = EDGE_WORDS // CHUNK_WORDS
        chunks[0] += self._sum(ids[:LEAD_WORDS])
        edges = np.stack([chunks.sum(0), chunks[:span].sum(0), chunks[-span:].sum(0)])
        return Pieces(_unit(edges), _unit(np.concatenate([pairs, pairs[:-1] + chunks[2:]])))

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text, of all of its words."""
        read = [self._vocabulary.read(text).ids for text in texts]
        sums = [self._ask(np.array(ids, np.intp)) for ids in read]
        return _unit(np.stack(sums)) if sums else np.zeros((0, self.dims), np.float32)

    def _ask(self, ids: _Numbers) -> Floats:
        return self._sum(np.concatenate([ids, ids[:LEAD_WORDS]]))

    def _sum(self, ids: _Numbers) -> Floats:
        total: Floats = self._scales[ids] @ self._rows[ids].astype(np.float32)
        return total

    def _chunks(self, ids: _Numbers) -> Floats:
        """Sums of `CHUNK_WORDS` words each; the last may be of fewer."""
        count = -(-len(ids) // CHUNK_WORDS)
        padded = np.zeros(count * CHUNK_WORDS, np.intp)
        padded[: len(ids)] = ids
        scales = self._scales[padded]
        scales[len(ids) :] = 0.0
        rows = self._rows[padded].astype(np.float32).reshape(count, CHUNK_WORDS, -1)
        sums: Floats = np.matmul(scales.reshape(count, 1, CHUNK_WORDS), rows)[:, 0, :]
        return sums


def _unit(vectors: Floats) -> Floats:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    scaled: Floats = vectors / np.maximum(lengths, 1e-9)[:, None]
    return scaled


def parse(data: bytes, place: str) -> Embeddings:
    """The embeddings in an asset's bytes, which stay where they are. Raises `BadConfig` where they are not an asset."""
    bad = BadConfig(place, "not a word embeddings file", "reinstall firebreak")
    head = len(MAGIC) + 4
    if not data.startswith(MAGIC) or len(data) < head:
        raise bad
    body = head + int.from_bytes(data[len(MAGIC) : head], "little")
    try:
        header = json.loads(data[head:body])
        count, dims, size = (int(header[name]) for name in ("rows", "dims", "vocabulary_bytes"))
        words = data[body : body + size].decode().split("\n")
    except (ValueError, KeyError, TypeError) as error:
        raise bad from error
    scales_at = body + size
    rows_at = scales_at + 4 * count
    if count < 1 or dims < 1 or size < 0 or len(words) != count or len(data) != rows_at + count * dims:
        raise bad
    scales = np.frombuffer(data, "<f4", count, scales_at)
    rows = np.frombuffer(data, np.int8, count * dims, rows_at).reshape(count, dims)
    return Embeddings(Vocabulary({word: number for number, word in enumerate(words)}), rows, scales)


class Space:
    """Examples and a line for each category, learnt once; measures vectors against them."""

    def __init__(self, sample: Sample, count: int, embeddings: Embeddings) -> None:
        vectors = embeddings.vectors(sample.texts)
        owner = np.array(sample.owner, np.intp)
        against = np.array(sample.against, np.intp)
        self._vectors = np.ascontiguousarray(vectors.T)
        self._own = _table([np.flatnonzero(owner == number) for number in range(count)], NEAREST)
        self._background = _table([np.flatnonzero((owner < 0) & (against < 0))], NEAREST)[0]
        counters = [np.flatnonzero(against == number) for number in range(count)]
        self._counters = _table([rows if len(rows) else self._background[:1] for rows in counters], 1)
        self._line, self._offset = _lines(vectors, owner, against, count)

    def logits(self, vectors: Floats) -> Floats:
        out: Floats = vectors @ self._line + self._offset
        return out

    def promising(self, vectors: Floats, least: float) -> Floats:
        """Of each category the vector whose logit is highest, where that is over `least`."""
        logits = self.logits(vectors)
        tops = logits.argmax(0)
        chosen: Floats = vectors[np.unique(tops[logits[tops, np.arange(len(tops))] > least])]
        return chosen

    def best(self, vectors: Floats, calibration: Calibration, handicap: Floats) -> Best:
        """The likeliest category of each vector; `handicap` is what each category's log odds are lowered by."""
        similar = vectors @ self._vectors
        near = _top_mean(similar[:, self._own])
        others = _top_mean(similar[:, self._background])[:, None]
        apart = np.maximum(others, similar[:, self._counters].max(2))
        second = np.partition(near, -2, axis=1)[:, -2:-1] if near.shape[1] > 1 else others
        odds = calibration.logit * self.logits(vectors) + (calibration.near + calibration.margin) * near
        odds += calibration.apart * apart - calibration.margin * second
        odds += calibration.offset - handicap
        return Best(odds.argmax(1).tolist(), odds.max(1).tolist())

    def nearest(self, vector: Floats, category: int) -> int:
        """The index, among the sample's texts, of the category's nearest example."""
        rows = self._own[category]
        return int(rows[np.argmax(vector @ self._vectors[:, rows])])


def _top_mean(similar: Floats) -> Floats:
    """The mean of the `NEAREST` largest along the last axis."""
    mean: Floats = np.partition(similar, -NEAREST, axis=-1)[..., -NEAREST:].mean(-1)
    return mean


def joined(first: Floats, second: Floats) -> Floats:
    """The vectors of both, in order."""
    return np.concatenate([first, second])


def numbers(values: Sequence[float]) -> Floats:
    return np.array(values, np.float32)


def alike(left: Floats, right: Floats) -> float:
    """The cosine of two groups' mean vectors."""
    return float(_unit(left.mean(0)[None])[0] @ _unit(right.mean(0)[None])[0])


def _table(groups: Sequence[_Numbers], least: int) -> _Numbers:
    """Indices as a rectangle; a group with fewer than `least` repeats its own, a short row its last."""
    full = [group if len(group) >= least else np.resize(group, least) for group in groups]
    width = max(len(group) for group in full)
    out = np.zeros((len(full), width), np.intp)
    for row, group in enumerate(full):
        out[row, : len(group)] = group
        out[row, len(group) :] = group[0]
    return out


def _lines(vectors: Floats, owner: _Numbers, against: _Numbers, count: int) -> tuple[Floats, Floats]:
    """One logistic line a category, against all the others and the background, by gradient descent with momentum."""
    inputs = np.concatenate([vectors, np.ones((len(vectors), 1), np.float32)], axis=1)
    target = (owner[:, None] == np.arange(count)).astype(np.float32)
    weight = np.ones_like(target)
    counters = np.flatnonzero(against >= 0)
    weight[counters] = 0.0  # a counterexample speaks only of the category it counters
    weight[counters, against[counters]] = COUNTER_WEIGHT
    positive = (target * weight).sum(0)
    negative = ((1 - target) * weight).sum(0)
    weight = np.where(target > 0, weight * np.sqrt(negative / positive), weight)
    weight = (weight / weight.sum(0)).astype(np.float32)
    lines = np.zeros((inputs.shape[1], count), np.float32)
    speed = np.zeros_like(lines)
    for _ in range(ROUNDS):
        ahead = lines + MOMENTUM * speed
        slope = inputs.T @ ((1 / (1 + np.exp(np.clip(-(inputs @ ahead), -LOGIT_LIMIT, LOGIT_LIMIT))) - target) * weight)
        slope[:-1] += DECAY * ahead[:-1]
        speed = MOMENTUM * speed - STEP * slope
        lines = lines + speed
    return lines[:-1], lines[-1]
