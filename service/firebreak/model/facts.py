"""Everything the policy may look at, in one frozen value."""

from dataclasses import dataclass

from firebreak.model.exchange import Caller
from firebreak.model.finding import Finding
from firebreak.model.intent import Intent


@dataclass(frozen=True, slots=True)
class Absence:
    """A detector or classifier that could not answer: `reason` is `crashed`, `over_budget` or `unreachable`."""

    part: str
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one exchange. `intents` is empty where nothing is asked (a listing of models)."""

    provider: str
    surface: str
    model: str
    stream: bool
    caller: Caller
    tools: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    findings: tuple[Finding, ...] = ()
    unavailable: tuple[Absence, ...] = ()
