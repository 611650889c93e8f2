"""What the baseline says of an application's own prompt, which speaks of attacks to guard against them."""

from pathlib import Path

import pytest

from firebreak.detect.registry import known_rules
from firebreak.model.decision import Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Facts
from firebreak.model.finding import Finding, FindingKind, Severity, Span, Surface
from firebreak.policy.compile import load
from firebreak.policy.evaluate import evaluate

BASELINE = load(Path("policies/baseline.yaml").read_text("utf-8"), "baseline.yaml", known_rules())


@pytest.mark.parametrize(
    ("origin", "verdict", "rule"),
    [
        ("system", Verdict.WARN, "mark-guarded-prompt"),
        ("user", Verdict.BLOCK, "block-injected-prompt"),
        ("assistant", Verdict.BLOCK, "block-injected-prompt"),
        ("retrieval", Verdict.BLOCK, "block-injected-document"),
    ],
)
def test_only_the_application_may_speak_of_its_prompt(origin, verdict, rule):
    kind = FindingKind.INJECTION
    finding = Finding("reveal-your-prompt", kind, Severity.HIGH, 0.95, Surface.REQUEST, origin, 0, Span(0, 9))
    facts = Facts("openai", "openai.chat", "m", False, Caller(), findings=(finding,))
    decision = evaluate(BASELINE, facts, 0.0)
    assert (decision.verdict, decision.rule) == (verdict, rule)
