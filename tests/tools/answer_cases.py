"""Answers in the providers' own formats, by API: as their documentation and the types of their SDKs give them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SIGNATURE = "EqQBCgIYAhIkMDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEy"
SEALED = "gAAAAABo0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_01234567ab=="
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
Event = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One answer: the surface of the request that it answers, and its body."""

    surface: str
    body: bytes
    stream: bool
    form: str = ""
    """Another content type than the usual one."""

    @property
    def content_type(self) -> str:
        return self.form or ("text/event-stream" if self.stream else "application/json")


def sse(events: Sequence[Event | str], *, named: bool, done: bool) -> bytes:
    """As the API's own servers write it: with the event's name or without, with `[DONE]` or without."""
    lines = []
    for event in events:
        if isinstance(event, str):
            lines.append(f"{event}\n\n")
            continue
        name = f"event: {event['type']}\n" if named else ""
        lines.append(f"{name}data: {json.dumps(event, ensure_ascii=False)}\n\n")
    return "".join([*lines, "data: [DONE]\n\n" if done else ""]).encode()


def chat_chunk(delta: Event, finish: str | None = None, index: int = 0, **more: Any) -> Event:
    choice = {"index": index, "delta": delta, "logprobs": more.pop("logprobs", None), "finish_reason": finish}
    return {
        "id": "chatcmpl-B9MHDbslfkBeAs8l4bebGdFOJ6PeG",
        "object": "chat.completion.chunk",
        "created": 1741570283,
        "model": "gpt-4o-2024-08-06",
        "service_tier": "default",
        "system_fingerprint": "fp_50cad350e4",
        "choices": [choice],
        **more,
    }


USAGE = {
    "prompt_tokens": 19,
    "completion_tokens": 10,
    "total_tokens": 29,
    "prompt_tokens_details": {"cached_tokens": 4, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 3, "audio_tokens": 0},
}


def chat(*deltas: Event, finish: str = "stop") -> list[Event | str]:
    counted = chat_chunk({}) | {"choices": [], "usage": USAGE}
    return [chat_chunk({"role": "assistant", "content": ""}), *map(chat_chunk, deltas), chat_chunk({}, finish), counted]


def chat_whole(message: Event, finish: str = "stop", **choice: Any) -> Event:
    return {
        "id": "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
        "object": "chat.completion",
        "created": 1741569952,
        "model": "gpt-4.1-2025-04-14",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": None, "refusal": None, "annotations": [], **message},
                "logprobs": None,
                "finish_reason": finish,
                **choice,
            }
        ],
        "usage": USAGE,
        "service_tier": "default",
    }


def call(index: int, arguments: str, name: str | None = None, identity: str | None = None) -> Event:
    function = {"arguments": arguments} | ({"name": name} if name else {})
    head = {"id": identity, "type": "function"} if identity else {}
    return {"tool_calls": [{"index": index, **head, "function": function}]}


def token(text: str, *others: str) -> Event:
    def one(word: str) -> Event:
        return {"token": word, "logprob": -0.25, "bytes": list(word.encode())}

    return one(text) | {"top_logprobs": [one(word) for word in (text, *others)]}


CITATION = {
    "type": "url_citation",
    "url_citation": {
        "start_index": 0,
        "end_index": 9,
        "title": "Weather in Paris",
        "url": "https://weather.test/paris",
    },
}

CHAT_STREAMS: dict[str, list[Event | str]] = {
    "text": chat({"content": "Hello"}, {"content": " there, "}, {"content": "été 😀."}),
    "tool_calls": chat(
        {"content": "Let me look."},
        call(0, "", "get_weather", "call_1"),
        call(0, '{"city":'),
        call(0, ' "Paris"}'),
        call(1, "", "get_time", "call_2"),
        call(1, '{"zone": "CET"}'),
        finish="tool_calls",
    ),
    "calls_with_one_index": chat(
        call(0, '{"a": 1}', "first", "call_1"), call(0, '{"b": 2}', "second", "call_2"), finish="tool_calls"
    ),
    "custom_tool": chat(
        {"tool_calls": [{"index": 0, "id": "call_1", "type": "custom", "custom": {"name": "shell", "input": "ls"}}]},
        {"tool_calls": [{"index": 0, "custom": {"input": " -l"}}]},
        finish="tool_calls",
    ),
    "function_call": chat(
        {"function_call": {"name": "get_weather", "arguments": ""}},
        {"function_call": {"arguments": '{"city": "Paris"}'}},
        finish="function_call",
    ),
    "refusal": chat({"refusal": "I cannot"}, {"refusal": " help with that."}),
    "logprobs": [
        chat_chunk({"content": "Hi"}, logprobs={"content": [token("Hi", "Hey", "Yo")], "refusal": None}),
        chat_chunk({"content": " you"}, logprobs={"content": [token(" you", " all")], "refusal": None}),
        chat_chunk({}, "stop"),
    ],
    "two_choices": [
        chat_chunk({"content": "First "}, index=0),
        chat_chunk({"content": "Second "}, index=1),
        chat_chunk({"content": "one."}, index=0),
        chat_chunk({"content": "one."}, index=1),
        chat_chunk({}, "stop", index=1),
        chat_chunk({}, "length", index=0),
    ],
    "annotations": chat({"content": "It rains."}, {"annotations": [CITATION]}),
    "audio": chat(
        {"audio": {"id": "audio_1", "transcript": "Good "}},
        {"audio": {"data": PICTURE}},
        {"audio": {"transcript": "morning."}},
        {"audio": {"expires_at": 1741573000}},
    ),
    "vllm_reasoning": chat(
        {"reasoning_content": "The user "}, {"reasoning_content": "greets me."}, {"content": "Hello!"}
    ),
    "openrouter": [
        ": OPENROUTER PROCESSING",
        chat_chunk(
            {
                "content": "",
                "reasoning": "Think",
                "reasoning_details": [{"type": "reasoning.text", "text": "Think", "format": "unknown", "index": 0}],
            },
            provider="Anthropic",
        ),
        ": OPENROUTER PROCESSING",
        chat_chunk({"content": "Done."}, provider="Anthropic", native_finish_reason=None),
        chat_chunk({}, "stop", provider="Anthropic"),
    ],
    "content_as_list": chat(
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Let me "}]}]},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "think."}]}]},
        {"content": "Four."},
    ),
    "error": [
        chat_chunk({"content": "Hel"}),
        {"error": {"message": "The server had an error", "type": "server_error", "param": None, "code": None}},
    ],
    "azure": [
        {
            "choices": [],
            "created": 0,
            "id": "",
            "model": "",
            "object": "",
            "prompt_filter_results": [{"prompt_index": 0}],
        },
        chat_chunk({"content": "Hi."}),
        chat_chunk({}, "stop", content_filter_results={"hate": {"filtered": False, "severity": "safe"}}),
    ],
    "obfuscated": [chat_chunk({"content": "Hi."}, obfuscation="aB3dE9"), chat_chunk({}, "stop", obfuscation="Zq")],
}

CHAT_WHOLE: dict[str, Event] = {
    "text": chat_whole({"content": "Hello there."}),
    "tool_calls": chat_whole(
        {
            "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "get_time", "arguments": "{}"}},
                {"id": "call_2", "type": "custom", "custom": {"name": "shell", "input": "ls"}},
            ]
        },
        "tool_calls",
    ),
    "function_call": chat_whole({"function_call": {"name": "get_time", "arguments": "{}"}}, "function_call"),
    "reasoning": chat_whole({"reasoning_content": "A greeting.", "content": "Hello."}),
    "refusal": chat_whole({"refusal": "I cannot help with that."}),
    "logprobs": chat_whole(
        {"content": "Hi you"}, logprobs={"content": [token("Hi", "Hey"), token(" you")], "refusal": None}
    ),
    "annotations": chat_whole({"content": "It rains.", "annotations": [CITATION]}),
    "audio": chat_whole({"audio": {"id": "audio_1", "expires_at": 1741573000, "data": PICTURE, "transcript": "Good."}}),
    "content_as_list": chat_whole({"content": [{"type": "text", "text": "Four."}]}),
    "extra": chat_whole({"content": "Hi.", "provider_specific_fields": {"note": "a note"}}, stop_reason="</answer>"),
}

COMPLETION = {
    "id": "cmpl-uqkvlQyYK7bGYrRHQ0eXlWi7",
    "object": "text_completion",
    "created": 1589478378,
    "model": "gpt-3.5-turbo-instruct",
}
COMPLETION_LOGPROBS = {
    "tokens": ["This", " is"],
    "token_logprobs": [-0.1, -0.2],
    "top_logprobs": [{"This": -0.1}, {" is": -0.2}],
    "text_offset": [0, 4],
}


def completion(text: str, finish: str | None, logprobs: Any = None, **more: Any) -> Event:
    choice = {"text": text, "index": 0, "logprobs": logprobs, "finish_reason": finish}
    return {**COMPLETION, "choices": [choice], **more}


def response(output: list[Event], status: str = "completed", **more: Any) -> Event:
    return {
        "id": "resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b",
        "object": "response",
        "created_at": 1741476542.0,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": "Be kind.",
        "max_output_tokens": None,
        "model": "gpt-4.1-2025-04-14",
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": True,
        "temperature": 1.0,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": None
        if status == "in_progress"
        else {
            "input_tokens": 36,
            "input_tokens_details": {"cached_tokens": 2},
            "output_tokens": 87,
            "output_tokens_details": {"reasoning_tokens": 5},
            "total_tokens": 123,
        },
        "user": None,
        "metadata": {},
        **more,
    }


def message(*parts: Event, status: str = "completed") -> Event:
    return {"id": "msg_1", "type": "message", "status": status, "role": "assistant", "content": list(parts)}


def output_text(text: str, **more: Any) -> Event:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": [], **more}


def streamed(*events: Event, output: Sequence[Event]) -> list[Event | str]:
    """A whole stream around the events of its items."""
    begun = response([], "in_progress")
    every: list[Event] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        *events,
        {"type": "response.completed", "response": response(list(output))},
    ]
    return [event | {"sequence_number": number} for number, event in enumerate(every)]


def item_events(item: Event, *between: Event, place: int = 0, **begun: Any) -> list[Event]:
    return [
        {"type": "response.output_item.added", "output_index": place, "item": item | {"status": "in_progress"} | begun},
        *({"item_id": item["id"], "output_index": place} | event for event in between),
        {"type": "response.output_item.done", "output_index": place, "item": item},
    ]


def text_events(*pieces: str, place: int = 0) -> tuple[list[Event], Event]:
    part, where = output_text("".join(pieces)), {"content_index": 0}
    item = message(part)
    events = item_events(
        item,
        {"type": "response.content_part.added", "part": output_text(""), **where},
        *({"type": "response.output_text.delta", "delta": piece, "logprobs": [], **where} for piece in pieces),
        {"type": "response.output_text.done", "text": part["text"], "logprobs": [], **where},
        {"type": "response.content_part.done", "part": part, **where},
        place=place,
        content=[],
    )
    return events, item


_TEXT_EVENTS, _TEXT_ITEM = text_events("Hello", " there, ", "friend.")
_LATER_EVENTS, _LATER_ITEM = text_events("It is ", "four.", place=1)
_CALL: Event = {
    "id": "fc_1",
    "type": "function_call",
    "status": "completed",
    "call_id": "call_1",
    "name": "get_weather",
    "arguments": '{"city": "Paris"}',
}
_NO_ARGUMENTS = _CALL | {"id": "fc_2", "call_id": "call_2", "name": "get_time", "arguments": ""}
_CUSTOM: Event = {"id": "ctc_1", "type": "custom_tool_call", "call_id": "call_3", "name": "shell", "input": "ls -l"}
_REASONING: Event = {
    "id": "rs_1",
    "type": "reasoning",
    "summary": [{"type": "summary_text", "text": "A sum of two."}],
    "encrypted_content": SEALED,
}
_SEARCH: Event = {
    "id": "ws_1",
    "type": "web_search_call",
    "status": "completed",
    "action": {"type": "search", "query": "weather in Paris"},
}
_INTERPRETER: Event = {
    "id": "ci_1",
    "type": "code_interpreter_call",
    "status": "completed",
    "container_id": "cntr_1",
    "code": "print(6 * 7)",
    "outputs": [{"type": "logs", "logs": "42\n"}],
}
_FILES: Event = {
    "id": "fs_1",
    "type": "file_search_call",
    "status": "completed",
    "queries": ["holidays"],
    "results": [{"file_id": "file-1", "filename": "a.md", "text": "Thirty days.", "score": 0.9, "attributes": {}}],
}
_PICTURE: Event = {"id": "ig_1", "type": "image_generation_call", "status": "completed", "result": PICTURE}
_MCP_TOOLS: Event = {
    "id": "mcpl_1",
    "type": "mcp_list_tools",
    "server_label": "docs",
    "tools": [{"name": "search", "description": "Finds pages.", "input_schema": {"type": "object"}}],
}
_MCP_CALL: Event = {
    "id": "mcp_1",
    "type": "mcp_call",
    "server_label": "docs",
    "name": "search",
    "arguments": '{"q": "gate"}',
    "output": "A page about gates.",
    "error": None,
}
_MCP_ASKS: Event = {
    "id": "mcpr_1",
    "type": "mcp_approval_request",
    "server_label": "docs",
    "name": "rm",
    "arguments": "{}",
}
_SHELL: Event = {
    "id": "sh_1",
    "type": "shell_call",
    "call_id": "call_4",
    "status": "completed",
    "action": {"commands": ["ls"], "timeout_ms": 1000},
}
_COMPUTER: Event = {
    "id": "cu_1",
    "type": "computer_call",
    "call_id": "call_5",
    "status": "completed",
    "action": {"type": "type", "text": "typed words"},
    "pending_safety_checks": [{"id": "sc_1", "code": "odd", "message": "Look twice"}],
}
_TOOLS: list[Event] = [_SEARCH, _INTERPRETER, _FILES, _PICTURE, _MCP_TOOLS, _MCP_CALL, _MCP_ASKS, _SHELL, _COMPUTER]
_CITED = message(
    output_text(
        "It rains.",
        annotations=[{"type": "url_citation", "start_index": 0, "end_index": 9, "url": "https://w.test", "title": "W"}],
    )
)

RESPONSES_STREAMS: dict[str, list[Event | str]] = {
    "text": streamed(*_TEXT_EVENTS, output=[_TEXT_ITEM]),
    "function_call": streamed(
        *item_events(
            _CALL,
            {"type": "response.function_call_arguments.delta", "delta": '{"city": '},
            {"type": "response.function_call_arguments.delta", "delta": '"Paris"}'},
            {"type": "response.function_call_arguments.done", "arguments": _CALL["arguments"], "name": "get_weather"},
            arguments="",
        ),
        *item_events(_NO_ARGUMENTS, place=1),
        *item_events(
            _CUSTOM,
            {"type": "response.custom_tool_call_input.delta", "delta": "ls -l"},
            {"type": "response.custom_tool_call_input.done", "input": "ls -l"},
            place=2,
            input="",
        ),
        output=[_CALL, _NO_ARGUMENTS, _CUSTOM],
    ),
    "reasoning": streamed(
        *item_events(
            _REASONING,
            {
                "type": "response.reasoning_summary_part.added",
                "summary_index": 0,
                "part": {"type": "summary_text", "text": ""},
            },
            {"type": "response.reasoning_summary_text.delta", "summary_index": 0, "delta": "A sum "},
            {"type": "response.reasoning_summary_text.delta", "summary_index": 0, "delta": "of two."},
            {"type": "response.reasoning_summary_text.done", "summary_index": 0, "text": "A sum of two."},
            {"type": "response.reasoning_text.delta", "content_index": 0, "delta": "Two and two"},
            {"type": "response.reasoning_text.done", "content_index": 0, "text": "Two and two"},
            summary=[],
        ),
        *_LATER_EVENTS,
        output=[_REASONING, _LATER_ITEM],
    ),
    "built_in_tools": streamed(
        {"type": "response.web_search_call.searching", "item_id": "ws_1", "output_index": 0},
        *item_events(_SEARCH),
        *item_events(
            _INTERPRETER,
            {"type": "response.code_interpreter_call_code.delta", "delta": "print(6"},
            {"type": "response.code_interpreter_call_code.delta", "delta": " * 7)"},
            {"type": "response.code_interpreter_call_code.done", "code": "print(6 * 7)"},
            place=1,
            code="",
            outputs=None,
        ),
        {
            "type": "response.image_generation_call.partial_image",
            "item_id": "ig_1",
            "output_index": 2,
            "partial_image_index": 0,
            "partial_image_b64": PICTURE,
        },
        *item_events(_PICTURE, place=2, result=None),
        *item_events(
            _MCP_CALL,
            {"type": "response.mcp_call_arguments.delta", "delta": '{"q": "gate"}'},
            {"type": "response.mcp_call_arguments.done", "arguments": '{"q": "gate"}'},
            place=3,
            arguments="",
            output=None,
        ),
        *item_events(
            _SHELL,
            {"type": "response.shell_call_command.added", "command_index": 0, "command": ""},
            {"type": "response.shell_call_command.delta", "command_index": 0, "delta": "ls"},
            {"type": "response.shell_call_command.done", "command_index": 0, "command": "ls"},
            {"type": "response.shell_call_output_content.delta", "command_index": 0, "delta": {"stdout": "a.txt "}},
            {"type": "response.shell_call_output_content.delta", "command_index": 0, "delta": {"stdout": "b.txt"}},
            {
                "type": "response.shell_call_output_content.done",
                "command_index": 0,
                "output": [{"stdout": "a.txt b.txt", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}],
            },
            place=4,
            action={"commands": []},
        ),
        output=_TOOLS,
    ),
    "refusal": streamed(
        {"type": "response.refusal.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": "I can"},
        {"type": "response.refusal.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0, "delta": "not."},
        {
            "type": "response.refusal.done",
            "item_id": "msg_1",
            "output_index": 0,
            "content_index": 0,
            "refusal": "I cannot.",
        },
        output=[message({"type": "refusal", "refusal": "I cannot."})],
    ),
    "logprobs": streamed(
        {
            "type": "response.output_text.delta",
            "output_index": 0,
            "content_index": 0,
            "delta": "Hi",
            "logprobs": [token("Hi", "Hey")],
        },
        {
            "type": "response.output_text.done",
            "output_index": 0,
            "content_index": 0,
            "text": "Hi",
            "logprobs": [token("Hi", "Hey")],
        },
        output=[message(output_text("Hi", logprobs=[token("Hi", "Hey")]))],
    ),
    "annotations": streamed(
        *item_events(
            _CITED,
            {
                "type": "response.output_text.annotation.added",
                "content_index": 0,
                "annotation_index": 0,
                "annotation": _CITED["content"][0]["annotations"][0],
            },
        ),
        output=[_CITED],
    ),
    "audio": streamed(
        {"type": "response.audio.delta", "delta": PICTURE},
        {"type": "response.audio.transcript.delta", "delta": "Good "},
        {"type": "response.audio.transcript.delta", "delta": "morning."},
        {"type": "response.audio.done"},
        {"type": "response.audio.transcript.done"},
        output=[],
    ),
    "error": [
        *streamed(output=[])[:2],
        {"type": "error", "code": "server_error", "message": "It went wrong", "param": None, "sequence_number": 2},
    ],
    "failed": [
        {
            "type": "response.failed",
            "sequence_number": 1,
            "response": response([], "failed", error={"code": "server_error", "message": "It went wrong"}),
        }
    ],
}

RESPONSES_WHOLE: dict[str, Event] = {
    "text": response([_REASONING, _CITED]),
    "calls": response([_CALL, _NO_ARGUMENTS, _CUSTOM]),
    "built_in_tools": response(_TOOLS),
    "incomplete": response(
        [message(output_text("Hel"), status="incomplete")],
        "incomplete",
        incomplete_details={"reason": "max_output_tokens"},
    ),
}


def anthropic_message(*content: Event, stop: str | None = "end_turn", **more: Any) -> Event:
    return {
        "id": "msg_013Zva2CMHLNnXjNJJKqJ2EF",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "content": list(content),
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {
            "input_tokens": 25,
            "cache_read_input_tokens": 7,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
            "output_tokens": 15 if stop else 1,
            "service_tier": "standard",
        },
        **more,
    }


def blocks(*starts: tuple[Event, Sequence[Event]], stop: str = "end_turn") -> list[Event | str]:
    """A whole stream of blocks, each with its deltas."""
    events: list[Event | str] = [{"type": "message_start", "message": anthropic_message(stop=None)}]
    for index, (block, deltas) in enumerate(starts):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        if not index:
            events.append({"type": "ping"})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    ended = {"stop_reason": stop, "stop_sequence": None}
    return [
        *events,
        {"type": "message_delta", "delta": ended, "usage": {"output_tokens": 15}},
        {"type": "message_stop"},
    ]


def text_delta(text: str) -> Event:
    return {"type": "text_delta", "text": text}


def json_delta(text: str) -> Event:
    return {"type": "input_json_delta", "partial_json": text}


_EMPTY_TEXT = {"type": "text", "text": ""}
_TOOL = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {}}
_SERVER_TOOL = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
_FOUND = {
    "type": "web_search_tool_result",
    "tool_use_id": "srvtoolu_1",
    "content": [
        {
            "type": "web_search_result",
            "title": "Weather",
            "url": "https://weather.test",
            "encrypted_content": SIGNATURE,
            "page_age": "April 30, 2025",
        }
    ],
}
_RAN = {
    "type": "bash_code_execution_tool_result",
    "tool_use_id": "srvtoolu_2",
    "content": {"type": "bash_code_execution_result", "stdout": "42\n", "stderr": "", "return_code": 0, "content": []},
}
_QUOTE = {
    "type": "web_search_result_location",
    "url": "https://weather.test",
    "title": "Weather",
    "encrypted_index": SIGNATURE,
    "cited_text": "Rain in the evening.",
}

ANTHROPIC_STREAMS: dict[str, list[Event | str]] = {
    "text": blocks((_EMPTY_TEXT, [text_delta("Hello"), text_delta(" there.")])),
    "tools": blocks(
        (_EMPTY_TEXT, [text_delta("Let me look.")]),
        (_TOOL, [json_delta(""), json_delta('{"city": '), json_delta('"Paris"}')]),
        (_TOOL | {"id": "toolu_2", "name": "get_time"}, []),
        stop="tool_use",
    ),
    "thinking": blocks(
        (
            {"type": "thinking", "thinking": "", "signature": ""},
            [
                {"type": "thinking_delta", "thinking": "Two and"},
                {"type": "thinking_delta", "thinking": " two."},
                {"type": "signature_delta", "signature": SIGNATURE},
            ],
        ),
        ({"type": "redacted_thinking", "data": SIGNATURE}, []),
        (_EMPTY_TEXT, [text_delta("Four.")]),
    ),
    "web_search": blocks(
        (_SERVER_TOOL, [json_delta('{"query": "weather"}')]),
        (_FOUND, []),
        (
            {"type": "text", "text": "", "citations": []},
            [{"type": "citations_delta", "citation": _QUOTE}, text_delta("It rains.")],
        ),
    ),
    "code": blocks(
        (_SERVER_TOOL | {"id": "srvtoolu_2", "name": "bash_code_execution"}, [json_delta('{"command": "python"}')]),
        (_RAN, []),
    ),
    "error": [
        *blocks((_EMPTY_TEXT, [text_delta("Hel")]))[:4],
        {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
    ],
    "unknown_delta": blocks(
        ({"type": "song", "song": ""}, [{"type": "song_delta", "verse": "La "}, {"type": "song_delta", "verse": "la"}])
    ),
}

ANTHROPIC_WHOLE: dict[str, Event] = {
    "text": anthropic_message({"type": "text", "text": "Hello there.", "citations": None}),
    "tools": anthropic_message(
        {"type": "text", "text": "Let me look."},
        _TOOL | {"input": {"city": "Paris", "days": 2}},
        {"type": "mcp_tool_use", "id": "mcptoolu_1", "name": "echo", "server_name": "docs", "input": {"say": "hi"}},
        {
            "type": "mcp_tool_result",
            "tool_use_id": "mcptoolu_1",
            "is_error": False,
            "content": [{"type": "text", "text": "hi"}],
        },
        stop="tool_use",
    ),
    "thinking": anthropic_message(
        {"type": "thinking", "thinking": "Two and two.", "signature": SIGNATURE},
        {"type": "redacted_thinking", "data": SIGNATURE},
        {"type": "text", "text": "Four."},
    ),
    "web_search": anthropic_message(
        _SERVER_TOOL | {"input": {"query": "weather"}},
        _FOUND,
        {"type": "text", "text": "It rains.", "citations": [_QUOTE]},
    ),
    "code": anthropic_message(_RAN, container={"id": "container_1", "expires_at": "2026-11-21T10:00:00Z"}),
    "stop_sequence": anthropic_message(
        {"type": "text", "text": "One"}, stop="stop_sequence", stop_sequence="\n\nHuman:"
    ),
}

EMBEDDING = {
    "object": "list",
    "data": [{"object": "embedding", "index": 0, "embedding": [0.0023064255, -0.009327292]}],
    "model": "text-embedding-3-small",
    "usage": {"prompt_tokens": 8, "total_tokens": 8},
}
OPENAI_ERROR = {"error": {"message": "Rate limit reached", "type": "tokens", "param": None, "code": "rate_limit"}}


def _streams(surface: str, streams: dict[str, list[Event | str]], *, named: bool, done: bool) -> dict[str, Case]:
    return {
        f"{name}_stream": Case(surface, sse(events, named=named, done=done), stream=True)
        for name, events in streams.items()
    }


def _wholes(surface: str, bodies: dict[str, Event]) -> dict[str, Case]:
    return {
        name: Case(surface, json.dumps(body, ensure_ascii=False).encode(), stream=False)
        for name, body in bodies.items()
    }


CASES: dict[str, dict[str, Case]] = {
    "openai_chat": _streams("openai.chat", CHAT_STREAMS, named=False, done=True) | _wholes("openai.chat", CHAT_WHOLE),
    "openai_completions": _streams(
        "openai.completions",
        {
            "text": [
                completion("This", None, COMPLETION_LOGPROBS | {"tokens": ["This"]}),
                completion(" is", None, COMPLETION_LOGPROBS | {"tokens": [" is"]}),
                completion("", "stop"),
            ]
        },
        named=False,
        done=True,
    )
    | _wholes("openai.completions", {"text": completion("This is", "length", COMPLETION_LOGPROBS, usage=USAGE)}),
    "openai_responses": _streams("openai.responses", RESPONSES_STREAMS, named=True, done=False)
    | _wholes("openai.responses", RESPONSES_WHOLE),
    "anthropic": _streams("anthropic.messages", ANTHROPIC_STREAMS, named=True, done=False)
    | _wholes("anthropic.messages", ANTHROPIC_WHOLE),
    "other": _wholes("openai.embeddings", {"embedding": EMBEDDING})
    | _wholes(
        "", {"openai_error": OPENAI_ERROR, "models": {"object": "list", "data": [{"id": "gpt-4o", "object": "model"}]}}
    ),
}
