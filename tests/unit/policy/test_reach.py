import pytest

from firebreak.model.decision import Verdict
from firebreak.model.finding import FindingKind, Severity, Surface
from firebreak.policy.glob import Glob
from firebreak.policy.program import CallerMatch, CallMatch, Conditions, FindingMatch, Rule
from firebreak.policy.reach import idle_categories, never_fires

PII = FindingMatch(kind=FindingKind.PII)
ON_TOOLS = Conditions(surfaces=(Surface.TOOL_RESULT,))
ON_REQUEST = Conditions(surfaces=(Surface.REQUEST,))
ON_CALLS = Conditions(surfaces=(Surface.TOOL_CALL,))
SAID, CALLED, RESULTS = (Surface.RESPONSE,), (Surface.TOOL_CALL,), (Surface.TOOL_RESULT,)
DELETE = CallMatch(tool=Glob("delete_*", fold=True))
FOR_GPT = Conditions(models=(Glob("gpt-*", fold=True),))


def signal(kind):
    """What an entry asks for that gives a kind and no severity."""
    return FindingMatch(kind, min_severity=Severity.INFO)


def rules(*fields):
    return [Rule(index, f"r{index}", Verdict.BLOCK, **each) for index, each in enumerate(fields)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"categories": ("a", "b")}, {"categories": ("a",)}),
        ({"categories": ("a",), "intents_on": SAID}, {"categories": ("a",), "intents_on": CALLED}),
        ({"categories": ("a",), "intents_on": SAID}, {"categories": ("a",), "intents_on": (*SAID, *RESULTS)}),
        ({}, {}),
        ({}, {"conditions": FOR_GPT}),
        ({"conditions": FOR_GPT}, {"conditions": FOR_GPT}),
        ({"findings": (FindingMatch(),)}, {"findings": (PII,)}),
        ({"findings": (PII,)}, {"findings": (FindingMatch(FindingKind.PII, min_score=0.5),)}),
        ({"findings": (PII,)}, {"findings": (PII,), "conditions": ON_TOOLS}),
        ({"categories": ("a",), "findings": (PII,)}, {"categories": ("a",), "findings": (PII,)}),
        ({"findings": (PII,)}, {"findings": (PII,), "conditions": ON_REQUEST}),
        ({"findings": (FindingMatch(),)}, {"findings": (signal(FindingKind.SECRET),)}),
        ({"calls": (CallMatch(tool=Glob("*")),)}, {"calls": (DELETE,)}),
        ({"calls": (DELETE,)}, {"calls": (CallMatch(DELETE.tool, Glob("*rm*")),), "conditions": ON_CALLS}),
    ],
)
def test_a_rule_behind_a_wider_one_never_fires(earlier, later):
    first, second = rules(earlier, later)
    assert list(never_fires([first, second])) == [(second, first)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"categories": ("a",)}, {"categories": ("a", "b")}),
        ({"categories": ("a",)}, {"categories": ("a",), "intents_on": SAID}),
        ({"categories": ("a",), "intents_on": SAID}, {"categories": ("a",)}),
        ({"categories": ("a",), "intents_on": CALLED}, {"categories": ("a",), "intents_on": SAID}),
        ({"categories": ("a",), "shadow": True}, {"categories": ("a",)}),
        ({"categories": ("a",), "conditions": FOR_GPT}, {"categories": ("a",)}),
        ({"conditions": FOR_GPT}, {}),
        ({}, {"categories": ("a",)}),
        ({}, {"findings": (PII,)}),
        ({"findings": (PII,)}, {"findings": (FindingMatch(),)}),
        ({"findings": (FindingMatch(min_severity=Severity.HIGH),)}, {"findings": (FindingMatch(),)}),
        ({"findings": (FindingMatch(),)}, {"findings": (signal(FindingKind.LANGUAGE),)}),
        ({"findings": (FindingMatch(),)}, {"findings": (FindingMatch(rule="r", min_severity=Severity.INFO),)}),
        ({"findings": (FindingMatch(origin="tool"),)}, {"findings": (PII,)}),
        ({"findings": (PII,), "conditions": ON_TOOLS}, {"findings": (PII,)}),
        ({"categories": ("a",)}, {"categories": ("a",), "findings": (PII,)}),
        ({"findings": (PII,), "conditions": ON_REQUEST}, {"findings": (PII,), "conditions": ON_TOOLS}),
        ({"findings": (PII,), "conditions": ON_REQUEST}, {"findings": (PII,)}),
        ({"calls": (DELETE,)}, {"calls": (CallMatch(arguments=Glob("*rm*")),)}),
        ({"calls": (DELETE,)}, {"calls": (CallMatch(tool=Glob("*")),)}),
        ({"calls": (DELETE,), "conditions": ON_REQUEST}, {"calls": (DELETE,), "conditions": ON_CALLS}),
        ({"calls": (DELETE,)}, {}),
        ({"calls": (DELETE,)}, {"categories": (), "calls": (CallMatch(tool=Glob("x")),)}),
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


def conditions(**fields):
    return {"conditions": Conditions(**fields)}


def caller(**fields):
    return CallerMatch(tuple((name, Glob(pattern)) for name, pattern in fields.items()))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"models": (Glob("gpt-*"), Glob("claude"))}, {"models": (Glob("claude"), Glob("gpt-*"))}),
        ({"models": (Glob("gpt-*"),)}, {"models": (Glob("gpt-5*-mini"),)}),
        ({"tools": (Glob("*"),)}, {"tools": (Glob("a"), Glob("b*"))}),
        ({"callers": (caller(namespace="lab*"),)}, {"callers": (caller(namespace="lab-1", pod="x"),)}),
    ],
)
def test_a_narrower_condition_behind_a_wider_one_never_fires(earlier, later):
    first, second = rules(conditions(**earlier), conditions(**later))
    assert list(never_fires([first, second])) == [(second, first)]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"models": (Glob("gpt-5*"),)}, {"models": (Glob("gpt-*"),)}),
        ({"models": (Glob("a*b"),)}, {"models": (Glob("a*"),)}),
        ({"models": (Glob("*"),)}, {}),
        ({"callers": (caller(namespace="lab", pod="x"),)}, {"callers": (caller(namespace="lab"),)}),
        ({"callers": (caller(namespace="lab"),)}, {"callers": (caller(namespace="lab"), caller(pod="x"))}),
        ({"callers": (caller(namespace="lab"),)}, {}),
    ],
)
def test_a_wider_condition_behind_a_narrower_one_fires(earlier, later):
    assert list(never_fires(rules(conditions(**earlier), conditions(**later)))) == []


def test_a_category_judged_under_another_condition_is_not_idle():
    first, second = rules({"categories": ("a",), **conditions(models=(Glob("m"),))}, {"categories": ("a", "b")})
    assert list(idle_categories([first, second])) == []
    tried, judge = rules({"categories": ("a",), "shadow": True}, {"categories": ("a", "b")})
    assert list(idle_categories([tried, judge])) == []
