"""Log odds to scores: by how many harmless texts that the model has not seen score as much.

A score of 0.5 is where four of a thousand short texts do, a usual bound of 0.8 where three of two thousand do. Of a
longer text the wide windows reach any score three tenths as often; of the pieces more reach 0.5, and fewer 0.8. Texts
of sources that the model has not seen at all are stranger to it: docs/models/injection.md says how many reach what.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BLOCK, codes, grams
from firebreak.detect.ngram.model import FEW, Table, pieces, size, standing_out
from training.example import Example

MOST_OF_A_SOURCE = 500
"""Texts of one source that count, so that the largest does not decide alone."""
Levels = tuple[tuple[float, float], ...]
"""Shares of harmless texts, falling, and the scores that as many reach."""
OF_SHORT: Levels = ((0.3, 0.02), (0.04, 0.2), (0.012, 0.4), (0.004, 0.5), (0.0015, 0.8), (0.0006, 0.92))
OF_WINDOWS: Levels = tuple((0.3 * share, score) for share, score in OF_SHORT)
OF_PIECES: Levels = ((0.3, 0.02), (0.035, 0.2), (0.0125, 0.4), (0.006, 0.5), (0.001, 0.8), (0.0004, 0.92))
BEYOND = 12.0
"""How far below the first and above the last knot scores reach 0 and 1."""
LEAN = 0.75
"""How much of the others' mean is taken from each piece: docs/models/injection.md says how it was chosen."""

FOLDS = 3
"""Parts of the harmless texts; each part's scores are those of a model that has not seen it."""
NATURAL = frozenset(
    (
        "awesome_prompts",
        "bipia_ctx_code",
        "bipia_ctx_email",
        "clinc_train",
        "cse_instruct",
        "docs_train",
        "docs_train_zh",
        "gpteacher_roleplay",
        "gpteacher_roleplay_resp",
        "gpteacher_toolformer",
        "i18n_train",
        "mined_trigger",
        "selfinstruct_seed",
        "tau_retail_train_assistant",
        "tau_retail_train_tool",
        "tau_retail_train_user",
    )
)
"""Harmless sources that no generator wrote. The generators' texts and the attacks are always learnt from."""
TOGETHER = frozenset(("bipia_ctx_code", "bipia_ctx_email"))
"""Of these, texts come in families, so they are left out together."""

SETTINGS = frozenset(("awesome_prompts",))
"""Of these, texts that set up an application: full of orders, and said by the system. Pieces are not held to them."""

Told = Callable[[Example], bool | None]


def fold(example: Example) -> int:
    """The part that the text belongs to; -1: of none, it is always learnt from."""
    if example.group not in NATURAL:
        return -1
    return 0 if example.group in TOGETHER else crc32(example.text.encode("utf-8", "surrogatepass")) % FOLDS


def natural(examples: Sequence[Example], told: Told, *, longer: bool) -> list[int]:
    """Numbers of the harmless texts that count: those read piece by piece, or those too short for it."""
    counts: dict[str, int] = {}
    kept = []
    for number, example in enumerate(examples):
        if example.group in NATURAL and told(example) is False and (len(example.text) > FEW) is longer:
            counts[example.group] = counts.get(example.group, 0) + 1
            if counts[example.group] <= MOST_OF_A_SOURCE:
                kept.append(number)
    return kept


def knots(odds: Sequence[float], levels: Levels) -> list[tuple[float, float]]:
    """From the worst log odds of each harmless text to places and scores."""
    worst = np.sort(np.asarray(odds))[::-1]
    places = [(float(worst[int(share * len(worst))]), score) for share, score in levels]
    return [(places[0][0] - BEYOND, 0.0), *places, (places[-1][0] + BEYOND, 1.0)]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Of one text: what the tables say of each, and where it stands."""

    odds: NDArray[np.float64]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]

    def most(self, lean: float, usual: float) -> float:
        """How far the one stands out that does so the most."""
        return float(standing_out(self.odds, self.starts, self.ends, lean, usual).max())


def piece_odds(wide: Table, small: Table, text: str) -> Pieces | None:
    """The pieces of a text that is not too short for it, as both tables read them."""
    points = codes(text)[:BLOCK]
    if len(points) <= FEW:
        return None
    found = grams(points)
    starts, ends = pieces(found.seams)
    sizes = size(found, starts, ends)
    odds = wide.odds(found, starts, ends, sizes) + small.odds(found, starts, ends, sizes)
    return Pieces(odds, starts, ends)


def usual(harmless: Sequence[Pieces]) -> float:
    """What the pieces of a harmless text say, in the middle of all texts."""
    return round(float(np.median([one.odds.mean() for one in harmless])), 4)
