"""The weights, and what they say of a text: log odds for each window of it.

The asset: `MAGIC`, the header's length (4 bytes, little endian), a JSON header (`heads`: for each its `name`, `scale`,
`offset` and `knots`), and for each head `BUCKETS` weights of 8 bits.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BLOCK, BUCKETS, LENGTHS, Grams, codes, grams
from firebreak.model.errors import BadConfig

MAGIC = b"firebreak-ngrams-1\n"
WIDE, STEP = 400, 200
"""A long text is read in windows this wide, each begun so many characters after the one before."""
WHOLE = 480
"""Up to so many characters a text is one window."""
CALM = 120
"""Added to the number of n-grams in a window: a few words alone say little."""
_WORD_WEIGHT = 5  # n-grams that a word stands for, beside those of its characters

Weights = NDArray[np.int8]
Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Windows:
    """Places in the text, and the log odds that they hold an attack."""

    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    odds: Reals


def spans(length: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where windows begin and end. The last one ends with the text."""
    if length <= WHOLE:
        return np.zeros(1, np.intp), np.full(1, length, np.intp)
    starts = np.arange(0, length - WIDE + STEP, STEP, dtype=np.intp)
    starts = np.minimum(starts, length - WIDE)
    return starts, starts + WIDE


def size(found: Grams, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> Reals:
    """How much each window holds, as the root that its sum is divided by."""
    words = np.searchsorted(found.starts, ends) - np.searchsorted(found.starts, starts)
    root: Reals = np.sqrt(len(LENGTHS) * (ends - starts) + _WORD_WEIGHT * words + CALM)
    return root


@dataclass(frozen=True, slots=True)
class Head:
    """One reading of the n-grams. A window's odds are its weights' scaled sum; `knots` lead from odds to scores."""

    weights: Weights
    scale: float
    offset: float
    knots: tuple[tuple[float, float], ...]

    def windows(self, text: str) -> Windows:
        """Every window of the text."""
        points = codes(text)
        starts, ends = spans(len(points))
        odds = np.empty(len(starts))
        at = 0
        while at < len(starts):
            begin = int(starts[at])
            upto = int(np.searchsorted(ends, begin + BLOCK, "right"))
            last = int(ends[upto - 1])
            odds[at:upto] = self._read(points[begin:last], starts[at:upto] - begin, ends[at:upto] - begin)
            at = upto
        return Windows(starts, ends, odds)

    def _read(self, points: NDArray[np.uint32], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> Reals:
        found = grams(points)
        said = np.zeros(len(points) + 1, np.int32)
        np.add.reduce(self.weights[found.characters], axis=0, dtype=np.int32, out=said[1:])
        said[found.starts + 1] += np.add.reduce(self.weights[found.words], axis=0, dtype=np.int32)
        np.cumsum(said, out=said)
        return self.offset + self.scale * (said[ends] - said[starts]) / size(found, starts, ends)

    def score(self, odds: float) -> float:
        """Log odds as a score in 0..1, in straight lines between the knots."""
        places, scores = zip(*self.knots, strict=True)
        return float(np.interp(odds, places, scores))


def parse(data: bytes, place: str) -> Mapping[str, Head]:
    """The heads by name. Raises BadConfig where the file is not such a model."""
    try:
        return MappingProxyType(_parse(data))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise BadConfig(place, "the injection model cannot be read", "reinstall firebreak") from error


def _parse(data: bytes) -> dict[str, Head]:
    if not data.startswith(MAGIC):
        raise ValueError("not a model")
    at = len(MAGIC) + 4
    end = at + int.from_bytes(data[len(MAGIC) : at], "little")
    header: dict[str, Any] = json.loads(data[at:end])
    heads: dict[str, Head] = {}
    for i, said in enumerate(header["heads"]):
        weights = np.frombuffer(data, np.int8, BUCKETS, end + i * BUCKETS)
        knots = tuple((float(odds), float(score)) for odds, score in said["knots"])
        places, scores = zip(*knots, strict=True)
        if sorted(places) != list(places) or sorted(scores) != list(scores) or scores[0] < 0 or scores[-1] > 1:
            raise ValueError("knots are out of order")
        heads[said["name"]] = Head(weights, float(said["scale"]), float(said["offset"]), knots)
    return heads
