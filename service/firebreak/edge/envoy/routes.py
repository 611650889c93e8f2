"""Which paths lead where: one prefix a provider, and a refusal for everything else.

Rules:
1. No route turns the check off. The refusals of this table are also checked, so that they leave a record.
2. Each route tells the service, in words that no client can set, which provider and API it leads to.
3. The host that is sent is the configured one.
"""

from firebreak.edge.envoy.clusters import provider_cluster
from firebreak.edge.envoy.extension import Json, seconds, typed
from firebreak.edge.envoy.filters import CHECK
from firebreak.edge.envoy.options import UNKNOWN, EnvoyOptions, Provider


def route_config(options: EnvoyOptions) -> Json:
    by_length = sorted(options.providers, key=lambda provider: (-len(provider.prefix), provider.prefix))
    routes = [route for provider in by_length for route in _provider_routes(provider, options)]
    return {
        "name": "providers",
        "validate_clusters": True,
        "virtual_hosts": [{"name": "providers", "domains": ["*"], "routes": [*routes, _nowhere()]}],
    }


def _provider_routes(provider: Provider, options: EnvoyOptions) -> list[Json]:
    checked = _checked(provider.name, provider.api, provider.prefix)
    encoded = {"name": "content-encoding", "present_match": True}
    return [
        {
            "name": f"{provider.name}/encoded",
            "match": {"prefix": f"{provider.prefix}/", "headers": [encoded]},
            "direct_response": {"status": 415},
            "typed_per_filter_config": checked,
        },
        {
            "name": provider.name,
            "match": {"prefix": f"{provider.prefix}/"},
            "route": {
                "cluster": provider_cluster(provider),
                "prefix_rewrite": provider.path_rewrite,
                "host_rewrite_literal": _authority(provider),
                "timeout": "0s",
                "idle_timeout": seconds(options.stream_idle_timeout_s),
            },
            "typed_per_filter_config": checked,
        },
    ]


def _nowhere() -> Json:
    return {
        "name": UNKNOWN,
        "match": {"prefix": "/"},
        "direct_response": {"status": 403},
        "typed_per_filter_config": _checked(UNKNOWN, UNKNOWN, ""),
    }


def _checked(provider: str, api: str, prefix: str) -> Json:
    extensions = {"provider": provider, "api": api, "prefix": prefix}
    settings = {"context_extensions": extensions}
    return {CHECK: typed("filters.http.ext_authz.v3.ExtAuthzPerRoute", check_settings=settings)}


def _authority(provider: Provider) -> str:
    host = f"[{provider.host}]" if ":" in provider.host else provider.host
    return host if provider.port == (443 if provider.tls else 80) else f"{host}:{provider.port}"
