"""The newest ask by an encoder of sentences: made when a policy loads, then a vector to a category with a confidence.

The same measures and the same examples as `intent.classify` has, on better vectors, and what was learnt of asks, which
reads the text itself as there and, for an encoder on whose vectors something was learnt, these. An encoder's vectors
lean all the same way; what is common to the built-in examples and the background is taken off, and the directions that
they differ in most are evened out by half. So does the package's own asset, see docs/intent.md.
"""

from collections.abc import Callable, Sequence

import numpy as np

from firebreak.intent.classify import THRESHOLD, Guess, guess_of, handicaps, harmful, sample_of
from firebreak.intent.interface import Floats
from firebreak.intent.learnt import Evidence, Learnt
from firebreak.intent.space import Calibration, Space
from firebreak.intent.taxonomy import BACKGROUND, BUILT_IN, GRAVE, HARM, MISSING_MEND, SURFACE_TASKS, completed, missing
from firebreak.intent.vectors import Embeddings
from firebreak.model.category import Category
from firebreak.model.errors import BadConfig
from firebreak.model.intent import UNKNOWN

Embed = Callable[[Sequence[str]], Floats]
"""Texts to an encoder's vectors, one row each."""

DIRECTIONS = 150  # in which built-in texts differ most; further ones are not blown up
SPREAD_POWER = 0.25  # half-whitening: each direction divided by the root of its standard deviation

# Fitted on made-up policies of built-in categories, then moved to where other words are found: all-MiniLM-L6-v2.
CALIBRATION = Calibration(
    line=0.128,
    near=2.829,
    centre=13.248,
    few=1.5,
    rival=0.13,
    apart=2.297,
    offset=2.6,
    dense=2.0,
    learnt=1.0,
    examples=0.3,
)
CAUTION = 2.0  # log odds: asks for harm are rare, so more has to speak for them
BREADTH = 1.8  # log odds: categories of everyday work have asks of every kind, and few are like an example


class EncodedClassifier:
    """Immutable once fitted; safe to share between threads."""

    def __init__(
        self, names: tuple[str, ...], ids: tuple[str, ...], space: Space, shape: "Shape", evidence: Evidence
    ) -> None:
        self._names = names
        self._ids = ids
        self._space = space
        self._shape = shape
        self._evidence = evidence

    def classify(self, vector: Floats, text: str) -> Guess:
        """Of an ask and its vector as the encoder gave it; `unknown` below the threshold."""
        best = self._space.best(self._shape.of(vector[None]), self._evidence.of_ask(text, vector))
        guess = guess_of(self._space, best, 0, self._names, self._ids)
        known = UNKNOWN if guess.confidence < THRESHOLD else guess.category
        return Guess(known, guess.confidence, guess.evidence, guess.hidden if known != UNKNOWN else ())


class Shape:
    """An encoder's vectors, centred and half-whitened over the built-in texts. `intent.interface.TextVectors`."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        raw = embed(_built_in())
        self._centre = raw.mean(0)
        spread, directions = np.linalg.eigh(np.cov(raw - self._centre, rowvar=False, bias=True).astype(np.float64))
        least = max(float(np.sort(spread)[-min(DIRECTIONS, len(spread))]), 1e-9)
        scaled = directions * np.maximum(spread, least) ** -SPREAD_POWER
        self._turn = (scaled @ directions.T).astype(np.float32)

    @property
    def dims(self) -> int:
        return len(self._centre)

    def vectors(self, texts: Sequence[str]) -> Floats:
        return self.of(self._embed(texts)) if texts else np.zeros((0, self.dims), np.float32)

    def of(self, raw: Floats) -> Floats:
        """The encoder's vectors in this shape, one unit vector a row."""
        turned = (raw - self._centre) @ self._turn
        unit: Floats = turned / np.maximum(np.sqrt(np.vecdot(turned, turned)), 1e-9)[:, None]
        return unit


def _built_in() -> list[str]:
    told = [(category.description, *category.examples) for category in map(completed, BUILT_IN.values())]
    return [text for texts in told for text in texts if text] + list(BACKGROUND)


def fit(
    categories: Sequence[Category], shape: Shape, words: Embeddings, learnt: Learnt, beside: Learnt | None
) -> EncodedClassifier | None:
    """A classifier of these categories; None where a policy has none. `beside` is what was learnt on this encoder's
    vectors, where something was. Raises `BadConfig` as `classify.fit` does.
    """
    lost = missing(categories)
    if lost:
        raise BadConfig("categories", f"`{lost[0]}` can never be recognised", MISSING_MEND)
    full = [completed(category) for category in categories if category.name not in (*SURFACE_TASKS, UNKNOWN)]
    if not full:
        return None
    sample, ids = sample_of(full, shape)
    names = tuple(category.name for category in full)
    space = Space(sample, handicaps(names, CAUTION, BREADTH), shape, CALIBRATION, harmful(names))
    return EncodedClassifier(names, ids, space, shape, Evidence(learnt, words, names, HARM, GRAVE, beside))
