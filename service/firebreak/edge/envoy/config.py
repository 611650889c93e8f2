"""The whole configuration from the options: the one generator behind the demo, the tests and the chart."""

import json

from firebreak.edge.envoy.clusters import clusters
from firebreak.edge.envoy.egress import egress_clusters, egress_listener, egress_runtime, egress_tags
from firebreak.edge.envoy.extension import Json
from firebreak.edge.envoy.listener import listener
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.edge.envoy.overload import overload_manager
from firebreak.edge.envoy.status import admin_cluster, status_listener

HEADER = "# Written by `firebreak envoy` for Envoy 1.40. JSON is YAML: any reader of either takes it.\n"
OWNER_ONLY = 0o600


def config(options: EnvoyOptions) -> Json:
    status = bool(options.status_port)
    egress = options.egress
    return {
        "node": {"id": options.node_id, "cluster": options.node_cluster},
        "admin": {"address": {"pipe": {"path": options.admin_socket, "mode": OWNER_ONLY}}},
        "overload_manager": overload_manager(options.overload),
        **({"stats_config": {"stats_tags": egress_tags()}, "layered_runtime": egress_runtime()} if egress else {}),
        "static_resources": {
            "listeners": [
                listener(options),
                *([egress_listener(options, egress)] if egress else []),
                *([status_listener(options)] if status else []),
            ],
            "clusters": [
                *clusters(options),
                *(egress_clusters(options, egress) if egress else []),
                *([admin_cluster(options)] if status else []),
            ],
        },
    }


def render(options: EnvoyOptions) -> str:
    """Text for `envoy -c`; the same options always give the same bytes."""
    return HEADER + json.dumps(config(options), indent=2) + "\n"
