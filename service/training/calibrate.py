"""Log odds to scores: by how many harmless texts of sources that the model has not seen score as much.

A score of 0.5 is where two of a hundred do, a policy's usual bound of 0.8 where six of a thousand do; wide windows
have the larger part of both, pieces the rest. The sources are harder than what most people write: of other harmless
texts about a third as many reach these scores (docs/models/injection.md).
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from firebreak.detect.ngram.features import BLOCK, codes, grams
from firebreak.detect.ngram.model import FEW, Table, pieces, size
from training.corpus import Example

MOST_OF_A_SOURCE = 500
"""Texts of one source that count, so that the largest does not decide alone."""
LEVELS = ((0.5, 0.02), (0.1, 0.2), (0.04, 0.4), (0.02, 0.5), (0.006, 0.8), (0.002, 0.92))
"""Shares of harmless texts, and the scores that as many reach."""
WINDOWS_SHARE, PIECES_SHARE = 0.7, 0.3
BEYOND = 12.0
"""How far below the first and above the last knot scores reach 0 and 1."""
LEANS = (0.0, 0.5, 0.75, 1.0, 1.25)

FOLDS: Mapping[str, int] = {
    "awesome_prompts": 0,
    "bipia_ctx_email": 0,
    "cse_instruct": 0,
    "docs_train_zh": 0,
    "i18n_train": 0,
    "selfinstruct_seed": 0,
    "tau_retail_train_assistant": 0,
    "tau_retail_train_tool": 0,
    "bipia_ctx_code": 1,
    "clinc_train": 1,
    "docs_train": 1,
    "gpteacher_roleplay": 1,
    "gpteacher_roleplay_resp": 1,
    "gpteacher_toolformer": 1,
    "mined_trigger": 1,
    "tau_retail_train_user": 1,
    "without_order": 1,
}
"""Harmless sources that no generator wrote, and which are left out together. The generators' texts and the attacks are
always learnt from.
"""

Told = Callable[[Example], bool | None]


def natural(examples: Sequence[Example], told: Told, *, longer: bool) -> list[int]:
    """Numbers of the harmless texts that count: those read piece by piece, or those too short for it."""
    counts: dict[str, int] = {}
    kept = []
    for number, example in enumerate(examples):
        if example.group in FOLDS and told(example) is False and (len(example.text) > FEW) is longer:
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
