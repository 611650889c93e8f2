"""Addresses that only a server's own network answers: metadata services, files, protocols nobody browses."""

import ipaddress
import re

from firebreak.detect.payload.form import payload
from firebreak.model.finding import Severity

_HOST = re.compile(r"//(?:[^/\s@]{0,64}@)?(\[[0-9a-f.:]+|[0-9a-fx.]+)", re.IGNORECASE)
_PLAIN = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}\.?")
_PARTS = 4
_BYTE = 256
_FIRST = _BYTE**3


def _number(text: str) -> int:
    """One part of an address as C's inet_aton reads it. Raises ValueError."""
    if text.lower().startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8) if text.startswith("0") and len(text) > 1 else int(text)


def as_ipv4(host: str) -> str | None:
    """The address in four plain parts, from any of the forms that inet_aton takes; None where it is none."""
    parts = host.rstrip(".").split(".")
    if not 1 <= len(parts) <= _PARTS:
        return None
    try:
        *first, last = [_number(part) for part in parts]
    except ValueError:
        return None
    room: int = _BYTE ** (_PARTS + 1 - len(parts))
    if any(part >= _BYTE for part in first) or last >= room:
        return None
    value = last
    for place, part in enumerate(first):
        value += part << (8 * (3 - place))
    return str(ipaddress.IPv4Address(value))


def is_disguised_inside(text: str) -> bool:
    """Whether the host of the address is an inner one, written otherwise than people write it."""
    found = _HOST.search(text)
    if found is None:
        return False
    host = found[1].lower()
    if host.startswith("["):
        return _inner_v6(host[1:])
    plain = as_ipv4(host)
    if plain is None or _PLAIN.fullmatch(host):
        return False
    return _inner(ipaddress.IPv4Address(plain))


def _inner(address: ipaddress.IPv4Address) -> bool:
    if 0 < int(address) < _FIRST:
        return False  # nobody's: a number that happens to stand there
    return address.is_link_local or address.is_loopback or address.is_private


def _inner_v6(host: str) -> bool:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped
    return mapped is not None and _inner(mapped)


RULES = (
    payload(
        "metadata-address",
        (
            r"\bhttps?://(?:[^/\s@]{1,64}@)?(?:169\.254\.169\.254|169\.254\.170\.2|100\.100\.100\.200|192\.0\.0\.192"
            r"|\[fd00:ec2::254\]"
            r"|metadata\.google\.internal|metadata\.goog|instance-data(?:\.ec2\.internal)?)(?:[:/?#]|\b)"
        ),
        "Address of a cloud's metadata service, which hands out credentials",
        ("http://169.254.169.254/latest/meta-data/iam/", "http://metadata.google.internal/computeMetadata/v1/"),
        ("http://169.254.1.1/", "https://metadata.example.com/"),
        score=0.65,
        severity=Severity.MEDIUM,
    ),
    payload(
        "disguised-address",
        (
            r"\bhttps?://(?:[^/\s@]{1,64}@)?(?:(?:0x[0-9a-f]{1,16}|\d{1,16})(?:\.(?:0x[0-9a-f]{1,16}|\d{1,16})){0,3}"
            r"|\[[0-9a-f:.]{2,45})(?:[\]:/?#\s'\"]|$)"
        ),
        "Inner address in a form that hides it",
        (
            "http://2852039166/latest/",
            "http://0xA9FEA9FE/",
            "http://0251.0376.0251.0376/",
            "http://[::ffff:a9fe:a9fe]/",
        ),
        (
            "http://127.0.0.1:8080/",
            "http://10.0.0.1/",
            "https://1.1.1.1/",
            "http://[::1]:3000/",
            "http://3627734734/",
        ),
        score=0.85,
        trigger=r"https?://(?:[^/\s@]*@)?(?:\d|\[)",
        check=is_disguised_inside,
    ),
    payload(
        "local-file-address",
        (
            r"\bfile:/{1,3}(?:localhost/)?(?:etc/(?:passwd|shadow|hosts|group)|proc/(?:self|1|net)|root/"
            r"|home/[^/\s]{1,40}/\.(?:ssh|aws|config|env)|var/run/"
            r"|c(?::|%3a)/(?:windows|boot))|\bphp://filter/[^\s\"'<>]{0,200}resource=|\bexpect://\w"
            r"|\bphar://[^\s\"']{1,200}\.(?:phar|jpg|png|zip)"
        ),
        "Address of a file that only the server can read",
        ("file:///etc/passwd", "php://filter/convert.base64-encode/resource=index.php", "file:///C:/windows/win.ini"),
        ("file:///home/me/notes.txt", "php://input", "file:///tmp/x"),
        score=0.75,
        trigger=r"file:/+(?:localhost/)?(?:etc|proc|root|home|var|c)|php://filter|expect://|phar://",
    ),
    payload(
        "gopher-address",
        r"\b(?:gopher|dict)://[^\s\"'<>]{1,80}(?:/_|:(?:6379|11211|25|3306|5432|9000|2375)\b)",
        "Address that speaks to a server in another protocol",
        ("gopher://127.0.0.1:6379/_*1%0d%0a", "dict://localhost:11211/stats"),
        ("gopher://gopher.floodgap.com/", "the gopher protocol"),
        score=0.8,
        trigger="(?:gopher|dict)://",
    ),
    payload(
        "path-traversal",
        (
            r"(?:\.\.[/\\]{1,2}){2,40}(?:etc/(?:passwd|shadow|hosts)|proc/self|windows[/\\]|winnt[/\\]|boot\.ini"
            r"|root/\.|var/log/)"
            r"|(?:(?:\.\.|%2e%2e|\.%2e|%2e\.)(?:%2f|%5c|%252f|%255c|%c0%af|%c1%9c)){2,40}|(?:\.{4}[/\\]{2}){2,40}"
            r"|(?:%2e%2e[/\\]){2,40}"
        ),
        "Path that climbs out of its folder",
        ("../../../../etc/passwd", "..%2f..%2f..%2fconf", "....//....//etc", "..\\..\\windows\\win.ini"),
        ("import x from '../../../lib/x'", "cd ../../etc", "/etc/passwd"),
        score=0.75,
        trigger=(
            r"\.\.[/\\]+(?:etc/(?:passwd|shadow|hosts)|proc/self|windows|winnt|boot\.ini|root/\.|var/log/)|(?:\.\."
            r"|2e\.?)%(?:25)?(?:2f|5c|c0|c1)"
            r"|\.\.\.\.[/\\]{2}\.\.\.\.|%2e%2e[/\\]"
        ),
    ),
)
