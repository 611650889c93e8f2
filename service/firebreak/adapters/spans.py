"""Spans for a collector, made from a record after its answer has gone: `firebreak.check` for a request, with a child
for each stage, and `firebreak.response` for what came back.

Needs the extra `otlp`: importing this module without it is `BadConfig`. Export runs in its own thread, from a bounded
queue; what a slow or absent collector cannot take is dropped there and never felt by a request.
"""

from typing import TypeAlias

from firebreak.audit.traceparent import parse
from firebreak.model.errors import BadConfig
from firebreak.model.finding import Direction
from firebreak.model.record import Record

try:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, SpanKind, TraceFlags
    from opentelemetry.trace.status import Status, StatusCode
except ImportError as error:
    raise BadConfig(
        "otlp", "spans are asked for, but the extra `otlp` is missing", "install firebreak[otlp]"
    ) from error

Attributes: TypeAlias = dict[str, str | bool | int | list[str]]

CHECK, RESPONSE = "firebreak.check", "firebreak.response"
EXPORT_TIMEOUT_S = 5
FLUSH_TIMEOUT_MS = 5000
MAX_TEXT_CHARS = 256
_NS_PER_US = 1000
_NS_PER_S = 1_000_000_000

_OPERATIONS = {
    "chat": "chat",
    "messages": "chat",
    "responses": "chat",
    "completions": "text_completion",
    "embeddings": "embeddings",
}
"""OpenTelemetry's names of GenAI operations, by the last word of a surface. Others keep our word."""

_PROVIDERS = {"azure": "azure.ai.openai", "azure_openai": "azure.ai.openai"}
"""OpenTelemetry's names of GenAI providers where they differ from the first word of a surface."""


class Spans:
    """Sends the spans of records whose trace is sampled, or that have none."""

    def __init__(self, exporter: SpanExporter, version: str, worker: int = 0) -> None:
        self._processor = BatchSpanProcessor(exporter)
        self._ids = RandomIdGenerator()
        self._scope = InstrumentationScope("firebreak", version)
        self._resource = Resource.create(
            {"service.name": "firebreak", "service.version": version, "service.instance.id": f"worker-{worker}"}
        )

    def observe(self, record: Record) -> None:
        """Queue the record's spans."""
        parent = parse(record.traceparent)
        if parent is not None and not parent.sampled:
            return
        trace_id = int(parent.trace_id, 16) if parent else self._ids.generate_trace_id()
        above = _context(trace_id, int(parent.span_id, 16), remote=True) if parent else None
        check = _context(trace_id, self._ids.generate_span_id())
        start_ns = round(record.time_s * _NS_PER_S)
        at_ns = start_ns
        asked = record.direction is Direction.REQUEST
        for stage, spent_us in record.timings_us.items():
            end_ns = at_ns + spent_us * _NS_PER_US
            if asked:
                own = _context(trace_id, self._ids.generate_span_id())
                self._send(f"firebreak.{stage}", own, check, (at_ns, end_ns), {})
            at_ns = end_ns
        attributes = _attributes(record) | (_request(record) if asked else _response(record))
        self._send(CHECK if asked else RESPONSE, check, above, (start_ns, at_ns), attributes)

    def close(self) -> None:
        """Export what waits, for a bounded time."""
        self._processor.force_flush(FLUSH_TIMEOUT_MS)
        self._processor.shutdown()  # type: ignore[no-untyped-call]  # the library types it not

    def _send(
        self,
        name: str,
        context: SpanContext,
        parent: SpanContext | None,
        from_to_ns: tuple[int, int],
        attributes: Attributes,
    ) -> None:
        self._processor.on_end(
            ReadableSpan(
                name=name,
                context=context,
                parent=parent,
                resource=self._resource,
                attributes=attributes,
                kind=SpanKind.SERVER if name in (CHECK, RESPONSE) else SpanKind.INTERNAL,
                instrumentation_scope=self._scope,
                status=Status(StatusCode.UNSET),
                start_time=from_to_ns[0],
                end_time=from_to_ns[1],
            )
        )


def otlp(endpoint: str, *, insecure: bool, version: str, worker: int = 0) -> Spans:
    """Spans to a collector's OTLP/gRPC endpoint (`host:port`); it is not contacted before there is a span to send."""
    return Spans(OTLPSpanExporter(endpoint=endpoint, insecure=insecure, timeout=EXPORT_TIMEOUT_S), version, worker)


def _context(trace_id: int, span_id: int, *, remote: bool = False) -> SpanContext:
    return SpanContext(trace_id, span_id, remote, TraceFlags(TraceFlags.SAMPLED))


def _attributes(record: Record) -> Attributes:
    decision = record.decision
    maker, _, call = record.surface.partition(".")
    return {
        "gen_ai.operation.name": _OPERATIONS.get(call, call),
        "gen_ai.provider.name": _PROVIDERS.get(record.provider, _PROVIDERS.get(maker, maker)),
        "gen_ai.request.model": record.model[:MAX_TEXT_CHARS],
        "http.request.method": record.method[:MAX_TEXT_CHARS],
        "url.path": record.path[:MAX_TEXT_CHARS],
        "firebreak.record": record.id,
        "firebreak.direction": record.direction.value,
        "firebreak.provider": record.provider,
        "firebreak.decision": decision.verdict.name,
        "firebreak.rule": decision.rule,
        "firebreak.refused": decision.refuses,
        "firebreak.mode": decision.mode.value,
        "firebreak.policy.name": record.policy.name,
        "firebreak.policy.version": record.policy.version,
        "firebreak.policy.digest": record.policy.digest,
        "firebreak.findings": sorted({finding.rule for finding in record.findings}),
        "firebreak.unavailable": sorted({absence.part for absence in record.unavailable}),
        "firebreak.reason": record.reason,
    }


def _request(record: Record) -> Attributes:
    return {
        "http.request.body.size": record.body_bytes,
        "firebreak.intents": sorted({intent.category for intent in record.intents}),
    }


def _response(record: Record) -> Attributes:
    found: Attributes = {
        "http.response.status_code": record.status,
        "http.response.body.size": record.body_bytes,
        "firebreak.ending": record.ending,
        "firebreak.changes": record.changes,
        "firebreak.late": record.late,
    }
    if record.usage is not None:
        found["gen_ai.usage.input_tokens"] = record.usage.input
        found["gen_ai.usage.output_tokens"] = record.usage.output
        found["firebreak.usage.estimated"] = record.usage.estimated
    return found
