"""What credentials carry in their own encoding: the header of a JSON Web Token, a name and a password.

Hostile text comes here: nothing raises, and nothing is read further than the limits say.
"""

import json
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Mapping
from typing import Any

MAX_PART_CHARS = 2_048
"""A token's header names an algorithm and a key; what is longer is not taken for an object."""
_NOTHING: Mapping[str, Any] = {}


def decoded(text: str) -> bytes:
    """Base64 in either alphabet, padded or not; empty where it is none."""
    body = text.rstrip("=")
    if len(body) % 4 == 1:
        return b""
    padded = body + "=" * (-len(body) % 4)
    try:
        return urlsafe_b64decode(padded) if "-" in body or "_" in body else b64decode(padded, validate=True)
    except (Error, ValueError):
        return b""


def json_object(part: str) -> Mapping[str, Any]:
    """The JSON object that a part of a token encodes; empty where it is none, or longer than the limit."""
    if len(part) > MAX_PART_CHARS:
        return _NOTHING
    try:
        value = json.loads(decoded(part))
    except (ValueError, RecursionError):
        return _NOTHING
    return value if isinstance(value, dict) else _NOTHING


def login(text: str) -> tuple[str, str] | None:
    """The name and the password of a Basic header (RFC 7617), or None."""
    said = decoded(text)
    if not said.isascii() or not said.decode("ascii", "replace").isprintable():
        return None
    name, colon, password = said.decode("ascii", "replace").partition(":")
    return (name, password) if colon else None
