"""An OTLP receiver that keeps the access log and the spans, and shows them as Loki and Tempo show theirs.

Loki keeps the attributes of a line with their dots as underscores, and the service's name as a label. Tempo answers a
search with a row for each span that fits. Neither server is here: what is tried is that the queries' fields are in
what Envoy and the service really send.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from firebreak.local.otlp_receiver import LOGS, TRACES, flatten


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the access log as Loki keeps it."""

    time_ns: int
    labels: dict[str, str]


@dataclass(slots=True)
class Collector:
    """Listens on a port of the loopback address while entered."""

    lines: list[Line] = field(default_factory=list)
    spans: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    _server: Any = None

    def __enter__(self) -> Self:
        self._server = grpc.server(ThreadPoolExecutor(max_workers=2))
        self._server.add_generic_rpc_handlers((self._handler(TRACES), self._handler(LOGS)))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop(1).wait()

    def _handler(self, service: str) -> Any:
        pairs: dict[str, tuple[Any, Any]] = {
            TRACES: (trace_service_pb2.ExportTraceServiceRequest, trace_service_pb2.ExportTraceServiceResponse),
            LOGS: (logs_service_pb2.ExportLogsServiceRequest, logs_service_pb2.ExportLogsServiceResponse),
        }
        asked, answered = pairs[service]

        def export(request: Any, _context: grpc.ServicerContext) -> Any:
            if service == TRACES:
                self.spans += flatten(request)
            else:
                self._keep(request)
            return answered()

        method = grpc.unary_unary_rpc_method_handler(
            export, request_deserializer=asked.FromString, response_serializer=answered.SerializeToString
        )
        return grpc.method_handlers_generic_handler(service, {"Export": method})

    def _keep(self, request: logs_service_pb2.ExportLogsServiceRequest) -> None:
        for resource in request.resource_logs:
            own = _texts(list(resource.resource.attributes))
            for record in (record for scope in resource.scope_logs for record in scope.log_records):
                self.lines.append(Line(record.time_unix_nano, own | _texts(list(record.attributes))))

    def search_lines(self, expr: str) -> list[Line]:
        """The lines that a LogQL query of the dashboards' form finds, newest first."""
        selector, *filters = expr.split(" | ")
        conditions = [_condition(text) for text in (selector.strip("{}"), *filters)]
        found = [line for line in self.lines if all(_holds(line.labels, one) for one in conditions)]
        return sorted(found, key=lambda line: -line.time_ns)

    def search_spans(self, query: str) -> list[dict[str, Any]]:
        """The spans that a TraceQL query of the dashboards' form finds: `{ a = "b" && c = "d" } | select(...)`."""
        inside = query[query.index("{") + 1 : query.index("}")]
        conditions = [_condition(text.strip()) for text in inside.split("&&")]
        return [span for span in self.spans if all(_holds(_scoped(span), one) for one in conditions)]


def _texts(attributes: list[KeyValue]) -> dict[str, str]:
    return {pair.key.replace(".", "_"): pair.value.string_value for pair in attributes}


def _scoped(span: dict[str, Any]) -> dict[str, str]:
    return {"resource.service.name": span["service"]} | {
        f"span.{name}": str(value) for name, value in span["attributes"].items()
    }


def _condition(text: str) -> tuple[str, str, str]:
    found = re.fullmatch(r'([\w.]+)\s*(=~|=)\s*"([^"]*)"', text)
    assert found, f"not of the form that the dashboards use: {text}"
    name, operator, value = found.groups()
    return name, operator, value


def _holds(labels: dict[str, str], condition: tuple[str, str, str]) -> bool:
    name, operator, value = condition
    given = labels.get(name, "")
    return given == value if operator == "=" else re.fullmatch(value, given) is not None
