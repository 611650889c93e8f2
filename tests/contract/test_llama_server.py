"""A real server of OpenAI's and Anthropic's APIs as the provider: each character of its answers is an event of its own."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from tests.contract import llama_server
from tests.contract.streaming import StreamingUpstream
from tests.contract.test_answers import SECRET, Sidecar

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

pytestmark = pytest.mark.skipif(
    not llama_server.program(), reason="no llama-server here (Debian: llama.cpp-tools), nor LLAMA_SERVER"
)

LEAKING = f"Well, the key is {SECRET}, keep it."
HARMLESS = "Hello there, how are you?"
POLICY = """
policy: {name: llama, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: no-keys, decision: BLOCK, match: {on: [response], findings: [{kind: secret}]}}
  - {id: hide-people, decision: REDACT, match: {on: [response], findings: [{kind: pii}]}}
  - {id: grammars-may, decision: ALLOW, match: {on: [request], findings: [{kind: pii}]}}
"""
KEY = "not-a-key"
ASK: list[Any] = [{"role": "user", "content": "Hello"}]


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Sidecar]:
    with short_folder() as folder, llama_server.running(folder, LEAKING) as llama:
        port = free_port()
        (folder / "policy").mkdir()
        (folder / "policy" / "policy.yaml").write_text(POLICY, encoding="utf-8")
        env = {
            "FIREBREAK_POLICY_DIR": str(folder / "policy"),
            "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
            "FIREBREAK_LISTEN": f"unix:{folder}/e.sock",
            "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{port}",
        }
        providers = tuple(
            Provider(api, api, "127.0.0.1", f"/{api}", llama, tls=False) for api in ("openai", "anthropic")
        )
        envoy = EnvoyOptions(providers, (f"{folder}/e.sock",), f"{folder}/admin.sock", listen_port=0)
        with EngineProcess(env, folder, ready=f"127.0.0.1:{port}") as engine, EnvoyProcess(envoy, folder) as process:
            yield Sidecar(folder, engine, process, StreamingUpstream())


@contextlib.contextmanager
def openai_client(sidecar: Sidecar) -> Iterator[openai.OpenAI]:
    base = f"http://127.0.0.1:{sidecar.envoy.port}/openai/v1"
    with httpx2.Client() as http, openai.OpenAI(api_key=KEY, base_url=base, http_client=http, max_retries=0) as client:
        yield client


@contextlib.contextmanager
def anthropic_client(sidecar: Sidecar) -> Iterator[anthropic.Anthropic]:
    base = f"http://127.0.0.1:{sidecar.envoy.port}/anthropic"
    with (
        httpx2.Client() as http,
        anthropic.Anthropic(api_key=KEY, base_url=base, http_client=http, max_retries=0) as client,
    ):
        yield client


def grammar(text: str) -> dict[str, str]:
    return {"grammar": llama_server.exactly(text)}


def streamed(sidecar: Sidecar, says: str) -> str:
    with openai_client(sidecar) as client:
        events = client.chat.completions.create(model="tiny", messages=ASK, stream=True, extra_body=grammar(says))
        return "".join(choice.delta.content or "" for event in events for choice in event.choices)


def test_an_answer_passes_as_it_is(sidecar: Sidecar) -> None:
    with openai_client(sidecar) as client:
        answer = client.chat.completions.create(model="tiny", messages=ASK, extra_body=grammar(HARMLESS))
        assert answer.choices[0].message.content == HARMLESS
        assert (
            client.responses.create(model="tiny", input="Hello", extra_body=grammar(HARMLESS)).output_text == HARMLESS
        )
    assert streamed(sidecar, HARMLESS) == HARMLESS


def test_personal_data_is_replaced_though_each_character_is_an_event(sidecar: Sidecar) -> None:
    assert streamed(sidecar, "Ask bob@example.com about it.") == "Ask [EMAIL_ADDRESS_1] about it."


def test_a_stream_ends_before_a_secret(sidecar: Sidecar) -> None:
    with openai_client(sidecar) as client:
        events = client.chat.completions.create(model="tiny", messages=ASK, stream=True)
        said: list[str] = []
        with pytest.raises(openai.APIError, match="no-keys"):
            said.extend(event.model_dump_json() for event in events)
    text = "".join(json.loads(each)["choices"][0]["delta"].get("content") or "" for each in said)
    assert "Well, the key is ".startswith(text.rstrip())
    assert text.startswith("Well")


def test_a_stream_of_the_messages_api_ends_before_a_secret(sidecar: Sidecar) -> None:
    with anthropic_client(sidecar) as client, contextlib.ExitStack() as stack:
        stream = stack.enter_context(client.messages.stream(model="tiny", max_tokens=99, messages=ASK))
        said: list[str] = []
        with pytest.raises(anthropic.APIError, match="no-keys"):
            said.extend(stream.text_stream)
    assert "Well, the key is ".startswith("".join(said).rstrip())
    assert "".join(said).startswith("Well")


def test_a_whole_answer_with_a_secret_is_refused(sidecar: Sidecar) -> None:
    with openai_client(sidecar) as client, pytest.raises(openai.BadRequestError, match="no-keys"):
        client.chat.completions.create(model="tiny", messages=ASK)
    with openai_client(sidecar) as client, pytest.raises(openai.BadRequestError, match="no-keys"):
        client.responses.create(model="tiny", input="Hello")
    with anthropic_client(sidecar) as client, pytest.raises(anthropic.BadRequestError, match="no-keys"):
        client.messages.create(model="tiny", max_tokens=99, messages=ASK)


def test_the_record_has_the_servers_own_count(sidecar: Sidecar) -> None:
    with openai_client(sidecar) as client:
        answer = client.chat.completions.create(model="tiny", messages=ASK, extra_body=grammar(HARMLESS))
    assert answer.usage
    usage = sidecar.answered()["usage"]
    assert (usage["input"], usage["output"]) == (answer.usage.prompt_tokens, answer.usage.completion_tokens)
