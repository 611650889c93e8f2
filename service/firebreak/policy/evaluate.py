"""A program and facts to a decision: the fast evaluator. `reference` is the same in slow, obvious words.

The rules this file lives by:
1. Total: nothing here raises, whatever the facts.
2. A subject is judged by the first rule, in order, that names it and whose conditions hold; else by its default.
3. The decision is the strictest verdict; its rule is the first in policy order that gave it.
4. The exchange itself is a subject of a request only. An intent of a response is judged by rules that say so, and has
   no verdict of its own; a response with no subject but signals has its own default.
5. A rule or policy in shadow mode is recorded and refuses nothing.
"""

from collections.abc import Iterable

from firebreak.model.decision import AuditLevel, Decision, Mode, Ruling, Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Call, Facts
from firebreak.model.finding import Direction, Finding, Severity, Surface
from firebreak.model.intent import UNKNOWN, Intent
from firebreak.model.reason import Reason
from firebreak.policy.glob import Glob, any_matches
from firebreak.policy.program import (
    LISTED_ROUTE,
    MAX_TOOL_CHARS,
    NO_POLICY,
    UNREADABLE,
    WHOLE,
    CallerMatch,
    CallMatch,
    Conditions,
    FindingMatch,
    Program,
    Rule,
)

_EXCHANGE = "exchange"
_RESPONSE = "response"
_TOOLS = (Surface.TOOL_CALL, Surface.TOOL_RESULT)


def evaluate(program: Program, facts: Facts, now_s: float) -> Decision:
    """The decision on an exchange that was read."""
    if program.expires_s is not None and now_s >= program.expires_s:
        return _expired(program)
    bench = _Bench(program.rules, facts)
    defaults, whole = program.defaults, WHOLE[facts.direction]
    asks = facts.direction is Direction.REQUEST
    intents = [intent for intent in facts.intents if intent.category != UNKNOWN or (asks and intent.primary)]
    for intent in intents:
        label = f"intent:{intent.category}"
        if asks:
            bench.judge(label, program.by_category.get(intent.category, ()), defaults.intent)
        else:
            bench.judge(label, _naming_intent(program, intent), defaults.response)
    redact = []
    for index, finding in enumerate(facts.findings):
        naming = _naming(program.by_kind.get(finding.kind, ()), finding, whole)
        label = f"finding:{finding.rule}@{finding.span.start}-{finding.span.end}"
        default = defaults.finding if finding.severity > Severity.INFO else defaults.signal
        if bench.judge(label, naming, default) is Verdict.REDACT:
            redact.append(index)
    for call in facts.calls:
        bench.judge(f"call:{call.tool[:MAX_TOOL_CHARS]}", _naming_call(program.for_calls, call, whole), defaults.call)
    for absence in facts.unavailable:
        bench.judge(f"unavailable:{absence.part}", (), defaults.unavailable)
    if asks:
        bench.judge(_EXCHANGE, program.for_exchange, defaults.exchange)
    elif not intents and _only_signals(facts):
        bench.judge(_RESPONSE, (), defaults.response)
    carried_out = redact if program.mode is Mode.ENFORCE else ()
    return _decision(program.mode, bench.enforced, tuple(bench.rulings), tuple(carried_out))


def refuse_unread(program: Program, reason: Reason, now_s: float) -> Decision:
    """The decision on an exchange that could not be read as its provider would read it."""
    if program.expires_s is not None and now_s >= program.expires_s:
        return _expired(program)
    return _fixed(program.mode, Verdict.BLOCK, UNREADABLE + reason.code, reason.sentence, AuditLevel.ENHANCED)


def refuse_unproven(reason: Reason) -> Decision:
    """The decision on an exchange from a caller that is not known. No policy, shadow or expired, lets it pass."""
    return _fixed(Mode.ENFORCE, Verdict.BLOCK, UNREADABLE + reason.code, reason.sentence, AuditLevel.ENHANCED)


def listed_route(program: Program, now_s: float) -> Decision:
    """The decision on a route that carries no prompt and is on the list of those that pass."""
    if program.expires_s is not None and now_s >= program.expires_s:
        return _expired(program)
    description = "The route is on the list of those that carry no prompt"
    return _fixed(program.mode, Verdict.ALLOW, LISTED_ROUTE, description, AuditLevel.STANDARD)


def no_policy() -> Decision:
    """The decision while no policy has loaded: everything is refused."""
    return _fixed(Mode.ENFORCE, Verdict.BLOCK, NO_POLICY, "No policy is loaded", AuditLevel.CRITICAL)


def _only_signals(facts: Facts) -> bool:
    judged = facts.calls or facts.unavailable
    return not judged and all(finding.severity is Severity.INFO for finding in facts.findings)


def _names_finding(wanted: FindingMatch, finding: Finding) -> bool:
    return (
        wanted.kind in (None, finding.kind)
        and wanted.rule in (None, finding.rule)
        and wanted.origin in (None, finding.origin)
        and finding.score >= wanted.min_score
        and finding.severity >= wanted.min_severity
    )


def _seen_there(surfaces: tuple[Surface, ...], surface: Surface, whole: Surface) -> bool:
    """`whole` is the word for everything in the direction, tool calls and tool results included."""
    return whole in surfaces or (surface in _TOOLS and surface in surfaces)


def _exchange_holds(conditions: Conditions, facts: Facts) -> bool:
    """True where every condition on the exchange that is given has a member that fits."""
    return (
        _one_caller_fits(conditions.callers, facts.caller)
        and _fits(conditions.models, facts.model)
        and _fits(conditions.providers, facts.provider)
        and (not conditions.tools or any(any_matches(conditions.tools, tool) for tool in facts.tools))
    )


class _Bench:
    """Judges the subjects of one exchange; whether a rule's conditions hold is found out once."""

    __slots__ = ("_facts", "_holds", "enforced", "rulings")

    def __init__(self, rules: tuple[Rule, ...], facts: Facts) -> None:
        self._facts = facts
        self._holds: list[bool | None] = [None] * len(rules)
        self.enforced: list[Rule] = []
        self.rulings: list[Ruling] = []

    def judge(self, subject: str, rules: Iterable[Rule], default: Rule) -> Verdict:
        """The verdict on the subject that is enforced."""
        for rule in rules:
            holds = self._holds[rule.index]
            if holds is None:
                holds = self._holds[rule.index] = _exchange_holds(rule.conditions, self._facts)
            if not holds:
                continue
            if rule.shadow:
                self.rulings.append(Ruling(subject, rule.verdict, rule.id, shadow=True))
                continue
            self.rulings.append(Ruling(subject, rule.verdict, rule.id))
            self.enforced.append(rule)
            return rule.verdict
        self.rulings.append(Ruling(subject, default.verdict, default.id))
        self.enforced.append(default)
        return default.verdict


def _naming_intent(program: Program, intent: Intent) -> Iterable[Rule]:
    """Rules that name what an answer is about."""
    for rule in program.in_answers.get(intent.category, ()):
        if _seen_there(rule.intents_on, intent.surface, Surface.RESPONSE):
            yield rule


def _naming(rules: tuple[Rule, ...], finding: Finding, whole: Surface) -> Iterable[Rule]:
    for rule in rules:
        if _seen_there(rule.conditions.surfaces, finding.surface, whole) and any(
            _names_finding(wanted, finding) for wanted in rule.findings or ()
        ):
            yield rule


def _naming_call(rules: tuple[Rule, ...], call: Call, whole: Surface) -> Iterable[Rule]:
    """Rules that name the call, in order. Its text may be long and is folded once."""
    if not rules:
        return
    tool, text = call.tool.lower(), call.text.lower()
    for rule in rules:
        if _seen_there(rule.conditions.surfaces, Surface.TOOL_CALL, whole) and any(
            _names_call(wanted, tool, text) for wanted in rule.calls or ()
        ):
            yield rule


def _names_call(wanted: CallMatch, tool: str, text: str) -> bool:
    return (wanted.tool is None or wanted.tool.matches_folded(tool)) and (
        wanted.arguments is None or wanted.arguments.matches_folded(text)
    )


def _one_caller_fits(wanted: tuple[CallerMatch, ...], caller: Caller) -> bool:
    return not wanted or any(all(glob.matches(getattr(caller, name)) for name, glob in one.fields) for one in wanted)


def _fits(globs: tuple[Glob, ...], name: str) -> bool:
    return not globs or any_matches(globs, name)


def _decision(mode: Mode, enforced: list[Rule], rulings: tuple[Ruling, ...], redact: tuple[int, ...] = ()) -> Decision:
    judges = sorted({rule.index: rule for rule in enforced}.values(), key=_index)
    strictest = max(rule.verdict for rule in judges)
    chief = next(rule for rule in judges if rule.verdict is strictest)
    return Decision(
        verdict=strictest,
        rule=chief.id,
        description=chief.description,
        audit=max(rule.audit for rule in judges),
        mode=mode,
        alerts=tuple(dict.fromkeys(alert for rule in judges for alert in rule.alerts)),
        constraints=tuple(dict.fromkeys(constraint for rule in judges for constraint in rule.constraints)),
        requires_human=any(rule.requires_human for rule in judges),
        color=chief.color,
        note=chief.note,
        rulings=rulings,
        redact=redact,
        enforce=tuple(rule.enforce for rule in judges if rule.enforce is not None),
    )


def _index(rule: Rule) -> int:
    return rule.index


def _expired(program: Program) -> Decision:
    expired = program.defaults.expired
    return _decision(program.mode, [expired], (Ruling(_EXCHANGE, expired.verdict, expired.id),))


def _fixed(mode: Mode, verdict: Verdict, rule: str, description: str, audit: AuditLevel) -> Decision:
    color = "red" if verdict.refuses else "green"
    rulings = (Ruling(_EXCHANGE, verdict, rule),)
    return Decision(verdict, rule, description, audit, mode, color=color, rulings=rulings)
