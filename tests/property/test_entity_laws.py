"""What a tagger finds stands exactly where it says, however long the text is and however it is cut and written."""

import asyncio
import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import encoders

from firebreak.adapters.encoders import Encoders
from firebreak.detect.registry import known_rules
from firebreak.intent.classify import Guess
from firebreak.model.exchange import Caller, Exchange
from firebreak.pipeline.decide import decide
from firebreak.pipeline.edit import splice
from firebreak.pipeline.entities import Entities
from firebreak.pipeline.screen import Screen
from firebreak.pipeline.snapshot import Snapshot
from firebreak.policy.compile import load

POLICY = """
policy: {name: p, version: "1"}
defaults: {intent: ALLOW, finding: BLOCK, unavailable: BLOCK}
rules: [{id: people, decision: REDACT, match: {findings: [{kind: pii}]}}]
"""
THINGS = {
    "PERSON_NAME": ("Anna Smith", "BOB", "bob smith smith", "An\u0301na", "王明"),
    "POSTAL_ADDRESS": ("12 Oak Street, Paris", "oak street", "12 Paris"),
}
BETWEEN = ("hello", "hello from", "sea\n\n", "😀 !", "j", "Paris", "\t“ß” hello", "x" * 70, '\\"hello\\"', "你")
"""Words and signs that are neither, with a lone initial and a lone city."""


class Silent:
    def classify(self, text):
        return Guess("unknown", 0.0)


class NoLog:
    async def append(self, record):
        pass


@cache
def snapshot(tokens):
    with TemporaryDirectory() as place:
        encoders.tagger(Path(place), max_tokens=tokens)
        mounted = Encoders(place, threads=1, budget_s=60, memory_entries=0)
    assert mounted.entities
    screen = Screen([], Silent(), memory_entries=1, budget_s=60, entities=Entities(mounted.entities))
    return Snapshot(load(POLICY, "p", known_rules()), screen, None, 1)


def redacted(body, tokens):
    headers = {"content-type": "application/json"}
    exchange = Exchange("e", "POST", "/v1/chat/completions", "", "h", headers, body, "openai", "openai", Caller())
    outcome = asyncio.run(decide(exchange, snapshot(tokens), NoLog(), 1000.0))
    assert outcome.refusal is None
    return splice(body, outcome.changes)


pieces = st.tuples(
    st.sampled_from(BETWEEN), st.sampled_from([(label, said) for label, some in THINGS.items() for said in some])
)


@pytest.mark.parametrize("tokens", [8, 33])
@given(some=st.lists(pieces, max_size=12), times=st.integers(1, 12), as_ascii=st.booleans())
@settings(max_examples=25, deadline=None)
def test_exactly_the_names_and_addresses_are_replaced(tokens, some, times, as_ascii):
    said, expected = [], []
    known: dict[str, dict[str, int]] = {label: {} for label in THINGS}
    for between, (label, value) in some * times:
        number = known[label].setdefault(value, len(known[label]) + 1)
        said += [between, "hello", value, "hello"]
        expected += [between, "hello", f"[{label}_{number}]", "hello"]
    bodies = [
        json.dumps({"model": "m", "messages": [{"role": "user", "content": " ".join(words)}]}, ensure_ascii=as_ascii)
        for words in (said, expected)
    ]
    assert redacted(bodies[0].encode(), tokens) == bodies[1].encode()
