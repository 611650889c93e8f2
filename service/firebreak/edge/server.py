"""The gRPC server of one worker: ext_authz and health, with limits that agree with Envoy's."""

import socket
from collections.abc import Sequence
from typing import Any, TypeAlias

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from firebreak.edge.envoy.options import MESSAGE_ROOM_BYTES
from firebreak.model.errors import BadConfig

Handler: TypeAlias = "grpc.GenericRpcHandler[Any, Any]"

MAX_CONCURRENT_CALLS = 2048
"""A check is short, but each exchange keeps a call open until its answer is over; Envoy lets 1024 connections in."""


class Server:
    """Serves until `stop`. Not serving (health NOT_SERVING) until `set_ready(True)`.

    Raises `BadConfig` where it cannot listen at `address`. `private`: a second address, of a worker that shares its
    first one, a TCP port, with others; only there can it be asked alone.
    """

    def __init__(self, address: str, handlers: Sequence[Handler], max_body_bytes: int, *, private: str = "") -> None:
        _not_taken(address)
        self._server = grpc.aio.server(
            maximum_concurrent_rpcs=MAX_CONCURRENT_CALLS,
            options=[
                ("grpc.max_receive_message_length", max_body_bytes + MESSAGE_ROOM_BYTES),
                ("grpc.so_reuseport", int(bool(private))),
                ("grpc.max_metadata_size", 65536),
                ("grpc.http2.max_pings_without_data", 0),
            ],
        )
        self._health = health.aio.HealthServicer()  # type: ignore[attr-defined]  # the stubs leave it out
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self._server.add_generic_rpc_handlers(tuple(handlers))
        for each in (address, *filter(None, [private])):
            self._listen(each)
        self.ready = False

    def _listen(self, address: str) -> None:
        try:
            self._server.add_insecure_port(address)
        except RuntimeError as error:
            mend = "name a socket in a folder that is there and may be written to, or a free port"
            raise BadConfig("listen", f"nothing can listen at {address}", mend) from error

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


def _not_taken(address: str) -> None:
    """GRPC would unlink the socket of another service that lives, and take its place. What a kill left is no one's."""
    if not address.startswith("unix:"):
        return
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(address.removeprefix("unix:"))
        except OSError:
            return
    raise BadConfig("listen", f"another process listens at {address}", "stop it, or name another socket")
