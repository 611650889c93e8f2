import json
from pathlib import Path

import pytest

from firebreak.policy.schema import PolicyForm, fields_at, json_schema, read_form

RULE = {"id": "r", "decision": "BLOCK", "match": {}}
SMALLEST = {"policy": {"name": "p", "version": "1"}, "rules": [RULE]}


def rule(**fields):
    return {**SMALLEST, "rules": [{**RULE, **fields}]}


def test_the_smallest_policy_has_the_safe_defaults():
    form = read_form(SMALLEST)
    assert isinstance(form, PolicyForm)
    assert dict(form.defaults) == {"intent": "BLOCK", "finding": "BLOCK", "unavailable": "BLOCK"}
    assert form.policy.mode == "enforce"
    assert form.rules[0].audit == "standard"
    assert form.rules[0].color == "green"


def test_a_category_is_a_name_or_a_description():
    form = read_form({**SMALLEST, "categories": ["a", {"name": "b", "examples": ["x"]}]})
    assert isinstance(form, PolicyForm)
    assert [(one.name, one.examples) for one in form.categories or ()] == [("a", []), ("b", ["x"])]


@pytest.mark.parametrize(
    ("document", "place", "kind"),
    [
        (rule(decision="block"), ("rules", 0, "decision"), "literal_error"),
        (rule(requires_human="yes"), ("rules", 0, "requires_human"), "bool_type"),
        (rule(requires_human=1), ("rules", 0, "requires_human"), "bool_type"),
        (rule(match_categories="summarization"), ("rules", 0, "match_categories"), "list_type"),
        (rule(id="r 1"), ("rules", 0, "id"), "string_pattern_mismatch"),
        (rule(id="r\n"), ("rules", 0, "id"), "string_pattern_mismatch"),
        (rule(match={"on": ["answer"]}), ("rules", 0, "match", "on", 0), "literal_error"),
        (rule(match={"calls": [{"arguments": "rm [a-z]"}]}), ("rules", 0, "match", "calls", 0, "arguments"), "glob"),
        ({**SMALLEST, "prices": [{"models": ["x"], "input": -1, "output": 0}]}, ("prices", 0, "input"), None),
        ({**SMALLEST, "prices": [{"models": ["x"], "input": 1}]}, ("prices", 0, "output"), "missing"),
        ({**SMALLEST, "currency": "dollars"}, ("currency",), "string_too_long"),
        ({**SMALLEST, "canaries": ["short"]}, ("canaries", 0), "string_too_short"),
        ({**SMALLEST, "canaries": ["x" * 201]}, ("canaries", 0), "string_too_long"),
        ({**SMALLEST, "canaries": ["x" * 8] * 101}, ("canaries",), "too_long"),
        ({**SMALLEST, "allowed_values": [{"sha256": "a" * 64}]}, ("allowed_values", 0, "reason"), "missing"),
        (
            {**SMALLEST, "allowed_values": [{"sha256": "A" * 64, "reason": "x"}]},
            ("allowed_values", 0, "sha256"),
            "string_pattern_mismatch",
        ),
        (rule(match={"on": []}), ("rules", 0, "match", "on"), "too_short"),
        (rule(match={"models": ["gpt-?"]}), ("rules", 0, "match", "models", 0), "glob"),
        (rule(match={"findings": [{"min_score": 1.5}]}), ("rules", 0, "match", "findings", 0, "min_score"), None),
        (rule(when="true"), ("rules", 0, "when"), "extra_forbidden"),
        ({**SMALLEST, "rules": []}, ("rules",), "too_short"),
        ({**SMALLEST, "defaults": {"effect": "BLOCK"}}, ("defaults", "effect"), "extra_forbidden"),
        ({**SMALLEST, "policy": {"name": "p"}}, ("policy", "version"), "missing"),
        ([], (), "model_type"),
    ],
)
def test_what_does_not_fit_the_form_is_placed(document, place, kind):
    found = read_form(document)
    assert isinstance(found, list)
    assert found[0].place == place
    assert kind is None or found[0].type == kind


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://judge.example/v1", True),
        ("http://127.0.0.1:8080", True),
        ("ftp://judge.example", False),
        ("https://", False),
        ("https://key:secret@judge.example", False),
        ("https://[::1", False),
        ("https://judge.example:99999", False),
        ("https://judge.example/v1?api-version=1", False),
        ("https://judge.example/v1#a", False),
        ("https://judge.example/v 1", False),
    ],
)
def test_the_judge_has_a_plain_address(url, taken):
    judge = {"api": "openai", "url": url, "model": "m"}
    assert isinstance(read_form({**SMALLEST, "judge": judge}), PolicyForm) is taken


PLACES = [
    (),
    ("policy",),
    ("defaults",),
    ("categories", 0),
    ("rules", 3),
    ("rules", 3, "match"),
    ("rules", 3, "match", "findings", 0),
    ("rules", 3, "match", "calls", 0),
    ("rules", 3, "match", "callers", 0),
    ("rules", 3, "enforce"),
    ("judge",),
    ("redaction",),
    ("allowed_values", 0),
    ("prices", 0),
    ("tests", 0),
    ("tests", 0, "messages", 0),
    ("tests", 0, "caller"),
    ("tests", 0, "response_call"),
    ("tests", 0, "expect"),
]


@pytest.mark.parametrize("place", PLACES)
def test_every_mapping_of_the_form_knows_its_fields(place):
    assert fields_at(place)


def test_no_mapping_of_the_form_is_left_out():
    assert len(PLACES) == len(json_schema()["$defs"]) + 1
    assert fields_at(("policy", "signatories")) == ()


def test_the_committed_schema_is_the_generated_one():
    committed = Path(__file__).parents[3] / "policies" / "policy.schema.json"
    assert json.loads(committed.read_text("utf-8")) == json_schema(), "run python tests/tools/policy_schema.py"
