import json
from dataclasses import replace

import pytest

from firebreak.model.decision import AuditLevel, Enforcement, Mode, Ruling, Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Absence, Call, Facts
from firebreak.model.finding import Direction, Finding, FindingKind, Severity, Span, Surface
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.model.reason import Reason
from firebreak.policy.compile import load
from firebreak.policy.evaluate import evaluate, listed_route, no_policy, refuse_unproven, refuse_unread

KNOWN = {"email-address": FindingKind.LANGUAGE}


def program(*rules, defaults=None, **header):
    document = {
        "policy": {"name": "p", "version": "1", **header},
        "defaults": defaults or {},
        "rules": [{"id": f"r{index}", **rule} for index, rule in enumerate(rules)],
    }
    return load(json.dumps(document), "p.yaml", {})


def intent(category, *, primary=True):
    return Intent(category, 0.9, IntentSource.LOCAL, primary=primary)


def finding(kind=FindingKind.PII, score=0.9, surface=Surface.REQUEST, origin="user", severity=Severity.MEDIUM):
    return Finding("email-address", kind, severity, score, surface, origin, 0, Span(10, 20))


def facts(*intents, findings=(), unavailable=(), **fields):
    given = {"provider": "openai", "surface": "openai.chat", "model": "gpt-5", "stream": False, "caller": Caller()}
    return Facts(**{**given, **fields}, intents=intents, findings=tuple(findings), unavailable=tuple(unavailable))


def decide(policy, *intents, **fields):
    return evaluate(policy, facts(*intents, **fields), 0.0)


ALLOW_A = {"match_categories": ["a"], "decision": "ALLOW"}


def test_the_first_rule_that_names_an_intent_judges_it():
    policy = program({"match_categories": ["a"], "decision": "WARN"}, {"match_categories": ["a"], "decision": "BLOCK"})
    assert (decide(policy, intent("a")).verdict, decide(policy, intent("a")).rule) == (Verdict.WARN, "r0")


def test_an_intent_that_no_rule_names_is_refused_loudly():
    for category in ("b", UNKNOWN, ""):
        decision = decide(program(ALLOW_A), intent(category))
        assert decision.refuses
        assert (decision.rule, decision.description) == ("unknown-intent", "No matching rule for intent category")
        assert (decision.audit, decision.alerts, decision.color) == (AuditLevel.CRITICAL, ("trust_safety",), "red")


def test_an_intent_of_an_earlier_turn_counts_unless_it_is_unknown():
    policy = program(ALLOW_A, {"match_categories": ["b"], "decision": "BLOCK"})
    assert decide(policy, intent("a"), intent("b", primary=False)).rule == "r1"
    assert decide(policy, intent("a"), intent(UNKNOWN, primary=False)).rule == "r0"


def test_a_finding_that_no_rule_names_is_refused():
    assert decide(program(ALLOW_A), intent("a"), findings=[finding()]).rule == "default-finding"
    lenient = program(ALLOW_A, defaults={"finding": "WARN"})
    assert decide(lenient, intent("a"), findings=[finding()]).verdict is Verdict.WARN


def test_what_could_not_be_checked_is_refused():
    lame = [Absence("patterns", "crashed")]
    assert decide(program(ALLOW_A), intent("a"), unavailable=lame).rule == "default-unavailable"
    lenient = program(ALLOW_A, defaults={"unavailable": "ALLOW"})
    assert decide(lenient, intent("a"), unavailable=lame).rule == "r0"


@pytest.mark.parametrize(
    ("wanted", "seen", "judged"),
    [
        ({}, {}, True),
        ({"kind": "pii"}, {}, True),
        ({"kind": "secret"}, {}, False),
        ({"min_score": 0.9}, {}, True),
        ({"min_score": 0.91}, {}, False),
        ({"min_severity": "medium"}, {}, True),
        ({"min_severity": "high"}, {}, False),
        ({"origin": "user"}, {}, True),
        ({"origin": "tool"}, {}, False),
    ],
)
def test_a_finding_rule_names_what_fits_all_it_says(wanted, seen, judged):
    policy = program({"match": {"findings": [wanted]}, "decision": "WARN"}, defaults={"finding": "ALLOW"})
    assert (decide(policy, findings=[finding(**seen)]).rule == "r0") is judged


SIGNAL = finding(kind=FindingKind.LANGUAGE, severity=Severity.INFO)


@pytest.mark.parametrize(
    ("wanted", "judged"),
    [
        ({}, False),
        ({"min_score": 0.0}, False),
        ({"origin": "user"}, False),
        ({"min_severity": "low"}, False),
        ({"kind": "language", "min_severity": "low"}, False),
        ({"min_severity": "info"}, True),
        ({"kind": "language"}, True),
    ],
)
def test_a_signal_is_judged_only_by_a_rule_that_names_it(wanted, judged):
    rule = {"match": {"findings": [wanted]}, "decision": "BLOCK"}
    for direction, quiet in ((Direction.REQUEST, "default-exchange"), (Direction.RESPONSE, "default-response")):
        decision = decide(program(rule), findings=[SIGNAL], direction=direction)
        assert decision.rule == ("r0" if judged else quiet)
        assert decision.refuses is judged
        assert decision.rulings[0].rule == ("r0" if judged else "default-signal")


def test_a_rule_may_name_a_signal_by_its_detectors_rule():
    rule = {"id": "r", "match": {"findings": [{"rule": "email-address"}]}, "decision": "BLOCK"}
    document = {"policy": {"name": "p", "version": "1"}, "rules": [rule]}
    assert decide(load(json.dumps(document), "p.yaml", KNOWN), findings=[SIGNAL]).rule == "r"


def test_a_signal_says_nothing_beside_a_finding():
    decision = decide(program(ALLOW_A), findings=[SIGNAL, finding()], direction=Direction.RESPONSE)
    assert decision.rule == "default-finding"
    assert [ruling.rule for ruling in decision.rulings] == ["default-signal", "default-finding"]


@pytest.mark.parametrize(
    ("on", "surface", "judged"),
    [
        ("request", Surface.REQUEST, True),
        ("request", Surface.TOOL_RESULT, True),
        ("tool_result", Surface.TOOL_RESULT, True),
        ("tool_result", Surface.TOOL_CALL, False),
        ("tool_result", Surface.REQUEST, False),
    ],
)
def test_request_is_everywhere_and_a_tool_result_only_there(on, surface, judged):
    policy = program({"match": {"on": [on], "findings": [{}]}, "decision": "WARN"}, defaults={"finding": "ALLOW"})
    assert (decide(policy, findings=[finding(surface=surface)]).rule == "r0") is judged


def answer(policy, *, intents=(), **fields):
    return evaluate(policy, facts(*intents, direction=Direction.RESPONSE, **fields), 0.0)


@pytest.mark.parametrize(
    ("on", "asked", "answered"),
    [
        (None, True, True),
        (["request"], True, False),
        (["response"], False, True),
        (["request", "response"], True, True),
        (["tool_result"], False, False),
    ],
)
def test_a_rule_covers_the_directions_it_is_on(on, asked, answered):
    match = {"findings": [{}]} | ({"on": on} if on else {})
    policy = program({"match": match, "decision": "WARN"}, defaults={"finding": "ALLOW"})
    assert (decide(policy, findings=[finding()]).rule == "r0") is asked
    assert (answer(policy, findings=[finding(surface=Surface.RESPONSE)]).rule == "r0") is answered


def test_tool_calls_and_results_are_covered_in_either_direction():
    for surface in (Surface.TOOL_CALL, Surface.TOOL_RESULT):
        policy = program({"match": {"on": [surface], "findings": [{}]}, "decision": "WARN"})
        for judge in (decide, answer):
            assert judge(policy, findings=[finding(surface=surface)]).rule == "r0"
            assert judge(policy, findings=[finding(surface=Surface.RESPONSE)]).rule == "default-finding"


def test_a_response_is_not_judged_by_what_its_request_asked_or_by_rules_on_the_exchange():
    policy = program({"match": {}, "decision": "BLOCK"}, {"match_categories": ["b"], "decision": "BLOCK"})
    decision = answer(policy, intents=(intent("b"),))
    assert (decision.rule, decision.verdict) == ("default-response", Verdict.ALLOW)
    assert decision.rulings == (Ruling("intent:b", Verdict.ALLOW, "default-response"),)
    assert answer(policy).rulings == (Ruling("response", Verdict.ALLOW, "default-response"),)
    assert answer(policy, unavailable=[Absence("patterns", "crashed")]).rule == "default-unavailable"


@pytest.mark.parametrize(
    ("on", "judged"),
    [
        (["response"], [Surface.RESPONSE, Surface.TOOL_CALL]),
        (["request", "response"], [Surface.RESPONSE, Surface.TOOL_CALL]),
        (["tool_call"], [Surface.TOOL_CALL]),
        (["request"], []),
        (None, []),
    ],
)
def test_what_an_answer_is_about_is_judged_by_rules_that_say_so(on, judged):
    match = {} if on is None else {"match": {"on": on}}
    policy = program({"match_categories": ["b"], "decision": "BLOCK", **match})
    for surface in (Surface.RESPONSE, Surface.TOOL_CALL):
        said = replace(intent("b", primary=False), surface=surface)
        assert (answer(policy, intents=(said,)).rule == "r0") == (surface in judged)
    assert answer(policy, intents=(intent("c"),)).rule == "default-response"
    asked = decide(policy, intent("b"))
    assert (asked.rule == "r0") == (on is None or "request" in on)


@pytest.mark.parametrize(
    ("wanted", "judged"),
    [
        ({"tool": "delete_*"}, True),
        ({"tool": "DELETE_FILE"}, True),
        ({"tool": "read_*"}, False),
        ({"arguments": "*/ETC/*"}, True),
        ({"arguments": "*/var/*"}, False),
        ({"tool": "delete_*", "arguments": "*/etc/*"}, True),
        ({"tool": "read_*", "arguments": "*/etc/*"}, False),
    ],
)
def test_a_call_rule_names_tools_and_arguments(wanted, judged):
    called = (Call("Delete_File", 'Delete_File\n{"path": "/etc/passwd"}'),)
    for on in ({}, {"on": ["tool_call"]}):
        policy = program({"match": {"calls": [wanted], **on}, "decision": "BLOCK"})
        for judge in (decide, answer):
            assert judge(policy, calls=called).refuses is judged
            assert (judge(policy, calls=called).rulings[0].subject) == "call:Delete_File"
    assert not answer(
        program({"match": {"on": ["request"], "calls": [wanted]}, "decision": "BLOCK"}), calls=called
    ).refuses


def test_a_call_that_no_rule_names_passes():
    decision = answer(program(ALLOW_A), calls=(Call("x" * 999, "x"),))
    assert decision.rulings == (Ruling("call:" + "x" * 64, Verdict.ALLOW, "default-call"),)


def test_a_call_rule_judges_no_exchange():
    policy = program({"match": {"calls": [{"tool": "*"}]}, "decision": "BLOCK"}, ALLOW_A)
    assert decide(policy, intent("a")).rule == "r1"


def test_a_condition_holds_for_calls_too():
    policy = program({"match": {"calls": [{"tool": "*"}], "models": ["o*"]}, "decision": "BLOCK"})
    assert not answer(policy, calls=(Call("a", "a"),)).refuses
    assert answer(policy, calls=(Call("a", "a"),), model="o5").refuses


def test_globs_over_a_long_call_take_no_longer_than_the_text():
    text = "a" * 1_000_000
    policy = program({"match": {"calls": [{"arguments": "*a" * 90 + "*b"}] * 20}, "decision": "BLOCK"})
    assert not answer(policy, calls=(Call("a", text),)).refuses


def test_findings_whose_own_verdict_is_redact_are_named():
    rules = (
        {"match": {"findings": [{"kind": "pii"}]}, "decision": "REDACT"},
        {"match": {"findings": [{"kind": "injection"}]}, "decision": "WARN"},
        {"match": {"findings": [{"kind": "secret"}]}, "decision": "BLOCK"},
    )
    seen = [finding(kind) for kind in (FindingKind.INJECTION, FindingKind.PII, FindingKind.SECRET, FindingKind.PII)]
    for judge in (decide, answer):
        assert judge(program(*rules), findings=seen[:2]).redact == (1,)
        assert judge(program(*rules), findings=seen).redact == (1, 3)
        assert judge(program(*rules, mode="shadow"), findings=seen).redact == ()
        assert judge(program(*rules, expires="1970-01-01"), findings=seen).redact == ()
    tried = {**rules[0], "mode": "shadow"}
    assert decide(program(tried), findings=seen).redact == ()
    by_default = program(ALLOW_A, defaults={"finding": "REDACT"})
    assert decide(by_default, findings=seen[:1]).redact == (0,)


CONDITIONS = [
    ({"models": ["GPT-*"]}, {"model": "gpt-5"}, {"model": "o5"}),
    ({"providers": ["open*"]}, {"provider": "openai"}, {"provider": "anthropic"}),
    ({"tools": ["*sh*"]}, {"tools": ("read", "run_shell")}, {"tools": ("read",)}),
    ({"tools": ["*"]}, {"tools": ("x",)}, {"tools": ()}),
    ({"callers": [{"namespace": "red-*"}]}, {"caller": Caller(namespace="red-1")}, {"caller": Caller()}),
    (
        {"callers": [{"namespace": "a", "pod": "*"}, {"user": "u"}]},
        {"caller": Caller(user="u")},
        {"caller": Caller(namespace="a")},
    ),
]


@pytest.mark.parametrize(("condition", "holding", "failing"), CONDITIONS)
@pytest.mark.parametrize("names", [{}, {"match_categories": ["a"]}])
def test_a_rule_judges_only_where_its_conditions_hold(condition, holding, failing, names):
    policy = program({"match": condition, "decision": "WARN", **names}, ALLOW_A)
    assert decide(policy, intent("a"), **holding).rule == "r0"
    assert decide(policy, intent("a"), **failing).rule == "r1"


def test_all_conditions_must_hold():
    policy = program({"match": {"models": ["gpt-*"], "tools": ["x"]}, "decision": "WARN"}, ALLOW_A)
    assert decide(policy, intent("a"), tools=("x",)).rule == "r0"
    assert decide(policy, intent("a"), tools=("x",), model="o5").rule == "r1"


def test_what_the_rules_ask_for_besides_is_gathered_from_all_that_judged():
    extras = {"audit": "enhanced", "alerts": ["legal", "x"], "constraints": ["c"], "requires_human": True}
    policy = program(
        {**ALLOW_A, **extras},
        {"match": {"findings": [{}]}, "decision": "BLOCK", "alerts": ["x", "y"], "color": "red", "note": "N"},
        {"match_categories": ["b"], "decision": "ALLOW", "alerts": ["not-judged"]},
    )
    decision = decide(policy, intent("a"), findings=[finding(), finding()])
    assert (decision.verdict, decision.rule, decision.color, decision.note) == (Verdict.BLOCK, "r1", "red", "N")
    assert (decision.alerts, decision.constraints) == (("legal", "x", "y"), ("c",))
    assert (decision.audit, decision.requires_human) == (AuditLevel.ENHANCED, True)


def test_the_deciding_rule_is_the_first_in_the_policy_not_in_the_request():
    policy = program(
        {"match": {"findings": [{"kind": "pii"}]}, "decision": "BLOCK"},
        {"match_categories": ["b"], "decision": "BLOCK"},
    )
    assert decide(policy, intent(UNKNOWN), intent("b"), findings=[finding()]).rule == "r0"


def test_a_shadow_rule_is_recorded_and_passed_over():
    policy = program({"match_categories": ["a"], "decision": "BLOCK", "mode": "shadow", "alerts": ["x"]}, ALLOW_A)
    decision = decide(policy, intent("a"))
    assert (decision.rule, decision.alerts) == ("r1", ())
    assert decision.rulings == (
        Ruling("intent:a", Verdict.BLOCK, "r0", shadow=True),
        Ruling("intent:a", Verdict.ALLOW, "r1"),
        Ruling("exchange", Verdict.ALLOW, "default-exchange"),
    )


def test_a_policy_in_shadow_mode_says_what_it_would_do_and_refuses_nothing():
    decision = decide(program(ALLOW_A, mode="shadow"), intent("b"))
    assert (decision.verdict, decision.mode, decision.refuses) == (Verdict.BLOCK, Mode.SHADOW, False)


def test_each_ruling_names_its_subject():
    decision = decide(program(ALLOW_A), intent("a"), findings=[finding()], unavailable=[Absence("intent", "crashed")])
    assert [ruling.subject for ruling in decision.rulings] == [
        "intent:a",
        "finding:email-address@10-20",
        "unavailable:intent",
        "exchange",
    ]


def test_an_expired_policy_refuses_everything_from_its_day_on():
    policy = program(ALLOW_A, expires="1970-01-02")
    assert evaluate(policy, facts(intent("a")), 86399.9).rule == "r0"
    late = (
        evaluate(policy, facts(intent("a")), 86400.0),
        listed_route(policy, 86400.0),
        refuse_unread(policy, Reason.NOT_JSON, 86400.0),
    )
    for decision in late:
        assert (decision.rule, decision.refuses, decision.alerts) == ("policy-expired", True, ("trust_safety",))


def test_what_rules_enforce_is_gathered_in_policy_order():
    policy = program(
        {"match": {}, "decision": "ALLOW_CONSTRAINED", "enforce": {"max_output_tokens": 9, "models": ["gpt-*"]}},
        {"match_categories": ["a"], "decision": "ALLOW_CONSTRAINED", "enforce": {"forbid_stream": True}},
        {"match_categories": ["b"], "decision": "ALLOW_CONSTRAINED", "enforce": {"remove_tools": ["x"]}},
        {"match": {"findings": [{"kind": "pii"}]}, "decision": "ALLOW_CONSTRAINED"},
    )
    decision = decide(policy, intent("a"), findings=[finding(), finding()])
    assert decision.enforce == (
        Enforcement("r0", max_output_tokens=9, models=("gpt-*",)),
        Enforcement("r1", forbid_stream=True),
    )
    assert not decision.refuses
    shadow = {"match": {}, "decision": "ALLOW_CONSTRAINED", "mode": "shadow", "enforce": {"forbid_stream": True}}
    assert decide(program(shadow, ALLOW_A), intent("a")).enforce == ()


def test_what_cannot_be_read_is_refused_with_its_reason():
    decision = refuse_unread(program(ALLOW_A), Reason.DUPLICATE_KEY, 0.0)
    assert (decision.rule, decision.verdict) == ("unreadable:duplicate_key", Verdict.BLOCK)
    assert decision.description == Reason.DUPLICATE_KEY.sentence
    assert not refuse_unread(program(ALLOW_A, mode="shadow"), Reason.DUPLICATE_KEY, 0.0).refuses


def test_a_caller_that_is_not_known_is_refused_whatever_the_policy_says():
    decision = refuse_unproven(Reason.CALLER_TOKEN)
    assert (decision.rule, decision.refuses) == ("unreadable:caller_token", True)


def test_a_listed_route_passes_and_without_a_policy_nothing_does():
    assert (listed_route(program(ALLOW_A), 0.0).rule, listed_route(program(ALLOW_A), 0.0).refuses) == (
        "listed-route",
        False,
    )
    assert (no_policy().rule, no_policy().refuses) == ("no-policy", True)
