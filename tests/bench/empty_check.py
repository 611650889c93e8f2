"""The yardstick: the service's own gRPC server with a `Check` that says yes and a `Process` that lets pass, unseen."""

import asyncio
import sys

import grpc
import uvloop
from envoy.service.auth.v3 import external_auth_pb2
from envoy.service.ext_proc.v3 import external_processor_pb2

from firebreak.edge import ext_proc, replies
from firebreak.edge.ext_authz import SERVICE
from firebreak.edge.server import Server

YES = external_auth_pb2.CheckResponse()
YES.status.code = 0
YES.ok_response.SetInParent()
# Envoy lets nothing pass of which it is not said who judges the answer.
YES.dynamic_metadata.update({"record": "none", "surface": "none"})


async def check(_request, _context):
    return YES


async def process(messages, _context):
    async for message in messages:
        kind = message.WhichOneof("request")
        if kind == "response_body":
            for reply in replies.body(message.response_body.body, last=message.response_body.end_of_stream):
                yield reply
        else:
            yield {
                "request_headers": replies.request_headers_pass,
                "response_headers": replies.headers_pass,
                "response_trailers": replies.trailers_go,
            }[kind]()


def processor():
    method = grpc.stream_stream_rpc_method_handler(
        process,
        request_deserializer=external_processor_pb2.ProcessingRequest.FromString,
        response_serializer=external_processor_pb2.ProcessingResponse.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(ext_proc.SERVICE, {"Process": method})


def handler():
    method = grpc.unary_unary_rpc_method_handler(
        check,
        request_deserializer=external_auth_pb2.CheckRequest.FromString,
        response_serializer=external_auth_pb2.CheckResponse.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(SERVICE, {"Check": method})


async def main(address: str, max_body_bytes: int) -> None:
    server = Server(address, [handler(), processor()], max_body_bytes)
    await server.start()
    await server.set_ready(ready=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
