import json

import pytest

from firebreak.model.usage import Usage
from firebreak.policy.compile import load
from firebreak.policy.prices import cost

DOCUMENT = {
    "policy": {"name": "p", "version": "1"},
    "rules": [{"id": "r", "match": {}, "decision": "ALLOW"}],
    "prices": [
        {"models": ["gpt-5-mini*"], "input": 0.25, "output": 2},
        {"models": ["GPT-5*", "o5"], "input": 1.25, "output": 10.0, "cached": 0.125},
    ],
    "currency": "EUR",
}
PROGRAM = load(json.dumps(DOCUMENT), "p.yaml", {})


@pytest.mark.parametrize(
    ("model", "usage", "paid"),
    [
        ("gpt-5", Usage(input=1_000_000), 1.25),
        ("gpt-5", Usage(output=1_000_000, reasoning=900_000), 10.0),
        ("gpt-5-2026-01-01", Usage(input=1_000_000, cached=400_000), 0.6 * 1.25 + 0.4 * 0.125),
        ("gpt-5-mini", Usage(input=1_000_000, cached=1_000_000, output=500_000), 1.25),
        ("o5", Usage(input=10, cached=20), 10 * 0.125 / 1e6),
        ("gpt-4o", Usage(input=1_000_000), 0.0),
        ("", Usage(input=1_000_000), 0.0),
        ("gpt-5", None, 0.0),
        ("gpt-5", Usage(input=-5), 0.0),
        ("gpt-5", Usage(input=10**400), 1.25e6),
    ],
)
def test_the_first_price_that_names_the_model_counts(model, usage, paid):
    assert cost(PROGRAM, model, usage) == pytest.approx(paid)


def test_without_prices_nothing_costs_anything():
    free = load(json.dumps({**DOCUMENT, "prices": []}), "p.yaml", {})
    assert cost(free, "gpt-5", Usage(input=5)) == 0.0
