"""The shipped policies have nothing wrong, and their own tests hold when the detectors find what the tests expect."""

from pathlib import Path

import pytest

from firebreak.detect.registry import known_rules
from firebreak.model.facts import Facts
from firebreak.model.finding import Direction, Finding, FindingKind, Severity, Span, Surface
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.policy.compile import lint, load
from firebreak.policy.evaluate import evaluate
from firebreak.policy.testing import run

POLICIES = sorted((Path(__file__).parents[2] / "policies").glob("*.yaml"))
NOW_S = 1_790_000_000.0  # September 2026


@pytest.fixture(params=POLICIES, ids=lambda path: path.stem)
def text(request):
    return request.param.read_text("utf-8")


def ideal(test):
    """What the detectors and the classifier would say of a test's request if they were never wrong."""
    answered = test.direction is Direction.RESPONSE
    surface, origin = (Surface.TOOL_RESULT, "tool") if test.tool_result else (Surface.REQUEST, "user")
    if answered:
        surface, origin = Surface.TOOL_CALL if test.response_call else Surface.RESPONSE, "assistant"
    kinds = [FindingKind(name) for name in test.expect.findings or ()]
    findings = [Finding("any", kind, Severity.HIGH, 0.9, surface, origin, 0, Span(0, 9)) for kind in kinds]
    intent = Intent(test.expect.intent or UNKNOWN, 0.9, IntentSource.LOCAL, primary=not answered, surface=surface)
    asked = (intent,) if test.expect.intent or not answered else ()
    model = test.model or "m"
    calls = (test.response_call,) if test.response_call else ()
    return Facts(
        "p", "openai.chat", model, False, test.caller, test.tools, asked, tuple(findings), (), calls, test.direction
    )


def test_a_shipped_policy_has_no_error_and_no_warning(text):
    assert lint(text, "p.yaml", known_rules(), NOW_S) == []


def test_a_shipped_policy_carries_tests_that_its_rules_meet(text):
    program = load(text, "p.yaml", known_rules())
    results = run(program, lambda test: (evaluate(program, ideal(test), NOW_S), ideal(test)))
    assert results
    assert [(result.test.name, result.misses) for result in results if not result.passed] == []


def test_a_shipped_policy_refuses_what_could_not_be_checked(text):
    defaults = load(text, "p.yaml", known_rules()).defaults
    assert defaults.unavailable.verdict.refuses
    assert defaults.finding.verdict.refuses


def test_the_three_policies_are_there():
    assert [path.stem for path in POLICIES] == ["baseline", "defense-standard", "pii-strict"]
