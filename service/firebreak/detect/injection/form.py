"""The frame of a phrase rule: words in order, with room for filler, in any case."""

import re

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

GAP = r"[\s\"'*_,.:;~`-]{1,4}"
"""What may stand between two words."""

NOUN = (
    r"(?:instructions?|prompts?|directions|directives?|guidelines?|commands?|rules|orders|programming"
    r"|constraints|polic(?:y|ies)"
    r"|restrictions|safeguards|guardrails|context|messages?|training|system[\s_-]?prompts?)\b"
)
"""What an attack wants put aside."""


def fill(most: int) -> str:
    """Up to `most` words of no consequence, each with the gap behind it."""
    return rf"(?:[\w'’/-]{{1,20}}{GAP}){{0,{most}}}"


_LOOSE = GAP.replace("{1,4}", "+")
_BOUNDED = re.compile(r"\[\^[^\]]+\]\{[01],\d+\}\??")


def widened(pattern: str) -> str:
    """A weaker form for the first pass: where words may stand, anything may. Counted gaps compile slowly.

    A gap at the end is one character, so that a row of spaces is not an end each.
    """
    for most in range(1, 6):
        pattern = pattern.replace(fill(most), "(?s:.*)")
    if pattern.endswith(GAP):
        pattern = pattern.removesuffix("{1,4}")
    return _BOUNDED.sub("(?s:.*)", pattern).replace(GAP, _LOOSE).replace("[\"'“]?", r"\W*")


def phrase(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    *,
    score: float,
    severity: Severity = Severity.HIGH,
    ignore_case: bool = True,
    trigger: str = "",
) -> PatternRule:
    """A rule for wording."""
    return PatternRule(
        id=rule,
        kind=FindingKind.INJECTION,
        severity=severity,
        score=score,
        pattern=pattern,
        description=description,
        matches=matches,
        ignores=ignores,
        ignore_case=ignore_case,
        trigger=widened(trigger or pattern),
    )
