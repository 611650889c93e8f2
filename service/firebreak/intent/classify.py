"""The local classifier: made when a policy loads, then text to a category with a calibrated confidence.

A guess depends on nothing but the text and the policy's categories, so it may be remembered by the text's digest.
Built-in categories that the policy does not name, and the background, are what it abstains on.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from firebreak.intent.interface import Floats, TextVectors
from firebreak.intent.learnt import Evidence, Learnt
from firebreak.intent.space import Best, Calibration, Sample, Space, alike, joined
from firebreak.intent.taxonomy import (
    BACKGROUND,
    BROAD,
    BUILT_IN,
    GRAVE,
    HARM,
    HARMLESS,
    MISSING_MEND,
    SURFACE_TASKS,
    completed,
    missing,
)
from firebreak.intent.vectors import Embeddings, Pieces
from firebreak.model.category import Category
from firebreak.model.errors import BadConfig
from firebreak.model.intent import UNKNOWN

THRESHOLD = 0.5
HIDDEN_THRESHOLD = 0.85  # for a category seen only somewhere inside a text that asks for something else
SAME_MEANING = 0.6  # a built-in category this close to one of the policy's own is not held against it
LEAST_SHARE = 0.25  # of a text's letters that have to be understood; MiniLM knows English
CLOSE = 1.0  # log odds: a second category that is as close is what the ask may be, too, so a policy judges both
CLOSE_ODDS = 0.2  # and it has to be likely by itself
HIDDEN_ODDS = 1.5  # log odds under which nothing inside a text can be as confident as that
WORTH_LEARNT = 1.5  # log odds that were learnt, under which nothing inside a text becomes confident
WORTH_A_LOOK = 0.0  # logit under which a window cannot become confident

# Fitted on made-up policies of built-in categories, then moved to where asks in other words are found; docs/intent.md.
CALIBRATION = Calibration(
    line=0.199,
    near=1.859,
    centre=9.791,
    few=1.2,
    rival=0.184,
    apart=3.846,
    offset=1.7,
    dense=1.5,
    learnt=1.0,
    examples=0.4,
)
CAUTION = 2.0  # log odds: asks for harm are rare, so more has to speak for them
BREADTH = 1.4  # log odds: categories of everyday work have asks of every kind, and few are like an example


@dataclass(frozen=True, slots=True)
class Guess:
    """`category` is `unknown` below the threshold; `confidence` and `evidence` are then the nearest category's.

    `evidence` names the nearest example (`coding#4`). `hidden` holds
    other categories that count too: seen inside a long text, or as likely as the first.
    """

    category: str
    confidence: float
    evidence: str = ""
    hidden: tuple["Guess", ...] = ()


NOTHING = Guess(UNKNOWN, 0.0)


class Classifier:
    """Immutable once fitted; safe to share between threads."""

    def __init__(
        self,
        names: tuple[str, ...],
        ids: tuple[str, ...],
        space: Space | None,
        embeddings: Embeddings,
        evidence: Evidence,
        threshold: float,
    ) -> None:
        self._names = names
        self._ids = ids
        self._space = space
        self._embeddings = embeddings
        self._evidence = evidence
        self._threshold = threshold

    def classify(self, text: str) -> Guess:
        if self._space is None:
            return NOTHING
        pieces = self._embeddings.pieces(text, LEAST_SHARE)
        edges = len(pieces.edges)
        if not edges:
            return NOTHING
        vectors, words = self._looked_at(pieces, self._space)
        learnt = self._evidence.of(pieces, words, vectors)
        kept = [*range(edges), *(edges + row for row in _of_something_else(learnt[0], learnt[edges:]))]
        best = self._space.best(vectors[kept], learnt[kept])
        row = max(range(edges), key=best.odds.__getitem__)
        guess = guess_of(self._space, best, row, self._names, self._ids)
        looks = [row for row in range(edges, len(kept)) if best.odds[row] > HIDDEN_ODDS]
        known = UNKNOWN if guess.confidence < self._threshold else guess.category
        seen = [guess_of(self._space, best, row, self._names, self._ids) for row in looks]
        hidden = _hidden(seen, known) if seen else ()
        named = {found.category for found in hidden}
        close = guess.hidden if known != UNKNOWN else ()
        return Guess(
            known, guess.confidence, guess.evidence, (*(one for one in close if one.category not in named), *hidden)
        )

    def _looked_at(self, pieces: Pieces, space: Space) -> tuple[Floats, list[tuple[int, int]]]:
        """Vectors of the edges and of what is worth a look inside; the words of the latter."""
        windows = space.promising(pieces.chunks, WORTH_A_LOOK) if len(pieces.chunks) else []
        asks = self._embeddings.asks(pieces.ids, pieces.sentences)
        chosen = space.promising_asks(asks, WORTH_A_LOOK) if len(asks) else []
        if not windows and not chosen and len(pieces.edges) == 1:
            return pieces.edges, []
        vectors = joined(pieces.edges, pieces.chunks, windows, list(asks[chosen]))
        return vectors, pieces.words(windows) + [pieces.sentences[row] for row in chosen]


def _of_something_else(whole: Floats, inside: Floats) -> list[int]:
    """The rows of `inside`, log odds that were learnt, in which something is likely that is not what the whole is."""
    if not len(inside):
        return []
    worth = ~(inside <= WORTH_LEARNT)
    top = int(np.where(np.isnan(whole), -np.inf, whole).argmax())
    worth[:, top] &= not whole[top] > 0
    found: list[int] = np.flatnonzero(worth.any(1)).tolist()
    return found


def guess_of(space: Space, best: Best, row: int, names: Sequence[str], ids: Sequence[str]) -> Guess:
    """The likeliest category of one vector, whatever the confidence.

    Beside it stands the next, where it is as likely, and what is likely harm: that an ask is for an essay, too, is
    no excuse.
    """
    beside: dict[int, float] = {}
    if best.odds[row] - best.second_odds[row] <= CLOSE:
        beside[best.second[row]] = best.second_odds[row]
    if best.harm[row] >= 0:
        beside[best.harm[row]] = best.harm_odds[row]
    beside.pop(best.category[row], None)
    close = tuple(_named(space, best, row, one, names, ids) for one in beside.items() if one[1] >= CLOSE_ODDS)
    return replace(_named(space, best, row, (best.category[row], best.odds[row]), names, ids), hidden=close)


def _named(
    space: Space, best: Best, row: int, found: tuple[int, float], names: Sequence[str], ids: Sequence[str]
) -> Guess:
    category, odds = found
    return Guess(names[category], _logistic(odds), ids[space.nearest(best.similar[row], category)])


def _hidden(guesses: Sequence[Guess], category: str) -> tuple[Guess, ...]:
    """Other categories that something inside is confidently in, at most one guess each."""
    found: dict[str, Guess] = {}
    for guess in guesses:
        known = found.get(guess.category)
        if guess.confidence < HIDDEN_THRESHOLD or guess.category == category:
            continue
        if known is None or known.confidence < guess.confidence:
            found[guess.category] = guess
    return tuple(found[name] for name in sorted(found))


def fit(
    categories: Sequence[Category], embeddings: Embeddings, learnt: Learnt, threshold: float = THRESHOLD
) -> Classifier:
    """A classifier of these categories. Raises `BadConfig` where one of them could never be recognised."""
    lost = missing(categories)
    if lost:
        raise BadConfig("categories", f"`{lost[0]}` can never be recognised", MISSING_MEND)
    full = [completed(category) for category in categories if category.name not in (*SURFACE_TASKS, UNKNOWN)]
    names = tuple(category.name for category in full)
    evidence = Evidence(learnt, embeddings, names, HARM, GRAVE)
    if not full:
        return Classifier((), (), None, embeddings, evidence, threshold)
    sample, ids = sample_of(full, embeddings)
    space = Space(sample, handicaps(names, CAUTION, BREADTH), embeddings, CALIBRATION, harmful(names))
    return Classifier(names, ids, space, embeddings, evidence, threshold)


def handicaps(names: Sequence[str], caution: float, breadth: float) -> list[float]:
    """What the log odds of each category are lowered by, or raised."""
    return [caution if name in HARM else -breadth if name in BROAD else 0.0 for name in names]


def harmful(names: Sequence[str]) -> list[int]:
    """The categories of harm among these, by their places."""
    return [place for place, name in enumerate(names) if name in HARM]


def sample_of(categories: Sequence[Category], embeddings: TextVectors) -> tuple[Sample, tuple[str, ...]]:
    """What to learn from, and the id of each text."""
    rows: list[tuple[str, int, int, str]] = []
    for number, category in enumerate(categories):
        rows += [(text, number, -1, name) for name, text in _told(category)]
        rows += [(text, -1, number, f"{category.name}!{row}") for row, text in enumerate(category.counterexamples)]
    rivals = [_told(other) for other in _others(categories, embeddings)]
    rivals += [[(f"harmless#{row}", text) for row, text in enumerate(group)] for group in HARMLESS]
    for number, group in enumerate(rivals, start=len(categories)):
        rows += [(text, number, -1, name) for name, text in group]
    rows += [(text, -1, -1, f"background#{row}") for row, text in enumerate(BACKGROUND)]
    texts, owner, against, ids = zip(*rows, strict=True)
    return Sample(texts, owner, against), ids


def _told(category: Category) -> list[tuple[str, str]]:
    """The texts that speak for a category, by id."""
    texts = [(f"{category.name}#{row}", text) for row, text in enumerate(category.examples)]
    if category.description:
        texts.append((f"{category.name}#description", category.description))
    return texts


def _others(categories: Sequence[Category], embeddings: TextVectors) -> list[Category]:
    """Built-in categories that the policy does not have, not even under a name of its own."""
    named = {category.name for category in categories}
    own = [
        embeddings.vectors([text for _, text in _told(category)])
        for category in categories
        if category.name not in BUILT_IN
    ]
    return [
        other
        for name, other in BUILT_IN.items()
        if name not in named
        and not any(alike(embeddings.vectors([text for _, text in _told(other)]), mine) > SAME_MEANING for mine in own)
    ]


def _logistic(value: float) -> float:
    """Four places: enough to compare, and the same on every machine."""
    return round(1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value)))), 4)
