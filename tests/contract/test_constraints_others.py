"""What rules enforce in the APIs that are not OpenAI's: the real Envoy and service, and the bytes that each provider got."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.contract import provider_formats as formats
from tests.contract import streaming
from tests.contract.streaming import StreamingUpstream
from tests.contract.wire import post

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

APIS = ("gemini", "vertex", "ollama", "mistral", "cohere", "bedrock", "mcp")
RULES = "Answer in English."
POLICY = f"""
policy: {{name: constrained, version: "1"}}
defaults: {{intent: ALLOW, finding: ALLOW}}
rules:
  - id: held
    match: {{}}
    decision: ALLOW_CONSTRAINED
    enforce: {{max_output_tokens: 64, remove_tools: ["shell*"], system_preamble: "{RULES}"}}
"""


@dataclass
class Sidecar:
    envoy: EnvoyProcess
    upstream: StreamingUpstream

    def sent(self, target: str, body: str) -> str:
        """The body that the provider got."""
        self.upstream.play(formats.document([{}] if "stream" in target else {}))
        answer = post(self.envoy.port, target, body.encode())
        assert answer.status == 200
        head, _, got = self.upstream.requests[-1].partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
        assert [int(length) for length in lengths] == [len(got)]
        return got.decode()


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Sidecar]:
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        upstream = stack.enter_context(streaming.running())
        port = free_port()
        (folder / "policy").mkdir()
        (folder / "policy" / "policy.yaml").write_text(POLICY, encoding="utf-8")
        env = {
            "FIREBREAK_POLICY_DIR": str(folder / "policy"),
            "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
            "FIREBREAK_LISTEN": f"unix:{folder}/e.sock",
            "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{port}",
        }
        providers = tuple(Provider(api, api, "127.0.0.1", f"/{api}", upstream.port, tls=False) for api in APIS)
        options = EnvoyOptions(providers, (f"{folder}/e.sock",), f"{folder}/admin.sock", listen_port=0)
        stack.enter_context(EngineProcess(env, folder, ready=f"127.0.0.1:{port}"))
        yield Sidecar(stack.enter_context(EnvoyProcess(options, folder)), upstream)


def function(name: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": {"type": "object"}}}


GEMINI = (
    '{ "contents":[{"parts":[{"text":"Gr\\u00fc\\u00dfe"}]}], "tools":[{"functionDeclarations":'
    '[{"name":"shell_run"},  {"name":"look_up"}]},{"googleSearch":{}}], "generationConfig": {"topP":0.50} }'
)
HELD = (
    '{"systemInstruction": {"parts": [{"text": "Answer in English."}]},  '
    '"contents":[{"parts":[{"text":"Gr\\u00fc\\u00dfe"}]}], "tools":[{"functionDeclarations":'
    '[{"name":"look_up"}]},{"googleSearch":{}}], "generationConfig": {"maxOutputTokens": 64, "topP":0.50} }'
)


@pytest.mark.parametrize(
    "target",
    [
        "/gemini/v1beta/models/gemini-2.5-flash:generateContent",
        "/gemini/v1beta/models/gemini-2.5-flash%3AstreamGenerateContent",
        "/vertex/v1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent",
    ],
)
def test_geminis_members_change_and_no_other_byte(sidecar: Sidecar, target: str) -> None:
    assert sidecar.sent(target, GEMINI) == HELD
    assert sidecar.sent(target, HELD) == HELD


def test_so_do_bedrocks(sidecar: Sidecar) -> None:
    tools: list[dict[str, Any]] = [
        {"toolSpec": {"name": name, "inputSchema": {"json": {}}}} for name in ("shell", "ok")
    ]
    body = {
        "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
        "inferenceConfig": {"maxTokens": 4096},
        "toolConfig": {"tools": tools},
    }
    got = json.loads(sidecar.sent("/bedrock/model/amazon.nova-lite-v1%3A0/converse", json.dumps(body)))
    assert got == {
        **body,
        "system": [{"text": RULES}],
        "inferenceConfig": {"maxTokens": 64},
        "toolConfig": {"tools": tools[1:]},
    }


def test_a_body_for_invoke_is_held_as_its_vendor_has_it(sidecar: Sidecar) -> None:
    said = [{"role": "user", "content": "Hi"}]
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 4096, "messages": said}
    got = json.loads(sidecar.sent("/bedrock/model/anthropic.claude-sonnet-4-5-v1%3A0/invoke", json.dumps(body)))
    assert got == {**body, "max_tokens": 64, "system": RULES}


@pytest.mark.parametrize(
    ("target", "cap"),
    [
        ("/ollama/api/chat", {"options": {"num_predict": 64}}),
        ("/ollama/v1/chat/completions", {"max_tokens": 64}),
        ("/mistral/v1/chat/completions", {"max_tokens": 64}),
        ("/cohere/v2/chat", {"max_tokens": 64}),
    ],
)
def test_so_are_those_whose_messages_are_openais(sidecar: Sidecar, target: str, cap: dict[str, Any]) -> None:
    said = {"role": "user", "content": "Hi"}
    body = {"model": "m", "messages": [said], "tools": [function("ok"), function("shell")], "stream": False}
    got = json.loads(sidecar.sent(target, json.dumps(body)))
    assert got == {**body, **cap, "tools": [function("ok")], "messages": [{"role": "system", "content": RULES}, said]}


def test_a_tool_that_is_removed_is_not_called(sidecar: Sidecar) -> None:
    listing = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert sidecar.sent("/mcp/mcp", listing) == listing
    sidecar.upstream.play(formats.document({}))
    called = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "shell_run", "arguments": {}}}
    answer = post(sidecar.envoy.port, "/mcp/mcp", json.dumps(called).encode())
    assert b"policy removes" in answer.body
    assert json.loads(answer.body)["result"]["isError"] is True
    assert sidecar.upstream.requests == []


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/bedrock/model/meta.llama3-8b-instruct-v1%3A0/invoke", {"prompt": "Hi"}),
        ("/ollama/api/generate", {"model": "m", "prompt": "Hi", "raw": True}),
        ("/gemini/v1/models/gemini-2.5-flash:embedContent", {"content": {"parts": [{"text": "Hi"}]}}),
        (
            "/gemini/v1/models/gemini-2.5-flash:generateContent",
            {"contents": [{"parts": [{"text": "Hi"}]}], "cachedContent": "cachedContents/1"},
        ),
    ],
)
def test_what_has_no_place_for_it_never_leaves(sidecar: Sidecar, target: str, body: dict[str, Any]) -> None:
    sidecar.upstream.play(formats.document({}))
    answer = post(sidecar.envoy.port, target, json.dumps(body).encode())
    assert answer.status == 400
    assert sidecar.upstream.requests == []
