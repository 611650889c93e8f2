"""Where the members of an object and the items of an array stand in a body, so that one can be changed in place.

For bytes that the strict reader has accepted.
"""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from firebreak.model.finding import Span
from firebreak.model.handover import Change
from firebreak.model.possessive import possessive

_TOKEN = re.compile(possessive(rb'"(?:[^"\\]++|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++'), re.DOTALL)


class Member(NamedTuple):
    """`whole` is from the key's first quote to the value's end."""

    key: str
    whole: Span
    value: Span


def document(raw: bytes) -> Span:
    """The body without the space around it."""
    return Span(len(raw) - len(raw.lstrip()), len(raw.rstrip()))


def items(raw: bytes, container: Span) -> list[Span]:
    """What stands between the commas of an array or an object. Linear in its length."""
    found: list[Span] = []
    depth, start, end = 0, -1, -1
    for token in _TOKEN.finditer(raw, container.start, container.end):
        first = raw[token.start()]
        depth -= first in b"}]"
        if start >= 0 and (depth == 0 or (depth == 1 and first == ord(","))):
            found.append(Span(start, end))
            start = -1
        elif depth > 0:
            start = token.start() if start < 0 else start
            end = token.end()
        depth += first in b"{["
    return found


def members(raw: bytes, container: Span) -> list[Member]:
    """The members of an object, in order."""
    return [_member(raw, whole) for whole in items(raw, container)]


def _member(raw: bytes, whole: Span) -> Member:
    key, _, value = (token for token, _ in zip(_TOKEN.finditer(raw, whole.start, whole.end), range(3), strict=False))
    return Member(str(json.loads(key.group())), whole, Span(value.start(), whole.end))


def without(entries: list[Span], gone: Iterable[int]) -> list[Change]:
    """The changes that take entries out of their container, each with one comma."""
    changes: list[Change] = []
    leaving = sorted(gone)
    while leaving:
        first = last = leaving.pop(0)
        while leaving and leaving[0] == last + 1:
            last = leaving.pop(0)
        if last + 1 < len(entries):
            changes.append((entries[first].start, entries[last + 1].start, b""))
        else:
            changes.append((entries[first - 1].end if first else entries[0].start, entries[last].end, b""))
    return changes
