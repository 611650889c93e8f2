"""The slow, obvious evaluator: what the policy language means, written straight down.

It shares the words of the program with `evaluate` and none of its code. Tests hold `evaluate` to it.
"""

from dataclasses import dataclass

from firebreak.model.decision import Decision, Mode, Ruling, Verdict
from firebreak.model.facts import Absence, Call, Facts
from firebreak.model.finding import Direction, Finding, Severity, Surface
from firebreak.model.intent import UNKNOWN, Intent
from firebreak.policy.glob import Glob
from firebreak.policy.program import MAX_TOOL_CHARS, CallMatch, FindingMatch, Program, Rule


@dataclass(frozen=True, slots=True)
class Whole:
    """The exchange as a subject."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A response in which there is nothing to judge but signals, as the subject that it has besides."""


Subject = Intent | Finding | Call | Absence | Whole | Quiet


def evaluate(program: Program, facts: Facts, now_s: float) -> Decision:
    if program.expires_s is not None and now_s >= program.expires_s:
        expired = program.defaults.expired
        return _sum_up(program.mode, [expired], [Ruling("exchange", expired.verdict, expired.id)])
    judges: list[Rule] = []
    rulings: list[Ruling] = []
    redacted: list[Finding] = []
    for subject in subjects(facts):
        applying = [rule for rule in program.rules if names(rule, subject) and conditions_hold(rule, subject, facts)]
        applying.append(default_for(program, subject, facts))
        enforced = next(rule for rule in applying if not rule.shadow)
        tried = [rule for rule in applying[: applying.index(enforced)] if rule.shadow]
        rulings += [Ruling(label(subject), rule.verdict, rule.id, shadow=True) for rule in tried]
        rulings.append(Ruling(label(subject), enforced.verdict, enforced.id))
        judges.append(enforced)
        if isinstance(subject, Finding) and enforced.verdict is Verdict.REDACT:
            redacted.append(subject)
    return _sum_up(program.mode, judges, rulings, _indices(program, redacted, facts))


def _indices(program: Program, redacted: list[Finding], facts: Facts) -> tuple[int, ...]:
    if program.mode is Mode.SHADOW:
        return ()
    return tuple(index for index, finding in enumerate(facts.findings) if finding in redacted)


def subjects(facts: Facts) -> list[Subject]:
    seen: list[Subject] = [*facts.findings, *facts.calls, *facts.unavailable]
    if facts.direction is Direction.RESPONSE:
        seen = [*(intent for intent in facts.intents if intent.category != UNKNOWN), *seen]
        return seen if any(not is_signal(one) for one in seen) else [*seen, Quiet()]
    asked = [intent for intent in facts.intents if intent.primary or intent.category != UNKNOWN]
    return [*asked, *seen, Whole()]


def is_signal(subject: Subject) -> bool:
    """Whether it only describes."""
    return isinstance(subject, Finding) and subject.severity is Severity.INFO


def label(subject: Subject) -> str:
    match subject:
        case Intent():
            return "intent:" + subject.category
        case Finding():
            return f"finding:{subject.rule}@{subject.span.start}-{subject.span.end}"
        case Call():
            return "call:" + subject.tool[:MAX_TOOL_CHARS]
        case Absence():
            return "unavailable:" + subject.part
        case Whole():
            return "exchange"
        case Quiet():
            return "response"


def names(rule: Rule, subject: Subject) -> bool:
    match subject:
        case Intent():
            return rule.categories is not None and subject.category in rule.categories
        case Finding():
            return rule.findings is not None and any(fits(wanted, subject) for wanted in rule.findings)
        case Call():
            return rule.calls is not None and any(fits_call(wanted, subject) for wanted in rule.calls)
        case Absence() | Quiet():
            return False
        case Whole():
            return rule.categories is None and rule.findings is None and rule.calls is None


def fits(wanted: FindingMatch, finding: Finding) -> bool:
    if wanted.kind is not None and wanted.kind is not finding.kind:
        return False
    if wanted.rule is not None and wanted.rule != finding.rule:
        return False
    if wanted.origin is not None and wanted.origin != finding.origin:
        return False
    return finding.score >= wanted.min_score and finding.severity >= wanted.min_severity


def fits_call(wanted: CallMatch, call: Call) -> bool:
    if wanted.tool is not None and not glob_fits(wanted.tool, call.tool):
        return False
    return wanted.arguments is None or glob_fits(wanted.arguments, call.text)


def conditions_hold(rule: Rule, subject: Subject, facts: Facts) -> bool:
    return not failed_conditions(rule, subject, facts)


def failed_conditions(rule: Rule, subject: Subject, facts: Facts) -> list[str]:
    """The names of the conditions that do not hold, in the words of the policy file."""
    conditions, failed = rule.conditions, []
    places = rule.intents_on if isinstance(subject, Intent) else conditions.surfaces
    if not any(surface in places for surface in surfaces_of(subject, facts)):
        failed.append("on")
    callers = [
        all(glob_fits(glob, getattr(facts.caller, field)) for field, glob in caller.fields)
        for caller in conditions.callers
    ]
    if callers and not any(callers):
        failed.append("callers")
    for name, globs, values in (
        ("models", conditions.models, (facts.model,)),
        ("providers", conditions.providers, (facts.provider,)),
        ("tools", conditions.tools, facts.tools),
    ):
        if globs and not any(glob_fits(glob, value) for glob in globs for value in values):
            failed.append(name)
    return failed


def surfaces_of(subject: Subject, facts: Facts) -> list[Surface]:
    """The words of `on` that cover the subject."""
    found = [Surface(facts.direction.value)]
    if isinstance(subject, Call):
        found.append(Surface.TOOL_CALL)
    tools = (Surface.TOOL_CALL, Surface.TOOL_RESULT)
    if isinstance(subject, Finding) and subject.surface in tools:
        found.append(subject.surface)
    if isinstance(subject, Intent) and facts.direction is Direction.RESPONSE and subject.surface in tools:
        found.append(subject.surface)
    return found


def glob_fits(glob: Glob, name: str) -> bool:
    """A table of which prefixes of the pattern fit which prefixes of the name."""
    pattern = glob.pattern.lower() if glob.fold else glob.pattern
    name = name.lower() if glob.fold else name
    fitting = {0}
    for char in pattern:
        if char == "*":
            fitting = set(range(min(fitting), len(name) + 1)) if fitting else set()
        else:
            fitting = {at + 1 for at in fitting if at < len(name) and name[at] == char}
    return name != "" and len(name) in fitting


def default_for(program: Program, subject: Subject, facts: Facts) -> Rule:
    match subject:
        case Intent() if facts.direction is Direction.RESPONSE:
            return program.defaults.response
        case Intent():
            return program.defaults.intent
        case Finding():
            return program.defaults.signal if is_signal(subject) else program.defaults.finding
        case Call():
            return program.defaults.call
        case Absence():
            return program.defaults.unavailable
        case Whole():
            return program.defaults.exchange
        case Quiet():
            return program.defaults.response


def _sum_up(mode: Mode, judges: list[Rule], rulings: list[Ruling], redact: tuple[int, ...] = ()) -> Decision:
    strictest = Verdict(max(int(judge.verdict) for judge in judges))
    in_order = sorted(judges, key=lambda judge: judge.index)
    chief = next(judge for judge in in_order if judge.verdict == strictest)
    return Decision(
        verdict=strictest,
        rule=chief.id,
        description=chief.description,
        audit=max(judge.audit for judge in judges),
        mode=mode,
        alerts=_each_once([alert for judge in in_order for alert in judge.alerts]),
        constraints=_each_once([constraint for judge in in_order for constraint in judge.constraints]),
        requires_human=any(judge.requires_human for judge in judges),
        color=chief.color,
        note=chief.note,
        rulings=tuple(rulings),
        redact=redact,
        enforce=tuple(rule.enforce for rule in _rules_once(in_order) if rule.enforce is not None),
    )


def _rules_once(judges: list[Rule]) -> list[Rule]:
    return [judge for position, judge in enumerate(judges) if judge not in judges[:position]]


def _each_once(words: list[str]) -> tuple[str, ...]:
    return tuple(word for index, word in enumerate(words) if word not in words[:index])
