"""Calls of the official SDKs, one a case: every shape of request the codecs' golden files cover."""

from collections.abc import Callable
from typing import Any

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
IMAGE_URL = f"data:image/png;base64,{PNG}"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "Name of the city"}},
    "required": ["city"],
    "additionalProperties": False,
}
FUNCTION = {"name": "get_weather", "description": "Look up the weather", "parameters": SCHEMA, "strict": True}
HELLO = [{"role": "user", "content": "Hello"}]

Calls = dict[str, Callable[[Any], object]]

CHAT: Calls = {
    "chat_simple": lambda c: c.chat.completions.create(
        model="gpt-5",
        messages=[
            {"role": "system", "content": "You are terse."},
            {"role": "developer", "content": [{"type": "text", "text": "Answer in German."}]},
            {"role": "user", "content": "Translate “good morning” 🌅", "name": "ada"},
        ],
        temperature=0.2,
        max_completion_tokens=200,
        user="end-user-7",
        metadata={"session_id": "s-42", "team": "blue"},
        stop=["END"],
    ),
    "chat_stream": lambda c: c.chat.completions.create(
        model="gpt-5", messages=HELLO, stream=True, stream_options={"include_usage": True}
    ),
    "chat_tools": lambda c: c.chat.completions.create(
        model="gpt-5",
        messages=[
            {"role": "user", "content": "Weather in Paris?"},
            {
                "role": "assistant",
                "content": None,
                "refusal": None,
                "tool_calls": [
                    {
                        "id": "call_1",
                        "type": "function",
                        "function": {"name": "get_weather", "arguments": '{"city": "Paris"}'},
                    },
                    {"id": "call_2", "type": "custom", "custom": {"name": "shell", "input": "ls -l"}},
                ],
            },
            {"role": "tool", "tool_call_id": "call_1", "content": "18 degrees"},
            {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "total 0"}]},
        ],
        tools=[
            {"type": "function", "function": FUNCTION},
            {"type": "custom", "custom": {"name": "shell", "description": "Run a command"}},
        ],
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
        parallel_tool_calls=False,
    ),
    "chat_legacy_functions": lambda c: c.chat.completions.create(
        model="gpt-4",
        messages=[
            {"role": "user", "content": "Weather?"},
            {"role": "assistant", "content": None, "function_call": {"name": "get_weather", "arguments": "{}"}},
            {"role": "function", "name": "get_weather", "content": "sunny"},
        ],
        functions=[{"name": "get_weather", "description": "Look up", "parameters": SCHEMA}],
        function_call="auto",
    ),
    "chat_media": lambda c: c.chat.completions.create(
        model="gpt-4o-audio-preview",
        modalities=["text", "audio"],
        audio={"voice": "alloy", "format": "wav"},
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What are these?"},
                    {"type": "image_url", "image_url": {"url": IMAGE_URL, "detail": "low"}},
                    {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}},
                    {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
                    {
                        "type": "file",
                        "file": {"filename": "q3.pdf", "file_data": "data:application/pdf;base64,JVBERi0="},
                    },
                    {"type": "file", "file": {"file_id": "file-123"}},
                ],
            },
            {"role": "assistant", "audio": {"id": "audio_1"}},
            {"role": "assistant", "content": [{"type": "refusal", "refusal": "I cannot."}]},
            {"role": "user", "content": "Why?"},
        ],
    ),
    "chat_structured": lambda c: c.chat.completions.create(
        model="gpt-5",
        messages=HELLO,
        response_format={"type": "json_schema", "json_schema": {"name": "place", "schema": SCHEMA, "strict": True}},
        prediction={"type": "content", "content": '{"city": "Rome"}'},
        reasoning_effort="low",
        seed=7,
    ),
}

RESPONSES: Calls = {
    "responses_text": lambda c: c.responses.create(
        model="gpt-5", input="Summarise the report", instructions="Be brief.", previous_response_id="resp_1"
    ),
    "responses_items": lambda c: c.responses.create(
        model="gpt-5",
        store=False,
        input=[
            {"role": "developer", "content": "Use tools."},
            {
                "role": "user",
                "type": "message",
                "content": [
                    {"type": "input_text", "text": "Weather in Oslo?"},
                    {"type": "input_image", "image_url": IMAGE_URL, "detail": "auto"},
                    {"type": "input_file", "file_id": "file-9"},
                ],
            },
            {
                "type": "reasoning",
                "id": "rs_1",
                "summary": [{"type": "summary_text", "text": "Need the weather"}],
                "encrypted_content": "gAAAAABo",
            },
            {"type": "function_call", "call_id": "c1", "name": "get_weather", "arguments": '{"city":"Oslo"}'},
            {"type": "function_call_output", "call_id": "c1", "output": "4 degrees"},
            {"type": "custom_tool_call", "call_id": "c2", "name": "sql", "input": "select 1"},
            {
                "type": "custom_tool_call_output",
                "call_id": "c2",
                "output": [{"type": "input_text", "text": "1"}],
            },
            {
                "type": "message",
                "id": "msg_1",
                "role": "assistant",
                "status": "completed",
                "content": [{"type": "output_text", "text": "Cold.", "annotations": []}],
            },
            {"type": "item_reference", "id": "msg_0"},
        ],
        tools=[{"type": "function", **FUNCTION}],
        text={"format": {"type": "json_schema", "name": "place", "schema": SCHEMA}},
        safety_identifier="hash-1",
    ),
    "responses_provider_tools": lambda c: c.responses.create(
        model="gpt-5",
        conversation="conv_1",
        prompt={"id": "pmpt_1", "version": "2", "variables": {"topic": "budgets"}},
        input=[
            {
                "type": "file_search_call",
                "id": "fs_1",
                "status": "completed",
                "queries": ["budget 2026"],
                "results": [{"file_id": "f1", "filename": "b.md", "score": 0.9, "text": "The budget is 5."}],
            },
            {
                "type": "code_interpreter_call",
                "id": "ci_1",
                "status": "completed",
                "container_id": "cntr_1",
                "code": "print(1)",
                "outputs": [{"type": "logs", "logs": "1"}],
            },
            {
                "type": "mcp_list_tools",
                "id": "mcpl_1",
                "server_label": "wiki",
                "tools": [{"name": "lookup", "description": "Look a page up", "input_schema": SCHEMA}],
            },
            {
                "type": "mcp_call",
                "id": "mcp_1",
                "server_label": "wiki",
                "name": "lookup",
                "arguments": "{}",
                "output": "A page",
            },
            {"type": "mcp_approval_response", "approval_request_id": "mcpr_1", "approve": True},
            {
                "type": "computer_call_output",
                "call_id": "cc_1",
                "output": {"type": "computer_screenshot", "image_url": IMAGE_URL},
            },
            {
                "type": "shell_call_output",
                "call_id": "sh_1",
                "output": [{"stdout": "ok", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}],
            },
        ],
        tools=[
            {"type": "web_search"},
            {"type": "mcp", "server_label": "wiki", "server_url": "https://wiki.example", "require_approval": "never"},
        ],
    ),
}

OTHERS: Calls = {
    "batch": lambda c: c.batches.create(
        input_file_id="file-1",
        endpoint="/v1/chat/completions",
        completion_window="24h",
        metadata={"team": "blue"},
        output_expires_after={"anchor": "created_at", "seconds": 3600},
    ),
    "completions": lambda c: c.completions.create(
        model="gpt-3.5-turbo-instruct", prompt=["One", "Two"], suffix="the end", max_tokens=5
    ),
    "completions_tokens": lambda c: c.completions.create(model="gpt-3.5-turbo-instruct", prompt=[[1, 2], [3]]),
    "embeddings": lambda c: c.embeddings.create(
        model="text-embedding-3-small", input=["a cat", "a dog"], dimensions=256, encoding_format="float"
    ),
    "moderations": lambda c: c.moderations.create(
        model="omni-moderation-latest",
        input=[{"type": "text", "text": "a text"}, {"type": "image_url", "image_url": {"url": IMAGE_URL}}],
    ),
}

AZURE: Calls = {
    "chat": lambda c: c.chat.completions.create(
        model="my-deployment",
        messages=HELLO,
        extra_body={
            "data_sources": [
                {
                    "type": "azure_search",
                    "parameters": {"endpoint": "https://s.example", "index_name": "docs"},
                }
            ]
        },
    ),
    "embeddings": lambda c: c.embeddings.create(model="my-embedding", input="a cat", encoding_format="float"),
    "completions": lambda c: c.completions.create(model="my-instruct", prompt="Say"),
    "responses": lambda c: c.responses.create(model="gpt-5", input="Hello"),
}

TOOL = {"name": "get_weather", "description": "Look up the weather", "input_schema": SCHEMA}

ANTHROPIC: Calls = {
    "simple": lambda c: c.messages.create(
        model="claude-sonnet-5", max_tokens=64, messages=HELLO, system="Be kind.", metadata={"user_id": "u-1"}
    ),
    "stream_prefill": lambda c: c.messages.create(
        model="claude-sonnet-5",
        max_tokens=64,
        stream=True,
        system=[{"type": "text", "text": "Answer in JSON.", "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": "A city?"}, {"role": "assistant", "content": '{"city":'}],
        stop_sequences=["}"],
    ),
    "tools": lambda c: c.messages.create(
        model="claude-sonnet-5",
        max_tokens=1024,
        tools=[TOOL, {"type": "web_search_20250305", "name": "web_search", "max_uses": 3}],
        tool_choice={"type": "auto"},
        thinking={"type": "enabled", "budget_tokens": 1024},
        messages=[
            {"role": "user", "content": "Weather in Rome?"},
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "I need the tool", "signature": "c2ln"},
                    {"type": "redacted_thinking", "data": "b3BhcXVl"},
                    {"type": "text", "text": "Let me look."},
                    {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Rome"}},
                    {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"query": "rome"}},
                    {
                        "type": "web_search_tool_result",
                        "tool_use_id": "srv_1",
                        "content": [
                            {
                                "type": "web_search_result",
                                "title": "Rome",
                                "url": "https://rome.example",
                                "encrypted_content": "ZW5j",
                            }
                        ],
                    },
                ],
            },
            {
                "role": "user",
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": "toolu_1",
                        "content": [
                            {"type": "text", "text": "25 degrees"},
                            {
                                "type": "image",
                                "source": {"type": "base64", "media_type": "image/png", "data": PNG},
                            },
                        ],
                    },
                    {"type": "tool_result", "tool_use_id": "toolu_2", "content": "late", "is_error": True},
                ],
            },
        ],
    ),
    "documents": lambda c: c.messages.create(
        model="claude-sonnet-5",
        max_tokens=64,
        messages=[
            {
                "role": "user",
                "content": [
                    {
                        "type": "document",
                        "title": "Notes",
                        "context": "From the wiki",
                        "source": {"type": "text", "media_type": "text/plain", "data": "Plain notes"},
                        "citations": {"enabled": True},
                    },
                    {
                        "type": "document",
                        "source": {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="},
                    },
                    {"type": "document", "source": {"type": "url", "url": "https://example.com/a.pdf"}},
                    {
                        "type": "document",
                        "source": {"type": "content", "content": [{"type": "text", "text": "A chunk"}]},
                    },
                    {
                        "type": "search_result",
                        "title": "Hit",
                        "source": "https://hit.example",
                        "content": [{"type": "text", "text": "Found text"}],
                    },
                    {"type": "image", "source": {"type": "url", "url": "https://example.com/x.png"}},
                    {"type": "text", "text": "Compare them"},
                ],
            }
        ],
    ),
    "mcp_beta": lambda c: c.beta.messages.create(
        model="claude-sonnet-5",
        max_tokens=64,
        betas=["mcp-client-2025-11-20"],
        mcp_servers=[{"type": "url", "name": "wiki", "url": "https://mcp.example", "authorization_token": "t0k"}],
        tools=[{"type": "mcp_toolset", "mcp_server_name": "wiki"}],
        messages=HELLO,
    ),
    "batch": lambda c: c.messages.batches.create(
        requests=[
            {"custom_id": "one", "params": {"model": "claude-sonnet-5", "max_tokens": 64, "messages": HELLO}},
            {
                "custom_id": "two",
                "params": {
                    "model": "claude-opus-5",
                    "max_tokens": 32,
                    "system": "Be kind.",
                    "messages": HELLO,
                    "tools": [TOOL],
                    "metadata": {"user_id": "u1"},
                },
            },
        ]
    ),
    "count_tokens": lambda c: c.messages.count_tokens(
        model="claude-sonnet-5", system="Be kind.", messages=HELLO, tools=[TOOL]
    ),
}

CASES: dict[str, Calls] = {
    "openai": {**CHAT, **RESPONSES, **OTHERS},
    "azure_openai": AZURE,
    "anthropic": ANTHROPIC,
}
