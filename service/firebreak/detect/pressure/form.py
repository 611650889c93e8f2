"""The frame of a rule for pressure."""

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

GAP = r"\s"
"""What stands between two words; the folded reading has one blank for a row of them."""


def pressure(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    trigger: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    *,
    score: float = 0.3,
) -> PatternRule:
    """A signal. A blank stands for `GAP`."""
    return PatternRule(
        id=rule,
        kind=FindingKind.PRESSURE,
        severity=Severity.INFO,
        score=score,
        pattern=pattern.replace(" ", GAP),
        description=description,
        matches=matches,
        ignores=ignores,
        ignore_case=True,
        trigger=trigger.replace(" ", GAP),
    )
