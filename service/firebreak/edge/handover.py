"""What a check tells about a request that passes, in Envoy's dynamic metadata, and back.

Envoy keeps the metadata of a request and sends it along with its body and its answer. No client or provider can write
there, but what is read is checked all the same.
"""

import base64
import json
import struct
from collections.abc import Mapping
from typing import Any

from firebreak.edge.envoy.processing import CHANGES
from firebreak.model.exchange import Caller
from firebreak.model.handover import Change, Fingerprints, Handover

_CALLER = ("pod", "namespace", "service_account", "spiffe_id", "user", "session")
_FIELDS = ("record", "provider", "api", "surface", "model", "method", "path", "traceparent", "body_sha256", "reply_to")


_PROMPT = "prompt"
_TOKENS = "tokens"


def to_metadata(handover: Handover) -> dict[str, str]:
    """Texts only; what is empty is left out."""
    values = {name: getattr(handover, name) for name in _FIELDS}
    values |= {f"caller.{name}": getattr(handover.caller, name) for name in _CALLER}
    if handover.changes:
        values[CHANGES] = json.dumps([[start, end, text.decode()] for start, end, text in handover.changes])
        values["restore"] = "true" if handover.restore else ""
    if handover.tokens:
        values[_TOKENS] = str(handover.tokens)
    if handover.prompt.values:
        values[_PROMPT] = _written(handover.prompt)
    return {name: value for name, value in values.items() if value}


def from_metadata(values: Mapping[str, Any]) -> Handover | None:
    """None where it does not say which record and which codec, or its changes cannot be understood."""
    texts = {name: value for name, value in values.items() if isinstance(value, str)}
    if not texts.get("record") or not texts.get("surface"):
        return None
    try:
        changes = _changes(texts.get(CHANGES, "[]"))
        prompt = _fingerprints(texts.get(_PROMPT, ""))
        tokens = int(texts.get(_TOKENS, "0"))
    except (ValueError, TypeError):
        return None
    caller = Caller(**{name: texts.get(f"caller.{name}", "") for name in _CALLER})
    fields = {name: texts.get(name, "") for name in _FIELDS}
    restore = texts.get("restore") == "true"
    return Handover(caller=caller, changes=changes, restore=restore, prompt=prompt, tokens=tokens, **fields)


def _written(prompt: Fingerprints) -> str:
    """`needed:values`, the values as base64 of 32 bits each: 350 bytes at most."""
    packed = struct.pack(f">{len(prompt.values)}I", *prompt.values)
    return f"{prompt.needed}:{base64.b64encode(packed).decode()}"


def _fingerprints(text: str) -> Fingerprints:
    """Raises ValueError for what `_written` has not written."""
    if not text:
        return Fingerprints()
    needed, _, values = text.partition(":")
    packed = base64.b64decode(values, validate=True)
    if not packed or len(packed) % 4 or int(needed) < 1:
        raise ValueError("no fingerprints")
    return Fingerprints(struct.unpack(f">{len(packed) // 4}I", packed), int(needed))


def _changes(text: str) -> tuple[Change, ...]:
    changes: list[Change] = []
    for start, end, replacement in json.loads(text):
        before = changes[-1][1] if changes else 0
        if not isinstance(start, int) or not isinstance(end, int) or not before <= start <= end:
            raise ValueError("changes out of order")
        changes.append((start, end, str(replacement).encode()))
    return tuple(changes)
