"""Answers of Google, Ollama, Mistral, Cohere, Amazon and of MCP servers, as the contract tests' stand-ins send them."""

import json
from typing import Any

from tests.contract import provider_formats as formats
from tests.tools.answer_cases import CASES, Case

from firebreak.codecs.frames.aws_event_stream import message, string_header

PIECES = ["Hello", ",", " how are", " you?"]
AWS = "application/vnd.amazon.eventstream"


def _aws(name: str, body: dict[str, Any]) -> bytes:
    headers = ((":event-type", name), (":content-type", "application/json"), (":message-type", "event"))
    return message(b"".join(string_header(*header) for header in headers), json.dumps(body).encode())


_CONVERSED = {"inputTokens": 9, "outputTokens": 4, "totalTokens": 13, "cacheReadInputTokens": 2}
_CALL = {"toolUse": {"toolUseId": "t-1", "name": "send", "input": {"to": "ada"}}}
_THOUGHT = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl"}}}
_CONVERSE = {
    "output": {"message": {"role": "assistant", "content": [_THOUGHT, {"text": "Hello there."}, _CALL]}},
    "stopReason": "tool_use",
    "usage": _CONVERSED,
    "metrics": {"latencyMs": 5},
}
_CONVERSE_STREAM = b"".join(
    [
        _aws("messageStart", {"role": "assistant", "p": "abc"}),
        *(_aws("contentBlockDelta", {"delta": {"text": text}, "contentBlockIndex": 0}) for text in PIECES),
        _aws("contentBlockStop", {"contentBlockIndex": 0}),
        _aws("contentBlockStart", {"start": {"toolUse": {"toolUseId": "t", "name": "send"}}, "contentBlockIndex": 1}),
        _aws("contentBlockDelta", {"delta": {"toolUse": {"input": '{"to": "ad'}}, "contentBlockIndex": 1}),
        _aws("contentBlockDelta", {"delta": {"toolUse": {"input": 'a"}'}}, "contentBlockIndex": 1}),
        _aws("contentBlockStop", {"contentBlockIndex": 1}),
        _aws("messageStop", {"stopReason": "tool_use"}),
        _aws("metadata", {"usage": _CONVERSED, "metrics": {"latencyMs": 5}}),
    ]
)
_TITAN = {"inputTextTokenCount": 3, "results": [{"tokenCount": 2, "outputText": "Hello", "completionReason": "FINISH"}]}
_LLAMA = {"generation": "Hello", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": "stop"}
_MISTRAL = {"outputs": [{"text": "Hello", "stop_reason": "stop"}]}


def _rpc(**result: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "result": result}


_TOOLS = _rpc(tools=[{"name": "add", "description": "Adds two numbers", "inputSchema": {"type": "object"}}])
_CALLED = _rpc(
    content=[
        {"type": "text", "text": "18 degrees"},
        {"type": "resource", "resource": {"uri": "file:///y", "text": "inside"}},
        {"type": "image", "data": "iVBORw0KGgo=", "mimeType": "image/png"},
    ],
    structuredContent={"t": 18},
    isError=False,
)
_PROMPT = _rpc(description="A prompt", messages=[{"role": "user", "content": {"type": "text", "text": "Be brief"}}])
_NDJSON = "application/x-ndjson"
_OPENAI_RESULTS = [
    {
        "id": "batch_req_1",
        "custom_id": "one",
        "response": {
            "status_code": 200,
            "request_id": "req_1",
            "body": {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1700000000,
                "model": "gpt-4o",
                "choices": [
                    {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
                ],
                "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13},
            },
        },
        "error": None,
    },
    {"id": "batch_req_2", "custom_id": "two", "response": None, "error": {"code": "expired", "message": "Too late"}},
]
_ANTHROPIC_RESULTS = [
    {
        "custom_id": "one",
        "result": {
            "type": "succeeded",
            "message": {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "model": "claude-sonnet-5",
                "content": [{"type": "text", "text": "Hello"}],
                "stop_reason": "end_turn",
                "usage": {"input_tokens": 9, "output_tokens": 4},
            },
        },
    },
    {"custom_id": "two", "result": {"type": "expired"}},
]


def _lines(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


_NOTICE = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "working"}}
WHOLE: dict[str, tuple[str, list[Any]]] = {
    "gemini": (
        "gemini.generate_content",
        [formats.gemini("Hello", "STOP"), formats.gemini_call(), formats.GEMINI_COUNT],
    ),
    "gemini vectors": ("gemini.batch_embed_contents", [formats.GEMINI_VECTORS]),
    "ollama": ("ollama.chat", [formats.ollama("Hello", done=True), formats.ollama_call()]),
    "ollama generate": ("ollama.generate", [formats.ollama("Hello", done=True, key="response")]),
    "ollama vectors": ("ollama.embed", [formats.OLLAMA_VECTORS]),
    "mistral": ("mistral.chat", [formats.mistral("Hello"), formats.mistral_call()]),
    "mistral vectors": ("mistral.embeddings", [formats.MISTRAL_VECTORS]),
    "cohere": ("cohere.chat", [formats.cohere("Hello"), formats.cohere_call()]),
    "cohere vectors": ("cohere.embed", [formats.COHERE_VECTORS]),
    "cohere ranks": ("cohere.rerank", [formats.COHERE_RANKS]),
    "bedrock": ("bedrock.converse", [_CONVERSE]),
    "bedrock models": ("bedrock.invoke", [_TITAN, _LLAMA, _MISTRAL]),
    "mcp": ("mcp", [_TOOLS, _CALLED, _PROMPT]),
    "openai results": ("openai.file_content", _OPENAI_RESULTS),
    "anthropic results": ("anthropic.batch_results", _ANTHROPIC_RESULTS),
    "generic": ("generic", [{"reply": {"text": "Hello there", "tags": ["a b", 1]}, "image": "iVBORw0K" * 40}]),
}
STREAMS: dict[str, tuple[str, str, bytes]] = {
    "gemini": ("gemini.stream_generate_content", "text/event-stream", b"".join(formats.gemini_events(PIECES))),
    "gemini array": ("gemini.stream_generate_content", "application/json", b"".join(formats.gemini_array(PIECES))),
    "ollama": ("ollama.chat", "application/x-ndjson", b"".join(formats.ollama_lines(PIECES))),
    "mistral": ("mistral.chat", "text/event-stream", b"".join(formats.mistral_events(PIECES))),
    "cohere": ("cohere.chat", "text/event-stream", b"".join(formats.cohere_events(PIECES))),
    "bedrock": ("bedrock.converse", AWS, _CONVERSE_STREAM),
    "mcp": (
        "mcp",
        "text/event-stream",
        b"".join(b"event: message\ndata: " + json.dumps(each).encode() + b"\n\n" for each in (_NOTICE, _CALLED)),
    ),
    "openai results": ("openai.file_content", _NDJSON, _lines(*_OPENAI_RESULTS)),
    "openai file": ("openai.file_content", _NDJSON, b"name,key\nada,hunter2\n\xff\n"),
    "anthropic results": ("anthropic.batch_results", _NDJSON, _lines(*_ANTHROPIC_RESULTS)),
    "generic": (
        "generic",
        "text/event-stream",
        b"".join(b"data: " + json.dumps({"out": {"text": piece}}).encode() + b"\n\n" for piece in PIECES)
        + b"data: [DONE]\n\n",
    ),
    "generic lines": ("generic", _NDJSON, _lines(*({"out": piece} for piece in PIECES), ["the", "end"])),
}
EVERY: dict[str, dict[str, Case]] = {
    **CASES,
    "others": {
        f"{name} {number}".replace(" ", "_"): Case(surface, json.dumps(answer).encode(), stream=False)
        for name, (surface, answers) in WHOLE.items()
        for number, answer in enumerate(answers)
    },
    "others_streams": {
        name.replace(" ", "_"): Case(surface, body, stream=True, form=form)
        for name, (surface, form, body) in STREAMS.items()
    },
}
