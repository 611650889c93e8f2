"""What an answer to an MCP client must name to be taken for one, and refusals in that form (JSON-RPC 2.0; Model Context
Protocol 2025-06-18, "Streamable HTTP", "Tools").

A refused call of a tool is a result with `isError`, which a model reads; every other refused request is an error.
"""

import json
from typing import Any

from firebreak.codecs.strict_json import parse
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal, Rendered

MAX_MESSAGES = 64
"""Of one batch. Clients of 2025-03-26 that batch at all send a handful."""

MAX_ID = 128
"""Characters of an id. SDKs count, or use UUIDs."""

TOOL_CALL = "tools/call"
_JSON = "application/json"
_CODES = {"policy": -32010, "invalid": -32011, "unavailable": -32012}
"""Of the range that JSON-RPC leaves to servers; SDKs use the beginning of it themselves."""


def reply_to(body: bytes) -> str:
    """The ids of the requests in a body, which of them call tools, and whether it is a batch; empty where there are
    none. Total.
    """
    try:
        document = parse(body)
    except BadInput:
        return ""
    messages = document if isinstance(document, list) else [document]
    asked = [
        _asked(message) for message in messages[:MAX_MESSAGES] if isinstance(message, dict) and "method" in message
    ]
    known = [each for each in asked if each is not None]
    return json.dumps([isinstance(document, list), known]) if known else ""


class McpRefuser:
    """Refuses for the requests that `reply_to` names; for notifications there is only HTTP's own status."""

    def __init__(self, reply_to: str = "") -> None:
        self._batch, self._asked = json.loads(reply_to) if reply_to else (False, [])

    def refuse(self, refusal: Refusal) -> Rendered:
        answers = self.answers(refusal)
        if not answers:
            return Rendered(refusal.status, _JSON, json.dumps(_answer(None, refusal, call=False)).encode())
        body = answers if self._batch else answers[0]
        # An answer is one by HTTP too; whoever may try again later, or must send something else, is told by HTTP.
        status = 200 if refusal.kind == "policy" else refusal.status
        return Rendered(status, _JSON, json.dumps(body).encode())

    def cut(self, refusal: Refusal) -> bytes:
        """Events that end a stream: an answer for each request, or a log message where nobody waits for one."""
        answers = self.answers(refusal) or [_notice(refusal)]
        return b"".join(b"event: message\ndata: " + json.dumps(answer).encode() + b"\n\n" for answer in answers)

    def answers(self, refusal: Refusal) -> list[dict[str, Any]]:
        return [_answer(identity, refusal, call=call) for identity, call in self._asked]


def _asked(message: dict[str, Any]) -> list[Any] | None:
    identity = message.get("id")
    good = isinstance(identity, int) if not isinstance(identity, bool) else False
    if good or (isinstance(identity, str) and len(identity) <= MAX_ID):
        return [identity, message.get("method") == TOOL_CALL]
    return None


def _answer(identity: Any, refusal: Refusal, *, call: bool) -> dict[str, Any]:
    if call and refusal.kind == "policy":
        content = [{"type": "text", "text": refusal.message}]
        # Since 2026-07-28 a result says what sort it is.
        result = {"resultType": "complete", "content": content, "isError": True}
        return {"jsonrpc": "2.0", "id": identity, "result": result}
    code = _CODES.get(refusal.kind, _CODES["invalid"])
    error = {"code": code, "message": refusal.message, "data": {"reason": refusal.code}}
    return {"jsonrpc": "2.0", "id": identity, "error": error}


def _notice(refusal: Refusal) -> dict[str, Any]:
    said = {"level": "error", "logger": "firebreak", "data": refusal.message}
    return {"jsonrpc": "2.0", "method": "notifications/message", "params": said}
