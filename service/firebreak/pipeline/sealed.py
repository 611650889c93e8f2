"""Requests whose body must stay as it is: what a policy would take out of them is not taken out, they are refused.

A signature or a digest in a header is of the body as the client sent it. `authorization` is kept from the service, but
a request that AWS Signature Version 4 signs also says when, in `x-amz-date`. And what stands in the body may stand in a
header once more, where nothing can be taken out.
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence

from firebreak.pipeline.edit import Splice

FIXED = "; nothing can be taken out of this request, whose headers hold for its body as it is"
"""What a refusal says besides."""

_SEALS = frozenset(
    {
        "content-digest",
        "content-md5",
        "digest",
        "repr-digest",
        "signature-input",
        "x-amz-content-sha256",
        "x-amz-date",
    }
)
_REPEATING = "mcp-"
"""Headers in which MCP (2026-07-28) repeats names and arguments of the body."""


def fixed(headers: Mapping[str, str], body: bytes, changes: Sequence[Splice]) -> bool:
    """True where these changes cannot be made. Names of headers are in lower case."""
    return not _SEALS.isdisjoint(headers) or _repeated(headers, body, changes)


def _repeated(headers: Mapping[str, str], body: bytes, changes: Sequence[Splice]) -> bool:
    """A header tells what the changes would take out of the body."""
    told = [_decoded(value) for name, value in headers.items() if name.startswith(_REPEATING)]
    taken = [text for start, end, _ in changes if (text := _text(body[start:end]))]
    return any(text in value for text in taken for value in told)


def _text(piece: bytes) -> str:
    """Characters of a JSON string, or a number or a word as it stands."""
    try:
        return str(json.loads(b'"' + piece.strip(b'"') + b'"'))
    except ValueError:
        return piece.decode("utf-8", "replace")


def _decoded(value: str) -> str:
    """What no header can carry as it is stands there in base64 (MCP, "Custom headers from tool parameters")."""
    if value.startswith("=?base64?") and value.endswith("?="):
        try:
            return base64.b64decode(value[9:-2]).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return value
    return value
