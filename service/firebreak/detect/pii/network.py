"""What tells a machine, and so perhaps its owner: network and hardware addresses."""

import ipaddress
from collections.abc import Callable

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

_BEFORE = r"(?:^|[^A-Za-z0-9_.:+-]|\\[nrt])"
_AFTER = r"(?:$|[^A-Za-z0-9_.:-]|[.:](?:$|[^A-Za-z0-9.:])|:\d{2,5}(?:$|[^0-9A-Fa-f:.]))"

_V4 = r"(?:\d{1,3}\.){3}\d{1,3}"
_V6 = (
    r"(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){0,6}(?:::)?|(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}"
)
MIN_CHARS = 7
"""Letters and digits. Fewer have mostly versions, sections and object identifiers (`2.5.29.15`), and few addresses."""
_EVERYBODYS = frozenset({"1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "1.2.3.4", "4.3.2.1"})
"""Public resolvers, and what people write for an address."""


def _address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if sum(map(str.isalnum, text)) < MIN_CHARS:
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_public(text: str) -> bool:
    """An address that somebody has on the internet: not private, not of a document, not a version number."""
    address = _address_of(text)
    if address is None or (address.version == 4 and text.count(".0") >= 2):
        return False  # `130.0.0.0` is a network
    return address.is_global and not address.is_multicast and text not in _EVERYBODYS


def is_inside(text: str) -> bool:
    """An address of a private network, or of those that documents use (RFC 1918, RFC 4193, RFC 5737, RFC 3849)."""
    address = _address_of(text)
    if address is None or not address.is_private or text.startswith(("0.", "255.")):
        return False
    return not (address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local)


def is_interface(text: str) -> bool:
    """A hardware address that is not a row of one digit or of numbers that count up."""
    pairs = text.replace("-", ":").lower().split(":")
    return len(set(pairs)) > 3 and pairs != sorted(pairs)


def _rule(  # noqa: PLR0913 -- a rule has that many facts
    rule: str,
    pattern: str,
    description: str,
    matches: tuple[str, ...],
    ignores: tuple[str, ...],
    check: Callable[[str], bool],
    *,
    trigger: str,
    severity: Severity,
    score: float,
) -> PatternRule:
    """An address that is not a piece of a longer row; a port may follow it."""
    return PatternRule(
        id=rule,
        kind=FindingKind.PII,
        severity=severity,
        score=score,
        pattern=f"{_BEFORE}({pattern}){_AFTER}",
        description=description,
        matches=matches,
        ignores=ignores,
        group=1,
        trigger=f"{_BEFORE}(?:{trigger})",
        check=check,
        overlaps=True,
        derived=False,
    )


_V4_OR_V6 = r"(?:\d{1,3}\.){3}\d|[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}:"

RULES = (
    _rule(
        "ip-address",
        f"{_V4}|{_V6}",
        "Public network address",
        ("from 93.184.216.34 at", "client 2a00:1450:4001:81b::200e", "93.184.216.34:443"),
        ("10.0.0.5", "version 1.2.3.4", "2.1.0.0", "999.1.1.1", "12:30:45", "2001:db8::1", "v93.184.216.34.5"),
        is_public,
        trigger=_V4_OR_V6,
        severity=Severity.LOW,
        score=0.6,
    ),
    _rule(
        "ip-address-inside",
        f"{_V4}|{_V6}",
        "Network address of a private network or of documentation",
        ("host 10.12.40.5", "192.168.7.20", "203.0.113.7", "2001:db8::7"),
        ("93.184.216.34", "version 10.2.3.4", "127.0.0.1", "255.255.255.0"),
        is_inside,
        trigger=_V4_OR_V6,
        severity=Severity.INFO,
        score=0.3,
    ),
    _rule(
        "mac-address",
        r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}",
        "Hardware address of a network interface",
        ("ether 3c:22:fb:9a:4e:01", "3C-22-FB-9A-4E-01"),
        ("00:00:00:00:00:00", "00:11:22:33:44:55", "3c:22:fb:9a:4e:01:ff"),
        is_interface,
        trigger=r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}",
        severity=Severity.LOW,
        score=0.6,
    ),
)
