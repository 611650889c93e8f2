"""The gRPC server of one worker: ext_authz and health, with limits that agree with Envoy's."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from firebreak.edge.envoy.options import MESSAGE_ROOM_BYTES

Handler: TypeAlias = "grpc.GenericRpcHandler[Any, Any]"

MAX_CONCURRENT_CHECKS = 512
"""More than this at once cannot be answered within Envoy's timeout by one worker; the rest is refused at once."""


class Server:
    """Serves until `stop`. Not serving (health NOT_SERVING) until `set_ready(True)`."""

    def __init__(self, address: str, handlers: Sequence[Handler], max_body_bytes: int) -> None:
        self._server = grpc.aio.server(
            maximum_concurrent_rpcs=MAX_CONCURRENT_CHECKS,
            options=[
                ("grpc.max_receive_message_length", max_body_bytes + MESSAGE_ROOM_BYTES),
                ("grpc.so_reuseport", 1),
                ("grpc.max_metadata_size", 65536),
                ("grpc.http2.max_pings_without_data", 0),
            ],
        )
        self._health = health.aio.HealthServicer()  # type: ignore[attr-defined]  # the stubs leave it out
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self._server.add_generic_rpc_handlers(tuple(handlers))
        self._server.add_insecure_port(address)
        self.ready = False

    async def start(self) -> None:
        await self.set_ready(ready=False)
        await self._server.start()

    async def set_ready(self, *, ready: bool) -> None:
        self.ready = ready
        state = health_pb2.HealthCheckResponse.SERVING if ready else health_pb2.HealthCheckResponse.NOT_SERVING
        await self._health.set("", state)

    async def stop(self, grace_s: float) -> None:
        """Take no new calls, let those in flight finish for up to `grace_s`, then end them."""
        await self.set_ready(ready=False)
        await self._server.stop(grace_s)
