"""Runs the tests that a policy carries: does it decide what its authors agreed on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from firebreak.model.decision import Decision
from firebreak.model.facts import Facts
from firebreak.model.finding import Direction, Finding, Severity
from firebreak.policy.program import Expectation, PolicyTest, Program

Decide = Callable[[PolicyTest], tuple[Decision, Facts]]
"""Sends a test's request down the one path. Given from above: the pipeline is a higher floor."""


@dataclass(frozen=True, slots=True)
class Result:
    """`misses` says what came out otherwise than expected; none means that the test passes."""

    test: PolicyTest
    decision: Decision
    misses: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.misses


def run(program: Program, decide: Decide) -> list[Result]:
    """Every test of the policy, in order."""
    return [_run(test, decide) for test in program.tests]


def _run(test: PolicyTest, decide: Decide) -> Result:
    decision, facts = decide(test)
    return Result(test, decision, tuple(_misses(test.expect, decision, facts)))


def _misses(expect: Expectation, decision: Decision, facts: Facts) -> Iterable[str]:
    if decision.verdict is not expect.verdict:
        yield f"decision is {decision.verdict.name} by {decision.rule}, not {expect.verdict.name}"
    if expect.rule is not None and decision.rule != expect.rule:
        yield f"rule is {decision.rule}, not {expect.rule}"
    said = facts.direction is Direction.RESPONSE
    asked = [intent.category for intent in facts.intents if intent.primary or said]
    if expect.intent is not None and expect.intent not in asked:
        yield f"intent is {', '.join(asked) or 'none'}, not {expect.intent}"
    seen = _names(facts.findings)
    accused = _names(finding for finding in facts.findings if finding.severity > Severity.INFO)
    if expect.findings == () and accused:
        yield f"found {', '.join(sorted(accused))}, expected nothing"
    missing = [name for name in expect.findings or () if name not in seen]
    if missing:
        yield f"did not find {', '.join(missing)}"


def _names(findings: Iterable[Finding]) -> set[str]:
    return {name for finding in findings for name in (finding.rule, finding.kind.value)}
