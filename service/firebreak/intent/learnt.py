"""What was learnt of many asks: how likely a text is in each of some built-in categories.

A policy's few examples say what is near them; this says what else an ask of a built-in category sounds like. It reads
words one by one, by twos and threes, as buckets of a hash; the vectors of three words in a row, of which each of some
filters takes the place that excites it most (Kim 2014, arXiv:1408.5882); and the text's vector through one hidden
layer. Beside an encoder of sentences another one reads that encoder's vectors alone, and what both say is put together.

The asset: `MAGIC`, the header's length (4 bytes, little endian), a JSON header (`categories`, `dims`, `hidden`,
`filters`, `buckets`, `scale`, `base`, `card`), then, float16, the layer (`dims` rows of `hidden`), what is added to it,
the layer behind it (`hidden` rows, a column for each category and first one for none of them) and what is added to
that; the filters (`dims` rows of three times `filters`, for the first word, the second and the third), what is added to
them and the layer behind them; then the table: `BUCKETS` rows of 8 bits for each column. One that reads vectors alone
has no filters and no table. `base` names the weights of the encoder whose vectors it reads (SHA-256), and is empty
where they are the package's own.
"""

import json
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from firebreak.intent.interface import Floats
from firebreak.intent.vectors import Embeddings, Pieces, unit
from firebreak.model.errors import BadConfig

MAGIC = b"firebreak-asks-3\n"
BITS = 16
BUCKETS = 1 << BITS
SORTS = 4
"""Of n-grams that begin with each word: one word, two, two with one left out between them, three."""
CALM = 20
"""Added to the number of a text's n-grams: a few words alone say little."""
PLAIN = math.exp(-2.2)
"""Of the share of what nobody minds, as much speaks against a category: most of what was learnt is such texts, while
many of a policy's asks are in one of its categories. Of what is harmful all does.
"""
OWN = 0.4
"""What it weighs, among categories of harm, how much likelier another of them is."""
LEAST = 1 / 2980
"""Added to the odds' both sides, so none is over e to the eighth: no model is surer than that."""

SURE = 1e-7
"""Least share: what one of two rules out altogether the other may still see."""

Ids = NDArray[np.intp] | Sequence[int]
Spans = Sequence[tuple[int, int]]
"""Of words: where each begins and ends."""
Buckets = NDArray[np.uint32]

_BASE = np.uint32(0x9E3779B1)
_SECOND, _THIRD, _APART = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35), np.uint32(0x27D4EB2F)
_TURN = np.uint32(15)
_KEEP = np.uint32(32 - BITS)


def buckets(ids: Ids) -> Buckets:
    """A row for each of `SORTS`, a column for each word. Behind the last word stands nothing."""
    count = len(ids)
    words = np.zeros(count + 2, np.uint32)
    words[:count] = ids
    words *= _BASE
    mixed = np.empty((SORTS, count), np.uint32)
    alone, pairs, apart, threes = mixed
    alone[:] = words[:count]
    np.multiply(alone, _SECOND, out=pairs)
    pairs += words[1 : count + 1]
    np.multiply(alone, _APART, out=apart)
    apart += words[2:]
    np.multiply(pairs, _THIRD, out=threes)
    threes += words[2:]
    mixed ^= mixed >> _TURN
    mixed *= _SECOND
    mixed >>= _KEEP
    return mixed


class Filters:
    """What three words in a row say, wherever they stand. After a span's last word stands nothing."""

    def __init__(self, first: Floats, base: Floats, second: Floats) -> None:
        self._first, self._base, self._second = first, base, second

    def said(self, ids: NDArray[np.intp], spans: Spans, words: Embeddings) -> Floats:
        """A row for each span of a text of these words."""
        count = len(self._base)
        unlike, where = np.unique(ids, return_inverse=True)
        each = (words.rows(unlike) @ self._first).take(where, 0)
        alone, second, third = each[:, :count], each[:, count : 2 * count], each[:, 2 * count :]
        pairs = alone[:-1] + second[1:]
        threes = pairs[:-1] + third[2:]
        tops = np.empty((len(spans), count), np.float32)
        for top, (start, end) in zip(tops, spans, strict=True):
            top[:] = alone[end - 1]
            if end - start > 1:
                np.maximum(top, pairs[end - 2], out=top)
            if end - start > 2:
                np.maximum(top, threes[start : end - 2].max(0), out=top)
        said: Floats = np.maximum(tops + self._base, 0.0) @ self._second
        return said


class Learnt:
    """Only read once made; safe to share between threads. Without filters and a table it reads vectors alone."""

    def __init__(
        self,
        categories: Sequence[str],
        layers: tuple[Floats, Floats, Floats, Floats],
        filters: Filters,
        table: NDArray[np.int8],
        scale: float,
        base: str = "",
    ) -> None:
        self.categories = tuple(categories)
        self.base = base
        self._first, self._first_base, self._second, self._second_base = layers
        self._filters = filters
        self._table = table
        self._scale = np.float32(scale)

    @property
    def dims(self) -> int:
        """Of the vectors that it reads."""
        return int(self._first.shape[0])

    @property
    def reads_words(self) -> bool:
        """Whether it reads more than vectors."""
        return len(self._table) > 0

    def shares(self, vectors: Floats, ids: Ids = (), spans: Spans = (), words: Embeddings | None = None) -> Floats:
        """Of each span of a text, by its unit vector and, for one that reads `words`, by these, how likely it is in
        none of `categories`, and in each.
        """
        said: Floats = np.maximum(vectors @ self._first + self._first_base, 0.0) @ self._second
        said += self._second_base
        if words is not None:
            said += self._spoken(ids, spans)
            said += self._filters.said(*_needed(ids, spans), words)
        said -= said.max(1, keepdims=True)
        np.exp(said, out=said)
        said /= said.sum(1, keepdims=True)
        return said

    def _spoken(self, ids: Ids, spans: Spans) -> Floats:
        """What the n-grams say of each span."""
        found = self._table.take(buckets(ids).ravel(), 0, mode="clip").reshape(SORTS, len(ids), -1)
        if spans == [(0, len(ids))]:
            sums = np.add.reduce(found, (0, 1), dtype=np.int32)[None]
        else:
            chosen = np.zeros((len(spans), len(ids)), np.float32)
            for row, (start, end) in enumerate(spans):
                chosen[row, start:end] = 1.0
            sums = chosen @ np.add.reduce(found, 0, dtype=np.int16).astype(np.float32)
        roots = [self._scale / math.sqrt(SORTS * (end - start) + CALM) for start, end in spans]
        spoken: Floats = sums * np.array(roots, np.float32)[:, None]
        return spoken


def _needed(ids: Ids, spans: Spans) -> tuple[NDArray[np.intp], Spans]:
    """Those words that are in a span, and the spans among these: most of a long text is in none."""
    held = np.zeros(len(ids) + 1, np.intp)
    for start, end in spans:
        held[start + 1 : end + 1] = 1
    kept = np.asarray(ids, np.intp)[held[1:] > 0]
    before = np.add.accumulate(held).tolist()
    return kept, [(before[start], before[end]) for start, end in spans]


class Evidence:
    """What was learnt, as it bears on one policy's categories.

    Of `harm` it matters most that a text is in any of it: each such category has the odds of all that the policy names,
    and what is likely harm is hardly in any other category. Only `grave` ones are much like it.
    """

    def __init__(
        self,
        learnt: Learnt,
        words: Embeddings,
        names: Sequence[str],
        harm: frozenset[str],
        grave: frozenset[str],
        beside: Learnt | None = None,
    ) -> None:
        """`beside` is what was learnt of the same categories on an encoder's vectors."""
        self._learnt = learnt
        self._beside = beside
        self._words = words
        columns = {name: column for column, name in enumerate(learnt.categories, start=1)}
        members = np.zeros((len(columns) + 1, len(names)), np.float32)
        for place, name in enumerate(names):
            group = harm.intersection(names) if name in harm else {name}
            members[[columns[one] for one in group if one in columns], place] = 1.0
        harmful = np.isin(("", *learnt.categories), list(harm))
        weighs = np.where(harmful[:, None] & ~np.isin(names, list(grave)), np.float32(1.0), np.float32(PLAIN))
        self._against = (1.0 - members) * weighs
        self._members = members
        self._harm = [place for place, name in enumerate(names) if name in harm and name in columns]
        self._columns = [columns[names[place]] for place in self._harm]
        self._nothing = np.where([name in columns for name in names], 0.0, np.nan).astype(np.float32)

    def of(self, pieces: Pieces, spans: Spans, vectors: Floats) -> Floats:
        """Of a text's vectors the log odds of each category; NaN for one that nothing was learnt of.

        The vectors are those of the whole; of a long text also of its beginning, its end and of some spans of words.
        The whole of a long text has the higher odds of its ends.
        """
        read = [*pieces.ends, *spans]
        odds = self._odds(self._learnt.shares(vectors[-len(read) :], pieces.ids, read, self._words))
        return odds if len(pieces.ends) == 1 else np.concatenate((odds[:2].max(0)[None], odds))

    def of_ask(self, text: str, vector: Floats) -> Floats:
        """One row, of the whole text and of an encoder's vector of it; NaN where neither says anything."""
        pieces = self._words.pieces(text, 0.0)
        told = []
        if len(pieces.edges):
            vectors = unit(pieces.edges)[-len(pieces.ends) :]
            told.append(self._learnt.shares(vectors, pieces.ids, pieces.ends, self._words))
        if self._beside is not None:
            told.append(self._beside.shares(vector[None]))
        if not told:
            return np.full((1, len(self._nothing)), np.nan, np.float32)
        odds: Floats = self._odds(_together(told)).max(0)[None]
        return odds

    def _odds(self, shares: Floats) -> Floats:
        odds: Floats = np.log((shares @ self._members + LEAST) / (shares @ self._against + LEAST * PLAIN))
        odds += self._nothing
        if len(self._harm):
            own = np.log(shares.take(self._columns, 1) + LEAST)
            odds[:, self._harm] += OWN * (own - own.max(1, keepdims=True))
        return odds


def _together(told: Sequence[Floats]) -> Floats:
    """Shares that several say: their geometric mean."""
    mean: Floats = np.exp(sum(np.log(shares + SURE) for shares in told) / len(told))
    mean /= mean.sum(1, keepdims=True)
    return mean


def parse(data: bytes, place: str) -> Learnt:
    """What stands in an asset's bytes. Raises `BadConfig` where they are not an asset."""
    try:
        return _parse(data)
    except (ValueError, KeyError, TypeError) as error:
        raise BadConfig(place, "not a file of what was learnt of asks", "reinstall firebreak") from error


def _parse(data: bytes) -> Learnt:
    if not data.startswith(MAGIC):
        raise ValueError("another file")
    at = len(MAGIC) + 4
    end = at + int.from_bytes(data[len(MAGIC) : at], "little")
    header = json.loads(data[at:end])
    categories = [str(name) for name in header["categories"]]
    dims, hidden, filters, rows = (int(header[name]) for name in ("dims", "hidden", "filters", "buckets"))
    columns = len(categories) + 1
    shapes = (
        (dims, hidden),
        (hidden,),
        (hidden, columns),
        (columns,),
        (dims, 3 * filters),
        (filters,),
        (filters, columns),
    )
    layers = []
    for shape in shapes:
        size = int(np.prod(shape))
        layers.append(np.frombuffer(data, "<f2", size, end).reshape(shape).astype(np.float32))
        end += 2 * size
    if not all(np.isfinite(layer).all() for layer in layers):
        raise ValueError("a weight is no number")  # what comes of it would count as nothing learnt, silently
    if rows not in (0, BUCKETS) or (filters and not rows) or len(data) != end + rows * columns:
        raise ValueError("another size")
    table = np.frombuffer(data, np.int8, rows * columns, end).reshape(rows, columns)
    first, first_base, second, second_base = layers[:4]
    scale, base = float(header["scale"]), str(header["base"])
    return Learnt(categories, (first, first_base, second, second_base), Filters(*layers[4:]), table, scale, base)
