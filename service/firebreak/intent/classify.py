"""The local classifier: made when a policy loads, then text to a category with a calibrated confidence.

A guess depends on nothing but the text and the policy's categories, so it may be remembered by the text's digest.
Built-in categories that the policy does not name, and the background, are what it abstains on.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from firebreak.intent.interface import TextVectors
from firebreak.intent.taxonomy import BACKGROUND, BUILT_IN, HARM, MISSING_MEND, SURFACE_TASKS, completed, missing
from firebreak.intent.vectors import Best, Calibration, Embeddings, Sample, Space, alike, joined
from firebreak.model.category import Category
from firebreak.model.errors import BadConfig
from firebreak.model.intent import UNKNOWN

THRESHOLD = 0.5
HIDDEN_THRESHOLD = 0.8  # for a category seen only somewhere inside a text that asks for something else
SAME_MEANING = 0.6  # a built-in category this close to one of the policy's own is not held against it
LEAST_SHARE = 0.25  # of a text's letters that have to be understood; MiniLM knows English
HIDDEN_ODDS = 1.0  # log odds under which a window cannot be as confident as that
WORTH_A_LOOK = 0.0  # logit under which a window cannot become confident

# Fitted by five-fold cross-validation on the built-in examples with background text; see docs/intent.md.
CALIBRATION = Calibration(logit=0.67, near=18.21, apart=-8.17, margin=-7.83, offset=-2.08)
CAUTION = 1.8  # log odds: asks for harm are rare, so more has to speak for them


@dataclass(frozen=True, slots=True)
class Guess:
    """`category` is `unknown` below the threshold; `confidence` and `evidence` are then the nearest category's.

    `evidence` names the nearest example (`coding#4`). `hidden` holds other categories seen inside a long text.
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
        threshold: float,
    ) -> None:
        self._names = names
        self._ids = ids
        self._space = space
        self._embeddings = embeddings
        self._threshold = threshold

    def classify(self, text: str) -> Guess:
        if self._space is None:
            return NOTHING
        pieces = self._embeddings.pieces(text, LEAST_SHARE)
        edges = len(pieces.edges)
        if not edges:
            return NOTHING
        vectors = pieces.edges
        if len(pieces.chunks):
            vectors = joined(vectors, self._space.promising(pieces.chunks, WORTH_A_LOOK))
        best = self._space.best(vectors)
        row = max(range(edges), key=best.odds.__getitem__)
        guess = guess_of(self._space, best, row, self._names, self._ids)
        looks = [row for row in range(edges, len(vectors)) if best.odds[row] > HIDDEN_ODDS]
        known = UNKNOWN if guess.confidence < self._threshold else guess.category
        seen = [guess_of(self._space, best, row, self._names, self._ids) for row in looks]
        return Guess(known, guess.confidence, guess.evidence, _hidden(seen, known) if seen else ())


def guess_of(space: Space, best: Best, row: int, names: Sequence[str], ids: Sequence[str]) -> Guess:
    """The likeliest category of one vector, whatever the confidence."""
    category = best.category[row]
    evidence = ids[space.nearest(best.similar[row], category)]
    return Guess(names[category], _logistic(best.odds[row]), evidence)


def _hidden(guesses: Sequence[Guess], category: str) -> tuple[Guess, ...]:
    """Other categories that some window is confidently in, at most one guess each."""
    found: dict[str, Guess] = {}
    for guess in guesses:
        known = found.get(guess.category)
        if guess.confidence < HIDDEN_THRESHOLD or guess.category == category:
            continue
        if known is None or known.confidence < guess.confidence:
            found[guess.category] = guess
    return tuple(found[name] for name in sorted(found))


def fit(categories: Sequence[Category], embeddings: Embeddings, threshold: float = THRESHOLD) -> Classifier:
    """A classifier of these categories. Raises `BadConfig` where one of them could never be recognised."""
    lost = missing(categories)
    if lost:
        raise BadConfig("categories", f"`{lost[0]}` can never be recognised", MISSING_MEND)
    full = [completed(category) for category in categories if category.name not in (*SURFACE_TASKS, UNKNOWN)]
    if not full:
        return Classifier((), (), None, embeddings, threshold)
    sample, ids = sample_of(full, embeddings)
    names = tuple(category.name for category in full)
    handicap = [CAUTION if name in HARM else 0.0 for name in names]
    return Classifier(names, ids, Space(sample, handicap, embeddings, CALIBRATION), embeddings, threshold)


def sample_of(categories: Sequence[Category], embeddings: TextVectors) -> tuple[Sample, tuple[str, ...]]:
    """What to learn from, and the id of each text."""
    rows: list[tuple[str, int, int, str]] = []
    for number, category in enumerate(categories):
        rows += [(text, number, -1, name) for name, text in _told(category)]
        rows += [(text, -1, number, f"{category.name}!{row}") for row, text in enumerate(category.counterexamples)]
    rows += [(text, -1, -1, name) for other in _others(categories, embeddings) for name, text in _told(other)]
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
