"""The seams of the pipeline: what it needs from a wire or a disk."""

from collections.abc import Sequence
from typing import Protocol

from firebreak.model.category import Category
from firebreak.model.record import Record


class AuditLog(Protocol):
    """Where records become durable."""

    async def append(self, record: Record) -> None:
        """Return once the record would survive a kill. Raises `Unavailable` when it cannot be written."""


class Judge(Protocol):
    """An LLM that names the category of an ask the local classifier is unsure of."""

    async def ask(self, text: str, categories: Sequence[Category]) -> tuple[str, float]:
        """One of the categories' names, or `unknown`, and a confidence in 0..1.

        Raises `Unavailable` when it is slow, over budget, or its answer is not one of the names.
        """
