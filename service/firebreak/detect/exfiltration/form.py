"""The frame of an exfiltration rule, and the pieces of its patterns. A finding's span is the address alone."""

from collections.abc import Callable

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

# Repeats have no bound: a counted one inside what may begin again at each sign makes re2 slow.

REST = r"[^\s()<>\"'`\[\]{}|\\^]"
"""A character of an address that is no bracket and no quotation mark."""
HOST = r"(?:https?:)?//[\w.:@-]+"
DRAWN = r"!\[[^\]\n]*\](?:\(\s{0,3}<?|\[[^\]\n]*\]:\s{0,3}<?)"
"""Where the address of a Markdown image begins."""
LOADED = (
    r"<(?:img|iframe|image|source|video|audio|track|embed|object|script|link|input|body|table|td|use"
    r"|frame)\b[^>\n]*?\s"
    r"(?:src|srcset|href|data|poster|background|xlink:href)\s{0,2}=\s{0,2}\\?[\"']?"
)
"""Where the address of something begins that a page loads by itself."""
FOLLOWED = (
    r"(?:\]\(\s{0,3}<?|(?:^|[\n\"])\s{0,3}\[[^\]\n]+\]:\s{0,3}<?|<(?:a|form|button|area|meta)\b[^>\n]*?\s"
    r"(?:href|action|formaction|content)\s{0,2}=\s{0,2}\\?[\"']?(?:\d{1,3};\s?url=)?|<)"
)
"""Where the address of something begins that a person follows: links, references, forms, autolinks."""


def outbound(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    *,
    score: float,
    severity: Severity = Severity.HIGH,
    trigger: str = "",
    group: int = 0,
    check: Callable[[str], bool] | None = None,
    near: Callable[[bytes, int], bool] | None = None,
) -> PatternRule:
    """A rule for a way out."""
    return PatternRule(
        id=rule,
        kind=FindingKind.EXFILTRATION,
        severity=severity,
        score=score,
        pattern=pattern,
        description=description,
        matches=matches,
        ignores=ignores,
        ignore_case=True,
        trigger=trigger,
        group=group,
        check=check,
        near=near,
    )
