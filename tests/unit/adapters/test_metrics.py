import asyncio
import dataclasses
import subprocess
import sys

import pytest
from tests.golden.audit.samples import record, response

from firebreak.adapters import metrics as module
from firebreak.adapters.metrics import Metrics
from firebreak.model.record import PolicyRef
from firebreak.model.usage import Usage

WORKER = """
import os, sys
from pathlib import Path
from firebreak.adapters.metrics import Metrics
from tests.golden.audit.samples import record
metrics = Metrics(Path(sys.argv[1]), int(sys.argv[2]))
metrics.observe(record())
if sys.argv[3] == "dies":
    held = metrics.in_flight()
    held.__enter__()
    os._exit(0)
else:
    sys.stdout.write(metrics.render().decode())
"""


def sample(text: str, series: str) -> float | None:
    for line in text.splitlines():
        name, _, value = line.rpartition(" ")
        if name == series:
            return float(value)
    return None


@pytest.fixture
def metrics():
    return Metrics()


def test_a_record_is_counted_by_everything_that_it_says(metrics):
    metrics.observe(record())
    metrics.observe(record(reason="not_json", intents=(), findings=(), unavailable=()))
    text = metrics.render().decode()
    decided = 'decision="BLOCK",direction="request",mode="enforce",provider="openai",rule="no-surveillance"'
    assert sample(text, f"firebreak_decisions_total{{{decided}}}") == 2
    assert sample(text, 'firebreak_findings_total{kind="pii",rule="email-address"}') == 1
    assert sample(text, 'firebreak_intent_total{category="bulk_surveillance"}') == 1
    assert sample(text, 'firebreak_unavailable_total{part="judge"}') == 1
    assert sample(text, 'firebreak_unreadable_total{reason="not_json"}') == 1
    assert sample(text, 'firebreak_alerts_total{target="legal_counsel"}') == 2
    assert sample(text, "firebreak_check_duration_seconds_sum") == pytest.approx(2 * 560e-6)
    assert sample(text, 'firebreak_stage_duration_seconds_bucket{le="0.0005",stage="screen"}') == 2
    assert "_created" not in text


def test_a_response_is_counted_by_how_it_ended_and_what_it_cost(metrics):
    metrics.observe(record())
    metrics.observe(response())
    metrics.observe(response(reason="response_encoded", ending="refused", usage=None))
    text = metrics.render().decode()
    decided = 'decision="REDACT",direction="response",mode="enforce",provider="openai",rule="redact-pii"'
    assert sample(text, f"firebreak_decisions_total{{{decided}}}") == 2
    assert sample(text, 'firebreak_stream_endings_total{ending="cut"}') == 1
    assert sample(text, 'firebreak_stream_endings_total{ending="refused"}') == 1
    assert sample(text, 'firebreak_unreadable_total{reason="response_encoded"}') == 1
    for kind, count in {"input": 120, "output": 40, "cached": 8, "reasoning": 16}.items():
        tokens = f'firebreak_tokens_total{{estimated="false",model="gpt-5-mini",provider="openai",type="{kind}"}}'
        assert sample(text, tokens) == count
    cost = 'firebreak_cost_total{currency="USD",estimated="false",model="gpt-5-mini",provider="openai"}'
    assert sample(text, cost) == 0.00052
    assert sample(text, "firebreak_check_duration_seconds_count") == 1
    assert sample(text, 'firebreak_stage_duration_seconds_count{stage="response"}') == 2


def test_what_was_estimated_is_counted_apart(metrics):
    metrics.observe(response(usage=Usage(7, 4, estimated=True), cost=0.5))
    metrics.observe(response())
    text = metrics.render().decode()
    labels = 'estimated="{}",model="gpt-5-mini",provider="openai"'
    tokens = f'firebreak_tokens_total{{{{{labels},type="output"}}}}'
    assert [sample(text, tokens.format(estimated)) for estimated in ("true", "false")] == [4, 40]
    assert sample(text, f'firebreak_cost_total{{currency="USD",{labels.format("true")}}}') == 0.5


def test_models_are_counted_by_name_while_there_are_few(metrics, monkeypatch):
    monkeypatch.setattr(module, "MAX_MODELS", 2)
    for name in ("a", "b" * 999, "c", "d", "a"):
        metrics.observe(response(model=name))
    text = metrics.render().decode()
    tokens = 'firebreak_tokens_total{{estimated="false",model="{}",provider="openai",type="input"}}'
    assert [sample(text, tokens.format(name)) for name in ("a", "b" * 64, "c", "other")] == [240, 120, None, 240]


def test_what_costs_nothing_has_no_cost(metrics):
    metrics.observe(response(cost=0.0, currency=""))
    assert b"firebreak_cost_total{" not in metrics.render()


def test_only_the_primary_intent_is_counted(metrics):
    intent = record().intents[0]
    metrics.observe(record(intents=(intent, dataclasses.replace(intent, category="writing", primary=False))))
    assert b"writing" not in metrics.render()


def test_no_label_comes_from_what_a_request_chooses(metrics):
    metrics.observe(record(id="ID", model="MODEL", path="/PATH", tools=("TOOL",), where="/WHERE"))
    assert not any(
        text in metrics.render() for text in (b"ID", b"MODEL", b"PATH", b"TOOL", b"WHERE", b"alice", b"app-1")
    )


def test_label_sets_are_bounded(metrics, monkeypatch):
    monkeypatch.setattr(module, "MAX_LABEL_SETS", 3)
    for number in range(9):
        metrics.reloaded(f"result-{number}")
    text = metrics.render().decode()
    assert text.count("firebreak_policy_reload_total{") == 4
    assert sample(text, 'firebreak_policy_reload_total{result="other"}') == 6


def test_a_refused_policy_is_told_until_one_loads(metrics):
    told = [sample(metrics.render().decode(), "firebreak_policy_refused")]
    for result in ("refused", "refused", "loaded"):
        metrics.reloaded(result)
        told.append(sample(metrics.render().decode(), "firebreak_policy_refused"))
    assert told == [0, 1, 1, 0]


def test_the_policy_in_force_is_the_one_with_a_1(metrics):
    for version in ("1", "2"):
        metrics.policy(PolicyRef("p", version, "d"))
    text = metrics.render().decode()
    assert sample(text, 'firebreak_policy_info{digest="d",name="p",version="1"}') == 0
    assert sample(text, 'firebreak_policy_info{digest="d",name="p",version="2"}') == 1


def test_checks_in_flight_go_up_and_down_even_when_they_fail(metrics):
    with metrics.in_flight():
        assert sample(metrics.render().decode(), "firebreak_checks_in_flight") == 1
    with pytest.raises(KeyError), metrics.in_flight():
        raise KeyError
    assert sample(metrics.render().decode(), "firebreak_checks_in_flight") == 0


def test_an_append_is_timed_and_a_failed_one_counted(metrics):
    with metrics.audit_append(lambda: 41):
        pass
    with pytest.raises(OSError, match="full"), metrics.audit_append(lambda: 42):
        raise OSError("full")
    text = metrics.render().decode()
    assert sample(text, "firebreak_audit_entries_total") == 1
    assert sample(text, "firebreak_audit_failures_total") == 1
    assert sample(text, "firebreak_audit_append_seconds_count") == 1
    assert sample(text, 'firebreak_audit_head_seq{worker="0"}') == 41


def test_an_append_that_nobody_waits_for_is_no_failure(metrics):
    with pytest.raises(asyncio.CancelledError), metrics.audit_append(lambda: 42):
        raise asyncio.CancelledError
    assert sample(metrics.render().decode(), "firebreak_audit_failures_total") == 0


def test_calls_of_the_kubernetes_api_are_counted_by_how_they_ended(metrics):
    metrics.kubernetes_call("event", "ok")
    metrics.event_dropped()
    text = metrics.render().decode()
    assert sample(text, 'firebreak_kubernetes_calls_total{call="event",result="ok"}') == 1
    assert sample(text, "firebreak_kubernetes_events_dropped_total") == 1


def test_the_build_and_bugs_are_named(metrics):
    metrics.build("0.1.0", "3.11.7")
    metrics.bug("KeyError")
    text = metrics.render().decode()
    assert sample(text, 'firebreak_build_info{python="3.11.7",version="0.1.0"}') == 1
    assert sample(text, 'firebreak_bugs_total{error="KeyError"}') == 1


def test_workers_are_merged_and_one_that_is_started_again_goes_on_counting(tmp_path):
    shared = tmp_path / "metrics"
    shared.mkdir()
    (shared / "counter_9.db").write_bytes(b"left over")
    module.clear(shared)
    assert list(shared.iterdir()) == []

    def worker(number: int, how: str) -> str:
        command = [sys.executable, "-c", WORKER, str(shared), str(number), how]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    worker(0, "dies")
    worker(1, "dies")
    before = worker(0, "renders")
    findings = 'firebreak_findings_total{kind="pii",rule="email-address"}'
    assert sample(before, findings) == 3
    assert sample(before, "firebreak_checks_in_flight") == 1
    files = {path.name for path in shared.iterdir()}
    module.worker_ended(shared, 1)
    after = worker(0, "renders")
    assert sample(after, findings) == 4
    assert sample(after, "firebreak_checks_in_flight") == 0
    assert {path.name for path in shared.iterdir()} == files - {"gauge_livesum_1.db", "gauge_livemax_1.db"}
