"""The seams of the pipeline: what it needs from a wire, a disk or a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from firebreak.detect.interface import Hit
from firebreak.intent.classify import Guess
from firebreak.intent.interface import Floats
from firebreak.model.category import Category
from firebreak.model.conversation import UNTRUSTED, Origin
from firebreak.model.facts import Absence
from firebreak.model.intent import Intent
from firebreak.model.record import Record
from firebreak.pipeline.mentions import Word


class AuditLog(Protocol):
    """Where records become durable."""

    async def append(self, record: Record) -> None:
        """Return once the record would survive a kill. Raises `Unavailable` when it cannot be written."""


class TextClassifier(Protocol):
    """Names the category of one text. Pure: the answer depends on the text alone, and may be remembered."""

    def classify(self, text: str) -> Guess:
        """A guess, `unknown` below the threshold."""


class Judge(Protocol):
    """An LLM that names the category of an ask the local classifier is unsure of."""

    async def ask(self, text: str, categories: Sequence[Category]) -> tuple[str, float]:
        """One of the categories' names, or `unknown`, and a confidence in 0..1.

        Raises `Unavailable` when it is slow, over budget, or its answer is not one of the names.
        """

    async def close(self) -> None:
        """End its connections; what is under way becomes `Unavailable`."""


class AttackScore(NamedTuple):
    """How likely a text holds an attack, 0..1: where a user says it, and where a tool or a document does.

    `play` is how likely a user talks a model into a part, which the encoder cannot tell from harmless play.
    """

    user: float
    data: float
    play: float = 0.0

    def by(self, origin: Origin) -> float:
        return self.data if origin in UNTRUSTED else self.user


@dataclass(frozen=True, slots=True)
class Look:
    """What an encoder found in a part. `clears`: it read all that was in doubt and takes it for harmless."""

    hits: tuple[Hit, ...] = ()
    clears: bool = False


class AttackEncoder(Protocol):
    """A model that is too slow for the event loop and says how likely texts hold an attack."""

    @property
    def threshold(self) -> float:
        """The score from which on a text is taken for an attack."""

    @property
    def origins(self) -> frozenset[Origin]:
        """Whose words it is to be shown."""

    async def attack_scores(self, texts: Sequence[str]) -> list[AttackScore]:
        """One for each. Raises `TimeoutError` over budget and `Unavailable` when it fails."""

    def attack_scores_now(self, texts: Sequence[str]) -> list[AttackScore]:
        """The same without a budget, for evaluation: whoever serves must not wait for it."""


class SentenceEncoder(Protocol):
    """A model that is too slow for the event loop and turns a text into a vector."""

    async def vector(self, text: str) -> Floats:
        """The vector, remembered. Raises `TimeoutError` over budget and `Unavailable` when it fails."""


class EntityTagger(Protocol):
    """A model that is too slow for the event loop and tells which words of a text are names or addresses."""

    @property
    def origins(self) -> frozenset[Origin]:
        """Whose words it is to be shown."""

    @property
    def max_passages(self) -> int:
        """Passages of one exchange that it is shown at most."""

    async def words(self, texts: Sequence[str]) -> list[tuple[Word, ...]]:
        """For each the words that are something. Raises `TimeoutError` over budget and `Unavailable` when it fails."""


class Asks(Protocol):
    """Another reading of the primary ask than the small classifier's."""

    async def read(self, found: tuple[Intent, ...], text: str) -> tuple[tuple[Intent, ...], tuple[Absence, ...]]:
        """`found` with its word on the primary ask, which is `text`; where it fails, `found` and its absence."""
