"""An answer on its way: reader, gate, bench and record put together, for whoever moves the bytes.

1. begin     pick the codec's reader by the route that the request took, and the framing by the content type
2. feed      bytes in, bytes that may leave out
3. end       judge what was still open, record, let the last bytes go
   or cut    record, then the provider's own form of an error
"""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

from firebreak.codecs import registry
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.model.errors import Unavailable
from firebreak.model.handover import Handover
from firebreak.model.reason import Reason
from firebreak.model.record import Record
from firebreak.model.refusal import Refusal, Rendered
from firebreak.model.usage import Usage
from firebreak.pipeline.answer import Answer, Ended, refusal
from firebreak.pipeline.gate import Cut, Gate
from firebreak.pipeline.interface import AuditLog


@dataclass(frozen=True, slots=True)
class Limits:
    """`max_held_bytes` of one answer may wait; so also the largest answer that is one document."""

    max_held_bytes: int


@dataclass(frozen=True, slots=True)
class Step:
    """What follows from some bytes: `data` may leave. `over`: the answer ends with it. `instead` takes its place
    altogether, when nothing has left yet.
    """

    data: bytes = b""
    over: bool = False
    instead: Rendered | None = None


class Passage:
    """For one answer. After a step that is over, nothing more may be fed."""

    def __init__(self, answer: Answer, handover: Handover, audit: AuditLog, limits: Limits) -> None:
        self._answer = answer
        self._handover = handover
        self._audit = audit
        self._limits = limits
        self._gate: Gate | None = None
        self._reader = registry.answer_reader(handover.surface, handover.reply_to)
        self._unread: Cut | None = None
        self._digest = hashlib.sha256()
        self._bytes = 0
        self._status = 0
        self._left = False
        self._watching = False
        self._ended = False
        self.record: Record | None = None

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """The answer's status and headers, names in lower case. What is wrong with them shows at the first byte."""
        self._status = status
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if not 200 <= status < 300:
            self._reader = PlainAnswer()
        framer = self._reader.framer(content_type, self._limits.max_held_bytes)
        if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
            self._unread = Cut(Reason.RESPONSE_ENCODED, "content-encoding")
        elif framer is None:
            self._unread = Cut(Reason.RESPONSE_TYPE, "content-type")
        else:
            self._gate = Gate(framer, self._reader, self._answer, self._limits.max_held_bytes)

    async def feed(self, chunk: bytes, *, last: bool) -> Step:
        """More of the body. Total but for bugs."""
        self._digest.update(chunk)
        self._bytes += len(chunk)
        if self._watching:
            return await self._finish(chunk) if last else self._let(chunk)
        started_ns = time.perf_counter_ns()
        try:
            data = self._judge(chunk, last=last)
        except Cut as cut:
            return await self._cut(cut, chunk, last=last)
        finally:
            self._answer.spent_ns += time.perf_counter_ns() - started_ns
        return await self._finish(data) if last else self._let(data)

    async def stop(self, reason: Reason) -> Step | None:
        """End the answer because no more of it comes, or too slowly. None where the policy only watches: then it must
        break off as it would without us, for a clean end would say that it is whole.
        """
        cut = Cut(reason)
        return await self._end(cut) if self._answer.decision(reason).refuses else None

    async def gone(self) -> None:
        """The way was closed from outside before the answer was over; what was held is dropped."""
        if not self._ended:
            self._ended = True
            await self._write("aborted", None)

    def _judge(self, chunk: bytes, *, last: bool) -> bytes:
        if not self._bytes:
            return b""
        if self._gate is None:
            raise self._unread or Cut(Reason.RESPONSE_TYPE, "content-type")
        self._gate.feed(chunk)
        if last:
            self._gate.end()
        return self._taken()

    def _taken(self) -> bytes:
        if self._gate is None:
            return b""
        data = bytes(self._gate.let_go)
        self._gate.let_go.clear()
        return data

    def _let(self, data: bytes) -> Step:
        self._left = self._left or bool(data)
        return Step(data)

    async def _finish(self, data: bytes) -> Step:
        """The record is durable before the end leaves."""
        self._ended = True
        try:
            await self._write("complete", None)
        except Unavailable:
            return self._end_with(_UNRECORDED, b"")
        return Step(data, over=True)

    async def _cut(self, cut: Cut, chunk: bytes, *, last: bool) -> Step:
        if cut.reason is None or self._answer.decision(cut.reason).refuses:
            return await self._end(cut)
        # The policy only watches: what could not be judged leaves, and the record says so.
        self._watching = True
        self._unread = cut
        data = self._taken() + (self._gate.unjudged() if self._gate else chunk)
        return await self._finish(data) if last else self._let(data)

    async def _end(self, cut: Cut) -> Step:
        self._ended = True
        why, data = refusal(self._answer.decision(cut.reason), cut.reason), self._taken()
        self._left = self._left or (bool(data) and self._streams)
        try:
            await self._write("cut" if self._left else "refused", cut)
        except Unavailable:
            why = _UNRECORDED
        return self._end_with(why, data)

    def _end_with(self, why: Refusal, data: bytes) -> Step:
        if self._left:
            return Step(data + self._reader.cut(why), over=True)
        refuser = registry.refusal_codec(self._handover.api, self._handover.reply_to)
        return Step(over=True, instead=refuser.refuse(why))

    @property
    def _streams(self) -> bool:
        return self._gate is not None and self._gate.streams

    def _usage(self) -> Usage | None:
        if self._gate is None:
            return None
        return self._gate.spent.usage(self._handover.tokens if 200 <= self._status < 300 else 0)

    async def _write(self, ending: str, cut: Cut | None) -> None:
        cut = cut or (self._unread if self._bytes else None)
        reason, where = (cut.reason, cut.where) if cut else (None, "")
        inspected = "stream" if self._streams else "response"
        ended = Ended(
            ending,
            self._status,
            f"skipped:{reason.code}" if reason else inspected if self._bytes else "skipped:empty",
            self._bytes,
            self._digest.hexdigest(),
            self._usage(),
        )
        decision = self._answer.decision(reason, whole=ending == "complete")
        record = self._answer.record(ended, decision, reason, where)
        await self._audit.append(record)
        self.record = record


_UNRECORDED = Refusal(
    503, "audit_unavailable", "the decision could not be recorded; the response was withheld", "unavailable"
)
