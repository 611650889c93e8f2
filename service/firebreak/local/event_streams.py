"""The local upstream's streams: a whole answer cut into the provider's server-sent events."""

import json
from typing import Any

Fields = dict[str, Any]


def chat(whole: Fields, *, usage: bool) -> tuple[bytes, ...]:
    """A chat completion as chunks; `usage` adds the last chunk that `stream_options.include_usage` asks for."""
    choice = whole["choices"][0]
    said = choice["message"]
    base = {key: whole[key] for key in ("id", "created", "model")} | {"object": "chat.completion.chunk"}

    def chunk(delta: Fields, finish: str | None = None) -> bytes:
        told = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _data(base | {"choices": [told]} | ({"usage": None} if usage else {}))

    events = [chunk({"role": "assistant", "content": "" if said["content"] else None})]
    for call in said.get("tool_calls", ()):
        named = {"name": call["function"]["name"], "arguments": ""}
        events.append(chunk({"tool_calls": [{"index": 0, "id": call["id"], "type": "function", "function": named}]}))
        events.extend(
            chunk({"tool_calls": [{"index": 0, "function": {"arguments": piece}}]})
            for piece in call["function"]["arguments"]
        )
    events.extend(chunk({"content": piece}) for piece in _pieces(said["content"] or ""))
    events.append(chunk({}, choice["finish_reason"]))
    if usage:
        events.append(_data(base | {"choices": [], "usage": whole["usage"]}))
    return (*events, b"data: [DONE]\n\n")


def completion(whole: Fields) -> tuple[bytes, ...]:
    """A text completion as chunks."""
    base = {key: whole[key] for key in ("id", "object", "created", "model")}
    pieces = _pieces(whole["choices"][0]["text"])
    last = len(pieces) - 1
    events = [
        {"index": 0, "text": piece, "logprobs": None, "finish_reason": "stop" if place == last else None}
        for place, piece in enumerate(pieces)
    ]
    return (*(_data(base | {"choices": [event]}) for event in events), b"data: [DONE]\n\n")


def response(whole: Fields) -> tuple[bytes, ...]:
    """A response as the events that build it, numbered in order."""
    item = whole["output"][0]
    begun = whole | {"status": "in_progress", "output": [], "usage": None}
    told: list[Fields] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        *(_call_events(item) if item["type"] == "function_call" else _text_events(item)),
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    return tuple(_named(event | {"sequence_number": number}) for number, event in enumerate(told))


def _call_events(item: Fields) -> list[Fields]:
    at = {"output_index": 0, "item_id": item["id"]}
    begun = item | {"arguments": "", "status": "in_progress"}
    done = {"type": "response.function_call_arguments.done", "name": item["name"], "arguments": item["arguments"]}
    return [
        {"type": "response.output_item.added", "output_index": 0, "item": begun},
        *(at | {"type": "response.function_call_arguments.delta", "delta": piece} for piece in item["arguments"]),
        at | done,
    ]


def _text_events(item: Fields) -> list[Fields]:
    part = item["content"][0]
    at = {"output_index": 0, "content_index": 0, "item_id": item["id"]}
    begun = item | {"content": [], "status": "in_progress"}
    return [
        {"type": "response.output_item.added", "output_index": 0, "item": begun},
        at | {"type": "response.content_part.added", "part": part | {"text": ""}},
        *(
            at | {"type": "response.output_text.delta", "delta": piece, "logprobs": []}
            for piece in _pieces(part["text"])
        ),
        at | {"type": "response.output_text.done", "text": part["text"], "logprobs": []},
        at | {"type": "response.content_part.done", "part": part},
    ]


def message(whole: Fields) -> tuple[bytes, ...]:
    """A message as the events that build it."""
    block = whole["content"][0]
    begun = whole | {"content": [], "stop_reason": None, "usage": whole["usage"] | {"output_tokens": 1}}
    if block["type"] == "tool_use":
        empty, deltas = block | {"input": {}}, [{"type": "input_json_delta", "partial_json": piece} for piece in "{}"]
    else:
        empty = block | {"text": ""}
        deltas = [{"type": "text_delta", "text": piece} for piece in _pieces(block["text"])]
    ended = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    told: list[Fields] = [
        {"type": "message_start", "message": begun},
        {"type": "content_block_start", "index": 0, "content_block": empty},
        {"type": "ping"},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": ended, "usage": {"output_tokens": whole["usage"]["output_tokens"]}},
        {"type": "message_stop"},
    ]
    return tuple(_named(event) for event in told)


def _pieces(text: str) -> list[str]:
    words = text.split(" ")
    return [word if place == 0 else f" {word}" for place, word in enumerate(words)] if text else []


def _data(fields: Fields) -> bytes:
    return f"data: {json.dumps(fields)}\n\n".encode()


def _named(fields: Fields) -> bytes:
    return f"event: {fields['type']}\n".encode() + _data(fields)
