"""The audit log with its metrics around it."""

from firebreak.adapters.metrics import Metrics
from firebreak.app.interface import ChainedLog
from firebreak.model.record import Record


class MeteredAudit:
    """Implements `pipeline.interface.AuditLog`."""

    def __init__(self, audit: ChainedLog, metrics: Metrics) -> None:
        self._audit = audit
        self._metrics = metrics

    async def append(self, record: Record) -> None:
        with self._metrics.audit_append(lambda: self._audit.head.seq):
            await self._audit.append(record)
