"""One JSON line an exchange: the decision, what became of it, and how long it took. No body, query or credential."""

from firebreak.edge.envoy.clusters import OTLP
from firebreak.edge.envoy.extension import Json, extension
from firebreak.edge.envoy.filters import CHECK
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.edge.envoy.replies import REASON_HEADER

STANDARD_STREAMS = {"/dev/stdout": "StdoutAccessLog", "/dev/stderr": "StderrAccessLog"}

FIELDS = {
    "ts": "%START_TIME%",
    "request_id": "%REQ(X-REQUEST-ID)%",
    "trace_id": "%TRACE_ID%",
    "route": "%ROUTE_NAME%",
    "method": "%REQ(:METHOD)%",
    "path": "%PATH(NQ:PATH):200%",
    "status": "%RESPONSE_CODE%",
    "details": "%RESPONSE_CODE_DETAILS%",
    "flags": "%RESPONSE_FLAGS%",
    "reason": f"%RESP({REASON_HEADER}):64%",
    "decision": f"%DYNAMIC_METADATA({CHECK}:decision)%",
    "rule": f"%DYNAMIC_METADATA({CHECK}:rule)%",
    "record": f"%DYNAMIC_METADATA({CHECK}:record)%",
    "policy": f"%DYNAMIC_METADATA({CHECK}:policy)%",
    "mode": f"%DYNAMIC_METADATA({CHECK}:mode)%",
    "inspected": f"%DYNAMIC_METADATA({CHECK}:inspected)%",
    "check_us": f"%FILTER_STATE({CHECK}:FIELD:latency_us)%",
    "upstream": "%UPSTREAM_CLUSTER%",
    "bytes_in": "%BYTES_RECEIVED%",
    "bytes_out": "%BYTES_SENT%",
    "first_byte_ms": "%RESPONSE_DURATION%",
    "duration_ms": "%DURATION%",
}


EGRESS_FIELDS = {
    "ts": "%START_TIME%",
    "egress": "%FILTER_CHAIN_NAME%",
    "name": "%REQUESTED_SERVER_NAME%",
    "address": "%DOWNSTREAM_LOCAL_ADDRESS%",
    "upstream": "%UPSTREAM_HOST%",
    "details": "%CONNECTION_TERMINATION_DETAILS%",
    "flags": "%RESPONSE_FLAGS%",
    "bytes_in": "%BYTES_RECEIVED%",
    "bytes_out": "%BYTES_SENT%",
    "duration_ms": "%DURATION%",
}
"""A connection that the egress lock redirected: where the client wanted to go, and where it went or why it did not."""

EGRESS_HTTP_FIELDS = {
    "ts": "%START_TIME%",
    "egress": "plain_http",
    "name": "%REQ(:AUTHORITY):253%",
    "address": "%DOWNSTREAM_LOCAL_ADDRESS%",
    "upstream": "%UPSTREAM_HOST%",
    "method": "%REQ(:METHOD)%",
    "path": "%PATH(NQ:PATH):200%",
    "status": "%RESPONSE_CODE%",
    "details": "%RESPONSE_CODE_DETAILS%",
    "flags": "%RESPONSE_FLAGS%",
    "bytes_in": "%BYTES_RECEIVED%",
    "bytes_out": "%BYTES_SENT%",
    "duration_ms": "%DURATION%",
}


def access_logs(options: EnvoyOptions) -> list[Json]:
    local = local_log(options, FIELDS)
    return [local, _otlp(options)] if options.otlp else [local]


def local_log(options: EnvoyOptions, fields: dict[str, str]) -> Json:
    lines = {"omit_empty_values": True, "json_format": fields}
    stream = STANDARD_STREAMS.get(options.access_log, "")
    if stream:
        name = f"envoy.access_loggers.{stream[:6].lower()}"
        return extension(name, f"access_loggers.stream.v3.{stream}", log_format=lines)
    return extension(
        "envoy.access_loggers.file",
        "access_loggers.file.v3.FileAccessLog",
        path=options.access_log,
        log_format=lines,
    )


def _otlp(options: EnvoyOptions) -> Json:
    names = {"status": "http.response.status_code", "path": "url.path", "method": "http.request.method"}
    attributes = [
        {"key": names.get(field, f"firebreak.{field}"), "value": {"string_value": text}}
        for field, text in FIELDS.items()
        if field != "ts"
    ]
    return extension(
        "envoy.access_loggers.open_telemetry",
        "access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig",
        grpc_service={"envoy_grpc": {"cluster_name": OTLP}, "timeout": "1s"},
        log_name="firebreak",
        body={"string_value": "exchange"},
        attributes={"values": attributes},
        resource_attributes={"values": [{"key": "service.name", "value": {"string_value": options.node_cluster}}]},
    )
