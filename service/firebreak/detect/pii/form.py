"""The frame of a personal-data rule: a number stands alone, not inside a longer one."""

import re
from collections.abc import Callable

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

_BEFORE = r"(?:^|[^A-Za-z0-9_.+-]|\\[nrt])"
AFTER = r"(?:$|[^A-Za-z0-9_-])"
MARKS = r"(?:\\{0,3}[\"'*)\]>]){0,3}"
"""What a format puts behind a name: quotes, escaped or not, or a bracket."""
TAGS = r"(?:\s{0,3}</?[^<>\n]{1,24}>){0,2}"
"""Between a name and its value: the end of one cell and the beginning of another."""
OPENING = r"(?:\\{0,3}[\"'*]){0,3}"
"""What a format puts before a value."""
_ANY_TAGS = r"(?:\s*<[^<>\n]+>)*"  # for a trigger, which counts bytes

_LEFT, _RIGHT = re.compile(r"(?:^|(?<=[|(:]))\\b"), re.compile(r"(?<![|(:])\\b")
_BEHIND = r"(?:\b|_|n(?:o|r|um|umber|ummer)\b|id\b|code\b)"
_GAP = re.compile(r"\[[- ]{2}\]\??|(?P<kept>\[[^\]]*\]|\(\?-i:)|[- ]\??")
"""In an expression: edges of words, what may stand for the right ones, and what stands between words."""


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
    names = in_identifiers(names)
    lead = (
        rf"(?:{names}){MARKS}{TAGS}(?:[ _-]?(?:number|no\.?|nr\.?|nummer|#|is|ist|at|under)){{0,3}}"
        rf"{MARKS}\s{{0,2}}[:=|]?{TAGS}\s{{0,2}}{OPENING}\s{{0,2}}"
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
        trigger=(
            rf"(?:{names})[\\\"'*)\]>]*{_ANY_TAGS}(?:[ _-]?(?:number|no\.?|nr\.?|nummer|#|is|ist|at|under))*"
            rf"[\\\"'*)\]>]*\s*[:=|]?{_ANY_TAGS}[\s\\\"'*]*\(?\d"
        ),
        check=check,
    )


def in_identifiers(names: str) -> str:
    """The names as parts of longer ones, too, and with any sign or none between words: `user_ssn`, `nhsNumber`."""
    edged = _RIGHT.sub(lambda _: _BEHIND, _LEFT.sub(lambda _: r"(?:\b|_)", names))
    return _GAP.sub(lambda gap: gap["kept"] or "[-_ ]?", edged)
