"""Why a decision came out as it did: for each subject the rules that were asked, in order, and what each said."""

from dataclasses import dataclass

from firebreak.model.decision import Ruling, Verdict
from firebreak.model.facts import Absence, Call, Facts
from firebreak.model.finding import Finding, Severity
from firebreak.model.intent import Intent
from firebreak.policy.program import FindingMatch, Program, Rule
from firebreak.policy.reference import (
    Quiet,
    Subject,
    default_for,
    evaluate,
    failed_conditions,
    fits,
    label,
    names,
    subjects,
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one rule had to do with a subject. `why_not` is empty where the rule judged it."""

    rule: str
    verdict: Verdict
    why_not: str = ""
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """One subject and the rules up to the one that decided."""

    subject: str
    steps: tuple[Step, ...]

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        return tuple(Ruling(self.subject, s.verdict, s.rule, s.shadow) for s in self.steps if not s.why_not)


def trace(program: Program, facts: Facts) -> tuple[Trace, ...]:
    """The way of each subject through the rules, its date aside: an expired policy asks no rule."""
    return tuple(_trace(program, subject, facts) for subject in subjects(facts))


def explain(program: Program, facts: Facts, now_s: float) -> str:
    """The decision and its reasons as lines for a person."""
    decision = evaluate(program, facts, now_s)
    lines = [f"{decision.verdict.name} by {decision.rule} ({decision.mode}, audit {decision.audit.name.lower()})"]
    if decision.rule == program.defaults.expired.id:
        return "\n".join([*lines, "  the policy has expired, so no rule was asked"])
    for one in trace(program, facts):
        lines.append(f"{one.subject}")
        lines.extend(f"  {_line(step)}" for step in one.steps)
    return "\n".join(lines)


def _line(step: Step) -> str:
    if step.why_not:
        return f"- {step.rule}: {step.why_not}"
    if step.shadow:
        return f"~ {step.rule}: would be {step.verdict.name}, in shadow mode"
    return f"> {step.rule}: {step.verdict.name}"


def _trace(program: Program, subject: Subject, facts: Facts) -> Trace:
    steps: list[Step] = []
    for rule in program.rules:
        why_not = _why_not(rule, subject, facts)
        steps.append(Step(rule.id, rule.verdict, why_not, rule.shadow and not why_not))
        if not why_not and not rule.shadow:
            return Trace(label(subject), tuple(steps))
    default = default_for(program, subject, facts)
    return Trace(label(subject), (*steps, Step(default.id, default.verdict)))


def _why_not(rule: Rule, subject: Subject, facts: Facts) -> str:
    if not names(rule, subject):
        return _names_not(rule, subject)
    failed = failed_conditions(rule, subject, facts)
    return f"its condition on {' and '.join(failed)} does not hold" if failed else ""


def _names_not(rule: Rule, subject: Subject) -> str:
    if isinstance(subject, Intent):
        return "names no intents" if rule.categories is None else "names other categories"
    if isinstance(subject, Finding):
        return "names no findings" if rule.findings is None else _finding_differs(rule.findings, subject)
    if isinstance(subject, Call):
        return "names no calls" if rule.calls is None else "names other calls"
    if isinstance(subject, Absence):
        return "no rule names what is unavailable"
    return "names parts of a response" if isinstance(subject, Quiet) else "names intents, findings or calls"


def _finding_differs(wanted: tuple[FindingMatch, ...], finding: Finding) -> str:
    """What keeps the nearest of the wanted findings from being this one."""
    reasons = []
    for one in wanted:
        loose = FindingMatch(one.kind, one.rule, min_severity=Severity.INFO, origin=one.origin)
        if fits(loose, finding):
            reasons.append("score or severity is too low")
        elif fits(FindingMatch(one.kind, one.rule, min_severity=Severity.INFO), finding):
            reasons.append("the origin is another")
    return reasons[0] if reasons else "names other findings"
