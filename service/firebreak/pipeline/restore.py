"""What was redacted in a request, put back where the answer names its placeholder. The provider never sees it."""

import json
import re
from collections.abc import Mapping, Sequence

from firebreak.codecs.answer import Channel
from firebreak.detect.interface import Hit
from firebreak.model.conversation import PartKind
from firebreak.model.finding import FindingKind, Severity
from firebreak.model.handover import Change

RULE = "placeholder"
"""The rule of hits that are no findings: they only say where something is to be put back."""

_PLACEHOLDER = re.compile(r"\[[A-Z][A-Z0-9_]*_[0-9]+\]")


def taken(body: bytes, changes: Sequence[Change]) -> dict[str, str]:
    """The text that each placeholder stands for. What stood in several values, or was no string, is not put back."""
    found: dict[str, str] = {}
    for start, end, replacement in changes:
        name = replacement.decode().strip('"')
        if _PLACEHOLDER.fullmatch(name) and name not in found:
            try:
                found[name] = str(json.loads(b'"' + body[start:end] + b'"'))
            except ValueError:
                continue
    return found


def places(text: str, known: Mapping[str, str]) -> list[Hit]:
    """Where the text names a placeholder that something is known for."""
    if not known or "[" not in text:
        return []
    return [
        Hit(RULE, FindingKind.PII, Severity.LOW, 0.0, found.start(), found.end())
        for found in _PLACEHOLDER.finditer(text)
        if found.group() in known
    ]


def restored(channel: Channel, name: str, known: Mapping[str, str]) -> str:
    """The text to put there: within a tool call's arguments, which are JSON themselves, as JSON has it."""
    text = known[name]
    return json.dumps(text)[1:-1] if channel.kind is PartKind.TOOL_CALL and not channel.plain else text
