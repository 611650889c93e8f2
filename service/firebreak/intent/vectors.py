"""Word vectors, and a text's vector from those of its words.

The asset: `MAGIC`, the header's length (4 bytes, little endian), a JSON header (`rows`, `dims`, `vocabulary_bytes`,
`source`, `licence`), the vocabulary (UTF-8, one word a line), a float32 scale for each row, the int8 rows.
A row is already centred, half-whitened and weighted by the word's rarity, so a text's vector is the plain sum of its
rows, brought to length one.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

import numpy as np
from numpy.typing import NDArray

from firebreak.intent.interface import Floats
from firebreak.intent.words import MAX_READ_CHARS, MAX_WORD_CHARS, Vocabulary, plain, runs, sample
from firebreak.model.errors import BadConfig

MAGIC = b"firebreak-words-1\n"
CHUNK_WORDS = 6  # windows of a text are two and three chunks wide: about as long as an ask
EDGE_WORDS = 48  # as much of a text's beginning and end as is read as an ask of its own
LONG_CHARS = 1500  # from here on a text is split into words as an array; under it the dictionary is faster
SENTENCE_WORDS = 3  # a sentence of fewer asks for nothing by itself
MAX_SENTENCES = 32  # that are read by themselves: a text of more is made of scraps, and its windows are read
LEAD_WORDS = 6  # an ask most often opens with its verb, so these count twice

HASH_BASE = 0x9E3779B97F4A7C15  # odd, so that its powers have inverses modulo 2**64
SLOT_BITS = 17  # of a word's hash; the slot holds the hash with the word's row in its last 16 bits
MAX_ROWS = 1 << 16
BLOCK_TEXTS = 64  # short ones, whose vectors are summed at once
BLOCK_WORDS = 256  # whose vectors are summed at once, so that they stay in the processor's cache

_Numbers = NDArray[np.intp]
_Hashes = NDArray[np.uint64]
_LETTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz?")  # the last stands for all that are not ASCII
_ROW = np.uint64(MAX_ROWS - 1)
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as sums of words: `edges` is the whole and, of a long one, its beginning and its end; `chunks` are all
    that it falls into, none where it is hardly longer than a window. `ids` are the words that were understood.
    `sentences` tells where those of several begin and end among the words, not of a text of `LONG_CHARS` or more.
    """

    edges: Floats
    chunks: Floats
    ids: _Numbers | list[int]
    sentences: list[tuple[int, int]]

    @property
    def ends(self) -> list[tuple[int, int]]:
        """Which words a short text has; of a long one, those of its beginning and of its end."""
        count = len(self.ids)
        return [(0, EDGE_WORDS), (count - EDGE_WORDS, count)] if len(self.edges) > 1 else [(0, count)]

    def words(self, windows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Which words some windows have, of which is told which chunks they have."""
        return [(start * CHUNK_WORDS, min(stop * CHUNK_WORDS, len(self.ids))) for start, stop in windows]


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

    @property
    def count(self) -> int:
        """Of the words that it knows."""
        return len(self._rows)

    def pieces(self, text: str, least_share: float) -> Pieces:
        """A text's vectors; none where less than `least_share` of its letters was understood."""
        ids, share = self._read(text)
        nothing = np.zeros((0, self.dims), np.float32)
        if not len(ids) or share < least_share:
            return Pieces(nothing, nothing, ids, [])
        sentences = self._sentences(text, len(ids)) if len(text) < LONG_CHARS else []
        if len(ids) <= 2 * CHUNK_WORDS:
            return Pieces(self._ask(ids)[None], nothing, ids, sentences)
        chunks = self._chunks(ids)
        if len(ids) <= EDGE_WORDS:
            return Pieces(self._ask(ids)[None], chunks, ids, sentences)
        span = EDGE_WORDS // CHUNK_WORDS
        edges = np.empty((3, self.dims), np.float32)
        np.add.reduce(chunks, 0, out=edges[0])
        np.add.reduce(chunks[:span], 0, out=edges[1])
        np.add.reduce(chunks[-span:], 0, out=edges[2])
        return Pieces(edges, chunks, ids, sentences)

    def rows(self, ids: _Numbers) -> Floats:
        """The vectors of words, one row each, of the length that their rarity gives them."""
        found: Floats = self._rows.take(ids, 0).astype(np.float32)
        found *= self._scales.take(ids)[:, None]
        return found

    def asks(self, ids: _Numbers | list[int], spans: Sequence[tuple[int, int]]) -> Floats:
        """One unit vector for each span of a text's words, each read as a text of its own."""
        found = [self._ask(ids[start:end]) for start, end in spans]
        return np.array(found, np.float32).reshape(-1, self.dims)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text, of all of its words."""
        out = np.zeros((len(texts), self.dims), np.float32)
        for start in range(0, len(texts), BLOCK_TEXTS):
            self._sum(texts[start : start + BLOCK_TEXTS], out[start : start + BLOCK_TEXTS])
        return unit(out)

    def _sum(self, texts: Sequence[str], out: Floats) -> None:
        """Of each text the sum of its words' vectors, many texts at once."""
        read = [self._read(text)[0] for text in texts]
        asks = [np.array([*ids, *ids[:LEAD_WORDS]], np.intp) for ids in read]
        sizes = np.array([len(ids) for ids in asks])
        full = np.flatnonzero(sizes)
        if not len(full):
            return
        ids = np.concatenate(asks)
        out[full] = np.add.reduceat(self.rows(ids), (np.cumsum(sizes) - sizes)[full])

    def _read(self, text: str) -> tuple[_Numbers | list[int], float]:
        if len(text) >= LONG_CHARS:
            return self._scanner.read(plain(sample(text))[:MAX_READ_CHARS])
        reading = self._vocabulary.read(text)
        return reading.ids, reading.share

    def _sentences(self, text: str, count: int) -> list[tuple[int, int]]:
        """Where sentences begin and end among the text's `count` words; none where there is but one, or too many."""
        parts = _SENTENCE_END.split(text.strip())
        if not 1 < len(parts) <= MAX_SENTENCES:
            return []
        sizes = [len(self._vocabulary.read(part).ids) for part in parts]
        if sum(sizes) != count:
            return []
        ends = list(accumulate(sizes))
        return [(end - size, end) for end, size in zip(ends, sizes, strict=True) if size >= SENTENCE_WORDS]

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


def unit(vectors: Floats) -> Floats:
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
