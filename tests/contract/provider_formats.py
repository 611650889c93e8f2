"""Answers in the wire formats of Google, Ollama, Mistral and Cohere, as their servers send them."""

import json
from collections.abc import Sequence
from typing import Any

from tests.contract.streaming import LAST_CHUNK, Step, chunk, plain

SSE = "text/event-stream"
NDJSON = "application/x-ndjson"
JSON = "application/json; charset=UTF-8"


def document(value: Any) -> list[Step]:
    return [plain(json.dumps(value).encode())]


def stream(content_type: str, pieces: Sequence[bytes], pause_s: float = 0.0) -> list[Step]:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n\r\n"
    steps: list[Step] = [head.encode()]
    for piece in pieces:
        steps += [chunk(piece), pause_s]
    return [*steps, LAST_CHUNK]


def _data(value: Any, name: str = "") -> bytes:
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(value)}\n\n".encode()


def gemini(text: str, finish: str = "") -> dict[str, Any]:
    candidate: dict[str, Any] = {"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {
        "candidates": [candidate],
        "usageMetadata": {
            "promptTokenCount": 4,
            "candidatesTokenCount": 7,
            "totalTokenCount": 11,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 4}],
        },
        "modelVersion": "gemini-2.5-flash",
        "responseId": "mAitaLmkHPPlz7IPvtfUqQ4",
    }


def gemini_call() -> dict[str, Any]:
    answer = gemini("", "STOP")
    call = {"functionCall": {"name": "get_weather", "args": {"city": "Paris"}}}
    answer["candidates"][0]["content"]["parts"] = [{"text": "I look.", "thought": True}, call]
    return answer


def gemini_events(pieces: Sequence[str]) -> list[bytes]:
    return [_data(each) for each in _gemini_pieces(pieces)]


def gemini_array(pieces: Sequence[str]) -> list[bytes]:
    """Without `alt=sse`: one array, whose elements come one by one."""
    found = [json.dumps(each, indent=2).encode() for each in _gemini_pieces(pieces)]
    return [b"[" + found[0], *(b"\n,\r\n" + each for each in found[1:]), b"\n]\n"]


def _gemini_pieces(pieces: Sequence[str]) -> list[dict[str, Any]]:
    last = len(pieces) - 1
    return [gemini(piece, "STOP" if place == last else "") for place, piece in enumerate(pieces)]


GEMINI_VECTORS = {"embeddings": [{"values": [0.25, -0.5]}, {"values": [0.125, 1.0]}]}
GEMINI_COUNT = {"totalTokens": 5, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 5}]}


def ollama(text: str, *, done: bool = False, key: str = "message") -> dict[str, Any]:
    said: Any = {"role": "assistant", "content": text} if key == "message" else text
    answer = {"model": "llama3.2", "created_at": "2026-11-21T09:00:00.123456789Z", key: said, "done": done}
    if done:
        answer |= {"done_reason": "stop", "total_duration": 4883583458, "prompt_eval_count": 26, "eval_count": 29}
    return answer


def ollama_call() -> dict[str, Any]:
    answer = ollama("", done=True)
    answer["message"] |= {
        "thinking": "I look.",
        "tool_calls": [{"function": {"name": "get_weather", "arguments": {"city": "Paris"}}}],
    }
    return answer


def ollama_lines(pieces: Sequence[str]) -> list[bytes]:
    found = [*(ollama(piece) for piece in pieces), ollama("", done=True)]
    return [json.dumps(each).encode() + b"\n" for each in found]


OLLAMA_VECTORS = {
    "model": "all-minilm",
    "embeddings": [[0.25, -0.5]],
    "total_duration": 14143917,
    "prompt_eval_count": 8,
}
OLLAMA_TAGS = {
    "models": [{"model": "llama3.2:latest", "name": "llama3.2:latest", "size": 2019393189, "digest": "a80c4f17"}]
}


def mistral(text: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "tool_calls": None, "prefix": False}
    return {
        "id": "cmpl-e5cc70bb28c444948073e77776eb30ef",
        "object": "chat.completion",
        "created": 1702256327,
        "model": "mistral-large-latest",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 16, "completion_tokens": 34, "total_tokens": 50},
    }


def mistral_call() -> dict[str, Any]:
    answer = mistral("")
    call = {"id": "call00001", "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'}, "index": 0}
    answer["choices"][0] |= {"finish_reason": "tool_calls"}
    answer["choices"][0]["message"]["tool_calls"] = [call]
    return answer


def mistral_events(pieces: Sequence[Any]) -> list[bytes]:
    found = []
    for content, finish in [*((piece, None) for piece in pieces), ("", "stop")]:
        choice = {"index": 0, "delta": {"content": content}, "finish_reason": finish}
        found.append(
            _data(
                {
                    "id": "cmpl-1",
                    "object": "chat.completion.chunk",
                    "created": 1702256327,
                    "model": "mistral-small-latest",
                    "choices": [choice],
                }
            )
        )
    return [*found, b"data: [DONE]\n\n"]


MISTRAL_VECTORS = {
    "id": "embd-1",
    "object": "list",
    "model": "mistral-embed",
    "data": [{"object": "embedding", "embedding": [0.25, -0.5], "index": 0}],
    "usage": {"prompt_tokens": 4, "completion_tokens": 0, "total_tokens": 4},
}


def cohere(text: str) -> dict[str, Any]:
    return {
        "id": "c14c80c3-18eb-4519-9460-6c92edd8cfb4",
        "finish_reason": "COMPLETE",
        "message": {"role": "assistant", "content": [{"type": "text", "text": text}]},
        "usage": {
            "billed_units": {"input_tokens": 5, "output_tokens": 8},
            "tokens": {"input_tokens": 71, "output_tokens": 8},
        },
    }


def cohere_call() -> dict[str, Any]:
    answer = cohere("")
    call = {"id": "c1", "type": "function", "function": {"name": "get_weather", "arguments": '{"city":"Paris"}'}}
    answer["message"] = {"role": "assistant", "tool_plan": "I look.", "tool_calls": [call]}
    return answer | {"finish_reason": "TOOL_CALL"}


def cohere_events(pieces: Sequence[str]) -> list[bytes]:
    empty = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}
    usage = cohere("")["usage"]
    events: list[dict[str, Any]] = [
        {"id": "29f14a5a-11de-4cae-9800-25e4747408ea", "type": "message-start", "delta": {"message": empty}},
        _cohere_content("content-start", {"type": "text", "text": ""}),
        *(_cohere_content("content-delta", {"text": piece}) for piece in pieces),
        {"type": "content-end", "index": 0},
        {"type": "message-end", "delta": {"finish_reason": "COMPLETE", "usage": usage}},
    ]
    return [_data(event, event["type"]) for event in events]


def _cohere_content(sort: str, content: dict[str, str]) -> dict[str, Any]:
    return {"type": sort, "index": 0, "delta": {"message": {"content": content}}}


COHERE_VECTORS = {
    "id": "da6e531f-54c5-4a73-bf92-f60566d8d753",
    "embeddings": {"float": [[0.25, -0.5], [0.125, 1.0]]},
    "texts": ["First", "Second"],
    "meta": {"api_version": {"version": "2"}, "billed_units": {"input_tokens": 2}},
    "response_type": "embeddings_by_type",
}
COHERE_RANKS = {
    "id": "07734bd2-2473-4f07-94e1-0d9f0e6843cf",
    "results": [{"index": 1, "relevance_score": 0.999}, {"index": 0, "relevance_score": 0.327}],
    "meta": {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}},
}
