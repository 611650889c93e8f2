import hashlib

import pytest

from firebreak.model.category import Category
from firebreak.model.decision import AuditLevel, Mode, Verdict
from firebreak.model.errors import BadConfig
from firebreak.model.exchange import Caller
from firebreak.model.facts import Call
from firebreak.model.finding import Direction, FindingKind, Severity, Surface
from firebreak.model.judge import JudgeApi, JudgeConfig
from firebreak.policy.compile import lint, load
from firebreak.policy.glob import Glob
from firebreak.policy.program import Defaults, Expectation, Price

FULL = """\
policy:
  name: full
  version: 2.10
  effective: 2026-02-28
  expires: 2027-02-28
  mode: shadow
  signatories: {ai_provider: A, deploying_org: B}
defaults: {intent: WARN, finding: ALLOW, unavailable: BLOCK}
categories:
  - a
  - {name: b, description: "B things", examples: [do b], counterexamples: [do c]}
rules:
  - id: r1
    description: "First"
    match_categories: [a, b]
    match:
      callers: [{namespace: red-*, pod: x}]
      models: ["GPT-5*"]
      providers: [openai]
      tools: ["*shell*"]
    decision: ALLOW_CONSTRAINED
    audit: enhanced
    requires_human: true
    constraints: [c1]
    alerts: [legal]
    color: yellow
    note: "N"
    mode: shadow
  - id: r2
    match: {on: [tool_call, tool_result], findings: [{rule: k, min_score: 1, min_severity: high, origin: tool}]}
    decision: BLOCK
  - id: r3
    match: {}
    decision: WARN
  - id: r4
    match: {on: [response], calls: [{tool: "Delete_*"}, {arguments: "*rm -rf*"}]}
    decision: BLOCK
canaries: ["do-not-repeat-me"]
allowed_values: [{sha256: "abababababababababababababababababababababababababababababababab", reason: the example of our handbook}]
prices: [{models: ["gpt-*"], input: 1, output: 2.5}]
judge: {api: anthropic, url: "https://judge.example", model: m, timeout_ms: 500}
tests:
  - {name: t, prompt: "x", tool_result: "y", caller: {namespace: n}, model: m, tools: [s],
     expect: {decision: BLOCK, rule: r2, intent: a, findings: [k]}}
  - messages: [{role: system, content: "s"}, {role: user, content: "u"}]
    expect: {decision: WARN}
  - response: "s"
    response_call: {tool: run, arguments: "ls"}
    expect: {decision: BLOCK}
"""
KNOWN = {"k": FindingKind.INJECTION}


@pytest.fixture(scope="module")
def program():
    return load(FULL, "p.yaml", KNOWN)


def test_the_header_is_kept_as_written(program):
    assert program.ref.name == "full"
    assert program.ref.version == "2.10"
    assert program.ref.digest == hashlib.sha256(FULL.encode()).hexdigest()
    assert program.mode is Mode.SHADOW
    assert program.effective == "2026-02-28"
    assert program.expires_s == 1803772800.0
    assert program.signatories == {"ai_provider": "A", "deploying_org": "B"}


def test_a_rule_has_every_field_of_the_form(program):
    rule = program.rules[0]
    assert (rule.id, rule.description, rule.verdict) == ("r1", "First", Verdict.ALLOW_CONSTRAINED)
    assert (rule.audit, rule.requires_human, rule.color) == (AuditLevel.ENHANCED, True, "yellow")
    assert (rule.constraints, rule.alerts, rule.note, rule.shadow) == (("c1",), ("legal",), "N", True)
    assert [(name, glob.pattern) for name, glob in rule.conditions.callers[0].fields] == [
        ("namespace", "red-*"),
        ("pod", "x"),
    ]
    assert rule.conditions.models[0].matches("gpt-5-mini")
    assert [glob.pattern for glob in (*rule.conditions.providers, *rule.conditions.tools)] == ["openai", "*shell*"]


def test_a_finding_rule_says_where_and_what(program):
    rule = program.rules[1]
    assert rule.conditions.surfaces == (Surface.TOOL_CALL, Surface.TOOL_RESULT)
    (wanted,) = rule.findings
    assert (wanted.kind, wanted.rule, wanted.min_score) == (None, "k", 1)
    assert (wanted.min_severity, wanted.origin) == (Severity.HIGH, "tool")


@pytest.mark.parametrize(
    ("entry", "least"),
    [
        ("{}", Severity.LOW),
        ("{origin: user}", Severity.LOW),
        ("{kind: pii}", Severity.INFO),
        ("{rule: k}", Severity.INFO),
        ("{kind: pii, min_severity: low}", Severity.LOW),
        ("{min_severity: info}", Severity.INFO),
    ],
)
def test_an_entry_means_signals_where_it_names_what_it_means(entry, least):
    text = f"""\
policy: {{name: p, version: "1"}}
rules:
  - {{id: r, decision: WARN, match: {{findings: [{entry}]}}}}
"""
    (wanted,) = load(text, "p.yaml", {"k": FindingKind.PII}).rules[0].findings or ()
    assert wanted.min_severity is least


def test_rules_are_found_by_what_they_judge(program):
    ids = {name: [rule.id for rule in rules] for name, rules in program.by_category.items()}
    assert ids == {"a": ["r1"], "b": ["r1"]}
    assert all([rule.id for rule in rules] == ["r2"] for rules in program.by_kind.values())
    assert [rule.id for rule in program.for_exchange] == ["r3"]
    assert [rule.id for rule in program.for_calls] == ["r4"]


def test_a_call_rule_names_tools_and_what_they_are_called_with(program):
    by_tool, by_arguments = program.rules[3].calls
    assert by_tool.tool.matches("delete_file")
    assert (by_tool.arguments, by_arguments.tool) == (None, None)
    assert by_arguments.arguments.matches("sh\nRM -RF /")


def test_a_rule_covers_both_directions_unless_it_says_otherwise(program):
    assert program.rules[0].conditions.surfaces == (Surface.REQUEST, Surface.RESPONSE)
    assert program.rules[3].conditions.surfaces == (Surface.RESPONSE,)


def test_canaries_are_kept(program):
    assert program.canaries == ("do-not-repeat-me",)


def test_allowed_values_are_kept_as_digests(program):
    assert program.allowed == frozenset({b"\xab" * 32})


def test_a_price_of_cached_tokens_is_that_of_others_unless_it_is_given(program):
    assert (program.prices, program.currency) == ((Price((Glob("gpt-*", fold=True),), 1, 2.5, 1),), "USD")


def test_defaults_come_after_all_rules(program):
    defaults = program.defaults
    rules = [getattr(defaults, name) for name in Defaults.__slots__]
    assert [(rule.index, rule.id, rule.verdict.name) for rule in rules] == [
        (4, "unknown-intent", "WARN"),
        (5, "default-finding", "ALLOW"),
        (6, "default-unavailable", "BLOCK"),
        (7, "default-exchange", "ALLOW"),
        (8, "default-call", "ALLOW"),
        (9, "default-response", "ALLOW"),
        (10, "default-signal", "ALLOW"),
        (11, "policy-expired", "BLOCK"),
    ]
    assert [rule.id for rule in rules if rule.alerts] == ["default-unavailable", "policy-expired"]


def test_categories_and_judge_are_kept(program):
    assert program.categories == (Category("a"), Category("b", "B things", ("do b",), ("do c",)))
    assert program.judge == JudgeConfig(JudgeApi.ANTHROPIC, "https://judge.example", "m", 500, 60, 4096, 0.7)


def test_tests_become_requests_and_expectations(program):
    first, second, third = program.tests
    assert (first.name, first.line, first.messages, first.tool_result) == ("t", 43, (("user", "x"),), "y")
    assert (first.caller, first.model, first.tools) == (Caller(namespace="n"), "m", ("s",))
    assert first.expect == Expectation(Verdict.BLOCK, "r2", "a", ("k",))
    assert (second.name, second.messages) == ("test 2", (("system", "s"), ("user", "u")))
    assert second.expect == Expectation(Verdict.WARN)
    assert (third.messages, third.response, third.response_call) == ((), "s", Call("run", "run\nls"))
    assert [test.direction for test in program.tests] == [Direction.REQUEST, Direction.REQUEST, Direction.RESPONSE]


def test_every_error_of_the_file_is_told():
    text = "policy: {name: p}\nrules:\n  - {id: r, decision: NO, match: {}}\n  - {id: s, decision: ALLOW, matc: {}}\n"
    with pytest.raises(BadConfig) as caught:
        load(text, "p.yaml", {})
    told = str(caught.value).splitlines()
    assert told == [
        "p.yaml:1: error[missing-field]: `version` is missing in `policy`; add `version:`",
        f"p.yaml:3: error[unknown-word]: `decision`: `NO` is not one of {', '.join(Verdict.__members__)}; take one of these",
        "p.yaml:4: error[unknown-field]: `matc` is not a field of `rules[1]`; did you mean `match`?",
    ]
    assert [str(one) for one in lint(text, "p.yaml", {}, 0.0)] == told


def test_duplicate_ids_and_undeclared_categories_do_not_load():
    rule = "  - {id: r, decision: ALLOW, match_categories: [a]}\n"
    with pytest.raises(BadConfig, match="duplicate-rule"):
        load(f"policy: {{name: p, version: 1}}\nrules:\n{rule}{rule}", "p.yaml", {})
    with pytest.raises(BadConfig, match="undeclared-category"):
        load(f"policy: {{name: p, version: 1}}\ncategories: [b]\nrules:\n{rule}", "p.yaml", {})


def test_a_rule_that_never_fires_is_a_warning_of_lint_and_loads():
    text = (
        "policy: {name: p, version: 1, effective: 2000-01-01}\nrules:\n"
        "  - {id: r, decision: ALLOW, match_categories: [a]}\n"
        "  - {id: s, decision: BLOCK, match_categories: [a]}\n"
        "  - {id: t, decision: BLOCK, match_categories: []}\n"
    )
    assert [str(one) for one in lint(text, "p.yaml", {}, 1e9)] == [
        "p.yaml:4: warning[never-fires]: the rule `s` never fires: `r` always judges first; delete it, or move it up",
        "p.yaml:5: warning[never-fires]: the rule `t` never fires: it names no category; name one, or delete the rule",
    ]
    assert len(load(text, "p.yaml", {}).rules) == 3


@pytest.mark.parametrize(
    "rule",
    [
        "{id: r, decision: ALLOW, match: {findings: [{kind: secret}], callers: }}",
        "{id: r, decision: ALLOW, match: {findings: [{kind: pii}], callers: [{namespace: }]}}",
        "{id: r, decision: ALLOW, match: {findings: [{kind: }]}}",
        "{id: r, decision: ALLOW, match: {models: ~}}",
        "{id: r, decision: BLOCK, match: {}, match_categories: }",
    ],
)
def test_a_condition_left_blank_is_no_missing_condition(rule):
    text = f"policy: {{name: p, version: 1}}\nrules:\n  - {rule}\n"
    with pytest.raises(BadConfig, match=r"p\.yaml:3: error\[wrong-type\]: .* has no value; give it a value"):
        load(text, "p.yaml", {})


def test_a_date_left_blank_is_not_forever():
    text = "policy: {name: p, version: 1, expires: }\nrules: [{id: r, decision: ALLOW, match: {}}]\n"
    with pytest.raises(BadConfig, match="`expires` has no value"):
        load(text, "p.yaml", {})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "rules:\n\t- a",
        'policy: "\\u200b"',
        "policy: {name: p, version: 1}\nrules: []",
        "policy: {name: p, version: 1}\nrules: [{id: '', decision: DENY, match: {models: ['']}}]",
        "policy: {name: p, version: 1}\nrules: [{id: r, decision: ALLOW, match: {findings: [{min_score: 2}]}}]",
        "policy: {name: p, version: 1}\nrules: [{id: r, decision: ALLOW, match: {findings: [{min_score: .5}]}}]",
        f"policy: {{name: p, version: 1}}\nrules: [{{id: r, decision: ALLOW, match: {{}}, color: {'a' * 50}}}]",
    ],
)
def test_every_error_has_a_mend(text):
    found = lint(text, "p.yaml", {}, 0.0)
    assert found
    assert all(one.mend for one in found)


def test_a_category_that_an_earlier_rule_always_judges_is_a_warning_of_lint():
    text = (
        "policy: {name: p, version: 1}\n"
        "rules:\n"
        "  - {id: r, decision: ALLOW, match_categories: [a, b]}\n"
        "  - {id: s, decision: BLOCK, match_categories: [b, c]}\n"
        "  - {id: t, decision: BLOCK, match_categories: [a]}\n"
    )
    found = lint(text, "p.yaml", {}, 0.0)
    assert [(one.line, one.code) for one in found] == [(4, "judged-before"), (5, "never-fires")]
    assert found[0].problem == "`r` always judges `b` first, so naming it here does nothing"
    assert found[0].mend == "delete it in one of the two rules"


def test_models_providers_and_tools_are_compared_without_regard_to_case():
    text = (
        "policy: {name: p, version: 1}\n"
        "rules: [{id: r, decision: WARN, match: {models: [GPT-*], providers: [OpenAI], tools: ['*shell*']}}]\n"
    )
    conditions = load(text, "p.yaml", {}).rules[0].conditions
    assert conditions.models[0].matches("gpt-5")
    assert conditions.providers[0].matches("openai")
    assert conditions.tools[0].matches("RunShell")
