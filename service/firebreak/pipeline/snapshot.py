"""A compiled policy with everything fitted to it: frozen, and swapped whole on reload."""

from dataclasses import dataclass

from firebreak.pipeline.interface import Asks, Judge
from firebreak.pipeline.screen import Screen
from firebreak.policy.program import Program


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one exchange is judged by from its first byte to its record. `generation` counts loads since start."""

    program: Program
    screen: Screen
    judge: Judge | None
    generation: int
    asks: Asks | None = None
