from dataclasses import replace

from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Role
from firebreak.model.decision import AuditLevel, Decision, Enforcement, Ruling, Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Call, Facts
from firebreak.model.finding import Finding, FindingKind, Severity, Span, Surface
from firebreak.model.intent import Intent, IntentSource
from firebreak.pipeline.several import by_part, combined, singles, strictest
from firebreak.policy.compile import load

PROGRAM = load(
    'policy: {name: p, version: "1"}\n'
    "rules:\n"
    "  - {id: first, decision: BLOCK, match: {models: [a]}}\n"
    "  - {id: second, decision: BLOCK, match: {models: [b]}}\n",
    "policy.yaml",
    {},
)


def part(text):
    return Part(PartKind.TEXT, Role.USER, Origin.USER, text, ())


def finding(row, rule="r"):
    return Finding(rule, FindingKind.SECRET, Severity.HIGH, 1.0, Surface.REQUEST, "user", row, Span(0, 1))


ONE = Conversation("openai.chat", "a", (part("one"), part("more")), user="ada")
TWO = Conversation("openai.chat", "b", (part("two"),))
NONE = Conversation("openai.chat", "c", ())
BATCH = Conversation(
    "openai.files", "", (part("around"), *ONE.parts, *TWO.parts), user="bob", requests=(ONE, NONE, TWO)
)


def test_a_body_without_requests_is_one():
    (single,) = singles(ONE)
    assert (single.conversation, single.rows) == (ONE, (0, 1))


def test_each_request_has_what_stands_around_it_and_its_own():
    first, second, third = singles(BATCH)
    assert [single.rows for single in (first, second, third)] == [(0, 1, 2), (0,), (0, 3)]
    assert [p.text for p in third.conversation.parts] == ["around", "two"]
    assert (first.conversation.user, third.conversation.user) == ("ada", "bob")
    assert first.of(["x", "y", "z", "w"]) == ["x", "y", "z"]


def test_findings_go_with_their_parts():
    findings = (finding(0), finding(3), finding(2))
    shares = [single.findings(findings, by_part(findings)) for single in singles(BATCH)]
    assert [indices for indices, _ in shares] == [(0, 2), (0,), (0, 1)]
    assert shares[2][1] == [findings[0], findings[1]]


ALLOWED = Decision(Verdict.ALLOW, "default", "fine", rulings=(Ruling("exchange", Verdict.ALLOW, "default"),))
SECOND = Decision(Verdict.BLOCK, "second", "no b", AuditLevel.ENHANCED, alerts=("x",))
FIRST = replace(SECOND, rule="first", description="no a", alerts=("y", "x"), requires_human=True)


def test_the_strictest_decides_and_the_first_rule_of_the_policy_gives_the_reason():
    decision = strictest(PROGRAM, [(ALLOWED, ()), (SECOND, ()), (FIRST, ())])
    assert (decision.verdict, decision.rule, decision.description) == (Verdict.BLOCK, "first", "no a")
    assert (decision.audit, decision.alerts, decision.requires_human) == (AuditLevel.ENHANCED, ("x", "y"), True)
    assert strictest(PROGRAM, [(ALLOWED, ())]) is ALLOWED


def test_rulings_that_are_alike_stand_once():
    assert strictest(PROGRAM, [(ALLOWED, ()), (ALLOWED, ()), (SECOND, ())]).rulings == ALLOWED.rulings


def test_what_is_to_be_redacted_is_told_by_the_index_among_all():
    redacting = replace(SECOND, verdict=Verdict.REDACT, redact=(1,))
    assert strictest(PROGRAM, [(redacting, (0, 4)), (redacting, (0, 2)), (ALLOWED, (0,))]).redact == (2, 4)


def test_what_rules_enforce_is_gathered_in_policy_order():
    late, early = Enforcement("second", forbid_stream=True), Enforcement("first", max_output_tokens=5)
    merged = strictest(
        PROGRAM, [(replace(ALLOWED, enforce=(late,)), ()), (replace(ALLOWED, enforce=(early, late)), ())]
    )
    assert merged.enforce == (early, late)


def intent(category, confidence, *, primary=True, row=0):
    return Intent(category, confidence, IntentSource.LOCAL, primary=primary, part=row)


def test_the_facts_of_all_name_each_intent_where_it_was_clearest():
    first, second, third = singles(BATCH)
    facts = Facts("p", "openai.chat", "a", stream=False, caller=Caller(), tools=("t",), calls=(Call("t", "{}"),))
    known = [
        (first, replace(facts, intents=(intent("coding", 0.5, row=1),))),
        (second, replace(facts, intents=(intent("joke", 1.0, row=-1),))),
        (third, replace(facts, intents=(intent("coding", 0.9, row=1), intent("joke", 0.8, primary=False)))),
    ]
    whole = combined(BATCH, known, (finding(0),))
    assert {(one.category, one.primary): (one.confidence, one.part) for one in whole.intents} == {
        ("coding", True): (0.9, 3),
        ("joke", True): (1.0, -1),
        ("joke", False): (0.8, 0),
    }
    assert (whole.surface, whole.model, whole.tools, len(whole.calls)) == ("openai.files", "", ("t",), 1)
    assert whole.findings == (finding(0),)


def test_the_facts_of_one_request_are_its_own():
    facts = Facts("p", "s", "m", stream=False, caller=Caller())
    assert combined(ONE, [(next(singles(ONE)), facts)], ()) is facts
