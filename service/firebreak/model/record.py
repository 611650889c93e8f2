"""The one thing from which audit, metrics, spans, alerts and refusals are made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firebreak.model.decision import Decision
from firebreak.model.exchange import Caller
from firebreak.model.facts import Absence
from firebreak.model.finding import Direction, Finding
from firebreak.model.intent import Intent
from firebreak.model.usage import Usage


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Which agreement was in force: its name, version and the SHA-256 of its bytes."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Record:
    """One decision, without a word of the request or the response: digests, lengths, spans and rule ids only.

    `time_s` is Unix time. `reason` is the code of `BadInput`, empty when the body was read. `inspected` names what
    was looked at (`request`, `response`, `stream`) or why nothing was (`skipped:route`). `timings_us` maps a stage to
    microseconds.

    A response has a record of its own, with the id of its request's. Only there stand `status` (HTTP), `ending`
    (`complete`, `cut`, `refused`, `aborted`), `usage` and `cost`, in `currency`, and `late`: characters of findings
    that had left before they were found. `changes` counts what was redacted or restored.
    """

    id: str
    time_s: float
    provider: str
    surface: str
    method: str
    path: str
    model: str
    stream: bool
    caller: Caller
    policy: PolicyRef
    decision: Decision
    inspected: str
    body_bytes: int
    body_sha256: str
    parts: int
    reason: str = ""
    where: str = ""
    tools: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    findings: tuple[Finding, ...] = ()
    unavailable: tuple[Absence, ...] = ()
    traceparent: str = ""
    timings_us: Mapping[str, int] = field(default_factory=dict)
    direction: Direction = Direction.REQUEST
    status: int = 0
    ending: str = ""
    usage: Usage | None = None
    changes: int = 0
    late: int = 0
    cost: float = 0.0
    currency: str = ""
