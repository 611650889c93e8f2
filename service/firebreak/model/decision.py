"""Verdicts, their order, and the decision they add up to."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Verdict(IntEnum):
    """From loosest to strictest; the decision is the maximum over all subjects."""

    ALLOW = 0
    WARN = 1
    ALLOW_CONSTRAINED = 2
    REDACT = 3
    REQUIRE_APPROVAL = 4
    BLOCK = 5

    @property
    def refuses(self) -> bool:
        """True where the request must not leave as it is.

        REDACT is among them: a request whose redaction cannot be carried out is not sent.
        """
        return self >= Verdict.REDACT


class AuditLevel(IntEnum):
    """How closely a decision is to be reviewed; the decision carries the highest of its rules'."""

    STANDARD = 0
    ENHANCED = 1
    CRITICAL = 2


class Mode(StrEnum):
    """`shadow` decides and records, and never refuses."""

    ENFORCE = "enforce"
    SHADOW = "shadow"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on one subject.

    `subject` says which fact in a form fit for a log: `intent:translation`, `finding:aws-access-key-id@120-140`,
    `call:delete_file`, `unavailable:patterns`, `exchange`, `response`; `constraint:max_output_tokens` where what a rule
    enforces could not be carried out. `shadow` marks a rule that was only tried out: it has no effect.
    """

    subject: str
    verdict: Verdict
    rule: str
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Enforcement:
    """What a rule wants of a request that it lets pass. `rule` is its id; a field that asks for nothing is empty.

    Names of tools and models may hold `*`, and are compared without regard to case.
    """

    rule: str
    max_output_tokens: int = 0
    remove_tools: tuple[str, ...] = ()
    system_preamble: str = ""
    forbid_stream: bool = False
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The strictest verdict over all subjects, and what its rules ask for besides.

    `rule`, `description`, `color` and `note` are those of the first rule, in policy order, that gave the strictest
    verdict; `alerts`, `constraints` and `requires_human` are gathered from every rule that judged a subject.
    In shadow mode `verdict` is what would have been enforced. `redact` are the indices of the findings whose own
    verdict is REDACT; in shadow mode there are none, for nothing is changed. `carried_out`: all that had to be
    redacted was, so that nothing is left to refuse. `enforce`, in policy order, is what rules that judged a subject
    want done to the request; all of it is, or the request is refused.
    """

    verdict: Verdict
    rule: str
    description: str
    audit: AuditLevel = AuditLevel.STANDARD
    mode: Mode = Mode.ENFORCE
    alerts: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    requires_human: bool = False
    color: str = ""
    note: str = ""
    rulings: tuple[Ruling, ...] = ()
    redact: tuple[int, ...] = ()
    carried_out: bool = False
    enforce: tuple[Enforcement, ...] = ()

    @property
    def refuses(self) -> bool:
        return self.mode is Mode.ENFORCE and self.verdict.refuses and not self.carried_out
