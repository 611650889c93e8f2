import json
from dataclasses import replace

import pytest

from firebreak.model.exchange import Caller
from firebreak.model.facts import Absence, Call, Facts
from firebreak.model.finding import Direction, Finding, FindingKind, Severity, Span, Surface
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.policy.compile import load
from firebreak.policy.glob import Glob
from firebreak.policy.reference import Quiet, Whole, evaluate, failed_conditions, glob_fits, label, subjects

PII = Finding("email-address", FindingKind.PII, Severity.LOW, 0.5, Surface.TOOL_RESULT, "tool", 0, Span(1, 2))


def facts(*intents):
    asked = tuple(Intent(name, 1.0, IntentSource.LOCAL, primary=primary) for name, primary in intents)
    return Facts("openai", "openai.chat", "m", False, Caller(pod="p"), intents=asked, findings=(PII,))


def program(*rules):
    listed = [{"id": f"r{index}", **rule} for index, rule in enumerate(rules)]
    return load(json.dumps({"policy": {"name": "p", "version": "1"}, "rules": listed}), "p.yaml", {})


def test_the_subjects_are_intents_findings_absences_and_the_exchange():
    seen = facts(("a", True), (UNKNOWN, True), (UNKNOWN, False))
    assert [label(subject) for subject in subjects(seen)] == [
        "intent:a",
        "intent:unknown",
        "finding:email-address@1-2",
        "exchange",
    ]
    assert label(Absence("patterns", "crashed")) == "unavailable:patterns"


def test_a_response_has_what_is_in_it_or_one_quiet_subject():
    seen = replace(facts(("a", True)), direction=Direction.RESPONSE, calls=(Call("f" * 99, "f"),))
    judged = ["intent:a", "finding:email-address@1-2", "call:" + "f" * 64]
    assert [label(subject) for subject in subjects(seen)] == judged
    assert [label(subject) for subject in subjects(replace(seen, findings=(), calls=()))] == ["intent:a"]
    assert subjects(replace(seen, findings=(), calls=(), intents=())) == [Quiet()]
    assert label(Quiet()) == "response"


def test_a_response_of_signals_is_quiet():
    signal = replace(PII, severity=Severity.INFO)
    seen = replace(facts(), direction=Direction.RESPONSE, findings=(signal,))
    assert [label(subject) for subject in subjects(seen)] == ["finding:email-address@1-2", "response"]
    assert [ruling.rule for ruling in evaluate(program({"match": {}, "decision": "WARN"}), seen, 0.0).rulings] == [
        "default-signal",
        "default-response",
    ]


def test_the_strictest_verdict_wins_and_its_first_rule_decides():
    policy = program(
        {"match_categories": ["a"], "decision": "ALLOW"},
        {"match": {"findings": [{"kind": "pii"}]}, "decision": "WARN"},
        {"match": {}, "decision": "WARN"},
    )
    assert evaluate(policy, facts(("a", True)), 0.0).rule == "r1"


def test_the_conditions_that_fail_are_named():
    policy = program(
        {
            "match": {
                "on": ["tool_call"],
                "findings": [{}],
                "callers": [{"pod": "q"}],
                "models": ["x"],
                "providers": ["x"],
                "tools": ["*"],
            },
            "decision": "WARN",
        }
    )
    assert failed_conditions(policy.rules[0], PII, facts()) == ["on", "callers", "models", "providers", "tools"]
    assert failed_conditions(program({"match": {}, "decision": "WARN"}).rules[0], Whole(), facts()) == []


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [("a*c", "abbc", True), ("a*c", "abbd", False), ("*", "", False), ("*", "x", True), ("a", "ab", False)],
)
def test_a_glob_is_a_table_of_prefixes(pattern, name, fits):
    assert glob_fits(Glob(pattern), name) is fits
