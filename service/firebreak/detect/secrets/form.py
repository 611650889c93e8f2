"""Shapes that several vendors' rules share, and samples that look right to a rule and to no scanner of source code."""

import math
import re
from collections import Counter
from collections.abc import Callable

from firebreak.detect.rule import LEFT, PatternRule
from firebreak.model.finding import FindingKind, Severity

_PLAIN = re.compile(r"(?:[A-Za-z0-9_-](?![*+?{]))+")
_GROUPS = re.compile(r"\([^()]*\)|\[[^\]]*\]|\\.")
_FRONT = 4
_QUOTE = r"(?:\\{0,3}[\"'`\])]){0,3}"
_OPEN = r"(?:\\{0,3}[\"'`(\[]){0,3}"
_SIGN = r"(?::=|=>|={1,3}|:|,|\bis\b)"
_LEAST_VALUE = re.compile(rb"\S{14}")
"""Bytes of the shortest value that a credential's name stands beside."""
_VALUE_BY = 160  # bytes from its name to the end of that many


def token(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...] = (),
    *,
    severity: Severity = Severity.CRITICAL,
    score: float = 0.95,
    check: Callable[[str], bool] | None = None,
    sure: Callable[[str], bool] | None = None,
    trigger: str = "",
    general: bool = False,
) -> PatternRule:
    """A credential that its own prefix or form gives away. The letters at its front are its trigger, if enough."""
    return PatternRule(
        id=rule,
        kind=FindingKind.SECRET,
        severity=severity,
        score=score,
        pattern=f"{LEFT}({pattern})",
        description=description,
        matches=matches,
        ignores=ignores,
        group=1,
        trigger=trigger or _front(pattern),
        check=check,
        sure=sure,
        general=general,
    )


def _front(pattern: str) -> str:
    """The plain characters that every match begins with, if they are so many that they are seldom in a text."""
    front = _PLAIN.match(pattern)
    return front[0] if front and len(front[0]) >= _FRONT and "|" not in _GROUPS.sub("", pattern) else ""


def named(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    names: str,
    value: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...] = (),
    *,
    score: float = 0.8,
    check: Callable[[str], bool] | None = None,
) -> PatternRule:
    """A credential without a form of its own, told by the name it is given: `DD_API_KEY=...`.

    `value` has at least 14 characters, none of them blank; one of one character throughout is a placeholder and passes.
    """
    return PatternRule(
        id=rule,
        kind=FindingKind.SECRET,
        severity=Severity.HIGH,
        score=score,
        pattern=(
            rf"(?:{names})[A-Za-z0-9_.\- ]{{0,25}}{_QUOTE}\s{{0,3}}{_SIGN}\s{{0,3}}{_OPEN}({value})(?:[^A-Za-z0-9]"
            r"|$)"
        ),
        description=description,
        matches=matches,
        ignores=ignores,
        group=1,
        ignore_case=True,
        trigger=rf"(?:{names})",
        check=check or varied,
        near=_before_value,
    )


def _before_value(data: bytes, end: int) -> bool:
    """Whether a value may stand beside the name that ends here; most names stand in plain prose."""
    return _LEAST_VALUE.search(data, end, end + _VALUE_BY) is not None


def varied(text: str) -> bool:
    """Whether more than four characters occur: a value that is not a row of one letter."""
    return len(set(text)) > 4


def entropy(text: str) -> float:
    """Bits a character, by the text's own frequencies (Shannon)."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())


def letters(count: int) -> str:
    """A sample of upper and lower case letters and digits."""
    return ("k9Xq2LmZ7vBt4WcR8hNsY3pD6gJf5" * (count // 29 + 1))[:count]


def hexes(count: int) -> str:
    """A sample of lower-case hexadecimal digits."""
    return ("3f9a1c7e0b5d28" * (count // 14 + 1))[:count]


def uuid() -> str:
    """A sample in the form of a UUID."""
    return "-".join(hexes(n) for n in (8, 4, 4, 4, 12))
