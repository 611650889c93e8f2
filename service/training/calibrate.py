"""Log odds to scores: by how many harmless texts of sources that the model has not seen score as much.

A score of 0.5 is where one of a hundred does; a policy's usual bound of 0.8 where three of a thousand do.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.corpus import Example

MOST_OF_A_SOURCE = 500
"""Texts of one source that count, so that the largest does not decide alone."""
LEVELS = ((0.5, 0.02), (0.1, 0.2), (0.03, 0.35), (0.01, 0.5), (0.003, 0.8), (0.001, 0.92))
"""Shares of harmless texts, and the scores that as many reach."""
FLOOR, CEILING = 12.0, 12.0
"""How far below the first and above the last knot scores reach 0 and 1."""

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
        "without_order",
    )
)
"""Harmless sources that no generator wrote."""
FOLDS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "awesome_prompts docs_train_zh tau_retail_train_assistant tau_retail_train_tool bipia_ctx_email i18n_train",
            "gpteacher_roleplay gpteacher_roleplay_resp selfinstruct_seed bipia_ctx_code without_order",
            "docs_train clinc_train cse_instruct gpteacher_toolformer tau_retail_train_user mined_trigger",
        )
    )
    for name in names.split()
}
"""Sources that are left out together. The generators' texts and the attacks are always learnt from."""


def knots(
    examples: Sequence[Example], owner: NDArray[np.intp], odds: NDArray[np.float32], harmless: NDArray[np.bool_]
) -> list[tuple[float, float]]:
    """From log odds of windows, each by a model that had not seen the window's source, to places and scores."""
    best = np.full(len(examples), -np.inf)
    np.maximum.at(best, owner[harmless], odds[harmless])
    counts: dict[str, int] = {}
    kept = []
    for example, most in zip(examples, best, strict=True):
        if example.group in NATURAL and most > -np.inf:
            counts[example.group] = counts.get(example.group, 0) + 1
            if counts[example.group] <= MOST_OF_A_SOURCE:
                kept.append(most)
    places = [(float(np.quantile(kept, 1 - share)), score) for share, score in LEVELS]
    return [(places[0][0] - FLOOR, 0.0), *places, (places[-1][0] + CEILING, 1.0)]
