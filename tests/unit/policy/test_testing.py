import json

import pytest

from firebreak.model.exchange import Caller
from firebreak.model.facts import Facts
from firebreak.model.finding import Finding, FindingKind, Severity, Span, Surface
from firebreak.model.intent import Intent, IntentSource
from firebreak.policy.compile import load
from firebreak.policy.evaluate import evaluate
from firebreak.policy.testing import run

PII = Finding("email-address", FindingKind.PII, Severity.LOW, 0.5, Surface.REQUEST, "user", 0, Span(1, 9))

SIGNAL = Finding("language-de", FindingKind.LANGUAGE, Severity.INFO, 0.9, Surface.REQUEST, "user", 0, Span(0, 9))


def results(expect, *findings):
    document = {
        "policy": {"name": "p", "version": "1"},
        "rules": [
            {"id": "talk", "match_categories": ["talk"], "decision": "ALLOW"},
            {"id": "pii", "match": {"findings": [{}]}, "decision": "WARN"},
        ],
        "tests": [{"prompt": "hello", "expect": expect}],
    }
    program = load(json.dumps(document), "p.yaml", {"email-address": FindingKind.PII})
    asked = (Intent("talk", 0.9, IntentSource.LOCAL, primary=True),)
    facts = Facts("openai", "openai.chat", "m", False, Caller(), intents=asked, findings=findings)
    return run(program, lambda _test: (evaluate(program, facts, 0.0), facts))


@pytest.mark.parametrize(
    ("expect", "findings"),
    [
        ({"decision": "ALLOW"}, ()),
        ({"decision": "ALLOW", "rule": "talk", "intent": "talk", "findings": []}, ()),
        ({"decision": "WARN", "rule": "pii", "findings": ["pii"]}, (PII,)),
        ({"decision": "WARN", "findings": ["email-address"]}, (PII,)),
        ({"decision": "ALLOW", "findings": []}, (SIGNAL,)),
        ({"decision": "ALLOW", "findings": ["language"]}, (SIGNAL,)),
    ],
)
def test_what_comes_out_as_agreed_passes(expect, findings):
    (result,) = results(expect, *findings)
    assert result.passed


@pytest.mark.parametrize(
    ("expect", "findings", "miss"),
    [
        ({"decision": "BLOCK"}, (), "decision is ALLOW by talk, not BLOCK"),
        ({"decision": "ALLOW", "rule": "pii"}, (), "rule is talk, not pii"),
        ({"decision": "ALLOW", "intent": "unknown"}, (), "intent is talk, not unknown"),
        ({"decision": "ALLOW", "findings": ["pii"]}, (), "did not find pii"),
        ({"decision": "WARN", "findings": []}, (PII,), "found email-address, pii, expected nothing"),
    ],
)
def test_what_comes_out_otherwise_is_told(expect, findings, miss):
    (result,) = results(expect, *findings)
    assert result.misses == (miss,)
