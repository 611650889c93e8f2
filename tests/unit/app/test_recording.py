import pytest
from tests.unit.edge.test_translate import record

from firebreak.adapters.metrics import Metrics
from firebreak.app.recording import MeteredAudit
from firebreak.audit.chain import Head
from firebreak.model.errors import Unavailable


class Log:
    head = Head(7, "0" * 64)

    def __init__(self, error=None):
        self.error = error

    async def append(self, record):
        if self.error:
            raise self.error


async def test_a_durable_record_is_counted():
    metrics = Metrics()
    await MeteredAudit(Log(), metrics).append(record())
    assert b"firebreak_audit_entries_total 1.0" in metrics.render()
    assert b'firebreak_audit_head_seq{worker="0"} 7.0' in metrics.render()


async def test_a_record_that_was_not_written_is_counted_and_still_an_error():
    metrics = Metrics()
    with pytest.raises(Unavailable):
        await MeteredAudit(Log(Unavailable("full")), metrics).append(record())
    assert b"firebreak_audit_failures_total 1.0" in metrics.render()
