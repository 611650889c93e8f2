"""One answer before the policy: what is found in it, what follows from that, and its record."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from firebreak.codecs.answer import Channel
from firebreak.detect import leak
from firebreak.detect.interface import Hit
from firebreak.intent.asks import OTHER_THRESHOLD
from firebreak.model.conversation import UNTRUSTED, Part, PartKind, Role
from firebreak.model.decision import Decision, Mode, Verdict
from firebreak.model.facts import Absence, Call, Facts
from firebreak.model.finding import Direction, Finding, Span, Surface
from firebreak.model.handover import Handover
from firebreak.model.intent import Intent, IntentSource
from firebreak.model.reason import Reason
from firebreak.model.record import Record
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage
from firebreak.pipeline import restore
from firebreak.pipeline.gate import Cut
from firebreak.pipeline.growing import Found
from firebreak.pipeline.place import MAX_ALIKE
from firebreak.pipeline.placeholder import Placeholders
from firebreak.pipeline.snapshot import Snapshot
from firebreak.policy import evaluate
from firebreak.policy.prices import cost
from firebreak.policy.program import Program

MAX_CALLS = 200
"""Tool calls named in one record; no answer has that many."""


LEAST_STRETCH = 16
"""Characters by which it can be told what a text is like: names, types and numbers say nothing."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of an answer. `ending` is `complete`, `cut`, `refused` (nothing of it left) or `aborted`."""

    ending: str
    status: int
    inspected: str
    body_bytes: int
    body_sha256: str
    usage: Usage | None


class Answer:
    """The gate's bench for one answer, by one snapshot from its first byte to its record."""

    def __init__(self, snapshot: Snapshot, handover: Handover, taken: Mapping[str, str], now_s: float) -> None:
        self._snapshot = snapshot
        self._handover = handover
        self._taken = taken
        self._now_s = now_s
        self._placeholders = Placeholders(text.decode() for _, _, text in handover.changes)
        self._findings: list[Finding] = []
        self._alike: Counter[tuple[object, ...]] = Counter()
        self._absences: dict[Absence, None] = {}
        self._calls: list[Call] = []
        self._intents: dict[tuple[str, Surface], Intent] = {}
        self._heard_on = _heard_on(snapshot.program)
        self._overlap = leak.Overlap(handover.prompt)
        canaries = snapshot.program.canaries
        self._leaks = (leak.canaries(canaries), self._overlap) if canaries else (self._overlap,)
        self._parts = 0
        self.changes = 0
        self.late = 0
        self.spent_ns = 0

    def screen(self, part: Part) -> tuple[Hit, ...]:
        self._parts += 1
        screened = self._snapshot.screen.hits(part, self._leaks)
        self._miss(screened.absences)
        return (*screened.hits, *restore.places(part.text, self._taken))

    def weigh(self, found: Found, channel: Channel, span: Span, text: str) -> str | None:
        if found.hit.rule == restore.RULE:
            return self._put_back(found, channel, text)
        if found.hit.rule == leak.OVERLAP:
            self._overlap.silence(channel.kind)
        finding = self._finding(found, channel, span)
        self._keep(finding)
        decision = evaluate.evaluate(self._snapshot.program, self._facts(findings=(finding,)), self._now_s)
        if found.late:
            self.late += len(text)
        if decision.mode is Mode.SHADOW or not decision.verdict.refuses:
            return None
        if decision.verdict is not Verdict.REDACT or found.late or channel.copied:
            raise Cut
        if finding.rule == leak.OVERLAP:
            raise Cut  # of a prompt samples are known, not what is between them
        self.changes += 1
        return self._placeholders.name(finding.rule, finding.kind, text)

    def _put_back(self, found: Found, channel: Channel, text: str) -> str | None:
        if found.late or channel.copied:
            return None
        self.changes += 1
        return restore.restored(channel, text, self._taken)

    def call(self, channel: Channel, text: str) -> None:
        call = Call(channel.name, text)
        refused = evaluate.evaluate(self._snapshot.program, self._facts(calls=(call,)), self._now_s).refuses
        if refused or len(self._calls) < MAX_CALLS:
            self._calls.append(call)
        if refused:
            raise Cut

    def hear(self, channel: Channel, stretch: str) -> tuple[Hit, ...]:
        if self._listens(channel):
            self._ask_about(channel, stretch)
        if len(stretch) < LEAST_STRETCH:
            return ()
        part = Part(channel.kind, Role.ASSISTANT, channel.origin, stretch, (), channel.name)
        screened = self._snapshot.screen.broad_hits(part)
        self._miss(screened.absences)
        return screened.hits

    def _listens(self, channel: Channel) -> bool:
        """To texts that the model says, and calls; what it thinks about before it refuses is not said."""
        if channel.kind not in (PartKind.TEXT, PartKind.TOOL_CALL) or channel.copied:
            return False
        return self._heard_on[_surface(channel)]

    def _ask_about(self, channel: Channel, stretch: str) -> None:
        absences: list[Absence] = []
        guess = self._snapshot.screen.classify(stretch, absences)
        self._miss(absences)
        surface = _surface(channel)
        for seen in (guess, *guess.hidden):
            known = self._intents.get((seen.category, surface))
            if seen.category not in self._snapshot.program.in_answers or seen.confidence < OTHER_THRESHOLD:
                continue
            if known is not None and known.confidence >= seen.confidence:
                continue
            intent = Intent(
                category=seen.category,
                confidence=seen.confidence,
                source=IntentSource.LOCAL,
                primary=False,
                part=self._parts,
                evidence=seen.evidence,
                surface=surface,
            )
            self._intents[seen.category, surface] = intent
            if known is None:
                self._demand(self._facts(intents=(intent,)))

    def decision(self, reason: Reason | None = None, *, whole: bool = False) -> Decision:
        """Over everything that was found; `reason` where the answer could not be read, `whole` where it got through."""
        program = self._snapshot.program
        if reason is not None:
            return evaluate.refuse_unread(program, reason, self._now_s)
        intents = tuple(self._intents.values())
        facts = self._facts(tuple(self._findings), tuple(self._calls), tuple(self._absences), intents)
        decision = evaluate.evaluate(program, facts, self._now_s)
        # What could not be redacted has raised `Cut`; a redaction in an answer that is whole was carried out.
        done = decision.verdict is Verdict.REDACT and whole and decision.mode is Mode.ENFORCE
        return replace(decision, carried_out=done)

    def record(self, ended: Ended, decision: Decision, reason: Reason | None, where: str = "") -> Record:
        over = self._handover
        return Record(
            id=over.record,
            time_s=self._now_s,
            provider=over.provider,
            surface=over.surface,
            method=over.method,
            path=over.path,
            model=over.model,
            stream=ended.inspected == "stream",
            caller=over.caller,
            policy=self._snapshot.program.ref,
            decision=decision,
            inspected=ended.inspected,
            body_bytes=ended.body_bytes,
            body_sha256=ended.body_sha256,
            parts=self._parts,
            reason=reason.code if reason else "",
            where=where,
            tools=tuple(call.tool for call in self._calls),
            intents=tuple(self._intents.values()),
            findings=tuple(self._findings),
            unavailable=tuple(self._absences),
            traceparent=over.traceparent,
            timings_us={"response": self.spent_ns // 1000},
            direction=Direction.RESPONSE,
            status=ended.status,
            ending=ended.ending,
            usage=ended.usage,
            cost=cost(self._snapshot.program, over.model, ended.usage),
            currency=self._snapshot.program.currency,
            changes=self.changes,
            late=self.late,
        )

    def _miss(self, absences: Sequence[Absence]) -> None:
        """Who could not answer, each once."""
        new = [absence for absence in absences if absence not in self._absences]
        if new:
            self._absences.update(dict.fromkeys(new))
            self._demand(self._facts(unavailable=tuple(new)))

    def _demand(self, facts: Facts) -> None:
        """Raises `Cut` where the policy does not let these facts pass. What they are about cannot be taken out."""
        if evaluate.evaluate(self._snapshot.program, facts, self._now_s).refuses:
            raise Cut

    def _facts(
        self,
        findings: tuple[Finding, ...] = (),
        calls: tuple[Call, ...] = (),
        unavailable: tuple[Absence, ...] = (),
        intents: tuple[Intent, ...] = (),
    ) -> Facts:
        over = self._handover
        return Facts(
            provider=over.provider,
            surface=over.surface,
            model=over.model,
            stream=False,
            caller=over.caller,
            intents=intents,
            findings=findings,
            unavailable=unavailable,
            calls=calls,
            direction=Direction.RESPONSE,
        )

    def _finding(self, found: Found, channel: Channel, span: Span) -> Finding:
        hit = found.hit
        return Finding(
            rule=hit.rule,
            kind=hit.kind,
            severity=hit.severity,
            score=hit.score,
            surface=_surface(channel),
            origin=channel.origin,
            part=self._parts - 1,
            span=span,
            view=hit.view,
        )

    def _keep(self, finding: Finding) -> None:
        key = (finding.rule, finding.severity, finding.score, finding.surface, finding.origin)
        self._alike[key] += 1
        if self._alike[key] <= MAX_ALIKE:
            self._findings.append(finding)


def _heard_on(program: Program) -> dict[Surface, bool]:
    """In which places rules judge what an answer is about; what a tool gave back is not the model's word."""
    said = {place for rules in program.in_answers.values() for rule in rules for place in rule.intents_on}
    texts = Surface.RESPONSE in said
    return {Surface.RESPONSE: texts, Surface.TOOL_CALL: texts or Surface.TOOL_CALL in said, Surface.TOOL_RESULT: False}


def refusal(decision: Decision, reason: Reason | None) -> Refusal:
    """Why an answer was withheld, for the provider's own error form."""
    if reason is not None:
        return Refusal(502, reason.code, f"response: {reason.sentence}", "unavailable")
    message = f"Response blocked by policy: {decision.rule} — {decision.description}"
    return Refusal(400, "content_policy_violation", message, "policy")


def _surface(channel: Channel) -> Surface:
    if channel.kind is PartKind.TOOL_CALL:
        return Surface.TOOL_CALL
    return Surface.TOOL_RESULT if channel.origin in UNTRUSTED else Surface.RESPONSE
