"""Files and batches with the SDKs of OpenAI and Anthropic, through the real Envoy and the real service."""

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from tests.unit.codecs.forms import asked, chat, jsonl

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

SECRET = "AKIAQ3EGRZ5XWY7TNBMK"
KEY = "not-a-key"
POLICY = """
policy: {name: sdks, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: no-keys, decision: BLOCK, match: {on: [request, response], findings: [{kind: secret}]}}
  - {id: no-mail, decision: REDACT, match: {on: [request, response], findings: [{kind: pii}]}}
  - {id: files, decision: WARN, match: {on: [request, response], findings: [{kind: uninspected}]}}
  - {id: not-this-model, decision: BLOCK, match: {models: ["*-forbidden"]}}
"""
FILE = {
    "id": "file-1",
    "object": "file",
    "bytes": 120,
    "created_at": 1700000000,
    "filename": "lines.jsonl",
    "purpose": "batch",
    "status": "processed",
}
BATCH = {
    "id": "batch_1",
    "object": "batch",
    "endpoint": "/v1/chat/completions",
    "errors": None,
    "input_file_id": "file-1",
    "completion_window": "24h",
    "status": "validating",
    "output_file_id": "file-2",
    "created_at": 1700000000,
    "request_counts": {"total": 2, "completed": 2, "failed": 0},
    "metadata": {"team": "blue"},
}
MESSAGES = {
    "id": "msgbatch_1",
    "type": "message_batch",
    "processing_status": "ended",
    "request_counts": {"processing": 0, "succeeded": 1, "errored": 0, "canceled": 0, "expired": 0},
    "created_at": "2024-09-24T18:37:24.100435Z",
    "expires_at": "2024-09-25T18:37:24.100435Z",
    "ended_at": None,
    "cancel_initiated_at": None,
    "archived_at": None,
    "results_url": None,
}


@dataclass
class Store:
    """A provider that answers by method and path, and keeps what it was sent."""

    port: int = 0
    answers: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)

    def says(self, method: str, path: str, value: Any, content_type: str = "application/json") -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.answers[method, path] = (content_type, body)


@contextlib.contextmanager
def storing() -> Iterator[Store]:
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            store.bodies.append(self.rfile.read(int(self.headers.get("content-length") or 0)))
            content_type, body = store.answers[self.command, self.path.partition("?")[0]]
            self.send_response(200)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Nothing is written to the tests' output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        store.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield store
        server.shutdown()
        thread.join(5)


@dataclass
class World:
    folder: Path
    envoy: EnvoyProcess
    store: Store

    def bases(self, api: str) -> tuple[str, str]:
        """The provider itself, and the way through Firebreak."""
        rest = "/v1" if api == "openai" else ""
        return f"http://127.0.0.1:{self.store.port}{rest}", f"http://127.0.0.1:{self.envoy.port}/{api}{rest}"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with short_folder() as folder, storing() as store:
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
            Provider(api, api, "127.0.0.1", f"/{api}", store.port, tls=False) for api in ("openai", "anthropic")
        )
        envoy = EnvoyOptions(providers, (f"{folder}/e.sock",), f"{folder}/admin.sock", listen_port=0)
        with EngineProcess(env, folder, ready=f"127.0.0.1:{port}"), EnvoyProcess(envoy, folder) as process:
            yield World(folder, process, store)


@contextlib.contextmanager
def openai_at(base: str) -> Iterator[openai.OpenAI]:
    with httpx2.Client() as http, openai.OpenAI(api_key=KEY, base_url=base, http_client=http, max_retries=0) as client:
        yield client


@contextlib.contextmanager
def anthropic_at(base: str) -> Iterator[anthropic.Anthropic]:
    with (
        httpx2.Client() as http,
        anthropic.Anthropic(api_key=KEY, base_url=base, http_client=http, max_retries=0) as client,
    ):
        yield client


LINES = jsonl(asked(chat("Hello")), asked({"model": "e", "input": "Hello"}, "/v1/embeddings", "two"))


def uploaded(client: openai.OpenAI, content: bytes, purpose: Any = "batch") -> Any:
    return client.files.create(file=("lines.jsonl", content), purpose=purpose).model_dump()


def test_a_file_is_uploaded_as_without_firebreak(world: World) -> None:
    world.store.says("POST", "/v1/files", FILE)
    seen = []
    for base in world.bases("openai"):
        with openai_at(base) as client:
            seen.append(uploaded(client, LINES))
        assert LINES in world.store.bodies[-1]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_secret_in_any_line_is_the_sdks_own_error(world: World, place: int) -> None:
    world.store.bodies.clear()
    lines = [asked(chat("Hello"), custom_id=str(number)) for number in range(5)]
    lines[place] = asked(chat(f"Use {SECRET}"))
    with openai_at(world.bases("openai")[1]) as client, pytest.raises(openai.BadRequestError) as caught:
        uploaded(client, jsonl(*lines))
    assert "Request blocked by policy: no-keys" in str(caught.value)
    assert not world.store.bodies


def test_so_is_a_model_in_one_line(world: World) -> None:
    lines = jsonl(asked(chat("Hello")), asked(chat("Hello", "gpt-forbidden")), asked(chat("Hello")))
    with openai_at(world.bases("openai")[1]) as client, pytest.raises(openai.BadRequestError) as caught:
        uploaded(client, lines)
    assert "not-this-model" in str(caught.value)


def test_so_is_a_line_that_cannot_be_read(world: World) -> None:
    with openai_at(world.bases("openai")[1]) as client, pytest.raises(openai.BadRequestError) as caught:
        uploaded(client, LINES + b'{"a": 1, "a": 2}\n')
    assert caught.value.code == "duplicate_key"
    assert "line 3" in str(caught.value)


def test_a_mail_address_in_a_line_leaves_as_a_placeholder(world: World) -> None:
    world.store.says("POST", "/v1/files", FILE)
    text = jsonl(asked(chat("Hello")), asked(chat("Write to bob@corp.example.org soon")))
    with openai_at(world.bases("openai")[1]) as client:
        assert uploaded(client, text)["id"] == "file-1"
    sent = world.store.bodies[-1]
    assert text.replace(b"bob@corp.example.org", b"[EMAIL_ADDRESS_1]") in sent
    assert b"bob@" not in sent


def test_a_file_that_is_not_inspected_passes_where_the_policy_lets_it(world: World) -> None:
    world.store.says("POST", "/v1/files", {**FILE, "purpose": "assistants"})
    for base in world.bases("openai"):
        with openai_at(base) as client:
            assert uploaded(client, b"%PDF-1.7 \xff\xfe", "assistants")["purpose"] == "assistants"
        assert b"%PDF-1.7 \xff\xfe" in world.store.bodies[-1]


def test_a_batch_is_started_seen_listed_and_cancelled(world: World) -> None:
    for method, path in (("POST", "/batches"), ("GET", "/batches/batch_1"), ("POST", "/batches/batch_1/cancel")):
        world.store.says(method, f"/v1{path}", BATCH)
    world.store.says("GET", "/v1/batches", {"object": "list", "data": [BATCH], "has_more": False})
    world.store.says("GET", "/v1/files", {"object": "list", "data": [FILE], "has_more": False})
    world.store.says("GET", "/v1/files/file-1", FILE)
    world.store.says("DELETE", "/v1/files/file-1", {"id": "file-1", "object": "file", "deleted": True})
    seen: list[list[Any]] = []
    for base in world.bases("openai"):
        with openai_at(base) as client:
            started = client.batches.create(
                input_file_id="file-1", endpoint="/v1/chat/completions", completion_window="24h"
            )
            found: list[Any] = [started, client.batches.retrieve("batch_1"), client.batches.cancel("batch_1")]
            found += [*client.batches.list(limit=5), *client.files.list(purpose="batch", order="asc")]
            found += [client.files.retrieve("file-1"), client.files.delete("file-1")]
            seen.append([one.model_dump() for one in found])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 7


def result(text: str, custom_id: str = "one") -> dict[str, Any]:
    message = {"role": "assistant", "content": text, "refusal": None}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": "gpt-4o",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13},
    }
    response = {"status_code": 200, "request_id": "req_1", "body": body}
    return {"id": "batch_req_1", "custom_id": custom_id, "response": response, "error": None}


CONTENT = "/v1/files/file-2/content"


def content(world: World, way: int, *results: Any) -> bytes:
    world.store.says("GET", CONTENT, jsonl(*results), "application/octet-stream")
    with openai_at(world.bases("openai")[way]) as client:
        return bytes(client.files.content("file-2").content)


def test_results_come_byte_for_byte(world: World) -> None:
    results = [result("Hello there", "one"), result("And there", "two")]
    assert content(world, 1, *results) == content(world, 0, *results) == jsonl(*results)


def test_a_secret_in_the_first_result_is_the_sdks_own_error(world: World) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        content(world, 1, result(f"The key is {SECRET}"), result("Hello"))
    assert "Response blocked by policy: no-keys" in str(caught.value)


def test_a_secret_further_on_ends_the_results_with_a_line_that_says_so(world: World) -> None:
    found = content(world, 1, result("Hello"), result("there"), result(SECRET), result("more"))
    *let, last = [json.loads(line) for line in found.splitlines()]
    assert let == [result("Hello"), result("there")]
    assert "no-keys" in last["error"]["message"]
    assert last["response"] is None
    assert SECRET.encode() not in found


def test_a_mail_address_in_a_result_is_redacted_in_its_line(world: World) -> None:
    found = content(world, 1, result("Ask bob@corp.example.org please"), result("Hello"))
    assert json.loads(found.splitlines()[0]) == result("Ask [EMAIL_ADDRESS_1] please")
    assert found.splitlines()[1] == jsonl(result("Hello")).strip()


def test_an_upload_in_parts_is_the_sdks_own_error(world: World) -> None:
    with openai_at(world.bases("openai")[1]) as client, pytest.raises(openai.PermissionDeniedError) as caught:
        client.uploads.create(bytes=10, filename="a.jsonl", mime_type="text/jsonl", purpose="batch")
    assert caught.value.code == "upload_parts"


def request(text: str, custom_id: str = "one", model: str = "claude-sonnet-5") -> Any:
    params = {"model": model, "max_tokens": 50, "messages": [{"role": "user", "content": text}]}
    return {"custom_id": custom_id, "params": params}


def test_a_batch_of_messages_is_the_same_object(world: World) -> None:
    base = "/v1/messages/batches"
    deleted = {"id": "msgbatch_1", "type": "message_batch_deleted"}
    world.store.says("POST", base, MESSAGES)
    world.store.says("GET", base, {"data": [MESSAGES], "has_more": False, "first_id": None, "last_id": None})
    world.store.says("GET", f"{base}/msgbatch_1", MESSAGES)
    world.store.says("POST", f"{base}/msgbatch_1/cancel", MESSAGES)
    world.store.says("DELETE", f"{base}/msgbatch_1", deleted)
    seen: list[list[Any]] = []
    for at in world.bases("anthropic"):
        with anthropic_at(at) as client:
            batches = client.messages.batches
            created = batches.create(requests=[request("Hello"), request("there", "two", "claude-opus-5")])
            found = [created, batches.retrieve("msgbatch_1"), batches.cancel("msgbatch_1"), *batches.list(limit=5)]
            seen.append([one.model_dump() for one in [*found, batches.delete("msgbatch_1")]])
    assert seen[0] == seen[1]
    assert len(seen[0]) == 5


@pytest.mark.parametrize(
    ("bad", "rule"), [(request(f"Use {SECRET}"), "no-keys"), (request("Hi", model="x-forbidden"), "not-this-model")]
)
def test_one_bad_request_refuses_a_batch_of_messages(world: World, bad: Any, rule: str) -> None:
    world.store.bodies.clear()
    with anthropic_at(world.bases("anthropic")[1]) as client, pytest.raises(anthropic.BadRequestError) as caught:
        client.messages.batches.create(requests=[request("Hello"), request("Hello"), bad, request("Hello")])
    assert rule in str(caught.value)
    assert not world.store.bodies


def answer(text: str) -> dict[str, Any]:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 9, "output_tokens": 4},
    }
    return {"custom_id": "one", "result": {"type": "succeeded", "message": message}}


def results(world: World, way: int, *found: Any) -> list[Any]:
    base = world.bases("anthropic")[way]
    path = "/v1/messages/batches/msgbatch_1"
    world.store.says("GET", path, {**MESSAGES, "results_url": f"{base}{path}/results"})
    world.store.says("GET", f"{path}/results", jsonl(*found), "application/x-jsonl")
    with anthropic_at(base) as client:
        return [one.model_dump(warnings=False) for one in client.messages.batches.results("msgbatch_1")]


def test_results_of_messages_are_the_same_objects(world: World) -> None:
    found = [answer("Hello there"), answer("And there")]
    through = results(world, 1, *found)
    assert through == results(world, 0, *found)
    assert through[0]["result"]["message"]["content"][0]["text"] == "Hello there"


def test_a_secret_in_the_first_message_is_the_sdks_own_error(world: World) -> None:
    with pytest.raises(anthropic.BadRequestError) as caught:
        results(world, 1, answer(SECRET))
    assert "Response blocked by policy: no-keys" in str(caught.value)


def test_a_secret_further_on_is_a_result_that_went_wrong(world: World) -> None:
    *let, last = results(world, 1, answer("Hello"), answer("there"), answer(SECRET), answer("more"))
    assert [one["result"]["type"] for one in let] == ["succeeded", "succeeded"]
    assert last["result"]["type"] == "errored"
    assert "no-keys" in last["result"]["error"]["error"]["message"]
    assert SECRET not in str([*let, last])
