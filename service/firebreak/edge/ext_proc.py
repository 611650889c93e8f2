"""ext_proc v3 `Process`: the way back for every answer.

A clean end of this call in the middle of an answer would let the rest of it through unseen (Envoy takes it for "no more
to say"). So it ends in three ways only: after the answer's last piece, after a refusal in its place, or by an abort.
Envoy has no timeout for a processor that holds bytes back: the watchdog is here.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import grpc
from envoy.service.ext_proc.v3 import external_processor_pb2

from firebreak.adapters.logs import event
from firebreak.edge import replies
from firebreak.edge.envoy.processing import CHECK, PROCESSING, WITHHELD
from firebreak.edge.handover import from_metadata
from firebreak.edge.translate import decision_headers
from firebreak.model.errors import Unavailable
from firebreak.model.handover import Handover
from firebreak.model.reason import Reason
from firebreak.model.record import Record
from firebreak.model.refusal import Rendered
from firebreak.pipeline.edit import splice
from firebreak.pipeline.passage import Passage, Step
from firebreak.pipeline.restore import taken

logger = logging.getLogger(__name__)

SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor"
VIA_UPSTREAM = "via_upstream"
"""Envoy's word for an answer that a provider gave; any other was made by Envoy itself, after our own refusal."""

DIRECTION_HEADER = "x-firebreak-direction"
"""Where it is not the request that the other headers speak of."""

SLICE_BYTES = 16 * 1024
"""Of an answer that are judged in one go."""

Request: TypeAlias = external_processor_pb2.ProcessingRequest
Context: TypeAlias = "grpc.aio.ServicerContext[Request, replies.Message]"
Begin = Callable[[Handover, Mapping[str, str]], Passage | None]
"""A passage by the snapshot in force, which puts back what was taken out of the request (placeholder to text); None
while no policy has loaded.
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """`idle_s`: between two messages of one answer. `whole_s`: for all of it."""

    idle_s: float
    whole_s: float


class Protocol(Exception):
    """A message that does not belong where it came: the call is aborted."""


class Processing:
    """Answers Envoy, one call an exchange. `observe` takes each record after the answer has gone."""

    def __init__(
        self,
        begin: Begin,
        observe: Callable[[Record], None],
        count_fault: Callable[[str], None],
        patience: Patience,
    ) -> None:
        self._begin = begin
        self._observe = observe
        self._count_fault = count_fault
        self._patience = patience

    async def process(self, _: AsyncIterator[Request], context: Context) -> None:
        answer = _Answer(self._begin)
        try:
            await self._serve(answer, context)
        except asyncio.CancelledError:
            raise
        except Protocol as error:
            event(logger, logging.WARNING, "processing_aborted", problem=str(error))
            self._count_fault("protocol")
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not a message that belongs here")
        except Exception:
            # The edge's boundary: whatever went wrong, nothing more of the answer passes.
            logger.exception("an answer could not be processed")
            self._count_fault("bug")
            await context.abort(grpc.StatusCode.INTERNAL, "the answer could not be processed")
        else:
            if not answer.over:  # Envoy hung up: what it still has of the answer must not pass, if it has any
                await context.abort(grpc.StatusCode.CANCELLED, "the answer is not over")
        finally:
            await self._let_go(answer)

    async def _let_go(self, answer: "_Answer") -> None:
        if answer.passage is None:
            return
        try:
            await answer.passage.gone()
        except Unavailable as error:
            event(logger, logging.ERROR, "answer_unrecorded", problem=str(error))
            self._count_fault("unrecorded")
        if answer.passage.record is not None:
            self._observe(answer.passage.record)

    async def _serve(self, answer: "_Answer", context: Context) -> None:
        deadline_s = time.monotonic() + self._patience.whole_s
        while True:
            message = await self._next(context, deadline_s)
            if message is grpc.aio.EOF:  # type: ignore[attr-defined]  # the stubs leave it out
                return
            replies_to_it = await (answer.late() if message is None else answer.take(message))
            for reply in replies_to_it:
                await context.write(reply)

    async def _next(self, context: Context, deadline_s: float) -> Any:
        """The next message, EOF, or None when it does not come in time."""
        wait_s = min(self._patience.idle_s, deadline_s - time.monotonic())
        try:
            async with asyncio.timeout(max(wait_s, 0.001)):
                return await context.read()
        except TimeoutError:
            return None

    def handler(self) -> "grpc.GenericRpcHandler[Request, replies.Message]":
        method = grpc.stream_stream_rpc_method_handler(
            self.process,
            request_deserializer=Request.FromString,
            response_serializer=replies.Message.SerializeToString,
        )
        return grpc.method_handlers_generic_handler(SERVICE, {"Process": method})


class _Answer:
    """What has been said about one answer so far, and what to say next."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self.passage: Passage | None = None
        self.over = False
        self._begun = False
        self._own = False
        """The answer is Envoy's own: it tells of a refusal, and nothing came from a provider."""
        self._headers_due = False
        self._taken: Mapping[str, str] = {}

    async def take(self, message: Request) -> list[replies.Message]:
        kind = message.WhichOneof("request")
        if self.over:
            return []  # what the provider still sends after a cut
        if kind == "response_body":
            return await self._body(message.response_body.body, last=message.response_body.end_of_stream)
        if kind == "response_trailers":
            return await self._trailers()
        if self._begun:
            raise Protocol(f"{kind} in the middle of an answer")
        if kind == "request_headers":
            return [replies.request_headers_pass()]
        if kind == "request_body":
            return self._changed(message)
        if kind == "response_headers":
            self._begun = True
            return await self._headers(message)
        raise Protocol(f"{kind}")

    def _changed(self, message: Request) -> list[replies.Message]:
        """The request's body with the changes that its check has decided on, and nothing else."""
        handover, body = _handover(message), message.request_body.body
        if hashlib.sha256(body).hexdigest() != handover.body_sha256:
            raise Protocol("not the body that was checked")
        if handover.restore:
            self._taken = taken(body, handover.changes)
        return [replies.body_instead(splice(body, handover.changes))]

    async def late(self) -> list[replies.Message]:
        """Nothing came for too long."""
        if self.over:
            raise Protocol("the answer is over and the call is not")
        if self.passage is None:
            raise Protocol("no answer came")
        step = await self.passage.stop(Reason.RESPONSE_INCOMPLETE)
        if step is None:
            raise Protocol("the answer did not go on")
        return self._said(step)

    async def _headers(self, message: Request) -> list[replies.Message]:
        details = _details(message)
        if not details:
            raise Protocol("no word of where the answer comes from")
        self._own = details != VIA_UPSTREAM
        empty = message.response_headers.end_of_stream
        if self._own:
            self.over = empty
            return [replies.headers_pass()]
        self.passage = self._begin(_handover(message), self._taken)
        if self.passage is None:
            raise Protocol("no policy is loaded")
        headers = _headers(message)
        self.passage.begin(int(headers.get(":status", "0")), headers)
        if not empty:
            self._headers_due = True
            return []
        step = await self.passage.feed(b"", last=True)
        self.over = True
        return [replies.headers_pass() if step.instead is None else self._instead(step.instead)]

    async def _body(self, chunk: bytes, *, last: bool) -> list[replies.Message]:
        """In slices: how an answer is cut makes no difference to it, and other answers wait less."""
        if self._own:
            self.over = last
            return list(replies.body(chunk, last=last))
        if self.passage is None:
            raise Protocol("a body before its headers")
        said = self._said(await self.passage.feed(chunk[:SLICE_BYTES], last=last and len(chunk) <= SLICE_BYTES))
        for at in range(SLICE_BYTES, len(chunk), SLICE_BYTES):
            if self.over:
                break
            await asyncio.sleep(0)
            end = at + SLICE_BYTES
            said += self._said(await self.passage.feed(chunk[at:end], last=last and len(chunk) <= end))
        return said

    async def _trailers(self) -> list[replies.Message]:
        said = await self._body(b"", last=True)
        if any(message.HasField("immediate_response") for message in said):
            return said
        return [*said, replies.trailers_go()]

    def _instead(self, rendered: Rendered) -> replies.Message:
        """With the headers of the decision on the answer: those of the request's do not reach the client then."""
        record = self.passage.record if self.passage else None
        told = decision_headers(record.decision, record.id) | {DIRECTION_HEADER: record.direction} if record else {}
        return replies.instead(rendered, told, WITHHELD)

    def _said(self, step: Step) -> list[replies.Message]:
        self.over = step.over
        if step.instead is not None:
            return [self._instead(step.instead)]
        said = list(replies.body(step.data, last=step.over))
        if said and self._headers_due:
            self._headers_due = False
            said.insert(0, replies.headers_pass())
        return said


def _headers(message: Request) -> dict[str, str]:
    """Names in lower case. A header that comes twice has both values: no form of an answer that is known."""
    headers: dict[str, str] = {}
    for header in message.response_headers.headers.headers:
        name, value = header.key.lower(), header.raw_value.decode("latin-1") or header.value
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def _handover(message: Request) -> Handover:
    values = message.metadata_context.filter_metadata[CHECK].fields
    handover = from_metadata({name: value.string_value for name, value in values.items()})
    if handover is None:
        raise Protocol("no check has let this request pass")
    return handover


def _details(message: Request) -> str:
    attributes = message.attributes.get(PROCESSING)
    if attributes is None:
        return ""
    return str(attributes.fields["response.code_details"].string_value)
