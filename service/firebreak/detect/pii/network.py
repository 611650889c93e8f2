"""What tells a machine, and so perhaps its owner: network and hardware addresses."""

import ipaddress
import re
from collections.abc import Callable

from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

_BEFORE = r"(?:^|[^A-Za-z0-9_.:+-]|[G-Zg-z_][A-Fa-f]{0,3}:|\\[nrt])"
"""A name and a colon may touch it: `host:10.1.2.3`."""
_AFTER = r"(?:$|[^A-Za-z0-9_.:-]|[.:](?:$|[^A-Za-z0-9.:])|:\d{2,5}\.?(?:$|[^0-9A-Za-z:.]))"

_V4 = r"(?:\d{1,3}\.){3}\d{1,3}"
_V6 = (
    r"(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){0,6}(?:::)?|(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6}"
)
MIN_CHARS = 7
"""Letters and digits. Fewer have mostly versions, sections and object identifiers (`2.5.29.15`), and few addresses."""
_DOTS = 3  # of an IPv4 address
_EVERYBODYS = frozenset({"1.1.1.1", "1.0.0.1", "8.8.8.8", "8.8.4.4", "9.9.9.9", "1.2.3.4", "4.3.2.1"})
"""Public resolvers, and what people write for an address."""
_RESERVED = frozenset(map(b"%d".__mod__, (0, 10, 100, 127, 169, 172, 192, 198, 203, *range(224, 256))))
"""First numbers of an IPv4 address under which some are of a private network, of documents or of no host at all (IANA's
registry of special addresses). Under all others every address is somebody's."""
_NUMBER = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_SOMEBODYS = re.compile(rf"(?!(?:{b'|'.join(sorted(_RESERVED)).decode()})\.){_NUMBER}(?:\.{_NUMBER}){{3}}", re.ASCII)
"""An address under one of these: most that a log holds, told without a look at every reserved network."""
_NOBODYS = frozenset({b"10", b"127"})
"""Those under which none is anybody's on the internet."""
_FOUR = re.compile(rb"(\d{1,3})\.\d{1,3}\.\d{1,3}\.\d")
_FOUR_BEFORE, _SIX_BEFORE = 13, 10  # bytes from an address's first to the end of its trigger
_SIX_AFTER = 40  # from there to the end of the longest
_COLONS = 7  # in an IPv6 address that leaves nothing out; a time of day has two


def _first_number(data: bytes, end: int) -> bytes:
    """Of the IPv4 address whose trigger ends here; of one in colons, nothing."""
    found = _FOUR.search(data, max(end - _FOUR_BEFORE, 0), end) if data[end - 1 : end] != b":" else None
    return found[1] if found else b""


def _in_colons(data: bytes, end: int) -> bool:
    """Whether an IPv6 address may stand where such a trigger ends. Most of what has two colons is a time of day."""
    row = data[max(end - _SIX_BEFORE, 0) : end + _SIX_AFTER]
    return b"::" in row or row.count(b":") >= _COLONS


def may_be_public(data: bytes, end: int) -> bool:
    """Asked before the address is read: whether what ends here may be one that `is_public`."""
    first = _first_number(data, end)
    return first not in _NOBODYS if first else _in_colons(data, end)


def may_be_inside(data: bytes, end: int) -> bool:
    """Asked before the address is read: whether what ends here may be one that `is_inside`."""
    first = _first_number(data, end)
    return first in _RESERVED if first else _in_colons(data, end)


def _address_of(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    if sum(map(str.isalnum, text)) < MIN_CHARS:
        return None
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def is_public(text: str) -> bool:
    """An address that somebody has on the internet: not private, not of a document, not a version number."""
    if text.count(".0") >= 2 or text in _EVERYBODYS:
        return False  # `130.0.0.0` is a network
    if len(text) >= MIN_CHARS + _DOTS and _SOMEBODYS.fullmatch(text):
        return True
    address = _address_of(text)
    if address is None:
        return False
    return address.is_global and not address.is_multicast


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
    near: Callable[[bytes, int], bool] | None = None,
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
        near=near,
        opens=True,
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
        near=may_be_public,
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
        near=may_be_inside,
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
