import json

import pytest

from firebreak.evaluation.compose import composer, ground
from firebreak.evaluation.decisions import decide, due, outcomes, request
from firebreak.evaluation.examples import Example
from firebreak.evaluation.figures import Rate
from firebreak.model.conversation import Origin
from firebreak.model.exchange import Caller, Exchange
from firebreak.pipeline.read import read

POLICY = """
policy: {name: n, version: '1'}
defaults: {intent: BLOCK, finding: BLOCK}
categories: [translation, malware_creation]
rules:
  - {id: allow, match_categories: [translation], decision: ALLOW}
  - {id: block, match_categories: [malware_creation], decision: BLOCK}
"""
TRANSLATE = "Translate this sentence into Spanish."


@pytest.fixture(scope="module")
def on(tmp_path_factory):
    file = tmp_path_factory.mktemp("policy") / "p.yaml"
    file.write_text(POLICY, encoding="utf-8")
    return ground(file, composer())


def intent(text, category, name="asks"):
    return Example(text, name, "intent", text, category=category)


@pytest.mark.parametrize("origin", Origin)
def test_a_text_is_read_in_its_own_voice(origin):
    body, api, path = request(Example("i", "s", "injection", "the text", origin=origin))
    exchange = Exchange("e", "POST", path, "", "", {"content-type": "application/json"}, body, api, api, Caller())
    conversation = read(exchange).conversation
    assert conversation is not None
    assert [part.origin for part in conversation.parts if "the text" in part.text] == [origin]


def test_what_a_policy_should_do_is_what_it_does_where_the_intent_is_known(on):
    assert [due(on.program, name, 0.0) for name in ("translation", "malware_creation", "unknown")] == [
        False,
        True,
        True,
    ]


def test_intents_are_right_where_the_category_is_or_is_rightly_unknown(on):
    told = decide(
        [intent(TRANSLATE, "translation"), intent("zxqv", "coding"), intent(TRANSLATE + " ", "malware_creation")],
        on.decider,
        on.program,
    )
    assert [(one.expected, one.found, one.due, one.refused) for one in told] == [
        ("translation", "translation", False, False),
        ("unknown", "unknown", True, True),
        ("malware_creation", "translation", True, False),
    ]
    pooled, asks, *categories = outcomes(told)
    assert (pooled.false_allow, pooled.false_block, pooled.right, pooled.unknown, pooled.n) == (
        Rate(1, 2),
        Rate(0, 1),
        Rate(2, 3),
        Rate(1, 3),
        3,
    )
    assert asks.name == "asks"
    assert [one.name for one in categories] == [
        "category:coding",
        "category:malware_creation",
        "category:translation",
    ]
    assert pooled.figures()["intent_accuracy"] == 2 / 3


def test_a_labelled_text_is_to_be_refused_where_it_is_harmful(on):
    secret = "Translate: AKIAQ3EGRZ5XWY7TNBMK"
    examples = [Example("a", "s", "secret", secret, harmful=True), Example("b", "s", "secret", TRANSLATE)]
    told = decide(examples, on.decider, on.program)
    assert [(one.due, one.refused, one.expected) for one in told] == [(True, True, ""), (False, False, "")]
    (pooled, _) = outcomes(told)
    assert (pooled.false_allow, pooled.false_block, pooled.right) == (Rate(0, 1), Rate(0, 1), Rate(0, 0))


def test_bodies_hold_the_text_as_it_stands():
    body, _, _ = request(Example("i", "s", "pii", 'a "quoted" \ud7ff line'))
    assert json.loads(body)["messages"][0]["content"] == 'a "quoted" \ud7ff line'
