"""The weights, and what they say of a text: a score for each window of it.

A text is read twice. In wide windows, by a table of weights for the voice that speaks; and piece by piece (sentences,
lines, cells, quoted values), by this table and one that knows what an order to a model sounds like, their log odds
added. What a piece says is held against the other pieces: one order in a mail stands out, a page of orders is
somebody's long request.

The asset: `MAGIC`, the header's length (4 bytes, little endian), a JSON header (`tables`: for each its `name`, `scale`
and `offset`; `voices`: for each its `short_knots`, `knots`, `piece_knots`, `lean` and `usual`), and for each table
`BUCKETS` weights of 8 bits.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BLOCK, BUCKETS, LENGTHS, Grams, codes, grams, parts
from firebreak.model.errors import BadConfig

MAGIC = b"firebreak-ngrams-4\n"
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
Beside = NDArray[np.int16]
"""Two tables' weights for each bucket side by side: one reading of the table serves both."""
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
        sums = _sums(self.weights, found, starts, ends, _words_before(found, starts, ends))
        return self.scaled(sums[:, 0], sizes)

    def scaled(self, sums: NDArray[np.int32], sizes: Reals) -> Reals:
        """What the sums of windows' weights say."""
        odds: Reals = sums * self.scale / sizes + self.offset
        return odds


def _words_before(found: Grams, starts: Places, ends: Places) -> tuple[Places, Places]:
    """How many words begin before each window, and before its end."""
    return found.starts.searchsorted(starts), found.starts.searchsorted(ends)


def _sums(
    weights: Weights | Beside, found: Grams, starts: Places, ends: Places, words: tuple[Places, Places]
) -> NDArray[np.int32]:
    """Of each window what its n-grams weigh: a column for each table in `weights`."""
    # Every bucket is there: `clip` only spares the check of that.
    found_weights = parts(weights.take(found.every, mode="clip"), len(found.starts))
    said, spoken = (_running(rows.view(np.int8), weights.itemsize) for rows in found_weights)
    sums: NDArray[np.int32] = said.take(ends, axis=0) - said.take(starts, axis=0)
    sums += spoken.take(words[1], axis=0)
    sums -= spoken.take(words[0], axis=0)
    return sums


def _running(rows: Weights, tables: int) -> NDArray[np.int32]:
    """What all n-grams before a place weigh, for each place and for the end."""
    each = np.add.reduce(rows, axis=0, dtype=np.int16).reshape(-1, tables)
    said = np.empty((len(each) + 1, tables), np.int32)
    said[0] = 0
    np.add.accumulate(each, axis=0, dtype=np.int32, out=said[1:])
    return said


@dataclass(frozen=True, slots=True)
class Voice:
    """How odds become scores where this voice speaks: those of a short text, of a longer one's windows, of its pieces.

    `lean` and `usual` are as `standing_out` takes them.
    """

    short_knots: Knots
    knots: Knots
    piece_knots: Knots
    lean: float
    usual: float


def spans(length: int) -> tuple[Places, Places]:
    """Where windows begin and end. The last one ends with the text."""
    if length <= WHOLE:
        return np.zeros(1, np.intp), np.full(1, length, np.intp)
    starts = np.arange(0, length - WIDE + STEP, STEP, dtype=np.intp)
    starts[-1] = length - WIDE
    return starts, starts + WIDE


def pieces(seams: Places) -> tuple[Places, Places]:
    """Where pieces begin and end: from each seam a short one and a longer one."""
    starts = seams[:-1]
    short = seams.take(seams.searchsorted(starts + SHORT), mode="clip")
    np.minimum(short, starts + LONGEST, out=short)
    long = seams.take(seams.searchsorted(starts + LONG, "right") - 1)
    np.maximum(long, short, out=long)
    return np.concatenate((starts, starts)), np.concatenate((short, long))


def standing_out(odds: Reals, starts: Places, ends: Places, lean: float, usual: float) -> Reals:
    """Log odds of `pieces`, less `lean` times the mean of the longer ones that do not touch each; times `usual` where
    all of them do. A piece does not weigh against itself, so among few harmless ones it stands out as among many.
    """
    half = len(odds) // 2
    said = np.zeros(half + 1)
    np.add.accumulate(odds[half:], out=said[1:])
    before, behind = ends[half:].searchsorted(starts, "right"), starts[half:].searchsorted(ends)
    count = before - behind + half
    others = np.full(len(odds), usual)
    np.divide(said.take(before) - said.take(behind) + said[half], count, out=others, where=count > 0)
    left: Reals = odds - lean * others
    return left


def size(found: Grams, starts: Places, ends: Places) -> Reals:
    """How much each window holds, as the root that its sum is divided by."""
    return _size(starts, ends, _words_before(found, starts, ends))


def _size(starts: Places, ends: Places, words: tuple[Places, Places]) -> Reals:
    root: Reals = np.sqrt(len(LENGTHS) * (ends - starts) + _WORD_WEIGHT * (words[1] - words[0]) + CALM)
    return root


_Curve = tuple[Reals, Reals]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reads for one voice: its table, that of the pieces, and both side by side; and `Voice` as it is asked."""

    wide: Table
    small: Table
    both: Beside
    short_curve: _Curve
    curve: _Curve
    piece_curve: _Curve
    lean: float
    usual: float

    def windows(self, found: Grams, starts: Places, ends: Places) -> Reals:
        """Log odds of windows alone."""
        return self.wide.odds(found, starts, ends, size(found, starts, ends))

    def windows_and_pieces(self, found: Grams, starts: Places, ends: Places) -> tuple[Reals, Places, Places, Reals]:
        """Log odds of windows; then where pieces begin and end, and how far theirs stand out."""
        first, last = pieces(found.seams)
        count = len(starts)
        starts, ends = np.concatenate((starts, first)), np.concatenate((ends, last))
        words = _words_before(found, starts, ends)
        sums, sizes = _sums(self.both, found, starts, ends, words), _size(starts, ends, words)
        odds = self.wide.scaled(sums[:, 0], sizes)
        wide, both = odds[:count], odds[count:] + self.small.scaled(sums[count:, 1], sizes[count:])
        return wide, first, last, standing_out(both, first, last, self.lean, self.usual)


class Model:
    """Tables and voices; only read."""

    def __init__(self, tables: Mapping[str, Table], voices: Mapping[str, Voice]) -> None:
        """Raises KeyError where a voice, or the pieces, have no table."""
        self._readers = {name: _reader(tables[name], tables[PIECES], voice) for name, voice in voices.items()}

    @property
    def voices(self) -> frozenset[str]:
        """Their names."""
        return frozenset(self._readers)

    def windows(self, text: str, voice: str) -> Windows:
        """Every window and piece of the text."""
        reader = self._readers[voice]
        points = codes(text)
        starts, ends = spans(len(points))
        wide: list[Reals] = []
        small: list[tuple[Places, Places, Reals]] = []
        at = 0
        while at < len(starts):
            begin = int(starts[at])
            upto = int(ends.searchsorted(begin + BLOCK, "right"))
            found = grams(points[begin : int(ends[upto - 1])])
            places = starts[at:upto] - begin, ends[at:upto] - begin
            if len(points) > FEW:
                odds, first, last, of_pieces = reader.windows_and_pieces(found, *places)
                small.append((first + begin, last + begin, of_pieces))
            else:
                odds = reader.windows(found, *places)
            wide.append(odds)
            at = upto
        if not small:
            return Windows(starts, ends, np.interp(_joined(wide), *reader.short_curve))
        scores = np.interp(_joined(wide), *reader.curve)
        first, last, odds = (_joined(column) for column in zip(*small, strict=True))
        every = (scores, np.interp(odds, *reader.piece_curve))
        return Windows(np.concatenate((starts, first)), np.concatenate((ends, last)), np.concatenate(every))


def _joined(blocks: Sequence[NDArray[Any]]) -> NDArray[Any]:
    """Those of all blocks; most texts are one."""
    return blocks[0] if len(blocks) == 1 else np.concatenate(blocks)


def _reader(wide: Table, small: Table, voice: Voice) -> _Reader:
    both = np.stack((wide.weights, small.weights), axis=1).view(np.int16).ravel()
    short_curve, curve, piece_curve = map(_curve, (voice.short_knots, voice.knots, voice.piece_knots))
    return _Reader(wide, small, both, short_curve, curve, piece_curve, voice.lean, voice.usual)


def _curve(knots: Knots) -> _Curve:
    """Straight lines between the knots, as their places and scores."""
    places, scores = np.array(knots).T.copy()
    return places, scores


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
        usual=float(told["usual"]),
    )


def _knots(told: list[list[float]]) -> Knots:
    knots = tuple((float(odds), float(score)) for odds, score in told)
    places, scores = zip(*knots, strict=True)
    if sorted(places) != list(places) or sorted(scores) != list(scores) or scores[0] < 0 or scores[-1] > 1:
        raise ValueError("knots are out of order")
    return knots
