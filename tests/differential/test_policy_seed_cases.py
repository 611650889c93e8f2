"""The base form behaves as it did in the system it comes from, except where that was a defect."""

import gzip
import json
from pathlib import Path

import pytest

from firebreak.model.errors import BadConfig
from firebreak.model.exchange import Caller
from firebreak.model.facts import Facts
from firebreak.model.intent import Intent, IntentSource
from firebreak.policy.compile import load
from firebreak.policy.evaluate import evaluate

ROOT = Path(__file__).parents[2]
CASES = ROOT.parent / "shared" / "data" / "cases" / "firebreak.jsonl.gz"
STRICTER = {"unknown_extra_keys_ignored"}
"""Cases whose policy loaded there and does not here: an unknown key is a mistake."""


def cases(*areas):
    if not CASES.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="../shared/data/cases is not there"))]
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [row for row in rows if row["area"] in areas and not row.get("defect")]


@pytest.mark.parametrize("row", cases("policy/load"))
def test_what_loaded_there_loads_here(row):
    expected = row["expected"]
    try:
        program = load(row["input"]["yaml"], "p.yaml", {})
    except BadConfig:
        assert not expected["loads"] or row["input"]["case"] in STRICTER
        return
    assert expected["loads"]
    assert (program.ref.name, program.ref.version) == (expected["name"], expected["version"])
    assert (program.effective, program.signatories) == (expected["effective"], expected["signatories"])
    for rule, wanted in zip(program.rules, expected["rules"], strict=True):
        assert {
            "id": rule.id,
            "description": rule.description,
            "match_categories": list(rule.categories or ()),
            "decision": rule.verdict.name,
            "audit": rule.audit.name.lower(),
            "requires_human": rule.requires_human,
            "constraints": list(rule.constraints),
            "alerts": list(rule.alerts),
            "color": rule.color,
            "note": rule.note,
        } == wanted


@pytest.mark.parametrize(
    "row",
    cases("policy/evaluate", "policy/evaluate_default", "policy/order", "policy/unclassified_rule", "scenario"),
)
def test_the_same_intent_gets_the_same_answer(row):
    given, expected = row["input"], row["expected"]
    text = given.get("yaml") or (ROOT / given["policy_file"]).read_text("utf-8")
    category = given.get("intent_category", expected.get("category"))
    asked = (Intent(category, 0.9, IntentSource.LOCAL, primary=True),)
    facts = Facts("openai", "openai.chat", "m", False, Caller(), intents=asked)
    decision = evaluate(load(text, "p.yaml", {}), facts, 0.0)
    assert {
        "decision": decision.verdict.name,
        "matched_rule_id": decision.rule,
        "rule_description": decision.description,
        "audit_level": decision.audit.name.lower(),
        "alerts": list(decision.alerts),
        "constraints": list(decision.constraints),
        "color": decision.color,
        "note": decision.note,
    } == {
        key: expected[key]
        for key in expected
        if key not in {"llm_response", "category", "confidence", "cached_category"}
    }


def test_requires_human_is_carried_where_it_used_to_be_lost():
    text = (ROOT / "policies" / "defense-standard.yaml").read_text("utf-8")
    asked = (Intent("threat_assessment", 0.9, IntentSource.LOCAL, primary=True),)
    facts = Facts("openai", "openai.chat", "m", False, Caller(), intents=asked)
    assert evaluate(load(text, "p.yaml", {}), facts, 0.0).requires_human


def test_a_string_in_the_place_of_categories_is_no_substring_match():
    with pytest.raises(BadConfig, match="must be a list"):
        load(
            "policy: {name: p, version: 1}\nrules: [{id: r, decision: ALLOW, match_categories: bulk_surveillance}]\n",
            "p.yaml",
            {},
        )
