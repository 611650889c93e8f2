"""A refusal in the error forms that the providers' SDKs turn into their own exceptions."""

import json

from firebreak.model.refusal import Refusal, Rendered

_JSON = "application/json"


def openai_error(refusal: Refusal) -> Rendered:
    error = {
        "message": refusal.message,
        "type": _type(refusal),
        "param": refusal.param or None,
        "code": _code(refusal),
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
    error = {"code": _code(refusal), "message": refusal.message, "param": None}
    event = {"type": "error", "sequence_number": 0, **error, "error": {"type": _type(refusal), **error}}
    return b"event: error\ndata: " + json.dumps(event).encode() + b"\n\n"


def gemini_error(refusal: Refusal) -> Rendered:
    """Google's error form (API design guide, AIP-193); the reason tells a policy's refusal from a wrong request."""
    by_status = {403: "PERMISSION_DENIED", 502: "UNAVAILABLE", 503: "UNAVAILABLE"}
    status = "UNAVAILABLE" if refusal.kind == "unavailable" else by_status.get(refusal.status, "INVALID_ARGUMENT")
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": _code(refusal).upper(),
        "domain": "firebreak",
        "metadata": {"field": refusal.param} if refusal.param else {},
    }
    error = {"code": refusal.status, "message": refusal.message, "status": status, "details": [detail]}
    return Rendered(refusal.status, _JSON, json.dumps({"error": error}).encode())


def gemini_cut(refusal: Refusal, *, array: bool) -> bytes:
    """The error as one more event, or as the last element of an array that has begun."""
    error = gemini_error(refusal).body
    return b",\n" + error + b"\n]\n" if array else b"data: " + error + b"\n\n"


def ollama_error(refusal: Refusal) -> Rendered:
    """Ollama says no more than a sentence (API documentation, "Errors")."""
    return Rendered(refusal.status, _JSON, json.dumps({"error": refusal.message}).encode())


def ollama_cut(refusal: Refusal) -> bytes:
    """How Ollama ends a stream with an error: a line that says so."""
    return ollama_error(refusal).body + b"\n"


def generic_error(refusal: Refusal) -> Rendered:
    """Where nothing is known of an API: what most of them have in common."""
    error = {"code": _code(refusal), "message": refusal.message, "type": _type(refusal)}
    return Rendered(refusal.status, _JSON, json.dumps({"error": error}).encode())


def mistral_error(refusal: Refusal) -> Rendered:
    error = {
        "object": "error",
        "message": refusal.message,
        "type": _type(refusal),
        "param": refusal.param or None,
        "code": _code(refusal),
    }
    return Rendered(refusal.status, _JSON, json.dumps(error).encode())


def mistral_cut(refusal: Refusal) -> bytes:
    """A last chunk whose finish reason is `error` (API reference, chat completion chunk), and the sentinel."""
    chunk = {
        "id": "firebreak",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "",
        "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
        "error": {"message": refusal.message, "type": _type(refusal), "code": _code(refusal)},
    }
    return b"data: " + json.dumps(chunk).encode() + b"\n\ndata: [DONE]\n\n"


def cohere_error(refusal: Refusal) -> Rendered:
    return Rendered(refusal.status, _JSON, json.dumps({"message": refusal.message}).encode())


def cohere_cut(refusal: Refusal) -> bytes:
    """How Cohere ends a stream with an error (API reference, chat stream event `message-end`)."""
    end = {"type": "message-end", "delta": {"error": refusal.message, "finish_reason": "ERROR"}}
    return b"event: message-end\ndata: " + json.dumps(end).encode() + b"\n\n"


def _type(refusal: Refusal) -> str:
    kinds = {"policy": "policy_violation", "unavailable": "server_error"}
    return kinds.get(refusal.kind, "invalid_request_error")


def _code(refusal: Refusal) -> str:
    return "content_policy_violation" if refusal.kind == "policy" else refusal.code
