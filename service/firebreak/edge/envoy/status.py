"""What may be known of Envoy from outside the pod: whether it is ready, and its counters.

The admin interface stays on its socket: only its page of metrics is handed on, and only to GET.
"""

from firebreak.edge.envoy.clusters import ENGINE
from firebreak.edge.envoy.extension import Json, extension
from firebreak.edge.envoy.options import EnvoyOptions

ADMIN = "admin"
READY_PATH = "/ready"
METRICS_PATH = "/stats/prometheus"


def status_listener(options: EnvoyOptions) -> Json:
    """`/ready` answers 200 while a worker of the service is healthy, else 503."""
    manager = extension(
        "envoy.filters.network.http_connection_manager",
        "filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix="status",
        codec_type="HTTP1",
        stream_idle_timeout="10s",
        request_timeout="10s",
        request_headers_timeout="10s",
        common_http_protocol_options={"idle_timeout": "60s"},
        http_filters=[_ready(), extension("envoy.filters.http.router", "filters.http.router.v3.Router")],
        route_config=_routes(),
    )
    return {
        "name": "status",
        "address": {"socket_address": {"address": options.status_host, "port_value": options.status_port}},
        "filter_chains": [{"filters": [manager]}],
        # Probes must get through when the workload has taken all the connections it may.
        "ignore_global_conn_limit": True,
    }


def admin_cluster(options: EnvoyOptions) -> Json:
    pipe = {"pipe": {"path": options.admin_socket}}
    endpoints = [{"lb_endpoints": [{"endpoint": {"address": pipe}}]}]
    return {
        "name": ADMIN,
        "type": "STATIC",
        "connect_timeout": "0.25s",
        "load_assignment": {"cluster_name": ADMIN, "endpoints": endpoints},
    }


def _ready() -> Json:
    return extension(
        "envoy.filters.http.health_check",
        "filters.http.health_check.v3.HealthCheck",
        pass_through_mode=False,
        headers=[{"name": ":path", "string_match": {"exact": READY_PATH}}],
        cluster_min_healthy_percentages={ENGINE: {"value": 1}},
    )


def _routes() -> Json:
    read = {"name": ":method", "string_match": {"exact": "GET"}}
    metrics = {"match": {"path": METRICS_PATH, "headers": [read]}, "route": {"cluster": ADMIN, "timeout": "5s"}}
    nothing = {"match": {"prefix": "/"}, "direct_response": {"status": 404}}
    return {"name": "status", "virtual_hosts": [{"name": "status", "domains": ["*"], "routes": [metrics, nothing]}]}
