"""The frame of a payload rule."""

from collections.abc import Callable

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity


def payload(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    *,
    score: float,
    severity: Severity = Severity.HIGH,
    trigger: str = "",
    check: Callable[[str], bool] | None = None,
    ignore_case: bool = True,
) -> PatternRule:
    """A rule for what would do harm where it is run. HIGH is for what no manual and no honest program shows."""
    return PatternRule(
        id=rule,
        kind=FindingKind.PAYLOAD,
        severity=severity,
        score=score,
        pattern=pattern,
        description=description,
        matches=matches,
        ignores=ignores,
        ignore_case=ignore_case,
        trigger=trigger,
        check=check,
    )
