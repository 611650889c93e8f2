"""The frame of a personal-data rule: a number stands alone, not inside a longer one."""

from collections.abc import Callable

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

_BEFORE = r"(?:^|[^A-Za-z0-9_.+-]|\\[nrt])"
AFTER = r"(?:$|[^A-Za-z0-9_-])"


def number(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    *,
    severity: Severity,
    score: float,
    check: Callable[[str], bool] | None = None,
    trigger: str = "",
    derived: bool = True,
) -> PatternRule:
    """A number on its own."""
    return PatternRule(
        id=rule,
        kind=FindingKind.PII,
        severity=severity,
        score=score,
        pattern=f"{_BEFORE}({pattern}){AFTER}",
        description=description,
        matches=matches,
        ignores=ignores,
        group=1,
        trigger=f"{_BEFORE}(?:{trigger})" if trigger else "",
        check=check,
        overlaps=True,
        derived=derived,
    )


def named(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    names: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    *,
    severity: Severity,
    score: float,
    check: Callable[[str], bool] | None = None,
) -> PatternRule:
    """A number that only its label gives away: `SSN: 123456789`."""
    lead = (
        rf"(?:{names})[\"'*]{{0,3}}(?:[ _]?(?:number|no\.?|nr\.?|nummer|#|is|ist|at|under)){{0,3}}"
        rf"\s{{0,2}}[:=]?\s{{0,2}}[\"'*]{{0,3}}\s{{0,2}}"
    )
    return PatternRule(
        id=rule,
        kind=FindingKind.PII,
        severity=severity,
        score=score,
        pattern=f"{lead}({pattern}){AFTER}",
        description=description,
        matches=matches,
        ignores=ignores,
        group=1,
        ignore_case=True,
        trigger=(rf"(?:{names})[\"'*]*(?:[ _]?(?:number|no\.?|nr\.?|nummer|#|is|ist|at|under))*[\s\"'*:=]*\(?\d"),
        check=check,
    )
