"""Whom Envoy connects to: the service, the providers, the collector.

Rules:
1. A provider's certificate must be signed by the given authorities and carry the configured host's name; what the
   client wrote in its Host header has no say.
2. A worker that is down gets no requests, and when all are down there is no one left to ask: no panic mode.
3. The provider may not answer with headers that are ours, nor does it get headers that are Envoy's.
"""

from firebreak.edge.envoy.credentials import credential_filters
from firebreak.edge.envoy.extension import Json, extension, seconds, typed
from firebreak.edge.envoy.options import EnvoyOptions, Provider, parse_address

ENGINE = "engine"
OTLP = "otlp"
HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
BUFFER_BYTES = 1024 * 1024
STARTING_INTERVAL_S = 0.1
"""How often a worker that is not healthy is asked: a pod waits for the first yes, and so do refused requests."""
STREAM_WINDOW_BYTES = 1024 * 1024
CONNECTION_WINDOW_BYTES = 16 * 1024 * 1024


def clusters(options: EnvoyOptions) -> list[Json]:
    collector = [_otlp(options)] if options.otlp else []
    return [_engine(options), *(_provider(provider, options) for provider in options.providers), *collector]


def provider_cluster(provider: Provider) -> str:
    return f"provider_{provider.name}"


def _engine(options: EnvoyOptions) -> Json:
    return {
        "name": ENGINE,
        "type": "STATIC" if all(parse_address(text).path for text in options.engine) else "STRICT_DNS",
        "lb_policy": "LEAST_REQUEST",
        "connect_timeout": "0.25s",
        "per_connection_buffer_limit_bytes": BUFFER_BYTES,
        "common_lb_config": {"healthy_panic_threshold": {"value": 0}},
        "circuit_breakers": {
            "thresholds": [
                {"max_connections": 256, "max_pending_requests": 1024, "max_requests": 4096, "max_retries": 64}
            ]
        },
        "outlier_detection": _outliers(),
        "health_checks": [
            {
                "timeout": "0.5s",
                "interval": seconds(options.health_interval_s),
                "unhealthy_interval": seconds(STARTING_INTERVAL_S),
                "no_traffic_interval": seconds(STARTING_INTERVAL_S),
                "no_traffic_healthy_interval": seconds(options.health_interval_s),
                "unhealthy_threshold": 2,
                "healthy_threshold": 1,
                "grpc_health_check": {"service_name": ""},
            }
        ],
        "typed_extension_protocol_options": {
            HTTP_OPTIONS: typed(
                HTTP_OPTIONS,
                explicit_http_config={
                    "http2_protocol_options": {
                        "initial_stream_window_size": STREAM_WINDOW_BYTES,
                        "initial_connection_window_size": CONNECTION_WINDOW_BYTES,
                    }
                },
            )
        },
        "load_assignment": _endpoints(ENGINE, options.engine),
    }


def _outliers() -> Json:
    """A worker that refuses connections loses its turn before the next health check says so.

    Half of them at most, and never the only one: what is merely slow must not be taken for dead everywhere at once.
    """
    return {
        "split_external_local_origin_errors": True,
        "consecutive_local_origin_failure": 3,
        "enforcing_consecutive_local_origin_failure": 100,
        "enforcing_local_origin_success_rate": 0,
        "enforcing_consecutive_5xx": 0,
        "enforcing_consecutive_gateway_failure": 0,
        "enforcing_success_rate": 0,
        "base_ejection_time": "1s",
        "max_ejection_time": "5s",
        "max_ejection_percent": 50,
    }


def _provider(provider: Provider, options: EnvoyOptions) -> Json:
    name = provider_cluster(provider)
    address = {"socket_address": {"address": provider.host, "port_value": provider.port}}
    cluster = {
        "name": name,
        "type": "STRICT_DNS",
        "dns_lookup_family": "V4_PREFERRED",
        "connect_timeout": seconds(options.connect_timeout_s),
        "per_connection_buffer_limit_bytes": BUFFER_BYTES,
        "circuit_breakers": {
            "thresholds": [
                {"max_connections": 1024, "max_pending_requests": 1024, "max_requests": 1024, "max_retries": 3}
            ]
        },
        "typed_extension_protocol_options": {HTTP_OPTIONS: _provider_protocol(provider, options)},
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"hostname": provider.host, "address": address}}]}],
        },
    }
    return cluster | ({"transport_socket": _tls(provider)} if provider.tls else {})


def _provider_protocol(provider: Provider, options: EnvoyOptions) -> Json:
    plain: Json = {"explicit_http_config": {"http_protocol_options": {}}}
    negotiated: Json = {"auto_config": {"http_protocol_options": {}, "http2_protocol_options": {}}}
    filters = _provider_filters(provider, options)
    return typed(HTTP_OPTIONS, **(negotiated if provider.tls else plain), http_filters=filters)


def _provider_filters(provider: Provider, options: EnvoyOptions) -> list[Json]:
    """Run on what is really sent to and received from the provider, behind everything else."""
    foreign = [{"remove_on_match": {"key_matcher": {"prefix": prefix}}} for prefix in ("x-firebreak-", "x-envoy-")]
    return [
        extension(
            "envoy.filters.http.header_mutation",
            "filters.http.header_mutation.v3.HeaderMutation",
            mutations={"request_mutations": foreign, "response_mutations": foreign},
        ),
        *credential_filters(provider, options),
        extension("envoy.filters.http.upstream_codec", "filters.http.upstream_codec.v3.UpstreamCodec"),
    ]


def _tls(provider: Provider) -> Json:
    return extension(
        "envoy.transport_sockets.tls",
        "transport_sockets.tls.v3.UpstreamTlsContext",
        auto_host_sni=True,
        auto_sni_san_validation=True,
        common_tls_context={
            "tls_params": {"tls_minimum_protocol_version": "TLSv1_2"},
            "validation_context": {"trusted_ca": {"filename": provider.ca_file}},
            "alpn_protocols": ["h2", "http/1.1"],
        },
    )


def _otlp(options: EnvoyOptions) -> Json:
    return {
        "name": OTLP,
        "type": "STRICT_DNS",
        "connect_timeout": "1s",
        "typed_extension_protocol_options": {
            HTTP_OPTIONS: typed(HTTP_OPTIONS, explicit_http_config={"http2_protocol_options": {}})
        },
        "load_assignment": _endpoints(OTLP, (options.otlp,)),
    }


def _endpoints(cluster: str, addresses: tuple[str, ...]) -> Json:
    endpoints = [{"endpoint": {"address": _address(address)}} for address in addresses]
    return {"cluster_name": cluster, "endpoints": [{"lb_endpoints": endpoints}]}


def _address(text: str) -> Json:
    address = parse_address(text)
    if address.path:
        return {"pipe": {"path": address.path}}
    return {"socket_address": {"address": address.host, "port_value": address.port}}
