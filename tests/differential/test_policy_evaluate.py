"""The fast evaluator, the slow obvious one and the explanation say the same of generated policies and facts."""

from hypothesis import given, settings
from tests.tools.policy_strategies import Case, facts, policies

from firebreak.policy import evaluate, explain, reference


@settings(max_examples=200, deadline=None)
@given(policies(), facts())
def test_the_fast_evaluator_is_the_obvious_one(case, given_facts):
    program = case.compile()
    assert evaluate.evaluate(program, given_facts, 0.0) == reference.evaluate(program, given_facts, 0.0)


@settings(max_examples=50, deadline=None)
@given(policies(), facts())
def test_the_explanation_tells_what_was_ruled(case, given_facts):
    program = case.compile()
    told = [ruling for trace in explain.trace(program, given_facts) for ruling in trace.rulings]
    assert told == list(evaluate.evaluate(program, given_facts, 0.0).rulings)


@settings(max_examples=50, deadline=None)
@given(policies(), facts())
def test_both_agree_on_the_day_a_policy_expires(case, given_facts):
    header = {**case.document["policy"], "expires": "1970-01-02"}
    program = Case({**case.document, "policy": header}).compile()
    for now_s in (86399.9, 86400.0):
        assert evaluate.evaluate(program, given_facts, now_s) == reference.evaluate(program, given_facts, now_s)
