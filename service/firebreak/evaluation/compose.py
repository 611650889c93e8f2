"""What an evaluation runs on: the composition that serves, with a policy that may be left out."""

from dataclasses import dataclass
from pathlib import Path

from firebreak.adapters.encoders import Encoders
from firebreak.app.compose import Composer, Limits
from firebreak.app.offline import Offline
from firebreak.intent.taxonomy import BUILT_IN
from firebreak.model.errors import BadConfig
from firebreak.pipeline.screen import Screen
from firebreak.policy.program import Program

EVERY_CATEGORY = "\n".join(
    [
        "policy: {name: evaluation, version: '1'}",
        "defaults: {intent: ALLOW, finding: ALLOW, unavailable: BLOCK}",
        "categories:",
        *(f"  - {name}" for name in sorted(BUILT_IN)),
        "rules:",
        "  - {id: any, match: {}, decision: ALLOW}",
    ]
)
"""Where no policy is given: every built-in category, and everything passes."""


PATIENCE_S = 600.0
"""For an encoder's answer: an evaluation is to say what it answers, not whether it does in time."""


def composer(encoder_dir: str = "") -> Composer:
    """What does not depend on a policy, with the encoders of a directory where one is given."""
    encoders = None
    if encoder_dir:
        encoders = Encoders(encoder_dir, threads=1, budget_s=PATIENCE_S, memory_entries=_MEMORY)
    return Composer(Limits(memory_entries=1), encoders=encoders)


_MEMORY = 4096
"""Passages whose score is remembered: a text is asked about twice, for its findings and for its score."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A policy, the screen that it is served with, and the path from a body to its record."""

    file: str
    program: Program
    screen: Screen
    decider: Offline


def ground(policy: Path | None, parts: Composer) -> Ground:
    """Raises `BadConfig` for the policy."""
    text = EVERY_CATEGORY if policy is None else _text(policy)
    file = "evaluation" if policy is None else str(policy)
    snapshot = parts.snapshot(text, file, 1)
    return Ground(file, snapshot.program, snapshot.screen, Offline(text, file, parts))


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise BadConfig(str(file), "the policy cannot be read", "check the path and that it is UTF-8 text") from None
