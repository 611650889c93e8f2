import json
from dataclasses import replace

from firebreak.model.exchange import Caller
from firebreak.model.facts import Absence, Call, Facts
from firebreak.model.finding import Direction, Finding, FindingKind, Severity, Span, Surface
from firebreak.model.intent import Intent, IntentSource
from firebreak.policy.compile import load
from firebreak.policy.explain import explain, trace

DOCUMENT = {
    "policy": {"name": "p", "version": "1", "expires": "1970-01-02"},
    "rules": [
        {"id": "secrets", "match": {"findings": [{"kind": "secret"}]}, "decision": "BLOCK"},
        {"id": "sure", "match": {"findings": [{"kind": "pii", "min_score": 0.9}]}, "decision": "BLOCK"},
        {"id": "theirs", "match": {"findings": [{"kind": "pii", "origin": "tool"}]}, "decision": "BLOCK"},
        {"id": "gpt", "match": {"findings": [{}], "models": ["gpt-*"]}, "decision": "BLOCK"},
        {"id": "tried", "match": {"findings": [{}]}, "decision": "BLOCK", "mode": "shadow"},
        {"id": "pii", "match": {"findings": [{}]}, "decision": "WARN"},
        {"id": "talk", "match_categories": ["talk"], "decision": "ALLOW"},
    ],
}
PROGRAM = load(json.dumps(DOCUMENT), "p.yaml", {})
PII = Finding("email-address", FindingKind.PII, Severity.LOW, 0.5, Surface.REQUEST, "user", 0, Span(1, 9))
FACTS = Facts(
    "openai",
    "openai.chat",
    "claude",
    False,
    Caller(),
    intents=(Intent("talk", 0.9, IntentSource.LOCAL, primary=True),),
    findings=(PII,),
    unavailable=(Absence("intent", "crashed"),),
)


def test_each_rule_says_why_it_did_not_judge():
    assert explain(PROGRAM, FACTS, 0.0).splitlines()[:17] == [
        "BLOCK by default-unavailable (enforce, audit critical)",
        "intent:talk",
        "  - secrets: names no intents",
        "  - sure: names no intents",
        "  - theirs: names no intents",
        "  - gpt: names no intents",
        "  - tried: names no intents",
        "  - pii: names no intents",
        "  > talk: ALLOW",
        "finding:email-address@1-9",
        "  - secrets: names other findings",
        "  - sure: score or severity is too low",
        "  - theirs: the origin is another",
        "  - gpt: its condition on models does not hold",
        "  ~ tried: would be BLOCK, in shadow mode",
        "  > pii: WARN",
        "unavailable:intent",
    ]


def test_what_no_rule_can_name_falls_to_its_default():
    unavailable, exchange = trace(PROGRAM, FACTS)[2:]
    assert [step.rule for step in unavailable.steps if not step.why_not] == ["default-unavailable"]
    assert [step.rule for step in exchange.steps if not step.why_not] == ["default-exchange"]
    assert {step.why_not for step in exchange.steps} == {"names intents, findings or calls", ""}


def test_calls_and_quiet_responses_have_their_reasons_too():
    rules = [
        {"id": "pii", "match": {"findings": [{}]}, "decision": "WARN"},
        {"id": "elsewhere", "match": {"on": ["request"], "calls": [{}, {"tool": "x"}][1:]}, "decision": "BLOCK"},
        {"id": "removing", "match": {"calls": [{"tool": "delete_*"}]}, "decision": "BLOCK"},
    ]
    program = load(json.dumps({**DOCUMENT, "rules": rules}), "p.yaml", {})
    answer = replace(FACTS, direction=Direction.RESPONSE, intents=(), findings=(), unavailable=())
    told = explain(program, replace(answer, calls=(Call("x", "x\n"), Call("delete_all", "delete_all\n"))), 0.0)
    assert told.splitlines() == [
        "BLOCK by removing (enforce, audit standard)",
        "call:x",
        "  - pii: names no calls",
        "  - elsewhere: its condition on on does not hold",
        "  - removing: names other calls",
        "  > default-call: ALLOW",
        "call:delete_all",
        "  - pii: names no calls",
        "  - elsewhere: names other calls",
        "  > removing: BLOCK",
    ]
    assert explain(program, answer, 0.0).splitlines() == [
        "ALLOW by default-response (enforce, audit standard)",
        "response",
        "  - pii: names parts of a response",
        "  - elsewhere: names parts of a response",
        "  - removing: names parts of a response",
        "  > default-response: ALLOW",
    ]


def test_an_expired_policy_asks_no_rule():
    assert explain(PROGRAM, FACTS, 1e6).splitlines() == [
        "BLOCK by policy-expired (enforce, audit critical)",
        "  the policy has expired, so no rule was asked",
    ]
