"""Alerts: one log line for each target that a decision's rules name."""

import logging

from firebreak.adapters.logs import event
from firebreak.model.record import Record

MAX_TARGETS = 50
"""Of one decision. Targets come from the policy; nothing sane names more."""

_logger = logging.getLogger("firebreak.alerts")


def observe(record: Record) -> None:
    """Raise the record's alerts."""
    decision = record.decision
    for target in decision.alerts[:MAX_TARGETS]:
        event(
            _logger,
            logging.WARNING,
            "alert",
            target=target,
            record=record.id,
            direction=record.direction.value,
            rule=decision.rule,
            decision=decision.verdict.name,
            refused=decision.refuses,
            mode=decision.mode.value,
            audit=decision.audit.name,
            provider=record.provider,
            namespace=record.caller.namespace,
            pod=record.caller.pod,
        )
