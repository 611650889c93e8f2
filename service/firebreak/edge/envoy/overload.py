"""When Envoy refuses work instead of running out of memory or connections.

A body that has come whole is copied twice for the service, and many may become whole in the same moment. So no more of
any body is read from `BODIES` of the heap on: three times that still fits, and the container's limit lies above.
"""

from firebreak.edge.envoy.extension import Json, extension, seconds
from firebreak.edge.envoy.options import Overload

HEAP = "envoy.resource_monitors.fixed_heap"
CONNECTIONS = "envoy.resource_monitors.global_downstream_max_connections"
SHRINK, BODIES = 0.35, 0.4
REFRESH_S = 0.05
"""How often memory is measured. A client on the same machine can send 100 MB in a quarter of a second."""


def overload_manager(limits: Overload) -> Json:
    return {
        "refresh_interval": seconds(REFRESH_S),
        # Streams that hold less than 2^20 bytes are not worth resetting.
        "buffer_factory_config": {"minimum_account_to_track_power_of_two": 20},
        "resource_monitors": [
            extension(
                HEAP, "resource_monitors.fixed_heap.v3.FixedHeapConfig", max_heap_size_bytes=limits.max_heap_bytes
            ),
            extension(
                CONNECTIONS,
                "resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
                max_active_downstream_connections=limits.max_connections,
            ),
        ],
        "actions": [
            {"name": "envoy.overload_actions.shrink_heap", "triggers": [_above(SHRINK)]},
            {
                "name": "envoy.overload_actions.reset_high_memory_stream",
                "triggers": [{"name": HEAP, "scaled": {"scaling_threshold": 0.90, "saturation_threshold": 0.98}}],
            },
            {"name": "envoy.overload_actions.stop_accepting_requests", "triggers": [_above(0.95)]},
        ],
        "loadshed_points": [
            {"name": "envoy.load_shed_points.http1_server_abort_dispatch", "triggers": [_above(BODIES)]},
        ],
    }


def _above(threshold: float) -> Json:
    return {"name": HEAP, "threshold": {"value": threshold}}
