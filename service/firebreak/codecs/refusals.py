"""A refusal in the two error forms that the providers' SDKs turn into their own exceptions."""

import json

from firebreak.model.refusal import Refusal, Rendered

_JSON = "application/json"


def openai_error(refusal: Refusal) -> Rendered:
    kinds = {"policy": "policy_violation", "unavailable": "server_error"}
    error = {
        "message": refusal.message,
        "type": kinds.get(refusal.kind, "invalid_request_error"),
        "param": refusal.param or None,
        "code": "content_policy_violation" if refusal.kind == "policy" else refusal.code,
    }
    return Rendered(refusal.status, _JSON, json.dumps({"error": error}).encode())


def anthropic_error(refusal: Refusal) -> Rendered:
    error = {"type": _anthropic_type(refusal), "message": refusal.message}
    return Rendered(refusal.status, _JSON, json.dumps({"type": "error", "error": error}).encode())


def _anthropic_type(refusal: Refusal) -> str:
    if refusal.kind == "unavailable":
        return "api_error"
    by_status = {403: "permission_error", 413: "request_too_large"}
    return by_status.get(refusal.status, "invalid_request_error")


def openai_cut(refusal: Refusal) -> bytes:
    """How OpenAI ends a stream with an error: the error as an event, and the sentinel."""
    return b"data: " + openai_error(refusal).body + b"\n\ndata: [DONE]\n\n"


def anthropic_cut(refusal: Refusal) -> bytes:
    """How Anthropic ends a stream with an error (API documentation, "Error events")."""
    return b"event: error\ndata: " + anthropic_error(refusal).body + b"\n\n"


def openai_responses_cut(refusal: Refusal) -> bytes:
    """How the Responses API ends a stream with an error (API reference, streaming event `error`).

    The error stands in it twice: as the reference has it, and as a member, which makes OpenAI's SDK raise it.
    """
    full = json.loads(openai_error(refusal).body)["error"]
    error = {name: full[name] for name in ("code", "message", "param")}
    event = {"type": "error", "sequence_number": 0, **error, "error": full}
    return b"event: error\ndata: " + json.dumps(event).encode() + b"\n\n"
