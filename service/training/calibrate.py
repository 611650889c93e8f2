"""Log odds to scores: by how many harmless texts that the model has not seen score as much.

A score of 0.5 is where nine of two thousand do, a usual bound of 0.8 where three of two thousand do; wide windows have
three tenths of either, pieces the rest. Texts of sources that the model has not seen at all are stranger to it:
docs/models/injection.md says how many of these reach the scores.
"""

from collections.abc import Callable, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BLOCK, codes, grams
from firebreak.detect.ngram.model import FEW, Table, pieces, size
from training.example import Example

MOST_OF_A_SOURCE = 500
"""Texts of one source that count, so that the largest does not decide alone."""
LEVELS = ((0.3, 0.02), (0.04, 0.2), (0.012, 0.4), (0.0045, 0.5), (0.0015, 0.8), (0.0006, 0.92))
"""Shares of harmless texts, and the scores that as many reach."""
WINDOWS_SHARE, PIECES_SHARE = 0.3, 0.7
BEYOND = 12.0
"""How far below the first and above the last knot scores reach 0 and 1."""
LEANS = (0.0, 0.5, 0.75, 1.0, 1.25)

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


def knots(odds: Sequence[float], share: float) -> list[tuple[float, float]]:
    """From the worst log odds of each harmless text to places and scores, for a share of the texts that reach these."""
    worst = np.sort(np.asarray(odds))[::-1]
    places = [(float(worst[int(level * share * len(worst))]), score) for level, score in LEVELS]
    return [(places[0][0] - BEYOND, 0.0), *places, (places[-1][0] + BEYOND, 1.0)]


def piece_odds(table: Table, text: str) -> NDArray[np.float64]:
    """What the table says of each piece; nothing of a short text."""
    points = codes(text)[:BLOCK]
    if len(points) <= FEW:
        return np.empty(0)
    found = grams(points)
    starts, ends = pieces(found.seams)
    return table.odds(found, starts, ends, size(found, starts, ends))


def lean(harmless: Sequence[NDArray[np.float64]], attacks: Sequence[NDArray[np.float64]]) -> float:
    """How much of the mean of all pieces to take from each, so that most attacks stand out from the harmless texts."""

    def found(weight: float) -> float:
        worst = np.sort([float(odds.max() - weight * odds.mean()) for odds in harmless])[::-1]
        bound = worst[int(0.01 * PIECES_SHARE * len(worst))]
        return float(np.mean([odds.max() - weight * odds.mean() > bound for odds in attacks]))

    return max(LEANS, key=found)
