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
