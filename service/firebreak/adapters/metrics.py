"""Metrics in Prometheus' form, merged over workers. Every label value comes from policy, rules or configuration, but
for models: a client chooses them, so few are counted by name.

Workers share a directory, one set of files for each worker's number, so that a worker that is started again goes on
counting where it stopped and no files pile up. Children are looked up by their labels once and kept: `observe` runs
once per request.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, Literal, TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    values,
)
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from firebreak.model.finding import Direction
from firebreak.model.record import PolicyRef, Record

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
MAX_LABEL_SETS = 2000
"""Of one metric. Policies have tens of rules; past this everything new is counted as `other`."""
MAX_MODELS = 100
"""In the labels of one process. Past this every new model is counted as `other`."""
MAX_MODEL_CHARS = 64
OTHER = "other"

_CHECK_BUCKETS_S = (0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1.0, 2.5)
_STAGE_BUCKETS_S = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25)
_AUDIT_BUCKETS_S = (0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1.0)
_US = 1e-6

_Metric = TypeVar("_Metric", bound=MetricWrapperBase)


class _Children(Generic[_Metric]):
    """A metric's children by label values, bounded in number."""

    def __init__(self, metric: _Metric, labels: int) -> None:
        self._metric = metric
        self._other = (OTHER,) * labels
        self._kept: dict[tuple[str, ...], _Metric] = {}

    def __getitem__(self, labels: tuple[str, ...]) -> _Metric:
        child = self._kept.get(labels)
        if child is None:
            if len(self._kept) >= MAX_LABEL_SETS:
                labels = self._other
            child = self._kept[labels] = self._metric.labels(*labels)
        return child


class Metrics:
    """All metrics of one process. With a directory it is one worker of several."""

    def __init__(self, directory: Path | None = None, worker: int = 0) -> None:
        """Make one per process. Workers need a directory that `clear` has emptied when the service started."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library types it not
        self._directory = directory
        self._worker = str(worker)
        if directory is not None:
            _share(directory, worker)
        self._registry = registry = CollectorRegistry()
        self._policy: PolicyRef | None = None

        def counter(name: str, text: str, *labels: str) -> _Children[Counter]:
            return _Children(Counter(f"firebreak_{name}", text, labels, registry=registry), len(labels))

        self._decisions = counter(
            "decisions", "Decisions by what was decided.", "decision", "rule", "direction", "provider", "mode"
        )
        self._findings = counter("findings", "Findings by detector rule.", "kind", "rule")
        self._intents = counter("intent", "Asks by the policy's category.", "category")
        self._unreadable = counter("unreadable", "Requests and responses that could not be read.", "reason")
        self._endings = counter("stream_endings", "Responses by how they ended.", "ending")
        self._tokens = counter(
            "tokens", "Tokens, as providers count them or estimated.", "provider", "model", "type", "estimated"
        )
        self._costs = counter("cost", "Cost by the policy's prices.", "provider", "model", "currency", "estimated")
        self._models: set[str] = set()
        self._unavailable = counter("unavailable", "Parts that could not answer.", "part")
        self._alerts = counter("alerts", "Alerts raised.", "target")
        self._reloads = counter("policy_reload", "Attempts to load a policy.", "result")
        self._kubernetes = counter("kubernetes_calls", "Calls of the Kubernetes API.", "call", "result")
        self._bugs = counter("bugs", "Checks that ended in an error nobody foresaw, and were refused.", "error")
        self._open_gauges()
        self._open_histograms()

    def _open_gauges(self) -> None:
        registry = self._registry

        def gauge(name: str, text: str, mode: Literal["max", "livemax", "livesum"], *labels: str) -> Gauge:
            return Gauge(f"firebreak_{name}", text, labels, registry=registry, multiprocess_mode=mode)

        self._policy_info = gauge("policy_info", "The policy in force: 1.", "max", "name", "version", "digest")
        self._policy_refused = gauge("policy_refused", "1 while the policy in the directory does not load.", "livemax")
        self._policy_refused.set(0)
        self._build = gauge("build_info", "The program that runs: 1.", "max", "version", "python")
        self._in_flight = gauge("checks_in_flight", "Checks that have no answer yet.", "livesum")
        self._in_flight.set(0)
        self._audit_head = gauge("audit_head_seq", "Number of the last durable audit entry.", "max", "worker")
        self._audit_entries = Counter("firebreak_audit_entries", "Records made durable.", registry=registry)
        self._dropped = Counter(
            "firebreak_kubernetes_events_dropped", "Occurrences that no Event tells of.", registry=registry
        )
        self._audit_failures = Counter(
            "firebreak_audit_failures", "Records that could not be made durable.", registry=registry
        )

    def _open_histograms(self) -> None:
        registry = self._registry
        self._check = Histogram(
            "firebreak_check_duration_seconds",
            "A check, without the wire.",
            registry=registry,
            buckets=_CHECK_BUCKETS_S,
        )
        stage = Histogram(
            "firebreak_stage_duration_seconds",
            "One stage of a check.",
            ("stage",),
            registry=registry,
            buckets=_STAGE_BUCKETS_S,
        )
        self._stages = _Children(stage, 1)
        self._audit_append = Histogram(
            "firebreak_audit_append_seconds", "Until a record is durable.", registry=registry, buckets=_AUDIT_BUCKETS_S
        )

    def observe(self, record: Record) -> None:
        """Count one decision."""
        decision = record.decision
        direction = record.direction.value
        self._decisions[decision.verdict.name, decision.rule, direction, record.provider, decision.mode].inc()
        for stage, spent_us in record.timings_us.items():
            self._stages[(stage,)].observe(spent_us * _US)
        if record.direction is Direction.REQUEST:
            self._check.observe(sum(record.timings_us.values()) * _US)
        else:
            self._answered(record)
        for intent in record.intents:
            if intent.primary:
                self._intents[(intent.category,)].inc()
        for finding in record.findings:
            self._findings[finding.kind, finding.rule].inc()
        for absence in record.unavailable:
            self._unavailable[(absence.part,)].inc()
        for target in decision.alerts:
            self._alerts[(target,)].inc()
        if record.reason:
            self._unreadable[(record.reason,)].inc()

    def _answered(self, record: Record) -> None:
        """What only a response's record has."""
        self._endings[(record.ending,)].inc()
        usage = record.usage
        if usage is None:
            return
        model, estimated = self._model(record.model), str(usage.estimated).lower()
        counts = (
            ("input", usage.input),
            ("output", usage.output),
            ("cached", usage.cached),
            ("reasoning", usage.reasoning),
        )
        for kind, count in counts:
            if count > 0:
                self._tokens[record.provider, model, kind, estimated].inc(count)
        if record.cost > 0:
            self._costs[record.provider, model, record.currency, estimated].inc(record.cost)

    def _model(self, name: str) -> str:
        name = name[:MAX_MODEL_CHARS]
        if name not in self._models:
            if len(self._models) >= MAX_MODELS:
                return OTHER
            self._models.add(name)
        return name

    @contextmanager
    def in_flight(self) -> Iterator[None]:
        self._in_flight.inc()
        try:
            yield
        finally:
            self._in_flight.dec()

    @contextmanager
    def audit_append(self, head_seq: Callable[[], int]) -> Iterator[None]:
        """Around an append: its time when it succeeds, a failure when it raises. Who stops waiting for it, because the
        client hung up, says nothing of the log.
        """
        start_s = time.perf_counter()
        try:
            yield
        except Exception:
            self._audit_failures.inc()
            raise
        self._audit_append.observe(time.perf_counter() - start_s)
        self._audit_entries.inc()
        self._audit_head.labels(self._worker).set(head_seq())

    def reloaded(self, result: str) -> None:
        """`result` is `loaded` or `refused`."""
        self._reloads[(result,)].inc()
        self._policy_refused.set(result != "loaded")

    def policy(self, policy: PolicyRef) -> None:
        """From now on this policy is in force."""
        if self._policy is not None and self._policy != policy:
            old = self._policy
            self._policy_info.labels(old.name, old.version, old.digest).set(0)
        self._policy = policy
        self._policy_info.labels(policy.name, policy.version, policy.digest).set(1)

    def build(self, version: str, python: str) -> None:
        self._build.labels(version, python).set(1)

    def bug(self, error: str) -> None:
        """`error` is the name of an exception's type."""
        self._bugs[(error,)].inc()

    def kubernetes_call(self, call: str, result: str) -> None:
        """`call` is `event`, `annotation` or `token_review`, `result` `ok` or `failed`."""
        self._kubernetes[(call, result)].inc()

    def event_dropped(self) -> None:
        """An occurrence that no Event will tell of."""
        self._dropped.inc()

    def render(self) -> bytes:
        """What Prometheus scrapes: this process, or all workers of the directory."""
        if self._directory is None:
            return generate_latest(self._registry)
        merged = CollectorRegistry()
        MultiProcessCollector(merged, str(self._directory))  # type: ignore[no-untyped-call]  # the library types it not
        return generate_latest(merged)


def clear(directory: Path) -> None:
    """Make or empty the directory that workers share; the service does this once, before its workers start."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in directory.glob("*.db"):
        file.unlink()


def worker_ended(directory: Path, worker: int) -> None:
    """Forget what only a living worker has, such as checks in flight. Its counters stay."""
    mark_process_dead(worker, str(directory))  # type: ignore[no-untyped-call]  # the library types it not


def _share(directory: Path, worker: int) -> None:
    """Keep values in the directory's files, named after the worker and not after its process.

    The library reads both when a metric is made. Set here, they do not depend on who imports what first.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(directory)
    values.ValueClass = values.MultiProcessValue(lambda: worker)  # type: ignore[no-untyped-call]  # as above
