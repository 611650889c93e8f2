"""The SDKs of OpenAI and Anthropic through the real Envoy and the real service, before providers that speak the formats.

Each answer is asked for twice, once from the provider itself: what an application holds in its hands must be the same.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from tests.contract import streaming
from tests.contract.streaming import LAST_CHUNK, SSE_HEAD, Step, chunk, plain
from tests.contract.test_answers import Sidecar
from tests.tools.answer_cases import (
    CASES,
    Case,
    anthropic_message,
    blocks,
    chat,
    chat_whole,
    completion,
    json_delta,
    message,
    output_text,
    response,
    sse,
    streamed,
    text_delta,
    text_events,
)

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

SECRET = "AKIAQ3EGRZ5XWY7TNBMK"
POLICY = """
policy: {name: sdks, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: no-keys, decision: BLOCK, match: {on: [response], findings: [{kind: secret}]}}
  - {id: media, decision: ALLOW, match: {on: [response], findings: [{kind: uninspected}]}}
"""
MESSAGES: list[Any] = [{"role": "user", "content": "Hello"}]
KEY = "not-a-key"


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Sidecar]:
    """One sidecar; both providers are the same upstream, which plays what a test gives it."""
    with short_folder() as folder, streaming.running() as upstream:
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
            Provider(api, api, "127.0.0.1", f"/{api}", upstream.port, tls=False) for api in ("openai", "anthropic")
        )
        envoy = EnvoyOptions(providers, (f"{folder}/e.sock",), f"{folder}/admin.sock", listen_port=0)
        with EngineProcess(env, folder, ready=f"127.0.0.1:{port}") as engine, EnvoyProcess(envoy, folder) as process:
            yield Sidecar(folder, engine, process, upstream)


@dataclass(frozen=True)
class Way:
    """How an application reaches the provider: the addresses that its SDKs are given."""

    openai: str
    anthropic: str


def around(sidecar: Sidecar) -> Way:
    direct = f"http://127.0.0.1:{sidecar.upstream.port}"
    return Way(f"{direct}/v1", direct)


def through(sidecar: Sidecar) -> Way:
    envoy = f"http://127.0.0.1:{sidecar.envoy.port}"
    return Way(f"{envoy}/openai/v1", f"{envoy}/anthropic")


def steps_of(case: Case) -> list[Step]:
    """A stream leaves in chunks that end in the middle of an event."""
    if not case.stream:
        return [plain(case.body)]
    pieces = [case.body[start : start + 97] for start in range(0, len(case.body), 97)]
    return [SSE_HEAD, *(chunk(piece) for piece in pieces), LAST_CHUNK]


CALLS: dict[str, Callable[[Any, bool], Any]] = {
    "openai.chat": lambda client, stream: client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, stream=stream
    ),
    "openai.completions": lambda client, stream: client.completions.create(
        model="gpt-3.5-turbo-instruct", prompt="Hello", stream=stream
    ),
    "openai.responses": lambda client, stream: client.responses.create(model="gpt-4.1", input="Hello", stream=stream),
    "openai.embeddings": lambda client, stream: client.embeddings.create(model="e", input="Hello"),
    "anthropic.messages": lambda client, stream: client.messages.create(
        model="claude-sonnet-5", max_tokens=100, messages=MESSAGES, stream=stream
    ),
}


def outcome(error: Exception) -> tuple[str, str, Any]:
    """An SDK's own error as something to compare."""
    assert isinstance(error, openai.APIError | anthropic.APIError), error
    return type(error).__name__, error.message, error.body


Seen = list[Any]


def sync_seen(way: Way, case: Case) -> Seen:
    """Everything that an application gets to see of an answer: the SDK's objects, and its error."""
    sdk: Any = anthropic.Anthropic if case.surface.startswith("anthropic") else openai.OpenAI
    base = way.anthropic if case.surface.startswith("anthropic") else way.openai
    seen: Seen = []
    with httpx2.Client() as http, sdk(api_key=KEY, base_url=base, http_client=http, max_retries=0) as client:
        try:
            answer = CALLS[case.surface](client, case.stream)
            for event in answer if case.stream else [answer]:
                seen.append(event.model_dump(warnings=False))
        except (openai.APIError, anthropic.APIError) as error:
            seen.append(outcome(error))
    return seen


async def async_seen(way: Way, case: Case) -> Seen:
    sdk: Any = anthropic.AsyncAnthropic if case.surface.startswith("anthropic") else openai.AsyncOpenAI
    base = way.anthropic if case.surface.startswith("anthropic") else way.openai
    seen: Seen = []
    async with (
        httpx2.AsyncClient() as http,
        sdk(api_key=KEY, base_url=base, http_client=http, max_retries=0) as client,
    ):
        try:
            answer = await CALLS[case.surface](client, case.stream)
            async for event in answer if case.stream else _once(answer):
                seen.append(event.model_dump(warnings=False))
        except (openai.APIError, anthropic.APIError) as error:
            seen.append(outcome(error))
    return seen


async def _once(answer: Any) -> AsyncIterator[Any]:
    yield answer


EVERY = [
    (f"{api}/{name}", case) for api, cases in CASES.items() for name, case in cases.items() if case.surface in CALLS
]


@pytest.mark.parametrize(("name", "case"), EVERY, ids=[name for name, _ in EVERY])
def test_an_application_sees_the_same_with_firebreak_and_without(sidecar: Sidecar, name: str, case: Case) -> None:
    sidecar.upstream.play(steps_of(case))
    direct = sync_seen(around(sidecar), case)
    assert direct
    assert sync_seen(through(sidecar), case) == direct
    assert asyncio.run(async_seen(through(sidecar), case)) == direct


USAGE = [
    ("openai_chat", "text", {"input": 19, "output": 10, "cached": 4, "reasoning": 3}),
    ("openai_chat", "text_stream", {"input": 19, "output": 10, "cached": 4, "reasoning": 3}),
    ("openai_completions", "text", {"input": 19, "output": 10, "cached": 4, "reasoning": 3}),
    ("openai_responses", "text", {"input": 36, "output": 87, "cached": 2, "reasoning": 5}),
    ("openai_responses", "text_stream", {"input": 36, "output": 87, "cached": 2, "reasoning": 5}),
    ("anthropic", "text", {"input": 32, "output": 15, "cached": 7, "reasoning": 0}),
    ("anthropic", "text_stream", {"input": 32, "output": 15, "cached": 7, "reasoning": 0}),
    ("other", "embedding", {"input": 8, "output": 0, "cached": 0, "reasoning": 0}),
]


@pytest.mark.parametrize(("api", "name", "usage"), USAGE)
def test_the_record_has_the_usage(sidecar: Sidecar, api: str, name: str, usage: dict[str, int]) -> None:
    case = CASES[api][name]
    sidecar.upstream.play(steps_of(case))
    sync_seen(through(sidecar), case)
    record = sidecar.answered()
    assert record["usage"] == usage | {"estimated": False}
    assert (record["ending"], record["surface"]) == ("complete", case.surface)


PIECES = ("The", " key", " is", f" {SECRET[:9]}", f"{SECRET[9:]} and", " more", " words.")


def _response_stream() -> bytes:
    events, item = text_events(*PIECES)
    return sse(streamed(*events, output=[item]), named=True, done=False)


_CHAT_PIECES = [{"content": piece} for piece in PIECES]
_BLOCK = {"type": "text", "text": ""}
_TOOL = {"type": "tool_use", "id": "toolu_1", "name": "run", "input": {}}
_ARGUMENTS = [json_delta('{"key": "'), json_delta(SECRET[:7]), json_delta(SECRET[7:]), json_delta('"}')]
CUT = {
    "chat": Case("openai.chat", sse(chat(*_CHAT_PIECES), named=False, done=True), stream=True),
    "completions": Case(
        "openai.completions",
        sse([completion(piece, None) for piece in PIECES], named=False, done=True),
        stream=True,
    ),
    "responses": Case("openai.responses", _response_stream(), stream=True),
    "messages": Case(
        "anthropic.messages",
        sse(blocks((_BLOCK, [text_delta(piece) for piece in PIECES])), named=True, done=False),
        stream=True,
    ),
    "messages_tool": Case(
        "anthropic.messages",
        sse(blocks((_BLOCK, [text_delta("The")]), (_TOOL, _ARGUMENTS)), named=True, done=False),
        stream=True,
    ),
}


@pytest.mark.parametrize("name", list(CUT))
def test_a_cut_stream_ends_with_the_sdks_own_error(sidecar: Sidecar, name: str) -> None:
    case = CUT[name]
    sidecar.upstream.play(steps_of(case))
    assert SECRET[:7] in json.dumps(sync_seen(around(sidecar), case))
    for seen in (sync_seen(through(sidecar), case), asyncio.run(async_seen(through(sidecar), case))):
        assert "The" in json.dumps(seen[:-1])
        assert SECRET[:4] not in json.dumps(seen)
        assert isinstance(seen[-1], tuple), seen[-1]
        assert "Response blocked by policy: no-keys" in seen[-1][1]
    assert sidecar.answered()["ending"] == "cut"


REFUSED = {
    "chat": Case("openai.chat", json.dumps(chat_whole({"content": f"It is {SECRET}."})).encode(), stream=False),
    "completions": Case("openai.completions", json.dumps(completion(SECRET, "stop")).encode(), stream=False),
    "responses": Case("openai.responses", json.dumps(response([message(output_text(SECRET))])).encode(), stream=False),
    "messages": Case(
        "anthropic.messages", json.dumps(anthropic_message({"type": "text", "text": SECRET})).encode(), stream=False
    ),
    "messages_stop": Case(
        "anthropic.messages", json.dumps(anthropic_message(stop_sequence=SECRET)).encode(), stream=False
    ),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_refused_answer_raises_the_sdks_own_error(sidecar: Sidecar, name: str) -> None:
    case = REFUSED[name]
    sidecar.upstream.play(steps_of(case))
    assert SECRET in json.dumps(sync_seen(around(sidecar), case))
    for seen in (sync_seen(through(sidecar), case), asyncio.run(async_seen(through(sidecar), case))):
        ((kind, said, body),) = seen
        assert kind == "BadRequestError"
        assert "Response blocked by policy: no-keys" in said
        assert SECRET not in json.dumps(body)
    assert sidecar.answered()["ending"] == "refused"


@pytest.mark.parametrize("name", list(CUT))
def test_a_secret_at_the_beginning_of_a_stream_is_an_error_before_anything_is_seen(sidecar: Sidecar, name: str) -> None:
    case = CUT[name]
    case = replace(case, body=case.body.replace(b'"The"', json.dumps(f"{SECRET} is").encode()))
    sidecar.upstream.play(steps_of(case))
    seen = sync_seen(through(sidecar), case)
    assert SECRET[:4] not in json.dumps(seen)
    assert "Response blocked by policy: no-keys" in seen[-1][1]


def test_the_connection_serves_again_after_a_cut(sidecar: Sidecar) -> None:
    with (
        httpx2.Client() as http,
        openai.OpenAI(api_key=KEY, base_url=through(sidecar).openai, http_client=http, max_retries=0) as client,
    ):
        for _ in range(3):
            sidecar.upstream.play(steps_of(CUT["chat"]))
            with pytest.raises(openai.APIError), contextlib.closing(CALLS["openai.chat"](client, True)) as events:
                list(events)
            sidecar.upstream.play(steps_of(CASES["openai_chat"]["text"]))
            assert CALLS["openai.chat"](client, False).choices[0].message.content == "Hello there."
