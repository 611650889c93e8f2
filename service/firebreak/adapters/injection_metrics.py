"""The webhook's metrics in Prometheus' form. Its labels come from the injector's own tables, never from a pod."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest

_BUCKETS_S = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0)


class InjectionMetrics:
    """One per process."""

    def __init__(self, codes: Iterable[tuple[str, str]]) -> None:
        """`codes` are all outcomes with their codes: each is there from the start, so that its first one is seen."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library types it not
        self._registry = registry = CollectorRegistry()
        self._injections = Counter(
            "firebreak_injections", "Pods by what became of them.", ("outcome", "code"), registry=registry
        )
        for outcome, code in codes:
            self._injections.labels(outcome, code)
        self._faults = Counter(
            "firebreak_webhook_faults",
            "Requests that were no question about a pod, by HTTP status, or by the name of an error nobody foresaw.",
            ("fault",),
            registry=registry,
        )
        self._duration = Histogram(
            "firebreak_injection_duration_seconds",
            "The decision on one pod, without the wire.",
            buckets=_BUCKETS_S,
            registry=registry,
        )
        self._ends = Gauge(
            "firebreak_webhook_certificate_end_timestamp_seconds",
            "When the certificate that is served ends; 0 without any.",
            registry=registry,
        )
        self._events = Counter(
            "firebreak_webhook_events", "Events by what became of them.", ("result",), registry=registry
        )
        self._build = Gauge(
            "firebreak_build_info", "The program that runs: 1.", ("version", "python"), registry=registry
        )

    def decided(self, outcome: str, code: str, took_s: float) -> None:
        self._injections.labels(outcome, code).inc()
        self._duration.observe(took_s)

    def fault(self, name: str) -> None:
        """`name` is an HTTP status or the name of an exception's type."""
        self._faults.labels(name).inc()

    def certificate_ends(self, ends_s: float) -> None:
        self._ends.set(ends_s)

    def event(self, result: str) -> None:
        """`result` is `sent`, `failed`, or `dropped` where there were too many."""
        self._events.labels(result).inc()

    def build(self, version: str, python: str) -> None:
        self._build.labels(version, python).set(1)

    def render(self) -> bytes:
        """What Prometheus scrapes."""
        return generate_latest(self._registry)
