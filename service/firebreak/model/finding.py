"""Evidence from a detector: what was found and where, never the text itself."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class FindingKind(StrEnum):
    SECRET = "secret"
    PII = "pii"
    INJECTION = "injection"
    OBFUSCATION = "obfuscation"
    UNINSPECTED = "uninspected"
    LEAK = "leak"
    EXFILTRATION = "exfiltration"
    PAYLOAD = "payload"
    WASTE = "waste"
    PRESSURE = "pressure"
    LANGUAGE = "language"


SIGNALS = frozenset({FindingKind.PRESSURE, FindingKind.LANGUAGE})
"""The kinds of which a finding may be of severity INFO."""


class Severity(IntEnum):
    """How bad it is if the detector is right.

    `INFO` is a weak signal: it describes and accuses of nothing, so only a rule that names it can refuse for it.
    """

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Direction(StrEnum):
    """Which way what is judged goes: to the provider or back."""

    REQUEST = "request"
    RESPONSE = "response"


class Surface(StrEnum):
    """What a rule's `on` names: the place in the exchange where a fact was seen.

    `request` covers every part of the request and `response` every part of the response; `tool_call` and `tool_result`
    are the parts of those kinds in either.
    """

    REQUEST = "request"
    RESPONSE = "response"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of the raw body, `start` inclusive, `end` exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of evidence. `score` is in 0..1, `part` the index of the part in the conversation.

    `rule` is a stable kebab-case id (`aws-access-key-id`); `view` names the reading it was seen in (`raw`, `base64`).
    """

    rule: str
    kind: FindingKind
    severity: Severity
    score: float
    surface: Surface
    origin: str
    part: int
    span: Span
    view: str = "raw"
