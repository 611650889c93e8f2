"""A receiver of OTLP over gRPC that writes every span as one JSON line: the demo's stand-in for a collector."""

import json
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

import grpc
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span

TRACES = "opentelemetry.proto.collector.trace.v1.TraceService"
LOGS = "opentelemetry.proto.collector.logs.v1.LogsService"
STOP_S = 2.0
QUIET_S = 0.3
QUIET_LIMIT_S = 3.0


class OtlpReceiver:
    """Listens on a port of the loopback address while entered; `spans` counts what it wrote to `file`."""

    def __init__(self, file: Path, port: int = 0) -> None:
        self._file = file
        self._lock = Lock()
        self.port = port
        self.spans = 0
        self._server = grpc.server(ThreadPoolExecutor(max_workers=2))

    @property
    def endpoint(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._file.touch()
        self._server.add_generic_rpc_handlers((_traces(self), _logs()))
        self.port = self._server.add_insecure_port(self.endpoint)
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop(STOP_S).wait()

    def wait_quiet(self) -> None:
        """Until no span has come for a moment: senders hand over the last ones in their own time."""
        deadline_s = time.monotonic() + QUIET_LIMIT_S
        before = -1
        while before != self.spans and time.monotonic() < deadline_s:
            before = self.spans
            time.sleep(QUIET_S)

    def take(self, request: trace_service_pb2.ExportTraceServiceRequest) -> None:
        """Append the request's spans, all of them or, when the disk is full, an error to the sender."""
        lines = [json.dumps(line) + "\n" for line in flatten(request)]
        with self._lock, self._file.open("a", encoding="utf-8") as file:
            file.writelines(lines)
            self.spans += len(lines)


def flatten(request: trace_service_pb2.ExportTraceServiceRequest) -> Iterator[dict[str, Any]]:
    """Each span with its service's name, ids in hex, times in Unix nanoseconds."""
    for resource in request.resource_spans:
        service = _attributes(resource.resource.attributes).get("service.name", "")
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield _line(span, service)


def _line(span: Span, service: Any) -> dict[str, Any]:
    return {
        "service": service,
        "name": span.name,
        "kind": Span.SpanKind.Name(span.kind),
        "trace_id": span.trace_id.hex(),
        "span_id": span.span_id.hex(),
        "parent_span_id": span.parent_span_id.hex(),
        "start_unix_ns": span.start_time_unix_nano,
        "end_unix_ns": span.end_time_unix_nano,
        "attributes": _attributes(span.attributes),
    }


def _attributes(pairs: Iterable[KeyValue]) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: AnyValue) -> Any:
    match value.WhichOneof("value"):
        case None:
            return None
        case "array_value":
            return [_value(item) for item in value.array_value.values]
        case "kvlist_value":
            return _attributes(value.kvlist_value.values)
        case "bytes_value":
            return value.bytes_value.hex()
        case name:
            return getattr(value, name)


def _traces(receiver: OtlpReceiver) -> "grpc.GenericRpcHandler[Any, Any]":
    def export(
        request: trace_service_pb2.ExportTraceServiceRequest, _context: grpc.ServicerContext
    ) -> trace_service_pb2.ExportTraceServiceResponse:
        receiver.take(request)
        return trace_service_pb2.ExportTraceServiceResponse()

    method = grpc.unary_unary_rpc_method_handler(
        export,
        request_deserializer=trace_service_pb2.ExportTraceServiceRequest.FromString,
        response_serializer=trace_service_pb2.ExportTraceServiceResponse.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(TRACES, {"Export": method})


def _logs() -> "grpc.GenericRpcHandler[Any, Any]":
    """Envoy sends its access log as well. It is also in a file, so this copy is taken and dropped."""

    def export(
        _request: logs_service_pb2.ExportLogsServiceRequest, _context: grpc.ServicerContext
    ) -> logs_service_pb2.ExportLogsServiceResponse:
        return logs_service_pb2.ExportLogsServiceResponse()

    method = grpc.unary_unary_rpc_method_handler(
        export,
        request_deserializer=logs_service_pb2.ExportLogsServiceRequest.FromString,
        response_serializer=logs_service_pb2.ExportLogsServiceResponse.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(LOGS, {"Export": method})
