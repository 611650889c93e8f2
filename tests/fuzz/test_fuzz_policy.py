"""Contract: a policy's text, whatever it is, loads or raises BadConfig with a place, and lint never raises."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.policy_strategies import KNOWN_RULES

from firebreak.model.errors import BadConfig
from firebreak.policy import strict_yaml
from firebreak.policy.compile import lint, load
from firebreak.policy.diagnostic import MAX_DIAGNOSTICS, Level

EXAMPLES = int(os.environ.get("FIREBREAK_FUZZ_EXAMPLES", "200"))

SEED = """\
policy: {name: p, version: 2.0, expires: "2030-01-01"}
defaults: {intent: ALLOW}
categories: [a, {name: b, examples: ["x y"]}]
rules:
  - id: r1
    match_categories: [a]
    match: {on: [request], findings: [{kind: pii, min_score: 0.5}], callers: [{namespace: "x*"}]}
    decision: BLOCK
tests:
  - {prompt: "hello", expect: {decision: BLOCK, rule: r1}}
"""
FRAGMENTS = ["{", "}", "[", "]", ": ", "- ", "\n", "  ", "&a ", "*a", "!!int ", "<<: ", "? ", "|", ">", "%YAML 1.1\n", "---\n",
             "...", "#", '"', "'", "\\", "\x00", "\u202e", "\ud800", "1e999", "0x1f", "on", "null", "~", "\t", "\r", "é", "9" * 30]  # fmt: skip


def damaged(seed):
    """The seed with a few stretches cut out or replaced by something YAML finds meaning in."""
    edit = st.tuples(
        st.integers(0, len(seed)), st.integers(0, 12), st.sampled_from(["", *FRAGMENTS]) | st.text(max_size=4)
    )

    def apply(edits):
        text = seed
        for start, length, new in edits:
            text = text[:start] + new + text[start + length :]
        return text

    return st.lists(edit, min_size=1, max_size=4).map(apply)


def refusal(read, *arguments):
    """What reading raised, if it raised; anything but `BadConfig` fails the test."""
    try:
        read(*arguments)
    except BadConfig as error:
        return error
    return None


def hold_to_the_contract(text):
    found = lint(text, "p.yaml", KNOWN_RULES, 0.0)
    assert len(found) <= 2 * MAX_DIAGNOSTICS
    error = refusal(load, text, "p.yaml", KNOWN_RULES)
    assert (error is not None) == any(one.severity is Level.ERROR for one in found)
    assert error is None or error.place.startswith("p.yaml:")


@settings(max_examples=EXAMPLES, deadline=None)
@given(damaged(SEED))
def test_a_damaged_policy_loads_or_says_where(text):
    hold_to_the_contract(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=12).map("".join))
def test_any_text_loads_or_says_where(text):
    hold_to_the_contract(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text())
def test_the_strict_reader_reads_or_says_where(text):
    error = refusal(strict_yaml.read, text, "p.yaml")
    assert error is None or error.place.startswith("p.yaml:")
