"""What an answer cost, as its provider counts it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. `input` includes `cached` ones, `output` includes those of `reasoning`. `estimated` where the provider
    did not say and the numbers were made from lengths.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    estimated: bool = False
