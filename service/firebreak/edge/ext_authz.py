"""ext_authz v3 `Check`: the way in for every request, and the boundary at which a bug becomes a refusal."""

import logging
import secrets
import time
from collections.abc import Awaitable, Callable

import grpc
from envoy.service.auth.v3 import external_auth_pb2

from firebreak.adapters.logs import event
from firebreak.codecs.registry import reply_to
from firebreak.edge import translate
from firebreak.edge.identity import Identity
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.refusal import Rendered
from firebreak.pipeline.decide import Outcome

logger = logging.getLogger(__name__)

SERVICE = "envoy.service.auth.v3.Authorization"

FAULT = Rendered(
    503,
    "application/json",
    b'{"error":{"message":"the policy firewall could not decide; the request was not sent",'
    b'"type":"server_error","param":null,"code":"firewall_unavailable"}}',
)
"""What a client sees when the fault is ours. It has no provider's form, because the provider may be what is unknown."""

Decide = Callable[[Exchange], Awaitable[Outcome]]


class Authorization:
    """Answers Envoy. `decide` takes the current snapshot itself, once per exchange.

    `identify` finds out who calls; without it everything comes from `caller`.
    """

    def __init__(
        self,
        decide: Decide,
        caller: Caller,
        max_body_bytes: int,
        count_fault: Callable[[str], None],
        identify: Identity | None = None,
    ) -> None:
        self._identify = identify
        self._decide = decide
        self._caller = caller
        self._max_body_bytes = max_body_bytes
        self._count_fault = count_fault

    async def check(
        self,
        request: external_auth_pb2.CheckRequest,
        context: grpc.aio.ServicerContext[external_auth_pb2.CheckRequest, external_auth_pb2.CheckResponse],
    ) -> external_auth_pb2.CheckResponse:
        exchange_id = new_id(time.time())
        try:
            exchange = translate.exchange(
                request,
                exchange_id=exchange_id,
                caller=self._caller,
                traceparent=_traceparent(context),
                max_body_bytes=self._max_body_bytes,
            )
            if self._identify is not None:
                exchange = await self._identify(exchange)
            outcome = await self._decide(exchange)
        except BadInput as error:
            event(logger, logging.WARNING, "malformed_check", record=exchange_id, reason=error.reason.code)
            self._count_fault(error.reason.code)
            return translate.failed(exchange_id, FAULT)
        except Exception:
            # The edge's boundary: whatever went wrong, the request does not pass.
            logger.exception("check %s failed", exchange_id)
            self._count_fault("bug")
            return translate.failed(exchange_id, FAULT)
        if outcome.record is None:
            return translate.failed(exchange_id, outcome.refusal or FAULT)
        if outcome.refusal is None:
            handed = translate.handover(outcome, outcome.record, exchange.api, reply_to(exchange))
            return translate.allowed(outcome.record, handed)
        return translate.refused(outcome.record, outcome.refusal)

    def handler(self) -> "grpc.GenericRpcHandler[external_auth_pb2.CheckRequest, external_auth_pb2.CheckResponse]":
        method = grpc.unary_unary_rpc_method_handler(
            self.check,
            request_deserializer=external_auth_pb2.CheckRequest.FromString,
            response_serializer=external_auth_pb2.CheckResponse.SerializeToString,
        )
        return grpc.method_handlers_generic_handler(SERVICE, {"Check": method})


def new_id(time_s: float) -> str:
    """32 hex digits that sort by time: 48 bits of milliseconds, 80 random bits (the layout of a ULID)."""
    return f"{int(time_s * 1000):012x}{secrets.token_hex(10)}"


def _traceparent(context: grpc.aio.ServicerContext[object, object]) -> str:
    """Envoy puts its span's W3C trace context in the call's metadata."""
    for name, value in context.invocation_metadata() or ():
        if name == "traceparent":
            return value if isinstance(value, str) else value.decode("ascii", "replace")
    return ""
