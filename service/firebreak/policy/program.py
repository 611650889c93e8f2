"""A policy after reading: frozen, and laid out for asking. Data only; `compile` makes it, `evaluate` asks it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from firebreak.model.category import Category
from firebreak.model.decision import AuditLevel, Enforcement, Mode, Verdict
from firebreak.model.exchange import Caller
from firebreak.model.facts import Call
from firebreak.model.finding import Direction, FindingKind, Severity, Surface
from firebreak.model.judge import JudgeConfig
from firebreak.model.record import PolicyRef
from firebreak.policy.glob import Glob

UNKNOWN_INTENT = "unknown-intent"
DEFAULT_FINDING = "default-finding"
DEFAULT_SIGNAL = "default-signal"
DEFAULT_UNAVAILABLE = "default-unavailable"
DEFAULT_EXCHANGE = "default-exchange"
DEFAULT_CALL = "default-call"
DEFAULT_RESPONSE = "default-response"
POLICY_EXPIRED = "policy-expired"
LISTED_ROUTE = "listed-route"
NO_POLICY = "no-policy"
UNREADABLE = "unreadable:"
RESERVED_IDS = (
    UNKNOWN_INTENT,
    DEFAULT_FINDING,
    DEFAULT_SIGNAL,
    DEFAULT_UNAVAILABLE,
    DEFAULT_EXCHANGE,
    DEFAULT_CALL,
    DEFAULT_RESPONSE,
    POLICY_EXPIRED,
    LISTED_ROUTE,
    NO_POLICY,
)
"""Ids of verdicts that no rule of the file gives; a rule may not take one, nor begin with `unreadable:`."""

TRUST_SAFETY = "trust_safety"

MAX_TOOL_CHARS = 64
"""Of a called tool's name in a ruling: the model chooses it. Providers take no longer ones."""

WHOLE = {Direction.REQUEST: Surface.REQUEST, Direction.RESPONSE: Surface.RESPONSE}
"""The word of `on` that covers everything in a direction."""
EVERYWHERE = (Surface.REQUEST, Surface.RESPONSE)


@dataclass(frozen=True, slots=True)
class CallerMatch:
    """Field of the caller and the glob it must fit; all of them must."""

    fields: tuple[tuple[str, Glob], ...]


@dataclass(frozen=True, slots=True)
class FindingMatch:
    """What a finding must be. `None` asks for nothing.

    `min_severity` is INFO where an entry gives none but a kind or a rule: one that names nothing means no signals.
    """

    kind: FindingKind | None = None
    rule: str | None = None
    min_score: float = 0.0
    min_severity: Severity = Severity.LOW
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class CallMatch:
    """What a tool call must be; `arguments` fits its whole text, name and arguments. `None` asks for nothing."""

    tool: Glob | None = None
    arguments: Glob | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens of these models cost."""

    models: tuple[Glob, ...]
    input: float
    output: float
    cached: float


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must hold besides; an empty tuple asks for nothing. One member of each that is given must fit."""

    surfaces: tuple[Surface, ...] = EVERYWHERE
    callers: tuple[CallerMatch, ...] = ()
    models: tuple[Glob, ...] = ()
    providers: tuple[Glob, ...] = ()
    tools: tuple[Glob, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the file, or a default with an `index` after all of them.

    `intents_on` are the places where its categories count: an answer's only where the rule says `on`.

    `categories` is `None` where it names no intents, `findings` where it names no findings, `calls` where it names no
    tool calls; one with none of them names the exchange.
    """

    index: int
    id: str
    verdict: Verdict
    description: str = ""
    audit: AuditLevel = AuditLevel.STANDARD
    requires_human: bool = False
    constraints: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    color: str = "green"
    note: str = ""
    shadow: bool = False
    categories: tuple[str, ...] | None = None
    intents_on: tuple[Surface, ...] = (Surface.REQUEST,)
    findings: tuple[FindingMatch, ...] | None = None
    calls: tuple[CallMatch, ...] | None = None
    conditions: Conditions = Conditions()
    enforce: Enforcement | None = None

    @property
    def names_exchange(self) -> bool:
        return self.categories is None and self.findings is None and self.calls is None


@dataclass(frozen=True, slots=True)
class Defaults:
    """The rules that judge what no rule of the file names."""

    intent: Rule
    finding: Rule
    unavailable: Rule
    exchange: Rule
    call: Rule
    response: Rule
    signal: Rule
    expired: Rule


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a policy's own test wants. `None` asks for nothing; empty `findings` want none at all."""

    verdict: Verdict
    rule: str | None = None
    intent: str | None = None
    findings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """A request, or a response, in brief and what should become of it. `messages` are (role, content)
    and empty for a response.
    """

    name: str
    line: int
    expect: Expectation
    messages: tuple[tuple[str, str], ...] = ()
    tool_result: str = ""
    caller: Caller = field(default_factory=Caller)
    model: str = ""
    tools: tuple[str, ...] = ()
    response: str = ""
    response_call: Call | None = None

    @property
    def direction(self) -> Direction:
        return Direction.RESPONSE if self.response or self.response_call is not None else Direction.REQUEST


@dataclass(frozen=True, slots=True)
class Program:
    """A policy that loads.

    `rules` are in policy order. The five indices hold, in policy order too, the rules that could judge an intent of
    that category in a request and in an answer, a finding of that kind, a tool call, and the exchange. `canaries` are
    texts that must never come back.
    """

    ref: PolicyRef
    mode: Mode
    rules: tuple[Rule, ...]
    defaults: Defaults
    categories: tuple[Category, ...]
    judge: JudgeConfig | None
    tests: tuple[PolicyTest, ...]
    expires_s: float | None
    by_category: Mapping[str, tuple[Rule, ...]]
    in_answers: Mapping[str, tuple[Rule, ...]]
    by_kind: Mapping[FindingKind, tuple[Rule, ...]]
    for_calls: tuple[Rule, ...]
    for_exchange: tuple[Rule, ...]
    effective: str = ""
    signatories: Mapping[str, str] | None = None
    canaries: tuple[str, ...] = ()
    allowed: frozenset[bytes] = frozenset()
    """SHA-256 digests of values that are nobody's secret."""
    restore: bool = False
    prices: tuple[Price, ...] = ()
    currency: str = ""
