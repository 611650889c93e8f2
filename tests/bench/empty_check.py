"""The yardstick: the service's own gRPC server with a `Check` that says yes without looking."""

import asyncio
import sys

import grpc
import uvloop
from envoy.service.auth.v3 import external_auth_pb2

from firebreak.edge.ext_authz import SERVICE
from firebreak.edge.server import Server

YES = external_auth_pb2.CheckResponse()
YES.status.code = 0
YES.ok_response.SetInParent()
# Envoy lets nothing pass without the id of a record.
YES.dynamic_metadata.update({"record": "none"})


async def check(_request, _context):
    return YES


def handler():
    method = grpc.unary_unary_rpc_method_handler(
        check,
        request_deserializer=external_auth_pb2.CheckRequest.FromString,
        response_serializer=external_auth_pb2.CheckResponse.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(SERVICE, {"Check": method})


async def main(address: str, max_body_bytes: int) -> None:
    server = Server(address, [handler()], max_body_bytes)
    await server.start()
    await server.set_ready(ready=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
