"""What an answer cost, as its provider counts it."""

from dataclasses import dataclass

MAX_TOKENS = 1_000_000_000_000
"""Of one answer. A provider that counts more is not believed."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. `input` includes `cached` ones, `output` includes those of `reasoning`. `estimated` where the provider
    did not say and the numbers were made from lengths. Counts outside the bounds are taken for the nearest inside.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    estimated: bool = False

    def __post_init__(self) -> None:
        for name in ("input", "output", "cached", "reasoning"):
            object.__setattr__(self, name, min(max(getattr(self, name), 0), MAX_TOKENS))
