"""The seam of the composition root: a log that knows where its chain ends."""

from typing import Protocol

from firebreak.audit.chain import Head
from firebreak.pipeline.interface import AuditLog


class ChainedLog(AuditLog, Protocol):
    """An audit log with a head."""

    @property
    def head(self) -> Head:
        """The last durable entry."""
