"""A JSON API that no codec knows, through the real Envoy and the real service."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.contract import provider_formats as formats
from tests.contract import streaming
from tests.contract.streaming import StreamingUpstream
from tests.contract.wire import post

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

SECRET = "AKIAQ3EGRZ5XWY7TNBMK"
POLICY = """
policy: {name: generic, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: no-keys, decision: BLOCK, match: {on: [request, response], findings: [{kind: secret}]}}
  - {id: no-mail, decision: REDACT, match: {on: [request, response], findings: [{kind: pii}]}}
"""
NDJSON = "application/x-ndjson"


@dataclass
class World:
    envoy: EnvoyProcess
    upstream: StreamingUpstream

    def ask(self, body: object, path: str = "/in-house/v2/run"):
        return post(self.envoy.port, path, json.dumps(body).encode())


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
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
        providers = (
            Provider("in-house", "generic", "127.0.0.1", "/in-house", upstream.port, tls=False),
            Provider("openai", "openai", "127.0.0.1", "/openai", upstream.port, tls=False),
        )
        envoy = EnvoyOptions(providers, (f"{folder}/e.sock",), f"{folder}/admin.sock", listen_port=0)
        with EngineProcess(env, folder, ready=f"127.0.0.1:{port}"), EnvoyProcess(envoy, folder) as process:
            yield World(process, upstream)


def test_what_the_policy_allows_passes_byte_for_byte(world: World) -> None:
    world.upstream.play(formats.document({"out": "Hello there", "n": 1}))
    answer = world.ask({"engine": "w-2", "q": "Say hello to everybody", "list": [1, "x"]})
    assert (answer.status, answer.json) == (200, {"out": "Hello there", "n": 1})
    assert b'"q": "Say hello to everybody"' in world.upstream.requests[0]


@pytest.mark.parametrize(
    "body",
    [
        {"deep": [{"er": {"x": f"Use {SECRET} now"}}]},
        {"x": SECRET},
        {f"a key {SECRET}": 1},
        [["a", SECRET]],
        f"Use {SECRET} now",
    ],
)
def test_a_secret_anywhere_is_refused_as_a_plain_error(world: World, body: object) -> None:
    world.upstream.play(formats.document({}))
    answer = world.ask(body)
    assert answer.status == 400
    assert answer.json["error"]["code"] == "content_policy_violation"
    assert "no-keys" in answer.json["error"]["message"]
    assert not world.upstream.requests


def test_a_mail_address_leaves_as_a_placeholder(world: World) -> None:
    world.upstream.play(formats.document({"out": "done"}))
    assert world.ask({"q": "Write to bob@corp.example.org soon"}).status == 200
    assert b'"q": "Write to [EMAIL_ADDRESS_1] soon"' in world.upstream.requests[0]


def test_another_provider_is_not_read_by_it(world: World) -> None:
    world.upstream.play(formats.document({}))
    answer = world.ask({"q": "Hello"}, "/openai/v2/run")
    assert (answer.status, answer.json["error"]["code"]) == (403, "unknown_route")
    assert not world.upstream.requests


def test_a_secret_in_an_answer_is_refused(world: World) -> None:
    world.upstream.play(formats.document({"out": [f"The key is {SECRET}"]}))
    answer = world.ask({"q": "Hello"})
    assert answer.status == 400
    assert SECRET.encode() not in answer.body


def lines(*texts: str) -> list[bytes]:
    return [json.dumps({"out": {"text": text}}).encode() + b"\n" for text in texts]


def events(*texts: str) -> list[bytes]:
    return [b"data: " + line + b"\n" for line in lines(*texts)]


@pytest.mark.parametrize(("content_type", "pieces"), [(NDJSON, lines), (formats.SSE, events)])
def test_a_stream_passes_byte_for_byte(world: World, content_type: str, pieces) -> None:
    sent = pieces("Hello", " there", " and", " more")
    world.upstream.play(formats.stream(content_type, sent))
    answer = world.ask({"q": "Hello"})
    assert (answer.status, answer.body) == (200, b"".join(sent))


@pytest.mark.parametrize(("content_type", "pieces"), [(NDJSON, lines), (formats.SSE, events)])
def test_a_secret_in_a_stream_is_cut_with_an_error(world: World, content_type: str, pieces) -> None:
    sent = pieces("Hello", " there", f" {SECRET[:9]}", f"{SECRET[9:]} and", " more")
    world.upstream.play(formats.stream(content_type, sent))
    answer = world.ask({"q": "Hello"})
    assert answer.status == 200
    assert answer.body.startswith(sent[0])
    assert b"no-keys" in answer.body
    assert SECRET[9:].encode() not in answer.body


def test_what_is_no_json_is_not_let_through(world: World) -> None:
    world.upstream.play(formats.stream("text/html", [b"<html>"]))
    answer = world.ask({"q": "Hello"})
    assert (answer.status, answer.json["error"]["code"]) == (502, "response_type")
