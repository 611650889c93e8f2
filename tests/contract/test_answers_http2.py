"""Answers over HTTP/2 and TLS, as the real providers send them: trailers, resets, and methods without a body."""

import http.client
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.contract import http2_provider
from tests.contract.http2_provider import End, Frame, GoAway, Head, Http2Provider, Reset, Trailers
from tests.contract.streaming import DONE, StreamingUpstream, document, event
from tests.contract.test_answers import POLICY, SECRET, Sidecar, texts
from tests.contract.test_answers_phases import bypassed
from tests.contract.test_tls import authority

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

JSON = Head(((":status", "200"), ("content-type", "application/json")))
BODY = document("Hello there.")[0].partition(b"\r\n\r\n")[2]  # type: ignore[union-attr]  # its one step is bytes


@dataclass
class Http2Sidecar(Sidecar):
    provider: Http2Provider = None  # type: ignore[assignment]  # always given; the fields before it have defaults


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Http2Sidecar]:
    with short_folder() as folder:
        ours = authority(folder, "ours")
        with http2_provider.running(ours.issue(folder, "localhost")) as provider:
            yield from _sidecar(folder, provider)
        assert provider.protocols == {"h2"}


def _sidecar(folder: Path, provider: Http2Provider) -> Iterator[Http2Sidecar]:
    port = free_port()
    (folder / "policy").mkdir()
    (folder / "policy" / "policy.yaml").write_text(POLICY, encoding="utf-8")
    env = {
        "FIREBREAK_POLICY_DIR": str(folder / "policy"),
        "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
        "FIREBREAK_LISTEN": f"unix:{folder}/e.sock",
        "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{port}",
    }
    there = Provider("openai", "openai", "localhost", "/openai", provider.port, ca_file=str(folder / "ours.pem"))
    envoy = EnvoyOptions((there,), (f"{folder}/e.sock",), f"{folder}/admin.sock", listen_port=0)
    with EngineProcess(env, folder, ready=f"127.0.0.1:{port}") as engine, EnvoyProcess(envoy, folder) as process:
        yield Http2Sidecar(folder, engine, process, StreamingUpstream(), provider=provider)


def test_a_stream_arrives_as_it_was_sent(sidecar: Http2Sidecar) -> None:
    sidecar.provider.play(Head(), event("Hello "), event("there."), DONE, End())
    status, body, whole = sidecar.ask()
    assert (status, body, whole) == (200, event("Hello ") + event("there.") + DONE, True)
    assert bypassed(sidecar) <= 0


@pytest.mark.parametrize("last", ["checksum", f"key {SECRET}"])
def test_trailers_of_an_answer_reach_nobody(sidecar: Http2Sidecar, last: str) -> None:
    sidecar.provider.play(Head(), event("Hello "), event("there."), DONE, Trailers((("x-note", last),)))
    status, body, whole = sidecar.ask()
    assert (status, whole, texts(body)) == (200, True, "Hello there.")
    assert b"x-note" not in body
    assert b"key" not in body
    assert sidecar.answered()["ending"] == "complete"
    assert bypassed(sidecar) <= 0


def test_what_is_held_before_trailers_is_judged(sidecar: Http2Sidecar) -> None:
    sidecar.provider.play(Head(), event("Hello "), event(f"key {SECRET}"), Trailers((("x-note", "n"),)))
    status, body, _ = sidecar.ask()
    assert status == 200
    assert SECRET[:6].encode() not in body
    assert b"content_policy_violation" in body


def test_a_document_before_trailers_is_judged_whole(sidecar: Http2Sidecar) -> None:
    sidecar.provider.play(JSON, BODY, Trailers((("x-note", "n"),)))
    assert sidecar.ask(stream=False) == (200, BODY, True)
    sidecar.provider.play(JSON, BODY.replace(b"there", SECRET.encode()), Trailers((("x-note", "n"),)))
    status, body, _ = sidecar.ask(stream=False)
    assert status == 400
    assert json.loads(body)["error"]["code"] == "content_policy_violation"
    assert bypassed(sidecar) <= 0


BREAKS: dict[str, tuple[Frame, ...]] = {
    "before the headers": (0.1, Reset()),
    "after the headers": (Head(), 0.1, Reset()),
    "with held bytes": (Head(), event("Hello "), event("there AKIAQ3"), 0.1, Reset()),
    "the connection": (Head(), event("Hello "), event("there AKIAQ3"), 0.1, GoAway()),
    "in a document": (JSON, BODY[:60], 0.1, Reset()),
}


@pytest.mark.parametrize("phase", BREAKS)
def test_a_provider_that_breaks_off_is_no_clean_end(sidecar: Http2Sidecar, phase: str) -> None:
    sidecar.provider.play(*BREAKS[phase])
    status, body, whole = sidecar.ask()
    assert b"AKIA" not in body
    assert status in (0, 502, 503) or (status == 200 and not whole)
    assert bypassed(sidecar) <= 0


def test_a_cut_resets_the_providers_stream(sidecar: Http2Sidecar) -> None:
    sidecar.provider.play(Head(), event("Hello "), event(f"key {SECRET} is "), *[event("more ")] * 5)  # and no end
    status, body, _ = sidecar.ask()
    assert status == 200
    assert SECRET.encode() not in body
    assert sidecar.provider.reset_by_peer.wait(5)


@pytest.mark.parametrize("status", ["204", "304"])
def test_an_answer_without_a_body_passes(sidecar: Http2Sidecar, status: str) -> None:
    sidecar.provider.play(Head(((":status", status), ("content-type", "application/json")), ends=True))
    assert sidecar.ask() == (int(status), b"", True)


def test_head_is_no_way_in(sidecar: Http2Sidecar) -> None:
    sidecar.provider.methods.clear()
    sidecar.provider.play(Head(ends=True))
    for path in ("/openai/v1/models", "/openai/v1/chat/completions"):
        with socket.create_connection(("127.0.0.1", sidecar.envoy.port), timeout=10) as connection:
            connection.sendall(f"HEAD {path} HTTP/1.1\r\nhost: app\r\nconnection: close\r\n\r\n".encode())
            response = http.client.HTTPResponse(connection, method="HEAD")
            response.begin()
            assert response.status in (403, 404, 405)
            assert connection.recv(1) == b""
    assert sidecar.provider.methods == []
