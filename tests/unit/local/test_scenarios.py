"""Scenario files: what is in them, and that a mistake names its line."""

from pathlib import Path

import pytest

from firebreak.local import scenarios
from firebreak.model.errors import BadConfig

SHIPPED = Path("policies/scenarios/defense-standard.yaml")
GOOD = """\
scenarios:
  - id: one
    title: One
    sdk: openai
    api: chat
    params: {model: m, messages: [{role: user, content: {$join: [AB, CD]}}], stream: true}
    expect: {decision: BLOCK, rule: no, status: 400, exception: BadRequestError}
  - id: two
    title: Two
    sdk: raw
    api: raw
    raw: {path: /x, body: "{}", pad_to_bytes: 9, gzip: true}
    expect: {decision: REFUSED, rule: too_large, status: 413}
"""


def test_a_file_becomes_frozen_values():
    one, two = scenarios.parse(GOOD, "f")
    assert one.params["messages"][0]["content"] == "ABCD"
    assert one.params["stream"] is True
    assert one.expect == scenarios.Expectation("BLOCK", "no", 400, exception="BadRequestError")
    assert not one.expect.passes
    assert two.raw == scenarios.RawRequest(path="/x", body="{}", pad_to_bytes=9, gzip=True)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("sdk: openai", "sdk: cohere", 2),
        ("api: chat", "api: messages", 2),
        ("title: One\n", "title: 1\n", 2),
        ("decision: BLOCK", "decision: PERHAPS", 7),
        ("status: 400", "status: '400'", 7),
        ("rule: no, ", "", 7),
        ("rule: no", "rules: no", 7),
        ("$join: [AB, CD]", "$join: [AB, CD], other: x", 6),
        ("$join: [AB, CD]", "$join: [AB, 3]", 6),
        ("    raw: {path", "    params: {path", 8),
        ("    params: {model", "    raw: {path: /x}\n    params: {model", 2),
        ("params: {model: m, messages: [{role: user, content: {$join: [AB, CD]}}], stream: true}", "params: [m]", 6),
        ("gzip: true", "gzip: 1", 12),
        ("id: two", "id: one", 8),
        ("    expect: {decision: REFUSED, rule: too_large, status: 413}\n", "", 8),
        ("scenarios:", "other:", 1),
    ],
)
def test_a_mistake_names_its_line(old, new, line):
    assert old in GOOD
    with pytest.raises(BadConfig) as caught:
        scenarios.parse(GOOD.replace(old, new), "f")
    assert f"f:{line}" in str(caught.value)


@pytest.mark.parametrize("text", ["[]", "scenarios: []", "scenarios: 3", "scenarios: [3]"])
def test_a_file_without_scenarios_is_refused(text):
    with pytest.raises(BadConfig):
        scenarios.parse(text, "f")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BadConfig, match=r"absent\.yaml"):
        scenarios.load(tmp_path / "absent.yaml")


def test_the_shipped_scenarios_cover_what_the_demo_promises():
    shipped = {scenario.id: scenario.expect for scenario in scenarios.load(SHIPPED)}
    first_seven = [
        "summarization",
        "translation",
        "threat-assessment",
        "missile-defense",
        "bulk-surveillance",
        "warranted-analysis",
        "autonomous-targeting",
    ]
    decisions = ["ALLOW", "ALLOW", "ALLOW", "ALLOW", "BLOCK", "ALLOW_CONSTRAINED", "BLOCK"]
    assert [shipped[name].decision for name in first_seven] == decisions
    assert {"secret", "injected-tool-result", "duplicate-key", "too-large"} <= shipped.keys()


def test_no_sample_key_stands_whole_in_the_file():
    assert "AKIA" not in SHIPPED.read_text(encoding="utf-8")
