"""The one path: an exchange becomes a decision with a durable record, and an answer.

1. read      the body as its provider would read it
2. screen    every detector and the classifier over every part that is new
3. intents   what is asked, by the judge where the classifier is unsure
4. evaluate  facts to decision; total
5. change    which bytes, where something is to be redacted or constrained
6. record    durable before the answer leaves
7. refuse    in the provider's own form
"""

import hashlib
import time
from dataclasses import dataclass, replace

from firebreak.detect.interface import Hit
from firebreak.detect.leak import fingerprints
from firebreak.model.conversation import Conversation, PartKind, Role
from firebreak.model.decision import Decision
from firebreak.model.errors import Unavailable
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.facts import Absence, Call, Facts
from firebreak.model.finding import Finding
from firebreak.model.handover import NO_PROMPT, Fingerprints
from firebreak.model.record import PolicyRef, Record
from firebreak.model.refusal import Refusal, Rendered
from firebreak.pipeline.constrain import constrained, unchangeable
from firebreak.pipeline.edit import Splice
from firebreak.pipeline.intents import recognise
from firebreak.pipeline.interface import AuditLog
from firebreak.pipeline.place import place
from firebreak.pipeline.read import Reading, read
from firebreak.pipeline.redact import redactions
from firebreak.pipeline.screen import Screened
from firebreak.pipeline.sealed import FIXED, fixed
from firebreak.pipeline.several import MAX_JUDGED, Single, by_part, combined, singles, strictest
from firebreak.pipeline.snapshot import Snapshot
from firebreak.pipeline.spent import asked
from firebreak.policy import evaluate

NO_POLICY = PolicyRef("", "", "")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`refusal` is None when the request may pass, with `changes` to its body. `record` is None only when none could
    be written. `tokens` is an estimate of the request's.
    """

    record: Record | None
    refusal: Rendered | None
    changes: tuple[Splice, ...] = ()
    restore: bool = False
    prompt: Fingerprints = NO_PROMPT
    tokens: int = 0


class Stopwatch:
    """Microseconds since the last mark, by stage."""

    def __init__(self) -> None:
        self._last = time.perf_counter_ns()
        self.timings_us: dict[str, int] = {}

    def mark(self, stage: str) -> None:
        now = time.perf_counter_ns()
        self.timings_us[stage] = (now - self._last) // 1000
        self._last = now


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision and what it rests on; `facts` is None where the body was not read or not judged."""

    policy: PolicyRef
    decision: Decision
    facts: Facts | None = None
    changes: tuple[Splice, ...] = ()
    restore: bool = False


async def decide(exchange: Exchange, snapshot: Snapshot | None, audit: AuditLog, now_s: float) -> Outcome:
    """Decide on one exchange. Without a snapshot (no policy has loaded) everything is refused."""
    watch = Stopwatch()
    reading = read(exchange)  # 1
    watch.mark("read")
    judged = await _judge(exchange, reading, snapshot, now_s, watch)  # 2, 3, 4, 5
    record = _record(exchange, reading, judged, now_s, watch)
    try:
        await audit.append(record)  # 6
    except Unavailable:
        return Outcome(None, reading.refuser.refuse(_UNRECORDED))
    if judged.decision.refuses:
        return Outcome(record, reading.refuser.refuse(_refusal(reading, record)))  # 7
    prompt, tokens = _prompt(reading.conversation, judged), asked(reading.conversation)
    return Outcome(record, None, judged.changes, judged.restore, prompt, tokens)


async def _judge(
    exchange: Exchange, reading: Reading, snapshot: Snapshot | None, now_s: float, watch: Stopwatch
) -> Judged:
    if snapshot is None:
        return Judged(NO_POLICY, evaluate.no_policy())
    program = snapshot.program
    if reading.conversation is not None:
        parts = reading.conversation.parts
        screened = await snapshot.screen.settle(parts, [snapshot.screen.part(part) for part in parts])
        facts, decision = await _decided(exchange, reading.conversation, screened, snapshot, now_s, watch)
        hits = [one.hits for one in screened]
        decision, changes = _changed(exchange, reading.conversation, hits, facts, decision)
        if decision.redact or decision.enforce:
            watch.mark("change")
        return Judged(program.ref, decision, facts, changes, program.restore)
    if reading.reason is not None and reading.reason.unproven:
        return Judged(program.ref, evaluate.refuse_unproven(reading.reason))
    if reading.reason is not None:
        return Judged(program.ref, evaluate.refuse_unread(program, reading.reason, now_s))
    return Judged(program.ref, evaluate.listed_route(program, now_s))


def _changed(
    exchange: Exchange, conversation: Conversation, hits: list[tuple[Hit, ...]], facts: Facts, decision: Decision
) -> tuple[Decision, tuple[Splice, ...]]:
    """The bytes that carry the decision out; where they cannot be changed, a decision that refuses, and none."""
    changes: tuple[Splice, ...] | None = ()
    if decision.refuses and decision.redact:
        changes = redactions(exchange.body, conversation, hits, facts, decision)
        decision = replace(decision, carried_out=changes is not None)
    if decision.enforce and not decision.refuses:
        decision, changes = constrained(exchange, conversation, decision, changes or ())
    if changes and fixed(exchange.headers, exchange.body, changes):
        return unchangeable(decision, FIXED), ()
    return decision, changes or ()


async def _decided(
    exchange: Exchange,
    conversation: Conversation,
    screened: list[Screened],
    snapshot: Snapshot,
    now_s: float,
    watch: Stopwatch,
) -> tuple[Facts, Decision]:
    """Each request in the body by itself, and the strictest decision."""
    findings = place(exchange.body, conversation, [one.hits for one in screened])
    places = by_part(findings)
    watch.mark("screen")
    known: list[tuple[Single, Facts]] = []
    shares: list[tuple[int, ...]] = []
    for single in singles(conversation):
        share, found = single.findings(findings, places)
        known.append((single, await _facts(exchange, conversation, single, screened, found, snapshot)))
        shares.append(share)
    watch.mark("intent")
    decided = [evaluate.evaluate(snapshot.program, facts, now_s) for _, facts in known]
    decision = strictest(snapshot.program, list(zip(decided, shares, strict=True)))
    watch.mark("evaluate")
    return combined(conversation, known, findings), decision


async def _facts(
    exchange: Exchange,
    whole: Conversation,
    single: Single,
    screened: list[Screened],
    findings: list[Finding],
    snapshot: Snapshot,
) -> Facts:
    conversation, mine = single.conversation, single.of(screened)
    guesses = [one.guess for one in mine]
    may_ask = len(whole.requests) <= MAX_JUDGED
    intents, absences = await recognise(conversation, guesses, snapshot, may_ask=may_ask)
    return Facts(
        provider=exchange.provider,
        surface=conversation.surface,
        model=conversation.model,
        stream=conversation.stream,
        caller=_caller(exchange.caller, conversation),
        tools=conversation.tools,
        intents=intents,
        findings=tuple(findings),
        unavailable=_absences(mine, absences),
        calls=tuple(Call(part.name, part.text) for part in conversation.parts if part.kind is PartKind.TOOL_CALL),
    )


def _prompt(conversation: Conversation | None, judged: Judged) -> Fingerprints:
    """By which the answer is compared with what rules and the application, developer messages too, tell the model.

    A batch is answered later, by another exchange.
    """
    parts = conversation.parts if conversation and not conversation.requests else ()
    told = [one.system_preamble for one in judged.decision.enforce if one.system_preamble] if judged.changes else []
    return fingerprints(
        [*told, *(part.text for part in parts if part.role is Role.SYSTEM and part.kind is PartKind.TEXT)]
    )


def _caller(pod: Caller, conversation: Conversation) -> Caller:
    """The pod that calls, and for whom it says it does."""
    if not conversation.user and not conversation.session:
        return pod
    return replace(pod, user=conversation.user, session=conversation.session)


def _absences(screened: list[Screened], others: tuple[Absence, ...]) -> tuple[Absence, ...]:
    """Each failing detector once, however many parts it failed on."""
    return tuple(dict.fromkeys([*(absence for one in screened for absence in one.absences), *others]))


def _record(exchange: Exchange, reading: Reading, judged: Judged, now_s: float, watch: Stopwatch) -> Record:
    conversation, facts = reading.conversation, judged.facts
    return Record(
        id=exchange.id,
        time_s=now_s,
        provider=exchange.provider,
        surface=reading.surface,
        method=exchange.method,
        path=exchange.path,
        model=conversation.model if conversation else "",
        stream=conversation.stream if conversation else False,
        caller=facts.caller if facts else exchange.caller,
        policy=judged.policy,
        decision=judged.decision,
        inspected=reading.inspected,
        body_bytes=len(exchange.body),
        body_sha256=hashlib.sha256(exchange.body).hexdigest(),
        parts=len(conversation.parts) if conversation else 0,
        reason=reading.reason.code if reading.reason else "",
        where=reading.where,
        tools=facts.tools if facts else (),
        intents=facts.intents if facts else (),
        findings=facts.findings if facts else (),
        unavailable=facts.unavailable if facts else (),
        changes=len(judged.changes),
        traceparent=exchange.traceparent,
        timings_us=watch.timings_us,
    )


_UNRECORDED = Refusal(
    503, "audit_unavailable", "the decision could not be recorded; the request was not sent", "unavailable"
)


def _refusal(reading: Reading, record: Record) -> Refusal:
    if record.policy is NO_POLICY:
        return Refusal(503, "no_policy", "no policy is loaded; the request was not sent", "unavailable")
    if reading.reason is not None:
        message = f"{reading.where or 'request'}: {reading.reason.sentence}"
        kind = "unavailable" if reading.reason.status == 503 else "invalid"
        return Refusal(reading.reason.status, reading.reason.code, message, kind, reading.where)
    decision = record.decision
    message = f"Request blocked by policy: {decision.rule} — {decision.description}"
    return Refusal(400, "content_policy_violation", message, "policy")
