"""The frame of a rule for a national number: by the name it is given in its country, or by a form of its own."""

from collections.abc import Callable

from firebreak.detect.pii.form import AFTER, MARKS, OPENING, TAGS, in_identifiers, number
from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

_LINK = (
    r"(?:number|numbers|no\.?|nr\.?|num\.?|n\.?[°º]\.?|num[eé]ro|n[uú]mero|numer|nummer|número|code|id|is|ist|es|est|é|è"
    r"|er|on|to|of|der|holder|card|karte|#|:)"
)


def labelled(  # noqa: PLR0913, PLR0917 -- a rule has that many facts
    rule: str,
    names: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    check: Callable[[str], bool],
    *,
    trigger: str = "",
    severity: Severity = Severity.HIGH,
    score: float = 0.85,
) -> PatternRule:
    """A number that is one of many things until something calls it by its name. Few words may stand between the two."""
    names = in_identifiers(names)
    return PatternRule(
        id=rule,
        kind=FindingKind.PII,
        severity=severity,
        score=score,
        pattern=(
            rf"(?:{names}){MARKS}{TAGS}(?:[ _-]{{0,2}}{_LINK}){{0,3}}{MARKS}"
            rf"[ \t]{{0,3}}[:=|-]?{TAGS}\s{{0,3}}{OPENING}\(?\s?({pattern}){AFTER}"
        ),
        description=description,
        matches=matches,
        ignores=ignores,
        group=1,
        ignore_case=True,
        trigger=trigger or rf"(?:{names})",
        check=check,
    )


def alone(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    check: Callable[[str], bool],
    *,
    trigger: str = "",
    severity: Severity = Severity.HIGH,
    score: float = 0.8,
) -> PatternRule:
    """A number whose form and check digits nothing else has."""
    return number(
        rule, pattern, description, matches, ignores, severity=severity, score=score, check=check, trigger=trigger
    )
