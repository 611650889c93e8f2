"""The laws of the policy language, each under its own name."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.policy_strategies import (
    KNOWN_RULES,
    Case,
    absences,
    calls,
    facts,
    findings,
    intents,
    outcome,
    policies,
    rules,
)

from firebreak.model.decision import Mode, Verdict
from firebreak.model.errors import BadConfig
from firebreak.model.facts import Absence
from firebreak.model.finding import Direction, FindingKind, Severity
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.model.reason import Reason
from firebreak.policy.compile import load
from firebreak.policy.evaluate import evaluate, listed_route, refuse_unread

law = settings(max_examples=60, deadline=None)


@law
@given(policies(), facts())
def test_block_beats_allow(case, seen):
    decision = evaluate(case.compile(), seen, 0.0)
    enforced = [ruling.verdict for ruling in decision.rulings if not ruling.shadow]
    assert decision.verdict == max(enforced)
    assert (decision.verdict is Verdict.BLOCK) == (Verdict.BLOCK in enforced)


@law
@given(policies(), facts(), st.sampled_from(["nobody-named-it", UNKNOWN]))
def test_default_refuses(case, seen, category):
    program = Case({**case.document, "defaults": {}}).compile()
    asked = Intent(category, 0.9, IntentSource.LOCAL, primary=True)
    decision = evaluate(program, replace(seen, intents=(asked,), direction=Direction.REQUEST), 0.0)
    assert decision.verdict is Verdict.BLOCK
    assert "trust_safety" in decision.alerts


@law
@given(policies(), facts(), st.randoms(use_true_random=False))
def test_order_of_findings_does_not_matter(case, seen, random):
    program = case.compile()
    shuffled = {}
    for name in ("findings", "intents", "calls", "unavailable"):
        members = list(getattr(seen, name))
        random.shuffle(members)
        shuffled[name] = tuple(members)
    other = replace(seen, **shuffled)
    before, after = evaluate(program, seen, 0.0), evaluate(program, other, 0.0)
    assert outcome(before) == outcome(after)
    assert {seen.findings[index] for index in before.redact} == {other.findings[index] for index in after.redact}


@law
@given(policies(), facts(), st.data())
def test_duplicate_rule_changes_nothing(case, seen, data):
    at = data.draw(st.integers(0, len(case.rules) - 1))
    again = data.draw(st.integers(at + 1, len(case.rules)))
    doubled = case.rules
    doubled.insert(again, {**doubled[at], "id": "again"})
    before = evaluate(case.compile(), seen, 0.0)
    after = evaluate(case.with_rules(doubled).compile(), seen, 0.0)
    assert outcome(before) == outcome(after)


@law
@given(policies(), facts(), rules(modes=("enforce",)), st.data())
def test_adding_a_block_never_allows_more(case, seen, rule, data):
    longer = case.rules
    rule.pop("enforce", None)
    longer.insert(data.draw(st.integers(0, len(longer))), {**rule, "id": "added", "decision": "BLOCK"})
    before = evaluate(case.compile(), seen, 0.0)
    assert evaluate(case.with_rules(longer).compile(), seen, 0.0).verdict >= before.verdict


@law
@given(
    policies(),
    facts(),
    st.lists(findings(), min_size=1, max_size=3),
    st.lists(intents(), max_size=2),
    st.lists(calls(), max_size=2),
)
def test_more_findings_never_loosen(case, seen, more_findings, more_intents, more_calls):
    program = case.compile()
    richer = replace(
        seen,
        findings=(*seen.findings, *more_findings),
        intents=(*seen.intents, *more_intents),
        calls=(*seen.calls, *more_calls),
    )
    before, after = evaluate(program, seen, 0.0), evaluate(program, richer, 0.0)
    assert after.verdict >= before.verdict
    assert after.audit >= before.audit
    assert set(before.alerts) <= set(after.alerts)
    assert set(before.redact) <= set(after.redact)


@law
@given(policies(), facts(), st.lists(findings(), min_size=1, max_size=3), st.sampled_from(list(FindingKind)))
def test_signals_that_no_rule_names_change_nothing(case, seen, more, kind):
    """So a policy that was written before there were any decides as before."""
    plain = [_without_signals(rule, kind) for rule in case.rules]
    program = case.with_rules(plain).compile()
    signals = tuple(replace(one, kind=kind, rule="language-xx", severity=Severity.INFO) for one in more)
    quiet = replace(seen, findings=tuple(one for one in seen.findings if one.severity > Severity.INFO))
    before, after = (
        evaluate(program, quiet, 0.0),
        evaluate(program, replace(quiet, findings=quiet.findings + signals), 0.0),
    )
    named = [ruling for ruling in after.rulings if ruling.rule != "default-signal"]
    assert outcome(after) == outcome(before)
    assert tuple(named) == before.rulings


def _without_signals(rule, kind):
    """The rule, with every entry that names this kind or asks for signals naming a detector's rule instead."""
    match = rule.get("match", {})
    if "findings" not in match:
        return rule
    entries = [
        {"rule": min(KNOWN_RULES)} if one.get("kind") == kind or one.get("min_severity") == "info" else one
        for one in match["findings"]
    ]
    return {**rule, "match": {**match, "findings": entries}}


@law
@given(policies(), facts(), absences())
def test_unavailable_detector_never_loosens(case, seen, absence):
    program = case.compile()
    lame = replace(seen, unavailable=(*seen.unavailable, absence))
    assert evaluate(program, lame, 0.0).verdict >= evaluate(program, seen, 0.0).verdict


@law
@given(policies(), facts())
def test_findings_that_a_failed_detector_would_have_made_are_not_missed(case, seen):
    program = Case({**case.document, "defaults": {}}).compile()
    blind = replace(seen, findings=(), intents=(), unavailable=(Absence("patterns", "crashed"),))
    assert evaluate(program, blind, 0.0).verdict >= evaluate(program, seen, 0.0).verdict


@law
@given(policies(modes=("shadow",)), facts(), st.sampled_from(list(Reason)))
def test_shadow_never_refuses(case, seen, reason):
    header = {**case.document["policy"], "expires": "1971-01-01"}
    program = Case({**case.document, "policy": header}).compile()
    for now_s in (0.0, 4e7):
        decisions = (
            evaluate(program, seen, now_s),
            refuse_unread(program, reason, now_s),
            listed_route(program, now_s),
        )
        assert not any(decision.refuses for decision in decisions)
        assert all(decision.mode is Mode.SHADOW for decision in decisions)


@law
@given(policies(), facts())
def test_shadow_mode_changes_no_verdict(case, seen):
    modes = [{**case.document["policy"], "mode": mode} for mode in ("shadow", "enforce")]
    shadow, enforced = (evaluate(Case({**case.document, "policy": one}).compile(), seen, 0.0) for one in modes)
    assert replace(shadow, mode=Mode.ENFORCE, redact=enforced.redact) == enforced


@law
@given(policies(), facts())
def test_what_is_redacted_are_the_findings_whose_own_verdict_says_so(case, seen):
    decision = evaluate(case.compile(), seen, 0.0)
    enforced = [one for one in decision.rulings if not one.shadow and one.subject.startswith("finding:")]
    redacted = tuple(index for index, ruling in enumerate(enforced) if ruling.verdict is Verdict.REDACT)
    assert decision.redact == (redacted if decision.mode is Mode.ENFORCE else ())


@law
@given(policies(), facts(), st.lists(intents(), min_size=1, max_size=2))
def test_what_an_answer_is_about_counts_only_where_a_rule_says_so(case, seen, about):
    """So a policy that was written before any could decides as before."""
    quiet = [{**rule, "match": _nowhere(rule["match"])} if "match" in rule else rule for rule in case.rules]
    program = case.with_rules(quiet).compile()
    answer = replace(seen, direction=Direction.RESPONSE, intents=())
    before, after = evaluate(program, answer, 0.0), evaluate(program, replace(answer, intents=tuple(about)), 0.0)
    assert outcome(before) == outcome(after)


def _nowhere(match):
    return {name: value for name, value in match.items() if name != "on"}


@law
@given(policies(), facts())
def test_a_rule_for_the_other_direction_changes_nothing(case, seen):
    """Rules that cover the whole of the direction say the same when they are told to cover that direction alone."""
    for direction in Direction:
        plain = [{name: value for name, value in rule.items() if name != "enforce"} for rule in case.rules]
        told = [_only_on(rule, direction) for rule in plain]
        before = evaluate(case.with_rules(plain).compile(), replace(seen, direction=direction), 0.0)
        assert (
            evaluate(Case({**case.document, "rules": told}).compile(), replace(seen, direction=direction), 0.0)
            == before
        )


def _only_on(rule, direction):
    match = rule.get("match", {})
    placed = "findings" in match or "calls" in match
    if "on" in match or (direction is Direction.RESPONSE and ("match_categories" in rule or not placed)):
        return rule
    return {**rule, "match": {**match, "on": [direction.value]}} if "match" in rule else rule


@law
@given(policies(rule_modes=("enforce",)), facts(), rules(modes=("shadow",)), st.data())
def test_shadow_rule_changes_nothing(case, seen, rule, data):
    longer = case.rules
    longer.insert(data.draw(st.integers(0, len(longer))), {**rule, "id": "tried"})
    before = evaluate(case.compile(), seen, 0.0)
    after = evaluate(case.with_rules(longer).compile(), seen, 0.0)
    assert outcome(after) == outcome(before)
    assert tuple(ruling for ruling in after.rulings if not ruling.shadow) == before.rulings


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(0, 1)
    | st.sampled_from(["BLOCK", "a", "request", "pii"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["kind", "on", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@law
@given(policies(), facts(), st.data())
def test_a_policy_that_loads_never_errors(case, seen, data):
    broken = case.rules
    at = data.draw(st.integers(0, len(broken) - 1))
    field = data.draw(
        st.sampled_from(["match", "match_categories", "decision", "audit", "constraints", "mode", "note"])
    )
    broken[at] = {**broken[at], field: data.draw(_VALUES)}
    try:
        program = load(json.dumps(case.with_rules(broken).document), "p.yaml", KNOWN_RULES)
    except BadConfig:
        return
    assert evaluate(program, seen, 0.0).rule


@law
@given(policies(), facts())
def test_an_expired_policy_allows_nothing(case, seen):
    header = {**case.document["policy"], "expires": "1970-01-02", "mode": "enforce"}
    program = Case({**case.document, "policy": header}).compile()
    late = (evaluate(program, seen, 86400.0), listed_route(program, 86400.0))
    assert all(decision.refuses and decision.rule == "policy-expired" for decision in late)
