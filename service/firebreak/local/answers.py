"""What the local upstream answers, in the providers' response forms: the text it is told to say; no model is asked."""

import base64
import hashlib
import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from firebreak.local import event_streams

CREATED = 1_700_000_000  # Unix seconds; fixed, so that a run's answers can be compared with another's
EMBEDDING_DIMENSIONS = 8
MODELS = ("local-large", "local-small")

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. A stream has one chunk for each server-sent event."""

    status: int
    content_type: str
    chunks: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """What it says, and a digest of the request, from which ids are made."""

    digest: str
    text: str


def answer(method: str, path: str, headers: Mapping[str, str], body: bytes, says: str = "") -> Answer:
    """The answer to one request; `path` has no query, `headers` lower-case names. Without `says` it names the request.

    The same for the same request.
    """
    if method == "GET" and path.endswith("/models"):
        return _json(200, _anthropic_models() if "anthropic-version" in headers else _openai_models())
    if method != "POST":
        return _json(404, _error("no such route"))
    for suffix, make in _ROUTES:
        if path.endswith(suffix):
            return _posted(make, body, says)
    return _json(404, _error("no such route"))


def _posted(make: Callable[[Fields, _Said], Answer], body: bytes, says: str) -> Answer:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return _json(400, _error("the body is not JSON"))
    if not isinstance(fields, dict):
        return _json(400, _error("the body is not an object"))
    digest = hashlib.sha256(body).hexdigest()[:12]
    return make(fields, _Said(digest, says or _text(digest)))


def _json(status: int, fields: Fields) -> Answer:
    return Answer(status, "application/json", (json.dumps(fields).encode(),))


def _sse(chunks: tuple[bytes, ...]) -> Answer:
    return Answer(200, "text/event-stream; charset=utf-8", chunks)


def _error(message: str) -> Fields:
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}


def _text(digest: str) -> str:
    return f"This is the local upstream. It received request {digest} and has no model to ask."


def _tool_name(fields: Fields) -> str:
    """The first tool offered, where the conversation has not used one yet; else an empty name."""
    used = json.dumps([fields.get("messages"), fields.get("input")])
    if any(mark in used for mark in ('"tool_result"', '"role": "tool"', '"function_call_output"')):
        return ""
    tools = fields.get("tools")
    first = tools[0] if isinstance(tools, list) and tools else {}
    if not isinstance(first, dict):
        return ""
    described = first.get("function")
    return str((described if isinstance(described, dict) else first).get("name", ""))


def _chat(fields: Fields, said: _Said) -> Answer:
    tool = _tool_name(fields)
    message: Fields = {"role": "assistant", "content": said.text, "refusal": None}
    if tool:
        call = {"id": f"call_{said.digest}", "type": "function", "function": {"name": tool, "arguments": "{}"}}
        message |= {"content": None, "tool_calls": [call]}
    whole = {
        "id": f"chatcmpl-{said.digest}",
        "object": "chat.completion",
        "created": CREATED,
        "model": str(fields.get("model", "")),
        "choices": [
            {"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls" if tool else "stop"}
        ],
        "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
    }
    if not fields.get("stream"):
        return _json(200, whole)
    options = fields.get("stream_options")
    return _sse(event_streams.chat(whole, usage=isinstance(options, dict) and bool(options.get("include_usage"))))


def _completion(fields: Fields, said: _Said) -> Answer:
    whole = {
        "id": f"cmpl-{said.digest}",
        "object": "text_completion",
        "created": CREATED,
        "model": str(fields.get("model", "")),
        "choices": [{"index": 0, "text": said.text, "logprobs": None, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12},
    }
    return _sse(event_streams.completion(whole)) if fields.get("stream") else _json(200, whole)


def _response(fields: Fields, said: _Said) -> Answer:
    tool = _tool_name(fields)
    item: Fields = {
        "type": "message",
        "id": f"msg_{said.digest}",
        "status": "completed",
        "role": "assistant",
        "content": [{"type": "output_text", "text": said.text, "annotations": []}],
    }
    if tool:
        item = {"type": "function_call", "id": f"fc_{said.digest}", "call_id": f"call_{said.digest}", "name": tool}
        item |= {"arguments": "{}", "status": "completed"}
    whole = {
        "id": f"resp_{said.digest}",
        "object": "response",
        "created_at": CREATED,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": str(fields.get("model", "")),
        "output": [item],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": {
            "input_tokens": 7,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 5,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 12,
        },
    }
    return _sse(event_streams.response(whole)) if fields.get("stream") else _json(200, whole)


def _embeddings(fields: Fields, _said: _Said) -> Answer:
    asked = fields.get("input", "")
    inputs = asked if isinstance(asked, list) else [asked]
    vector = [1.0] + [0.0] * (EMBEDDING_DIMENSIONS - 1)
    packed = base64.b64encode(struct.pack(f"<{EMBEDDING_DIMENSIONS}f", *vector)).decode()
    value = packed if fields.get("encoding_format") == "base64" else vector
    data = [{"object": "embedding", "index": index, "embedding": value} for index in range(len(inputs))]
    usage = {"prompt_tokens": 7, "total_tokens": 7}
    return _json(200, {"object": "list", "data": data, "model": str(fields.get("model", "")), "usage": usage})


def _moderations(fields: Fields, said: _Said) -> Answer:
    names = ("harassment", "hate", "illicit", "self-harm", "sexual", "violence")
    result = {
        "flagged": False,
        "categories": dict.fromkeys(names, False),
        "category_scores": dict.fromkeys(names, 0.0),
        "category_applied_input_types": {name: ["text"] for name in names},
    }
    return _json(200, {"id": f"modr-{said.digest}", "model": str(fields.get("model", "")), "results": [result]})


def _message(fields: Fields, said: _Said) -> Answer:
    tool = _tool_name(fields)
    block: Fields = {"type": "text", "text": said.text}
    if tool:
        block = {"type": "tool_use", "id": f"toolu_{said.digest}", "name": tool, "input": {}}
    whole = {
        "id": f"msg_{said.digest}",
        "type": "message",
        "role": "assistant",
        "model": str(fields.get("model", "")),
        "content": [block],
        "stop_reason": "tool_use" if tool else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 7, "output_tokens": 5},
    }
    return _sse(event_streams.message(whole)) if fields.get("stream") else _json(200, whole)


def _count_tokens(_fields: Fields, _said: _Said) -> Answer:
    return _json(200, {"input_tokens": 7})


def _openai_models() -> Fields:
    data = [{"id": name, "object": "model", "created": CREATED, "owned_by": "firebreak-local"} for name in MODELS]
    return {"object": "list", "data": data}


def _anthropic_models() -> Fields:
    data = [
        {"type": "model", "id": name, "display_name": name, "created_at": "2023-11-14T22:13:20Z"} for name in MODELS
    ]
    return {"data": data, "has_more": False, "first_id": MODELS[0], "last_id": MODELS[-1]}


_ROUTES: tuple[tuple[str, Callable[[Fields, _Said], Answer]], ...] = (
    ("/chat/completions", _chat),
    ("/completions", _completion),
    ("/responses", _response),
    ("/embeddings", _embeddings),
    ("/moderations", _moderations),
    ("/messages", _message),
    ("/messages/count_tokens", _count_tokens),
)
