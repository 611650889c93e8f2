import dataclasses
import logging

from tests.golden.audit.samples import record

from firebreak.adapters.alerts import MAX_TARGETS, observe


def test_each_target_gets_one_event(caplog):
    with caplog.at_level(logging.WARNING, "firebreak.alerts"):
        observe(record(7))
    events = [(line.getMessage(), line.fields) for line in caplog.records]
    assert [name for name, _ in events] == ["alert", "alert"]
    assert [fields["target"] for _, fields in events] == ["legal_counsel", "trust_safety"]
    assert events[0][1] == {
        "target": "legal_counsel",
        "record": "record-7",
        "direction": "request",
        "rule": "no-surveillance",
        "decision": "BLOCK",
        "refused": True,
        "mode": "enforce",
        "audit": "CRITICAL",
        "provider": "openai",
        "namespace": "intel",
        "pod": "app-1",
    }


def test_without_targets_nothing_is_said_and_many_are_bounded(caplog):
    base = record()
    with caplog.at_level(logging.WARNING, "firebreak.alerts"):
        observe(record(decision=dataclasses.replace(base.decision, alerts=())))
        assert caplog.records == []
        observe(record(decision=dataclasses.replace(base.decision, alerts=("t",) * 999)))
    assert len(caplog.records) == MAX_TARGETS
