import grpc
import pytest
from envoy.service.auth.v3 import external_auth_pb2
from tests.unit.edge.test_translate import check_request, record

from firebreak.edge.ext_authz import FAULT, Authorization, new_id
from firebreak.edge.identity import Identity
from firebreak.edge.server import Server
from firebreak.model.exchange import Caller
from firebreak.model.reason import Reason
from firebreak.model.refusal import Rendered
from firebreak.pipeline.decide import Outcome

METHOD = "/envoy.service.auth.v3.Authorization/Check"


class Service:
    """A real gRPC server around a scripted `decide`."""

    def __init__(self, tmp_path, decide, identify=None):
        self.faults: list[str] = []
        self.address = f"unix:{tmp_path}/a.sock"
        authorization = Authorization(decide, Caller(), 1024, self.faults.append, identify)
        self.server = Server(self.address, [authorization.handler()], 1024)

    async def ask(self, request, metadata=()):
        await self.server.start()
        try:
            async with grpc.aio.insecure_channel(self.address) as channel:
                call = channel.unary_unary(
                    METHOD,
                    request_serializer=external_auth_pb2.CheckRequest.SerializeToString,
                    response_deserializer=external_auth_pb2.CheckResponse.FromString,
                )
                return await call(request, metadata=metadata)
        finally:
            await self.server.stop(0)


async def test_an_allowed_exchange_passes(tmp_path):
    seen = []

    async def decide(exchange):
        seen.append(exchange)
        return Outcome(record(), None)

    response = await Service(tmp_path, decide).ask(check_request(), [("traceparent", "00-1-2-01")])
    assert response.WhichOneof("http_response") == "ok_response"
    assert seen[0].traceparent == "00-1-2-01"


async def test_a_refused_exchange_gets_the_rendered_answer(tmp_path):
    async def decide(exchange):
        return Outcome(record(), Rendered(400, "application/json", b"{}"))

    response = await Service(tmp_path, decide).ask(check_request())
    assert response.denied_response.status.code == 400


async def test_who_calls_is_found_out_before_the_decision(tmp_path):
    seen = []

    async def decide(exchange):
        seen.append(exchange)
        return Outcome(record(), None)

    await Service(tmp_path, decide, Identity(certificate=True, review=None)).ask(check_request())
    assert seen[0].fault is Reason.CALLER_CERTIFICATE


async def test_a_bug_refuses_and_is_counted(tmp_path):
    async def decide(exchange):
        raise ZeroDivisionError

    service = Service(tmp_path, decide)
    response = await service.ask(check_request())
    assert response.error_response.status.code == 503
    assert response.error_response.body == FAULT.body.decode()
    assert service.faults == ["bug"]


async def test_a_decision_without_a_record_does_not_pass(tmp_path):
    async def decide(exchange):
        return Outcome(None, None)

    response = await Service(tmp_path, decide).ask(check_request())
    assert response.WhichOneof("http_response") == "error_response"


async def test_a_check_that_is_not_from_our_envoy_does_not_pass(tmp_path):
    async def decide(exchange):
        pytest.fail("it must not be decided on")

    service = Service(tmp_path, decide)
    response = await service.ask(check_request(extensions={}))
    assert response.WhichOneof("http_response") == "error_response"
    assert service.faults == ["malformed_check"]


def test_ids_sort_by_time_and_differ():
    assert new_id(1.0) < new_id(2.0)
    assert new_id(1.0) != new_id(1.0)
    assert len(new_id(1e9)) == 32
