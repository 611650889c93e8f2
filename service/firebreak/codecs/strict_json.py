"""Reads a body as exactly one JSON document that every parser reads alike, or says what is wrong with it.

Two parsers that disagree are a hole: what is inspected would not be what the provider acts on. So everything on which
parsers are known to differ is refused: equal keys, NaN, overflowing numbers, half surrogate pairs, byte order marks.
"""

import json
import re
from math import isinf
from typing import Any, NoReturn

from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

MAX_DEPTH = 64
"""Levels of nesting. Bodies of real SDKs with deep tool schemas stay under 30; serde_json stops at 128, and our own
recursive readers must stay far from Python's limit of 1000 frames."""

_CONTAINERS = (dict, list)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SPACE = re.compile(r"[ \t\n\r]*")


def parse(raw: bytes) -> Any:
    """The document in `raw`. Raises `BadInput`, and nothing else, whatever the bytes. Linear in their number."""
    if not raw:
        raise BadInput(Reason.BODY_EMPTY)
    if raw.startswith(b"\xef\xbb\xbf"):
        raise BadInput(Reason.BYTE_ORDER_MARK)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(Reason.NOT_UTF8) from None
    document = _decode(text)
    if _depth_exceeds(document, MAX_DEPTH):
        raise BadInput(Reason.TOO_DEEP)
    if "\\" in text and _SURROGATE_ESCAPE.search(text):
        _refuse_surrogates(document)
    return document


def _decode(text: str) -> Any:
    start = _end_of_space(text, 0)
    try:
        document, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError:
        raise BadInput(Reason.NOT_JSON) from None
    except ValueError:  # an integer with more digits than the interpreter converts (4300 by default)
        raise BadInput(Reason.NUMBER_RANGE) from None
    except RecursionError:  # hundreds of levels
        raise BadInput(Reason.TOO_DEEP) from None
    if _end_of_space(text, end) != len(text):
        raise BadInput(Reason.TRAILING_DATA)
    return document


def _end_of_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadInput(Reason.DUPLICATE_KEY)
    return members


def _float(literal: str) -> float:
    value = float(literal)
    if isinf(value):
        raise BadInput(Reason.NUMBER_RANGE)
    return value


def _constant(_: str) -> NoReturn:
    raise BadInput(Reason.NOT_A_NUMBER)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_constant, strict=True)


def _depth_exceeds(document: Any, limit: int) -> bool:
    """True when containers nest deeper than `limit`; the decoder itself stops at the interpreter's recursion limit."""
    level = [document] if isinstance(document, _CONTAINERS) else []
    depth = 0
    while level:
        depth += 1
        if depth > limit:
            return True
        level = [
            value
            for container in level
            for value in (container.values() if isinstance(container, dict) else container)
            if isinstance(value, _CONTAINERS)
        ]
    return False


def _refuse_surrogates(document: Any) -> None:
    """The decoder joins whole pairs, so a surrogate that is still there is half of one."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if _SURROGATE.search(value):
                raise BadInput(Reason.LONE_SURROGATE)
        elif isinstance(value, dict):
            waiting.extend(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
