"""The seams of the composition root: a log that knows where its chain ends, and who is told of policies."""

from typing import Protocol

from firebreak.audit.chain import Head
from firebreak.model.record import PolicyRef
from firebreak.pipeline.interface import AuditLog


class ChainedLog(AuditLog, Protocol):
    """An audit log with a head."""

    @property
    def head(self) -> Head:
        """The last durable entry."""


class PolicyObserver(Protocol):
    """Is told of each policy that came into force or did not load."""

    def loaded(self, policy: PolicyRef) -> None:
        """From now on this one is in force."""

    def refused(self, problem: str, kept: str) -> None:
        """One did not load; `kept` is the digest of the one in force, empty where there is none."""
