"""The SDKs of Google, Ollama, Mistral and Cohere through the real Envoy and the real service, each before its own format."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cohere
import google.genai.errors
import google.oauth2.credentials
import httpx
import httpx2
import mistralai.client.errors
import ollama
import pytest
from google import genai
from google.genai import types
from mistralai.client import Mistral
from tests.contract import provider_formats as formats
from tests.contract import streaming
from tests.contract.streaming import Step, StreamingUpstream
from tests.contract.wire import post

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

SECRET = "AKIAQ3EGRZ5XWY7TNBMK"
APIS = ("gemini", "vertex", "ollama", "mistral", "cohere")
POLICY = """
policy: {name: sdks, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: no-keys, decision: BLOCK, match: {on: [request, response], findings: [{kind: secret}]}}
"""
PIECES = ["Hello", ",", " how", " are", " you", "?"]
CUT = ["The", " key", " is", f" {SECRET[:9]}", f"{SECRET[9:]} and", " more", " words"]
KEY = "not-a-key"


class Clients:
    """The SDKs over connections that are closed in the end."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack
        self._older = stack.enter_context(httpx.Client())
        self._newer = stack.enter_context(httpx2.Client())

    def make(self, api: str, base: str) -> Any:
        if api in {"gemini", "vertex"}:
            return self._google(types.HttpOptions(base_url=base, httpx_client=self._newer), vertex=api == "vertex")
        if api == "ollama":
            return self._stack.enter_context(ollama.Client(base))
        if api == "mistral":
            return Mistral(api_key=KEY, server_url=base, client=self._newer)
        return cohere.ClientV2(api_key=KEY, base_url=base, httpx_client=self._older)

    def _google(self, options: types.HttpOptions, *, vertex: bool) -> genai.Client:
        if not vertex:
            return genai.Client(api_key=KEY, http_options=options)
        token = google.oauth2.credentials.Credentials(KEY)
        return genai.Client(
            vertexai=True, project="a-project", location="europe-west4", credentials=token, http_options=options
        )


def google_ask(client: Any, text: str) -> Any:
    return client.models.generate_content(model="gemini-2.5-flash", contents=text)


def google_stream(client: Any, text: str) -> Iterator[Any]:
    yield from client.models.generate_content_stream(model="gemini-2.5-flash", contents=text)


def ollama_ask(client: Any, text: str) -> Any:
    return client.chat(model="llama3.2", messages=[{"role": "user", "content": text}])


def ollama_stream(client: Any, text: str) -> Iterator[Any]:
    yield from client.chat(model="llama3.2", messages=[{"role": "user", "content": text}], stream=True)


def mistral_ask(client: Any, text: str) -> Any:
    return client.chat.complete(model="mistral-large-latest", messages=[{"role": "user", "content": text}])


def mistral_stream(client: Any, text: str) -> Iterator[Any]:
    with client.chat.stream(model="mistral-small-latest", messages=[{"role": "user", "content": text}]) as events:
        yield from events


def cohere_ask(client: Any, text: str) -> Any:
    return client.chat(model="command-a-03-2025", messages=[{"role": "user", "content": text}])


def cohere_stream(client: Any, text: str) -> Iterator[Any]:
    yield from client.chat_stream(model="command-a-03-2025", messages=[{"role": "user", "content": text}])


ASK = {
    "gemini": google_ask,
    "vertex": google_ask,
    "ollama": ollama_ask,
    "mistral": mistral_ask,
    "cohere": cohere_ask,
}
STREAM = {
    "gemini": google_stream,
    "vertex": google_stream,
    "ollama": ollama_stream,
    "mistral": mistral_stream,
    "cohere": cohere_stream,
}
WHOLE: dict[str, Callable[[str], Any]] = {
    "gemini": lambda text: formats.gemini(text, "STOP"),
    "vertex": lambda text: formats.gemini(text, "STOP"),
    "ollama": lambda text: formats.ollama(text, done=True),
    "mistral": formats.mistral,
    "cohere": formats.cohere,
}
PLAYED: dict[str, Callable[[list[str]], list[Step]]] = {
    "gemini": lambda pieces: formats.stream(formats.SSE, formats.gemini_events(pieces)),
    "vertex": lambda pieces: formats.stream(formats.SSE, formats.gemini_events(pieces)),
    "ollama": lambda pieces: formats.stream(formats.NDJSON, formats.ollama_lines(pieces)),
    "mistral": lambda pieces: formats.stream(formats.SSE, formats.mistral_events(pieces)),
    "cohere": lambda pieces: formats.stream(formats.SSE, formats.cohere_events(pieces)),
}
ERRORS: dict[str, type[Exception]] = {
    "gemini": google.genai.errors.ClientError,
    "vertex": google.genai.errors.ClientError,
    "ollama": ollama.ResponseError,
    "mistral": mistralai.client.errors.SDKError,
    "cohere": cohere.BadRequestError,
}
OTHERS: dict[str, tuple[str, Any, Callable[[Any], Any]]] = {
    "gemini, a call": ("gemini", formats.gemini_call(), lambda c: google_ask(c, "Weather?")),
    "gemini, embeddings": (
        "gemini",
        formats.GEMINI_VECTORS,
        lambda c: c.models.embed_content(model="gemini-embedding-001", contents=["a", "b"]),
    ),
    "gemini, tokens": (
        "gemini",
        formats.GEMINI_COUNT,
        lambda c: c.models.count_tokens(model="gemini-2.5-flash", contents="Hello"),
    ),
    "ollama, a call": ("ollama", formats.ollama_call(), lambda c: ollama_ask(c, "Weather?")),
    "ollama, generate": (
        "ollama",
        formats.ollama("Hello", done=True, key="response"),
        lambda c: c.generate(model="llama3.2", prompt="Hi"),
    ),
    "ollama, embeddings": ("ollama", formats.OLLAMA_VECTORS, lambda c: c.embed(model="all-minilm", input="a")),
    "ollama, models": ("ollama", formats.OLLAMA_TAGS, lambda c: c.list()),
    "mistral, a call": ("mistral", formats.mistral_call(), lambda c: mistral_ask(c, "Weather?")),
    "mistral, chunks": (
        "mistral",
        formats.mistral(
            [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}, {"type": "text", "text": "Hello"}]
        ),
        lambda c: mistral_ask(c, "Hello"),
    ),
    "mistral, code": (
        "mistral",
        formats.mistral("return x"),
        lambda c: c.fim.complete(model="codestral-latest", prompt="def f(x):"),
    ),
    "mistral, embeddings": (
        "mistral",
        formats.MISTRAL_VECTORS,
        lambda c: c.embeddings.create(model="mistral-embed", inputs=["a"]),
    ),
    "cohere, a call": ("cohere", formats.cohere_call(), lambda c: cohere_ask(c, "Weather?")),
    "cohere, embeddings": (
        "cohere",
        formats.COHERE_VECTORS,
        lambda c: c.embed(model="embed-v4.0", texts=["a"], input_type="search_query", embedding_types=["float"]),
    ),
    "cohere, ranks": (
        "cohere",
        formats.COHERE_RANKS,
        lambda c: c.rerank(model="rerank-v3.5", query="a", documents=["b", "c"]),
    ),
}


@dataclass
class Sidecar:
    folder: Path
    envoy: EnvoyProcess
    upstream: StreamingUpstream
    clients: Clients

    def client(self, api: str) -> Any:
        return self.clients.make(api, f"http://127.0.0.1:{self.envoy.port}/{api}")

    def direct(self, api: str) -> Any:
        return self.clients.make(api, f"http://127.0.0.1:{self.upstream.port}")

    def kept(self) -> bytes:
        """Everything that was written down anywhere."""
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@contextlib.contextmanager
def running() -> Iterator[Sidecar]:
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
        providers = tuple(Provider(api, api, "127.0.0.1", f"/{api}", upstream.port, tls=False) for api in APIS)
        envoy = EnvoyOptions(
            providers,
            (f"{folder}/e.sock",),
            f"{folder}/admin.sock",
            listen_port=0,
            access_log=f"{folder}/access.log",
        )
        with (
            EngineProcess(env, folder, ready=f"127.0.0.1:{port}"),
            EnvoyProcess(envoy, folder) as process,
            contextlib.ExitStack() as stack,
        ):
            yield Sidecar(folder, process, upstream, Clients(stack))


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Sidecar]:
    with running() as started:
        yield started


def plain(value: Any) -> Any:
    """What an SDK's object holds, without the HTTP answer that it came from."""
    dumped = value.model_dump(mode="json") if hasattr(value, "model_dump") else value
    return {key: inner for key, inner in dumped.items() if key != "sdk_http_response"}


@pytest.mark.parametrize("api", APIS)
def test_an_answer_is_the_same_object(sidecar: Sidecar, api: str) -> None:
    sidecar.upstream.play(formats.document(WHOLE[api]("Hello, how are you?")))
    through = plain(ASK[api](sidecar.client(api), "Hello"))
    assert through == plain(ASK[api](sidecar.direct(api), "Hello"))
    assert "Hello, how are you?" in json.dumps(through)


@pytest.mark.parametrize("name", OTHERS)
def test_so_are_other_answers(sidecar: Sidecar, name: str) -> None:
    api, answer, call = OTHERS[name]
    sidecar.upstream.play(formats.document(answer))
    assert plain(call(sidecar.client(api))) == plain(call(sidecar.direct(api)))


@pytest.mark.parametrize("api", APIS)
def test_a_stream_gives_the_same_objects(sidecar: Sidecar, api: str) -> None:
    sidecar.upstream.play(PLAYED[api](PIECES))
    through = [plain(each) for each in STREAM[api](sidecar.client(api), "Hello")]
    assert through == [plain(each) for each in STREAM[api](sidecar.direct(api), "Hello")]
    assert len(through) >= len(PIECES)


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_refused_request_is_the_sdks_own_error(sidecar: Sidecar, api: str, streamed: bool) -> None:
    sidecar.upstream.play(formats.document({}))
    ask = STREAM[api] if streamed else lambda client, text: [ASK[api](client, text)]
    with pytest.raises(ERRORS[api]) as caught:
        list(ask(sidecar.client(api), f"Use {SECRET}"))
    assert "Request blocked by policy: no-keys" in str(caught.value)
    assert not sidecar.upstream.requests


@pytest.mark.parametrize("api", APIS)
def test_a_refused_answer_is_the_sdks_own_error(sidecar: Sidecar, api: str) -> None:
    sidecar.upstream.play(formats.document(WHOLE[api](f"The key is {SECRET}.")))
    with pytest.raises(ERRORS[api]) as caught:
        ASK[api](sidecar.client(api), "Hello")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("api", ["gemini", "vertex", "ollama"])
def test_a_stream_that_is_cut_ends_in_the_sdks_own_error(sidecar: Sidecar, api: str) -> None:
    sidecar.upstream.play(PLAYED[api](CUT))
    got: list[Any] = []
    with pytest.raises(ERRORS[api]) as caught:
        got.extend(STREAM[api](sidecar.client(api), "Hello"))
    assert "no-keys" in str(caught.value)
    assert "The" in str(got[0])
    assert SECRET[:4] not in str(got)


def test_a_cut_stream_of_mistral_ends_with_the_finish_reason_error(sidecar: Sidecar) -> None:
    sidecar.upstream.play(PLAYED["mistral"](CUT))
    got = list(mistral_stream(sidecar.client("mistral"), "Hello"))
    assert got[-1].data.choices[0].finish_reason == "error"
    assert "".join(each.data.choices[0].delta.content for each in got) == "The key is"


def test_a_cut_stream_of_cohere_ends_with_the_finish_reason_error(sidecar: Sidecar) -> None:
    sidecar.upstream.play(PLAYED["cohere"](CUT))
    got = list(cohere_stream(sidecar.client("cohere"), "Hello"))
    assert (got[-1].type, got[-1].delta.finish_reason) == ("message-end", "ERROR")
    assert "no-keys" in got[-1].delta.error
    assert SECRET[:4] not in str(got)


ARRAY = "/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent"
HELLO = json.dumps({"contents": [{"parts": [{"text": "Hello"}]}]}).encode()


@pytest.mark.parametrize("target", [ARRAY, ARRAY.replace(":", "%3A")])
def test_an_array_arrives_byte_by_byte_as_it_was_sent(sidecar: Sidecar, target: str) -> None:
    pieces = formats.gemini_array(PIECES)
    sidecar.upstream.play(formats.stream(formats.JSON, pieces))
    answer = post(sidecar.envoy.port, target, HELLO)
    assert (answer.status, answer.body) == (200, b"".join(pieces))
    assert sidecar.upstream.requests[0].startswith(f"POST {target.removeprefix('/gemini')} HTTP/1.1".encode())


def test_a_cut_array_is_closed_behind_an_error(sidecar: Sidecar) -> None:
    sidecar.upstream.play(formats.stream(formats.JSON, formats.gemini_array(CUT)))
    answer = post(sidecar.envoy.port, ARRAY, HELLO)
    *said, last = answer.json
    assert "".join(each["candidates"][0]["content"]["parts"][0]["text"] for each in said) == "The key is"
    assert last["error"]["status"] == "INVALID_ARGUMENT"
    assert last["error"]["details"][0]["reason"] == "CONTENT_POLICY_VIOLATION"


def test_a_key_in_the_query_is_refused_and_written_down_nowhere(sidecar: Sidecar) -> None:
    key = "AIzaSyD-0123456789abcdefghijklmnopqrstu"
    sidecar.upstream.play(formats.document({}))
    answer = post(sidecar.envoy.port, f"{ARRAY}?alt=sse&key={key}", HELLO)
    assert answer.status == 400
    assert answer.json["error"]["details"][0]["reason"] == "QUERY_CREDENTIAL"
    assert not sidecar.upstream.requests
    sidecar.envoy.wait_for_log(lambda line: str(line["status"]) == "400" and line["path"].startswith(ARRAY))
    assert b"query_credential" in sidecar.kept()
    assert key.encode() not in sidecar.kept() + answer.body
