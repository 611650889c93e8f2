"""The way in: one listener that speaks HTTP/1 and reads a path in one way only.

Rules:
1. A path that could be read in two ways is refused or put in its one form before a route is chosen.
2. No upgrade and no CONNECT: what cannot be read is not carried.
3. No client is inside: what Envoy would take from a peer it trusts, it takes from nobody.
"""

from firebreak.edge.envoy.access_log import access_logs
from firebreak.edge.envoy.clusters import OTLP
from firebreak.edge.envoy.extension import Json, extension, seconds
from firebreak.edge.envoy.filters import http_filters
from firebreak.edge.envoy.identity import MAX_CONNECTION_S, caller_tls
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.edge.envoy.replies import local_reply_config
from firebreak.edge.envoy.routes import route_config

BUFFER_BYTES = 1024 * 1024
"""Per connection and direction; a body that waits for its check is held besides, up to its own limit."""


def listener(options: EnvoyOptions) -> Json:
    manager = extension(
        "envoy.filters.network.http_connection_manager",
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        **_reading(options),
        **_times(options),
        **_identity(),
        **_tracing(options),
        local_reply_config=local_reply_config(),
        access_log=access_logs(options),
        http_filters=http_filters(options),
        route_config=route_config(options),
    )
    return {
        "name": "llm",
        "address": {"socket_address": {"address": options.listen_host, "port_value": options.listen_port}},
        "per_connection_buffer_limit_bytes": BUFFER_BYTES,
        "filter_chains": [{"filters": [manager], **caller_tls(options)}],
    }


def _reading(options: EnvoyOptions) -> Json:
    """A slash that is escaped could be read in two ways. Only Bedrock has some, in the ARNs of models: there they stay
    as they are, and each codec's lists of paths, which know of no other escapes, refuse them elsewhere.
    """
    arns = any(provider.api == "bedrock" for provider in options.providers)
    return {
        "stat_prefix": "llm",
        # HTTP/2 from the application would allow framings that the size check must not depend on.
        "codec_type": "HTTP1",
        "normalize_path": True,
        "merge_slashes": True,
        "path_with_escaped_slashes_action": "KEEP_UNCHANGED" if arns else "REJECT_REQUEST",
        "max_request_headers_kb": 60,
        "server_header_transformation": "PASS_THROUGH",
    }


def _times(options: EnvoyOptions) -> Json:
    return {
        "common_http_protocol_options": {
            "idle_timeout": "300s",
            "headers_with_underscores_action": "REJECT_REQUEST",
            **({"max_connection_duration": seconds(MAX_CONNECTION_S)} if options.tls_dir else {}),
        },
        "stream_idle_timeout": seconds(options.stream_idle_timeout_s),
        "request_headers_timeout": "10s",
        "request_timeout": seconds(options.request_timeout_s),
        "drain_timeout": "5s",
        "delayed_close_timeout": "1s",
    }


def _identity() -> Json:
    """The request id is Envoy's own, so that two exchanges never share one."""
    return {
        "use_remote_address": True,
        "skip_xff_append": True,
        "generate_request_id": True,
        "preserve_external_request_id": False,
        "always_set_request_id_in_response": True,
    }


def _tracing(options: EnvoyOptions) -> Json:
    if not options.otlp:
        return {}
    provider = extension(
        "envoy.tracers.opentelemetry",
        "envoy.config.trace.v3.OpenTelemetryConfig",
        service_name=options.node_cluster,
        grpc_service={"envoy_grpc": {"cluster_name": OTLP}, "timeout": "1s"},
    )
    # Envoy's own sampling decides since 1.39, and its default is not everything.
    return {"tracing": {"random_sampling": {"value": 100}, "spawn_upstream_span": True, "provider": provider}}
