"""The weights, and what they say of a text: a score for each window of it.

A text is read twice. In wide windows, by a table of weights for the voice that speaks; and piece by piece (sentences,
lines, cells, quoted values), by a table that knows what an order to a model sounds like. What a piece says is held
against all the other pieces: one order in a mail stands out, a page of orders is somebody's long request.

The asset: `MAGIC`, the header's length (4 bytes, little endian), a JSON header (`tables`: for each its `name`, `scale`
and `offset`; `voices`: for each its `short_knots`, `knots`, `piece_knots` and `lean`), and for each table `BUCKETS`
weights of 8 bits.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BLOCK, BUCKETS, LENGTHS, Grams, codes, grams
from firebreak.model.errors import BadConfig

MAGIC = b"firebreak-ngrams-2\n"
PIECES = "pieces"
"""The table of pieces; every other one has the name of a voice."""

WIDE, STEP = 400, 200
"""A long text is read in windows this wide, each begun so many characters after the one before."""
WHOLE = 480
"""Up to so many characters a text is one window."""
SHORT, LONG, LONGEST = 24, 160, 240
"""From each seam reaches a piece of at least the first and one of up to the second; none is longer than the third."""
FEW = 200
"""Up to so many characters a text is not read piece by piece: it is a piece."""
CALM = 120
"""Added to the number of n-grams in a window: a few words alone say little."""
_WORD_WEIGHT = 5  # n-grams that a word stands for, beside those of its characters

Weights = NDArray[np.int8]
Reals = NDArray[np.float64]
Places = NDArray[np.intp]
Knots = tuple[tuple[float, float], ...]
"""Log odds, ascending, and the scores that belong to them."""


@dataclass(frozen=True, slots=True)
class Windows:
    """Places in the text, and how likely each holds an attack."""

    starts: Places
    ends: Places
    scores: Reals


@dataclass(frozen=True, slots=True)
class Table:
    """What n-grams weigh; a window's log odds are their scaled sum, with the offset."""

    weights: Weights
    scale: float
    offset: float

    def odds(self, found: Grams, starts: Places, ends: Places, sizes: Reals) -> Reals:
        """Of each window."""
        said = np.zeros(found.characters.shape[1] + 1, np.int32)
        # Every bucket is there: `clip` only spares the check of that.
        np.add.reduce(self.weights.take(found.characters, mode="clip"), axis=0, dtype=np.int32, out=said[1:])
        said[found.starts + 1] += np.add.reduce(self.weights.take(found.words, mode="clip"), axis=0, dtype=np.int32)
        np.cumsum(said, out=said)
        odds: Reals = (said[ends] - said[starts]) * self.scale / sizes + self.offset
        return odds


@dataclass(frozen=True, slots=True)
class Voice:
    """How odds become scores where this voice speaks: those of a short text, of a longer one's windows, of its pieces.

    `lean` is how much the mean of all pieces takes from each.
    """

    short_knots: Knots
    knots: Knots
    piece_knots: Knots
    lean: float


def spans(length: int) -> tuple[Places, Places]:
    """Where windows begin and end. The last one ends with the text."""
    if length <= WHOLE:
        return np.zeros(1, np.intp), np.full(1, length, np.intp)
    starts = np.minimum(np.arange(0, length - WIDE + STEP, STEP, dtype=np.intp), length - WIDE)
    return starts, starts + WIDE


def pieces(seams: Places) -> tuple[Places, Places]:
    """Where pieces begin and end: from each seam a short one and a longer one."""
    starts = seams[:-1]
    short = np.minimum(seams[np.minimum(np.searchsorted(seams, starts + SHORT), len(starts))], starts + LONGEST)
    long = np.maximum(seams[np.searchsorted(seams, starts + LONG, "right") - 1], short)
    return np.concatenate((starts, starts)), np.concatenate((short, long))


def size(found: Grams, starts: Places, ends: Places) -> Reals:
    """How much each window holds, as the root that its sum is divided by."""
    words = np.searchsorted(found.starts, ends) - np.searchsorted(found.starts, starts)
    root: Reals = np.sqrt(len(LENGTHS) * (ends - starts) + _WORD_WEIGHT * words + CALM)
    return root


class Model:
    """Tables and voices; only read."""

    def __init__(self, tables: Mapping[str, Table], voices: Mapping[str, Voice]) -> None:
        """Raises KeyError where a voice, or the pieces, have no table."""
        self._pieces = tables[PIECES]
        self._voices = {name: (tables[name], voice) for name, voice in voices.items()}

    @property
    def voices(self) -> frozenset[str]:
        """Their names."""
        return frozenset(self._voices)

    def windows(self, text: str, voice: str) -> Windows:
        """Every window and piece of the text."""
        table, told = self._voices[voice]
        points = codes(text)
        starts, ends = spans(len(points))
        wide: list[Reals] = []
        small: list[tuple[Places, Places, Reals]] = []
        at = 0
        while at < len(starts):
            begin = int(starts[at])
            upto = int(np.searchsorted(ends, begin + BLOCK, "right"))
            found = grams(points[begin : int(ends[upto - 1])])
            places = starts[at:upto] - begin, ends[at:upto] - begin
            wide.append(table.odds(found, *places, size(found, *places)))
            if len(points) > FEW:
                parts = pieces(found.seams)
                odds = self._pieces.odds(found, *parts, size(found, *parts))
                small.append((parts[0] + begin, parts[1] + begin, odds))
            at = upto
        if not small:
            return Windows(starts, ends, _scores(np.concatenate(wide), told.short_knots))
        scores = _scores(np.concatenate(wide), told.knots)
        first, last, odds = (np.concatenate(column) for column in zip(*small, strict=True))
        odds -= told.lean * odds.mean()
        every = (scores, _scores(odds, told.piece_knots))
        return Windows(np.concatenate((starts, first)), np.concatenate((ends, last)), np.concatenate(every))


def _scores(odds: Reals, knots: Knots) -> Reals:
    """In straight lines between the knots."""
    places, scores = zip(*knots, strict=True)
    said: Reals = np.interp(odds, places, scores)
    return said


def parse(data: bytes, place: str) -> Model:
    """The model. Raises BadConfig where the file is none."""
    try:
        return _parse(data)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadConfig(place, "the injection model cannot be read", "reinstall firebreak") from error


def _parse(data: bytes) -> Model:
    if not data.startswith(MAGIC):
        raise ValueError("not a model")
    at = len(MAGIC) + 4
    end = at + int.from_bytes(data[len(MAGIC) : at], "little")
    header: dict[str, Any] = json.loads(data[at:end])
    tables = {
        told["name"]: Table(
            np.frombuffer(data, np.int8, BUCKETS, end + i * BUCKETS), float(told["scale"]), float(told["offset"])
        )
        for i, told in enumerate(header["tables"])
    }
    voices = {told["name"]: _voice(told) for told in header["voices"]}
    return Model(tables, voices)


def _voice(told: dict[str, Any]) -> Voice:
    return Voice(
        short_knots=_knots(told["short_knots"]),
        knots=_knots(told["knots"]),
        piece_knots=_knots(told["piece_knots"]),
        lean=float(told["lean"]),
    )


def _knots(told: list[list[float]]) -> Knots:
    knots = tuple((float(odds), float(score)) for odds, score in told)
    places, scores = zip(*knots, strict=True)
    if sorted(places) != list(places) or sorted(scores) != list(scores) or scores[0] < 0 or scores[-1] > 1:
        raise ValueError("knots are out of order")
    return knots
