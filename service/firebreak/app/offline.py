"""The one path without a proxy: a policy's text and a body to the record, for the command line."""

import asyncio
import time

from firebreak.app.compose import Composer, Limits
from firebreak.detect import leak
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.model.decision import Decision
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.facts import Call, Facts
from firebreak.model.finding import Direction, Finding, Span, Surface
from firebreak.model.record import Record
from firebreak.pipeline.decide import Outcome, decide
from firebreak.policy.evaluate import evaluate


class NoLog:
    """Keeps nothing: what is decided on the command line sends no request."""

    async def append(self, record: Record) -> None:
        """Nothing is sent, so nothing has to be durable."""


class Offline:
    """Decides on bodies by one policy. Raises `BadConfig` for the policy when made."""

    def __init__(self, policy_text: str, file: str = "policy", composer: Composer | None = None) -> None:
        self._snapshot = (composer or Composer(Limits())).snapshot(policy_text, file, 1)

    def __call__(self, body: bytes, api: str, path: str, caller: Caller) -> Record:
        record = self.outcome(body, api, path, caller).record
        assert record is not None
        return record

    def answer(self, text: str, call: Call | None, model: str, caller: Caller) -> tuple[Decision, Facts]:
        """The decision on a response that says the text and makes the call; spans are characters of these."""
        parts = [Part(PartKind.TEXT, Role.ASSISTANT, Origin.ASSISTANT, text, ())] if text else []
        if call is not None:
            parts.append(Part(PartKind.TOOL_CALL, Role.ASSISTANT, Origin.ASSISTANT, call.text, (), call.tool))
        canaries = self._snapshot.program.canaries
        more = (leak.canaries(canaries),) if canaries else ()
        screened = [self._snapshot.screen.hits(part, more) for part in parts]
        found = [
            Finding(
                hit.rule,
                hit.kind,
                hit.severity,
                hit.score,
                Surface.TOOL_CALL if part.kind is PartKind.TOOL_CALL else Surface.RESPONSE,
                part.origin,
                index,
                Span(hit.start, hit.end),
                hit.view,
            )
            for index, (part, one) in enumerate(zip(parts, screened, strict=True))
            for hit in one.hits
            if hit.rule != leak.BEGUN
        ]
        facts = Facts(
            provider="openai",
            surface="openai.chat",
            model=model,
            stream=False,
            caller=caller,
            findings=tuple(found),
            unavailable=tuple(absence for one in screened for absence in one.absences),
            calls=(call,) if call is not None else (),
            direction=Direction.RESPONSE,
        )
        return evaluate(self._snapshot.program, facts, time.time()), facts

    def outcome(self, body: bytes, api: str, path: str, caller: Caller) -> Outcome:
        exchange = Exchange(
            id="offline",
            method="POST",
            path=path,
            query="",
            host="",
            headers={"content-type": "application/json"},
            body=body,
            provider=api,
            api=api,
            caller=caller,
        )
        return asyncio.run(decide(exchange, self._snapshot, NoLog(), time.time()))
