"""An ext_authz service that does what the test says and remembers what Envoy asked it."""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import grpc
from envoy.config.core.v3 import base_pb2
from envoy.service.auth.v3.external_auth_pb2 import CheckRequest, CheckResponse
from envoy.service.ext_proc.v3.external_processor_pb2 import ProcessingRequest, ProcessingResponse
from google.rpc import code_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

REFUSAL = b'{"error":{"message":"no","type":"policy_violation","param":null,"code":"content_policy_violation"}}'
REPORT = {"decision": "ALLOW", "rule": "allow-analysis", "record": "0123456789abcdef", "policy": "feedface0000"}

Answer = Callable[[CheckRequest], CheckResponse | bytes]


def allow(_request: CheckRequest) -> CheckResponse:
    answer = CheckResponse()
    answer.status.code = code_pb2.OK
    answer.ok_response.response_headers_to_add.add(
        header=base_pb2.HeaderValue(key="x-firebreak-decision", value="ALLOW")
    )
    answer.dynamic_metadata.update({**REPORT, "surface": "openai.chat"})
    return answer


def deny(_request: CheckRequest, status: int = 400) -> CheckResponse:
    answer = CheckResponse()
    answer.status.code = code_pb2.PERMISSION_DENIED
    answer.denied_response.status.code = status
    answer.denied_response.body = REFUSAL.decode()
    for key, value in (
        ("content-type", "application/json"),
        ("x-firebreak-decision", "BLOCK"),
        ("x-firebreak-rule", "r1"),
    ):
        answer.denied_response.headers.add(header=base_pb2.HeaderValue(key=key, value=value))
    answer.dynamic_metadata.update({**REPORT, "decision": "BLOCK", "rule": "r1"})
    return answer


def careful(request: CheckRequest) -> CheckResponse:
    """The service's own lock: a body that did not come whole is refused."""
    http = request.attributes.request.http
    partial = headers_of(request).get("x-envoy-auth-partial-body", ["false"]) != ["false"]
    return deny(request, 413) if partial or http.size not in (-1, len(http.raw_body)) else allow(request)


def mutate(**headers: str) -> Answer:
    """Says yes and sets request headers; `_` in a name stands for `-`, a leading one for `:`."""

    def answer(request: CheckRequest) -> CheckResponse:
        said = allow(request)
        for name, value in headers.items():
            key = (":" + name[1:] if name.startswith("_") else name).replace("_", "-")
            option = said.ok_response.headers.add(header=base_pb2.HeaderValue(key=key, value=value))
            option.append_action = base_pb2.HeaderValueOption.OVERWRITE_IF_EXISTS_OR_ADD
        return said

    return answer


def remove(name: str) -> Answer:
    def answer(request: CheckRequest) -> CheckResponse:
        said = allow(request)
        said.ok_response.headers_to_remove.append(name)
        return said

    return answer


def when(event: threading.Event) -> Answer:
    """Says yes, but only after the event."""

    def answer(request: CheckRequest) -> CheckResponse:
        event.wait(30)
        return allow(request)

    return answer


def headers_of(request: CheckRequest) -> dict[str, list[str]]:
    """Every header Envoy let the service see, by lower-case name."""
    seen: dict[str, list[str]] = {}
    http = request.attributes.request.http
    for name, value in http.headers.items():
        seen.setdefault(name.lower(), []).append(value)
    for header in http.header_map.headers:
        seen.setdefault(header.key.lower(), []).append(header.value or header.raw_value.decode("latin-1"))
    return seen


@dataclass
class StubEngine:
    address: str
    answer: Answer = allow
    checks: list[CheckRequest] = field(default_factory=list)
    metadata: list[dict[str, str | bytes]] = field(default_factory=list)
    servicer: health.HealthServicer = field(default_factory=health.HealthServicer)
    asked: threading.Event = field(default_factory=threading.Event)

    def reset(self) -> None:
        self.answer = allow
        self.checks.clear()
        self.metadata.clear()
        self.asked.clear()

    def healthy(self, *, well: bool) -> None:
        state = health_pb2.HealthCheckResponse.SERVING if well else health_pb2.HealthCheckResponse.NOT_SERVING
        self.servicer.set("", state)

    def check(self, request: CheckRequest, context: grpc.ServicerContext) -> CheckResponse | bytes:
        self.checks.append(request)
        self.metadata.append(dict(context.invocation_metadata()))
        self.asked.set()
        return self.answer(request)


def echo(messages: Iterator[ProcessingRequest], context: grpc.ServicerContext) -> Iterator[ProcessingResponse]:
    """Lets every answer pass as it is."""
    for message in messages:
        said = ProcessingResponse()
        kind = message.WhichOneof("request")
        if kind == "response_body":
            streamed = said.response_body.response.body_mutation.streamed_response
            streamed.body, streamed.end_of_stream = message.response_body.body, message.response_body.end_of_stream
        elif kind == "response_trailers":
            said.response_trailers.SetInParent()
        else:
            getattr(said, str(kind)).response.SetInParent()
        yield said


def _bytes(answer: CheckResponse | bytes) -> bytes:
    return answer if isinstance(answer, bytes) else answer.SerializeToString()


@contextlib.contextmanager
def running(address: str, *, max_message_bytes: int = 16 * 1024 * 1024) -> Iterator[StubEngine]:
    stub = StubEngine(address)
    server = grpc.server(ThreadPoolExecutor(8), options=[("grpc.max_receive_message_length", max_message_bytes)])
    method = grpc.unary_unary_rpc_method_handler(stub.check, CheckRequest.FromString, _bytes)
    service = grpc.method_handlers_generic_handler("envoy.service.auth.v3.Authorization", {"Check": method})
    echoing = grpc.stream_stream_rpc_method_handler(
        echo, ProcessingRequest.FromString, ProcessingResponse.SerializeToString
    )
    processor = grpc.method_handlers_generic_handler(
        "envoy.service.ext_proc.v3.ExternalProcessor", {"Process": echoing}
    )
    server.add_generic_rpc_handlers((service, processor))
    health_pb2_grpc.add_HealthServicer_to_server(stub.servicer, server)
    stub.healthy(well=True)
    server.add_insecure_port(address if ":" in address else f"unix:{address}")
    server.start()
    try:
        yield stub
    finally:
        server.stop(0).wait()


def main(address: str) -> None:
    """As a process of its own: dies in the middle of the first call whose body says so."""

    def answer(request: CheckRequest) -> CheckResponse:
        if request.attributes.request.http.raw_body == b'{"die":true}':
            os._exit(9)
        return allow(request)

    with running(address) as stub:
        stub.answer = answer
        threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1])
