"""Word vectors and the arithmetic on them: the one module that knows numpy.

The asset: `MAGIC`, the header's length (4 bytes, little endian), a JSON header (`rows`, `dims`, `vocabulary_bytes`,
`source`, `licence`), the vocabulary (UTF-8, one word a line), a float32 scale for each row, the int8 rows.
A row is already centred, half-whitened and weighted by the word's rarity, so a text's vector is the plain sum of its
rows, brought to length one.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from firebreak.intent.interface import Floats, TextVectors
from firebreak.intent.words import MAX_READ_CHARS, MAX_WORD_CHARS, Vocabulary, plain, runs, sample
from firebreak.model.errors import BadConfig

MAGIC = b"firebreak-words-1\n"
CHUNK_WORDS = 8  # windows of a long text are two and three chunks wide: about as long as an ask
EDGE_WORDS = 48  # as much of a text's beginning and end as is read as an ask of its own
LONG_CHARS = 1500  # from here on a text is split into words as an array; under it the dictionary is faster
LEAD_WORDS = 6  # an ask most often opens with its verb, so these count twice
NEAREST = 3  # how many examples of a category speak for it
ROUNDS = 300
MOMENTUM = 0.9
STEP = 32.0
DECAY = 1e-4
LOGIT_LIMIT = 30.0  # beyond it a float32 exponential says nothing more
COUNTER_WEIGHT = 3.0  # a counterexample is worth three examples of another category

HASH_BASE = 0x9E3779B97F4A7C15  # odd, so that its powers have inverses modulo 2**64
SLOT_BITS = 17  # of a word's hash; the slot holds the hash with the word's row in its last 16 bits
MAX_ROWS = 1 << 16
BLOCK_WORDS = 256  # whose vectors are summed at once, so that they stay in the processor's cache

_Numbers = NDArray[np.intp]
_Hashes = NDArray[np.uint64]
_LETTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz?")  # the last stands for all that are not ASCII
_ROW = np.uint64(MAX_ROWS - 1)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as sums of words: `edges` is the whole, its beginning and its end; `chunks` are all of a long one's."""

    edges: Floats
    chunks: Floats


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
    """For each vector the likeliest category's index and its log odds; `similar` is all that was measured."""

    category: list[int]
    odds: list[float]
    similar: Floats


class Scanner:
    """Splits a long text and finds its words' ids without making an object of any word that it knows.

    A word's hash is the sum of its characters times powers of `HASH_BASE`, which all words take from the text's one
    row of powers, brought to the word's place. A word whose slot is a more frequent one's is left to the dictionary,
    as is what has a character that is not ASCII.
    """

    def __init__(self, vocabulary: Vocabulary, words: Sequence[str]) -> None:
        self._vocabulary = vocabulary
        self._powers = _powers(HASH_BASE, HASH_BASE)
        self._inverses = _powers(1, pow(HASH_BASE, -1, 1 << 64))
        self._codes = bytes(code if chr(code) in _LETTERS else 0 for code in range(256))
        fit = [word.isascii() and word.isalnum() and len(word) <= MAX_WORD_CHARS for word in words]
        known = np.flatnonzero(fit)
        self._slots = np.zeros(1 << SLOT_BITS, np.uint64)
        for start in range(0, len(known), 1000)[::-1]:
            some = known[start : start + 1000][::-1]
            hashes = self._hashes(" " + " ".join([words[row] for row in some.tolist()]) + " ")[0]
            self._slots[_slot(hashes)] = (hashes & ~_ROW) | some.astype(np.uint64)

    def read(self, text: str) -> tuple[_Numbers, float]:
        """What `Vocabulary.read` says of a text that is `plain`."""
        text = f" {text} "
        hashes, edges = self._hashes(text)
        entries = self._slots.take(_slot(hashes))
        ids: _Numbers = (entries & _ROW).view(np.intp)
        absent = ((entries ^ hashes) > _ROW).nonzero()[0]
        if not len(absent):
            return ids, 1.0 if len(ids) else 0.0
        places = zip(edges[2 * absent].tolist(), edges[2 * absent + 1].tolist(), strict=True)
        raw = [text[start:stop] for start, stop in places]
        parts = [] if text.isascii() else [[word] if word.isascii() else runs(word) for word in raw]
        words = list(chain.from_iterable(parts)) if parts else raw
        found = self._vocabulary.split(words)
        pieces = [found[word] for word in words]
        if words != raw:
            pieces = [tuple(chain.from_iterable([found[word] for word in row])) for row in parts]
        sizes = np.ones(len(ids), np.intp)
        sizes[absent] = [len(row) for row in pieces]
        ids[absent] = -1
        ids = ids.repeat(sizes)
        ids[ids < 0] = np.fromiter(chain.from_iterable(pieces), np.intp)
        lost = sum([len(word) for word in words if not found[word]])
        letters = int((edges[1::2] - edges[::2]).sum())
        if words != raw:
            letters += sum(map(len, words)) - sum(map(len, raw))
        return ids, 1.0 - lost / letters if letters else 0.0

    def _hashes(self, text: str) -> tuple[_Hashes, _Numbers]:
        """Of each word, and where each begins and ends. The text begins and ends with a space."""
        codes = np.frombuffer(text.replace("?", " ").encode("ascii", "replace").translate(self._codes), np.uint8)
        inside = codes != 0
        edges = (inside[1:] != inside[:-1]).nonzero()[0]
        edges += 1
        starts = edges[::2]
        if not len(starts):
            return np.zeros(0, np.uint64), edges
        hashes: _Hashes = np.add.reduceat(codes * self._powers[: len(codes)], starts)
        hashes *= self._inverses.take(starts)
        return hashes, edges


def _powers(first: int, base: int) -> _Hashes:
    """`first` times the powers of `base` from the zeroth on, modulo 2**64."""
    powers = np.full(MAX_READ_CHARS + 2, base, np.uint64)
    powers[0] = first
    return np.multiply.accumulate(powers)


def _slot(hashes: _Hashes) -> _Numbers:
    return (hashes >> np.uint64(64 - SLOT_BITS)).view(np.intp)


class Embeddings:
    """Vectors of words, kept as int8 in the bytes of the asset."""

    def __init__(self, words: Sequence[str], rows: NDArray[np.int8], scales: Floats) -> None:
        self._vocabulary = Vocabulary({word: number for number, word in enumerate(words)})
        self._scanner = Scanner(self._vocabulary, words)
        self._rows = rows
        self._scales = scales

    @property
    def dims(self) -> int:
        return int(self._rows.shape[1])

    def pieces(self, text: str, least_share: float) -> Pieces:
        """A text's vectors; none where less than `least_share` of its letters was understood."""
        ids, share = self._read(text)
        nothing = np.zeros((0, self.dims), np.float32)
        if not len(ids) or share < least_share:
            return Pieces(nothing, nothing)
        if len(ids) <= EDGE_WORDS:
            return Pieces(self._ask(ids)[None], nothing)
        chunks = self._chunks(ids)
        span = EDGE_WORDS // CHUNK_WORDS
        edges = np.empty((3, self.dims), np.float32)
        np.add.reduce(chunks, 0, out=edges[0])
        np.add.reduce(chunks[:span], 0, out=edges[1])
        np.add.reduce(chunks[-span:], 0, out=edges[2])
        return Pieces(edges, chunks)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text, of all of its words."""
        asks = [self._ask(self._read(text)[0]) for text in texts]
        return np.stack(asks) if asks else np.zeros((0, self.dims), np.float32)

    def _read(self, text: str) -> tuple[_Numbers | list[int], float]:
        if len(text) >= LONG_CHARS:
            return self._scanner.read(plain(sample(text))[:MAX_READ_CHARS])
        reading = self._vocabulary.read(text)
        return reading.ids, reading.share

    def _ask(self, ids: _Numbers | list[int]) -> Floats:
        twice = np.array([*ids, *ids[:LEAD_WORDS]], np.intp)
        total: Floats = self._scales.take(twice) @ self._rows.take(twice, 0).astype(np.float32)
        total *= 1.0 / max(math.sqrt(total @ total), 1e-9)
        return total

    def _chunks(self, ids: _Numbers | list[int]) -> Floats:
        """Sums of `CHUNK_WORDS` words each; the last may be of fewer."""
        count = -(-len(ids) // CHUNK_WORDS)
        padded = np.zeros(count * CHUNK_WORDS, np.intp)
        padded[: len(ids)] = ids
        scales = self._scales.take(padded)
        scales[len(ids) :] = 0.0
        scales[:LEAD_WORDS] *= 2.0
        sums = np.empty((count, 1, self.dims), np.float32)
        for start in range(0, count, BLOCK_WORDS // CHUNK_WORDS):
            stop = min(count, start + BLOCK_WORDS // CHUNK_WORDS)
            words = slice(start * CHUNK_WORDS, stop * CHUNK_WORDS)
            rows = self._rows.take(padded[words], 0).astype(np.float32).reshape(stop - start, CHUNK_WORDS, -1)
            np.matmul(scales[words].reshape(-1, 1, CHUNK_WORDS), rows, out=sums[start:stop])
        return sums.reshape(count, -1)


def _unit(vectors: Floats) -> Floats:
    lengths = np.sqrt(np.vecdot(vectors, vectors))
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
    if not 1 <= count <= MAX_ROWS or dims < 1 or size < 0 or len(words) != count or len(data) != rows_at + count * dims:
        raise bad
    scales = np.frombuffer(data, "<f4", count, scales_at)
    rows = np.frombuffer(data, np.int8, count * dims, rows_at).reshape(count, dims)
    return Embeddings(words, rows, scales)


class Space:
    """Examples and a line for each category, learnt once; measures vectors against them.

    `handicap` is, for each category, what its log odds are lowered by.
    """

    def __init__(
        self, sample: Sample, handicap: Sequence[float], embeddings: TextVectors, calibration: Calibration
    ) -> None:
        vectors = embeddings.vectors(sample.texts)
        count = len(handicap)
        owner = np.array(sample.owner, np.intp)
        against = np.array(sample.against, np.intp)
        self._line, self._offset = _lines(vectors, owner, against, count)
        nothing = np.zeros((1, embeddings.dims), np.float32)
        lines = calibration.logit * self._line.T
        self._measures = np.ascontiguousarray(np.concatenate((vectors, nothing, lines)).T)
        self._own = _table([np.flatnonzero(owner == number) for number in range(count)], NEAREST)
        background = np.flatnonzero((owner < 0) & (against < 0))
        background = background if len(background) >= NEAREST else np.resize(background, NEAREST)
        rest = -len(background) % self._own.shape[1]
        filled = np.concatenate((background, np.full(rest, len(vectors), np.intp)))
        self._groups = np.concatenate((self._own, filled.reshape(-1, self._own.shape[1])))
        self._counters = [np.flatnonzero(against == number) for number in range(count)]
        self._calibration = calibration
        offsets = calibration.logit * self._offset + calibration.offset
        self._base = offsets - np.array(handicap, np.float32)

    def promising(self, chunks: Floats, least: float) -> Floats:
        """Of each category the window whose logit is highest, where that is over `least`, as a sum.

        A window is two or three chunks. Its logit and its length follow from those of its chunks.
        """
        lines = chunks @ self._line
        pairs = lines[:-1] + lines[1:]
        logits = np.concatenate((pairs, pairs[:-1] + lines[2:]))
        logits /= _lengths(chunks)[:, None]
        logits += self._offset
        tops = logits.argmax(0)
        chosen = sorted(set(tops[logits[tops, np.arange(len(tops))] > least].tolist()))
        if not chosen:
            return chunks[:0]
        starts = [(row, row + 2) if row < len(pairs) else (row - len(pairs), row - len(pairs) + 3) for row in chosen]
        return np.stack([np.add.reduce(chunks[start:stop], 0) for start, stop in starts])

    def best(self, vectors: Floats) -> Best:
        """The likeliest category of each unit vector."""
        similar = vectors @ self._measures
        groups = similar.take(self._groups, 1)
        groups.sort(-1)
        top = groups[..., -NEAREST:]
        count = len(self._base)
        others = top[:, count:].reshape(len(vectors), -1)
        others.sort(-1)
        apart = np.add.reduce(others[:, -NEAREST:], -1) / NEAREST
        odds = np.add.reduce(top[:, :count], -1) / NEAREST
        second = np.sort(odds, -1)[:, -2] if count > 1 else apart
        told = self._calibration
        odds *= told.near + told.margin
        odds += similar[:, -count:]
        odds += self._base
        common = told.apart * apart - told.margin * second
        found = [self._likeliest(*row) for row in zip(similar, odds, apart.tolist(), common.tolist(), strict=True)]
        return Best([category for category, _ in found], [odds for _, odds in found], similar)

    def _likeliest(self, similar: Floats, odds: Floats, apart: float, common: float) -> tuple[int, float]:
        """A category and its log odds, which nearness to a counterexample of it lowers."""
        best, most = 0, -math.inf
        for category in odds.argsort()[::-1].tolist():
            value = float(odds[category])
            if value <= most:
                break
            counters = self._counters[category]
            if len(counters):
                value += self._calibration.apart * max(0.0, float(similar.take(counters).max()) - apart)
            if value > most:
                best, most = category, value
        return best, most + common

    def nearest(self, similar: Floats, category: int) -> int:
        """The index, among the sample's texts, of the category's example that is nearest to a measured vector."""
        rows = self._own[category]
        return int(rows[similar.take(rows).argmax()])


def _lengths(chunks: Floats) -> Floats:
    """Of every two chunks' sum, then of every three's, from the chunks' products with themselves and each other."""
    squares = np.vecdot(chunks, chunks)
    next_one = 2.0 * np.vecdot(chunks[:-1], chunks[1:])
    next_two = 2.0 * np.vecdot(chunks[:-2], chunks[2:])
    pairs = squares[:-1] + squares[1:] + next_one
    triples = pairs[:-1] + squares[2:] + next_one[1:] + next_two
    lengths: Floats = np.sqrt(np.maximum(np.concatenate((pairs, triples)), 1e-9))
    return lengths


def joined(first: Floats, second: Floats) -> Floats:
    """Both, in order, as unit vectors."""
    both: Floats = np.concatenate((first, second))
    return _unit(both)


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
