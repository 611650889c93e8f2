import pytest

from firebreak.model.finding import FindingKind
from firebreak.policy.diagnostic import MAX_DIAGNOSTICS
from firebreak.policy.schema import TEXT_PATHS, PolicyForm, read_form
from firebreak.policy.semantics import Draft, check, check_dates, vocabulary
from firebreak.policy.strict_yaml import read, to_plain

KNOWN = {"aws-access-key-id": FindingKind.SECRET, "email-address": FindingKind.PII}
HEAD = "policy: {name: p, version: 1}\n"
RULES = "rules:\n  - {id: r, decision: BLOCK, match_categories: [a]}\n"


def draft(text):
    root = read(text, "p.yaml")
    form = read_form(to_plain(root, TEXT_PATHS))
    assert isinstance(form, PolicyForm), form
    return Draft(form, root, "p.yaml", KNOWN)


def found(text):
    return [(one.line, str(one.severity), one.code) for one in check(draft(text))]


def rule(fields):
    return f"{HEAD}rules:\n  - id: r\n    decision: BLOCK\n    {fields}\n"


def test_a_plain_policy_has_nothing_wrong():
    assert found(HEAD + "categories: [a]\n" + RULES) == []


def test_without_a_list_the_categories_are_those_the_rules_name():
    form = draft(HEAD + RULES + "  - {id: s, decision: ALLOW, match_categories: [b, a]}\n").form
    assert vocabulary(form) == ("a", "b")
    assert found(HEAD + RULES) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (HEAD + "categories:\n  - a\n  - {name: a}\n" + RULES, (4, "error", "duplicate-category")),
        (HEAD + "categories:\n  - a\n  - unknown\n" + RULES, (4, "error", "reserved")),
        (HEAD + "categories: [aa]\n" + RULES, (4, "error", "undeclared-category")),
        (HEAD + "categories: []\n" + RULES, (4, "error", "undeclared-category")),
        (rule("match_categories: [unknown]"), (5, "error", "reserved")),
        (HEAD + RULES + "  - {id: r, decision: ALLOW, match: {}}\n", (4, "error", "duplicate-rule")),
        (rule("match: {}").replace("id: r", "id: unknown-intent"), (3, "error", "reserved")),
        (rule("note: x"), (3, "error", "names-nothing")),
        (rule("match: {on: [tool_result]}"), (5, "error", "never-fires")),
        (rule("match_categories: [a]\n    match: {on: [tool_result]}"), (6, "error", "never-fires")),
        (rule("match: {callers: [{}]}"), (5, "error", "empty")),
        (rule("match: {findings: [{rule: aws-acces-key-id}]}"), (5, "error", "unknown-detector-rule")),
        (rule("match: {findings: [{rule: email-address, kind: secret}]}"), (5, "error", "never-fires")),
        (rule("match: {}").replace("BLOCK", "REDACT"), (4, "warning", "not-carried-out")),
        (rule("match: {}").replace("BLOCK", "REQUIRE_APPROVAL"), (4, "warning", "not-carried-out")),
        (rule("match: {callers: [{user: x}]}").replace("BLOCK", "ALLOW"), (5, "warning", "claimed-caller")),
        (HEAD + "defaults: {intent: REDACT}\n" + RULES, (2, "warning", "not-carried-out")),
        (rule("match: {calls: [{tool: x}]}").replace("BLOCK", "REDACT"), (4, "warning", "not-carried-out")),
        (rule("match: {on: [response], models: [x]}"), (5, "error", "never-fires")),
        (rule("match: {on: [tool_result], calls: [{tool: x}]}"), (5, "error", "never-fires")),
        (rule("match: {calls: [{}]}"), (5, "error", "empty")),
        (rule("match: {calls: [{tool: x}], findings: [{}]}"), (5, "warning", "names-both")),
        (rule("match: {}").replace("id: r", "id: default-response"), (3, "error", "reserved")),
        (
            HEAD + RULES + "tests:\n  - prompt: x\n    response: y\n    expect: {decision: BLOCK}\n",
            (5, "error", "test-input"),
        ),
        (
            HEAD + RULES + "tests:\n  - response: y\n    expect: {decision: BLOCK, intent: b}\n",
            (6, "error", "undeclared-category"),
        ),
        (HEAD + "defaults: {unavailable: WARN}\n" + RULES, (2, "warning", "fails-open")),
        (HEAD.replace("1}", "1, expires: soon}") + RULES, (1, "error", "date")),
        (HEAD + RULES + "judge: {api: openai, model: m, url: 'http://x.example'}\n", (4, "warning", "plain-http")),
        (HEAD + RULES + "currency: usd\n", (4, "error", "currency")),
        (HEAD + RULES + "currency: EUR\n", (4, "warning", "no-prices")),
        (HEAD + RULES + "tests:\n  - expect: {decision: BLOCK}\n", (5, "error", "test-input")),
        (
            HEAD + RULES + "tests:\n  - prompt: x\n    messages: [{role: user, content: y}]\n    expect: {decision: BLOCK}\n",
            (5, "error", "test-input"),
        ),
        (HEAD + RULES + "tests:\n  - prompt: x\n    expect: {decision: BLOCK, rule: s}\n", (6, "error", "unknown-rule")),
        (
            HEAD + RULES + "tests:\n  - prompt: x\n    expect: {decision: BLOCK, intent: b}\n",
            (6, "error", "undeclared-category"),
        ),
        (
            HEAD + RULES + "tests:\n  - prompt: x\n    expect: {decision: BLOCK, findings: [z]}\n",
            (6, "error", "unknown-finding"),
        ),
        (
            HEAD
            + RULES
            + "tests:\n"
            + "  - {name: n, prompt: x, expect: {decision: BLOCK}}\n" * 2,
            (5, "warning", "duplicate-test"),
        ),
    ],
)  # fmt: skip
def test_each_mistake_has_its_line_and_code(text, problem):
    assert problem in found(text)


def test_a_rule_may_name_intents_and_findings_but_is_warned_that_neither_waits():
    both = rule("match_categories: [a]\n    match: {findings: [{kind: pii}]}")
    assert found(both) == [(6, "warning", "names-both")]


def test_what_has_a_span_can_be_redacted():
    for text in (
        rule("match: {on: [response], findings: [{kind: pii}]}").replace("BLOCK", "REDACT"),
        HEAD + "defaults: {finding: REDACT}\n" + RULES,
    ):
        assert found(text) == []


def test_calls_may_be_named_wherever_there_are_any():
    for on in ("[tool_call]", "[response]", "[tool_call, tool_result]"):
        assert found(rule(f"match: {{on: {on}, calls: [{{tool: x}}]}}")) == []


def test_a_caller_that_cannot_be_claimed_and_a_refusal_by_user_are_fine():
    assert found(rule("match: {callers: [{namespace: x}]}").replace("BLOCK", "ALLOW")) == []
    assert found(rule("match: {callers: [{user: x}]}")) == []


def test_a_test_may_expect_defaults_and_unreadable_bodies():
    for name in ("unknown-intent", "unreadable:duplicate_key"):
        assert found(f"{HEAD}{RULES}tests:\n  - {{prompt: x, expect: {{decision: BLOCK, rule: '{name}'}}}}\n") == []


def test_many_errors_are_cut_off_and_many_warnings_hide_none():
    slips = "".join(f"  - {{id: r{n}, decision: ALLOW, match_categories: [b{n}]}}\n" for n in range(300))
    assert len(found(HEAD + "categories: [a]\nrules:\n" + slips)) == MAX_DIAGNOSTICS
    warned = "".join(f"  - {{id: r{n}, decision: REDACT, match: {{}}}}\n" for n in range(300))
    last = "  - {id: last, decision: REDACT}\n"
    assert (303, "error", "names-nothing") in found(HEAD + "rules:\n" + warned + last)


def test_the_nearest_name_is_offered():
    slip = check(draft(HEAD + "categories: [translation]\n" + RULES.replace("[a]", "[translaton]")))
    assert slip[0].mend == "did you mean `translation`?"


def test_dates_are_weighed_against_the_clock_that_is_given():
    dated = draft(HEAD.replace("1}", "1, effective: 1970-01-03, expires: 1970-01-05}") + RULES)
    assert [[one.code for one in check_dates(dated, day * 86400.0)] for day in (1, 2, 3, 4)] == [
        ["not-yet"],
        [],
        [],
        ["expired"],
    ]


def test_an_expired_policy_that_only_watches_is_not_said_to_refuse():
    text = "policy: {name: p, version: 1, expires: 2020-01-01, mode: shadow}\n" + RULES
    assert [one.problem for one in check_dates(draft(text), 2e9)] == [
        "the policy has expired, so every exchange would be refused"
    ]
