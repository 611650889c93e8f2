"""Calls of Amazon's SDK for Bedrock and of the Model Context Protocol's SDK, and clients that hand over what they send."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import boto3
import httpx2
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from tests.tools.golden_cases import PNG, SCHEMA

Calls = dict[str, Callable[[Any], object]]
Send = Callable[[httpx2.Request], httpx2.Response]

CLAUDE = "anthropic.claude-3-5-sonnet-20240620-v1:0"
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0"
HELLO = [{"role": "user", "content": [{"text": "Hello"}]}]
ERRORS = (ClientError,)


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]


def bedrock_client(send: Send) -> Any:
    client = boto3.client(
        "bedrock-runtime",
        region_name="us-east-1",
        endpoint_url="http://bedrock.invalid",
        aws_access_key_id="unused",
        aws_secret_access_key="unused",
    )

    def answer(request: Any, **_: Any) -> AWSResponse:
        answered = send(httpx2.Request(request.method, request.url, headers=_plain(request), content=request.body))
        return AWSResponse(request.url, answered.status_code, {}, _Body(answered.content))

    client.meta.events.register("before-send.bedrock-runtime", answer)
    return client


def _plain(request: Any) -> dict[str, str]:
    kept = request.headers.get("content-type")
    return {"content-type": kept.decode() if isinstance(kept, bytes) else kept} if kept else {}


class McpClient:
    """Connects to a server that answers the greeting itself, and hands over the first request after it."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def call(self, ask: Callable[[Client], Any]) -> None:
        asyncio.run(self._call(ask))

    async def _call(self, ask: Callable[[Client], Any]) -> None:
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer)) as http:
            transport = streamable_http_client("http://mcp.invalid/mcp", http_client=http)
            async with Client(transport, mode="legacy") as client:
                with suppress(MCPError):
                    await ask(client)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        message = json.loads(request.content)
        if message["method"] == "initialize":
            server = {"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": "s", "version": "1"}}
            return httpx2.Response(200, json={"jsonrpc": "2.0", "id": message["id"], "result": server})
        if "id" not in message:
            return httpx2.Response(202)
        self._send(request)
        return httpx2.Response(
            400, json={"jsonrpc": "2.0", "id": message["id"], "error": {"code": -1, "message": "captured"}}
        )


def generic_client(send: Send) -> httpx2.Client:
    """No SDK: what any program sends that speaks JSON."""
    return httpx2.Client(transport=httpx2.MockTransport(send), base_url="http://generic.invalid")


CLIENTS: dict[str, Callable[[Send], Any]] = {
    "bedrock": bedrock_client,
    "mcp": McpClient,
    "generic": generic_client,
}

BEDROCK: Calls = {
    "converse": lambda c: c.converse(
        modelId=CLAUDE,
        system=[{"text": "You are terse."}, {"cachePoint": {"type": "default"}}],
        messages=[
            {"role": "user", "content": [{"text": "Translate “good morning” 🌅"}]},
            {"role": "assistant", "content": [{"text": "Guten Morgen"}]},
            {"role": "user", "content": [{"text": "And good night?"}]},
        ],
        inferenceConfig={"maxTokens": 200, "temperature": 0.5, "stopSequences": ["END"]},
        requestMetadata={"team": "blue"},
        additionalModelRequestFields={"top_k": 5},
    ),
    "converse_tools": lambda c: c.converse(
        modelId=PROFILE,
        messages=[
            {"role": "user", "content": [{"text": "Weather in Paris?"}]},
            {
                "role": "assistant",
                "content": [
                    {"reasoningContent": {"reasoningText": {"text": "I need the tool.", "signature": "c2ln"}}},
                    {"toolUse": {"toolUseId": "t1", "name": "get_weather", "input": {"city": "Paris"}}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"toolResult": {"toolUseId": "t1", "content": [{"text": "18 degrees"}, {"json": {"wind": "low"}}]}}
                ],
            },
        ],
        toolConfig={
            "tools": [{"toolSpec": {"name": "get_weather", "description": "Look up", "inputSchema": {"json": SCHEMA}}}],
            "toolChoice": {"auto": {}},
        },
    ),
    "converse_media_stream": lambda c: c.converse_stream(
        modelId="us.amazon.nova-lite-v1:0",
        messages=[
            {
                "role": "user",
                "content": [
                    {"text": "What is this?"},
                    {"image": {"format": "png", "source": {"bytes": PNG.encode()}}},
                    {"document": {"name": "notes", "format": "txt", "source": {"text": "Meet at noon"}}},
                    {"guardContent": {"text": {"text": "Only this", "qualifiers": ["query"]}}},
                ],
            }
        ],
    ),
    "count_tokens": lambda c: c.count_tokens(modelId=CLAUDE, input={"converse": {"messages": HELLO}}),
    "invoke_claude": lambda c: c.invoke_model(
        modelId=CLAUDE,
        contentType="application/json",
        body=json.dumps(
            {
                "anthropic_version": "bedrock-2023-05-31",
                "max_tokens": 100,
                "system": "Be kind",
                "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}],
            }
        ),
    ),
    "invoke_titan": lambda c: c.invoke_model(
        modelId="amazon.titan-text-express-v1",
        body=json.dumps({"inputText": "Hello", "textGenerationConfig": {"maxTokenCount": 9, "stopSequences": ["END"]}}),
    ),
    "invoke_titan_embedding": lambda c: c.invoke_model(
        modelId="amazon.titan-embed-text-v2:0", body=json.dumps({"inputText": "Hello", "dimensions": 256})
    ),
    "invoke_llama_stream": lambda c: c.invoke_model_with_response_stream(
        modelId="us.meta.llama3-1-8b-instruct-v1:0", body=json.dumps({"prompt": "Hello", "max_gen_len": 9})
    ),
    "invoke_mistral": lambda c: c.invoke_model(
        modelId="mistral.mistral-large-2407-v1:0",
        body=json.dumps({"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 9}),
    ),
}

MCP: Calls = {
    "tools_list": lambda c: c.call(lambda client: client.list_tools()),
    "tools_call": lambda c: c.call(lambda client: client.call_tool("get_weather", {"city": "Paris", "days": 3})),
    "prompts_get": lambda c: c.call(lambda client: client.get_prompt("greet", {"who": "Ada"})),
    "resources_read": lambda c: c.call(lambda client: client.read_resource("note://today")),
}

GENERIC: Calls = {
    "prompt": lambda c: c.post(
        "/v2/summarise",
        json={
            "engine": "writer-2",
            "input": {"text": "Summarise this, please.", "language": "en", "seed": 7},
            "attachments": [{"title": "Notes of today", "data": "iVBORw0K" * 40}, "two words", "word"],
            "a key of words": {"": None},
        },
    ),
    "list": lambda c: c.put("/", json=["Say hello", 1, [True, "there"], {"api_key": "hunter2"}]),
}

CASES: dict[str, Calls] = {"bedrock": BEDROCK, "mcp": MCP, "generic": GENERIC}
