"""A kind of ask that both sides of a policy agreed to name."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """`examples` are asks that belong to it, `counterexamples` asks that look like it and do not."""

    name: str
    description: str = ""
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()
