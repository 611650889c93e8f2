"""Everything the policy may look at, in one frozen value."""

from dataclasses import dataclass
from typing import NamedTuple

from firebreak.model.exchange import Caller
from firebreak.model.finding import Direction, Finding
from firebreak.model.intent import Intent


@dataclass(frozen=True, slots=True)
class Absence:
    """A detector or classifier that could not answer: `reason` is `crashed`, `over_budget` or `unreachable`."""

    part: str
    reason: str


class Call(NamedTuple):
    """A tool that the model wants to be run. `text` is its name and arguments as they stand; it never leaves memory."""

    tool: str
    text: str

    def __repr__(self) -> str:
        return f"Call({self.tool!r}, {len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one direction of an exchange. `intents` is empty where nothing is asked, as in a listing of models; of a
    response they are what its texts are about, where a rule judges that. `tools` are those that the request offers,
    `calls` those that are called.
    """

    provider: str
    surface: str
    model: str
    stream: bool
    caller: Caller
    tools: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    findings: tuple[Finding, ...] = ()
    unavailable: tuple[Absence, ...] = ()
    calls: tuple[Call, ...] = ()
    direction: Direction = Direction.REQUEST
