import pytest

from firebreak.model.decision import Verdict
from firebreak.model.finding import FindingKind, Severity, Surface
from firebreak.policy.glob import Glob
from firebreak.policy.program import Conditions, FindingMatch, Rule
from firebreak.policy.reach import never_fires

PII = FindingMatch(kind=FindingKind.PII)
ON_TOOLS = Conditions(surfaces=(Surface.TOOL_RESULT,))
FOR_GPT = Conditions(models=(Glob("gpt-*", fold=True),))


def rules(*fields):
    return [Rule(index, f"r{index}", Verdict.BLOCK, **each) for index, each in enumerate(fields)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"categories": ("a", "b")}, {"categories": ("a",)}),
        ({}, {}),
        ({}, {"conditions": FOR_GPT}),
        ({"conditions": FOR_GPT}, {"conditions": FOR_GPT}),
        ({"findings": (FindingMatch(),)}, {"findings": (PII,)}),
        ({"findings": (PII,)}, {"findings": (FindingMatch(FindingKind.PII, min_score=0.5),)}),
        ({"findings": (PII,)}, {"findings": (PII,), "conditions": ON_TOOLS}),
        ({"categories": ("a",), "findings": (PII,)}, {"categories": ("a",), "findings": (PII,)}),
    ],
)
def test_a_rule_behind_a_wider_one_never_fires(earlier, later):
    first, second = rules(earlier, later)
    assert list(never_fires([first, second])) == [(second, first)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"categories": ("a",)}, {"categories": ("a", "b")}),
        ({"categories": ("a",), "shadow": True}, {"categories": ("a",)}),
        ({"categories": ("a",), "conditions": FOR_GPT}, {"categories": ("a",)}),
        ({"conditions": FOR_GPT}, {}),
        ({}, {"categories": ("a",)}),
        ({}, {"findings": (PII,)}),
        ({"findings": (PII,)}, {"findings": (FindingMatch(),)}),
        ({"findings": (FindingMatch(min_severity=Severity.HIGH),)}, {"findings": (FindingMatch(),)}),
        ({"findings": (FindingMatch(origin="tool"),)}, {"findings": (PII,)}),
        ({"findings": (PII,), "conditions": ON_TOOLS}, {"findings": (PII,)}),
        ({"categories": ("a",)}, {"categories": ("a",), "findings": (PII,)}),
    ],
)
def test_a_rule_with_something_left_to_judge_may_fire(earlier, later):
    assert list(never_fires(rules(earlier, later))) == []


def test_two_rules_can_stand_in_the_way_of_a_third():
    first, second, third = rules({"categories": ("a",)}, {"categories": ("b",)}, {"categories": ("a", "b")})
    assert list(never_fires([first, second, third])) == [(third, first)]


def test_a_rule_that_names_no_category_never_fires():
    (rule,) = rules({"categories": ()})
    assert list(never_fires([rule])) == [(rule, None)]
