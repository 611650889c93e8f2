"""What an answer cost, by the policy's own table of prices."""

from firebreak.model.usage import Usage
from firebreak.policy.program import Program

TOKENS = 1_000_000
"""Prices are for so many tokens."""


def cost(program: Program, model: str, usage: Usage | None) -> float:
    """In the policy's currency, by the first price that names the model; 0 where none does or nothing is known."""
    price = next((one for one in program.prices if any(glob.matches(model) for glob in one.models)), None)
    if price is None or usage is None:
        return 0.0
    cached = min(usage.cached, usage.input)
    return ((usage.input - cached) * price.input + cached * price.cached + usage.output * price.output) / TOKENS
