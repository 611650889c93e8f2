"""What comes back: the real service and the real Envoy before a provider that streams."""

import contextlib
import http.client
import json
import os
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.contract import streaming
from tests.contract.streaming import DONE, LAST_CHUNK, RESET, SSE_HEAD, StreamingUpstream, chat, chunk, document, event

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

SECRET = "AKIAQ3EGRZ5XWY7TNBMK"
TARGET = "/openai/v1/chat/completions"
POLICY = """
policy: {name: responses, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: no-keys, decision: BLOCK, match: {on: [response], findings: [{kind: secret}]}}
  - {id: hide-people, decision: REDACT, match: {on: [response], findings: [{kind: pii}]}}
  - {id: fillers, decision: ALLOW, match: {findings: [{kind: waste}]}}
"""


@dataclass
class Sidecar:
    folder: Path
    engine: EngineProcess
    envoy: EnvoyProcess
    upstream: StreamingUpstream
    read: bytearray = field(default_factory=bytearray)
    http_port: int = 0

    def ask(self, *, stream: bool = True, timeout_s: float = 20.0, body: str = "") -> tuple[int, bytes, bool]:
        """Status, body as far as it came, and whether it ended as HTTP wants it."""
        body = body or json.dumps(
            {"model": "gpt-4o", "stream": stream, "messages": [{"role": "user", "content": "Hello"}]}
        )
        head = f"POST {TARGET} HTTP/1.1\r\nhost: app\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        with socket.create_connection(("127.0.0.1", self.envoy.port), timeout=timeout_s) as connection:
            connection.sendall(f"{head}\r\n\r\n{body}".encode())
            return self._read(connection)

    def _read(self, connection: socket.socket) -> tuple[int, bytes, bool]:
        response = http.client.HTTPResponse(connection)
        try:
            response.begin()
        except (http.client.HTTPException, OSError):
            return 0, b"", False
        self.read, self.form = bytearray(), response.headers.get("content-type", "")
        try:
            while piece := response.read1(65536):
                self.read += piece
        except (http.client.HTTPException, OSError):
            return response.status, bytes(self.read), False
        return response.status, bytes(self.read), True

    def records(self) -> list[dict]:
        lines = [
            line for file in sorted((self.folder / "audit").glob("*.jsonl")) for line in file.read_bytes().splitlines()
        ]
        entries = [json.loads(line) for line in lines]
        return [entry["entry"] for entry in entries if entry["kind"] == "record"]

    def counted(self, series: str) -> float:
        """A counter's value, once it is there: an answer is counted after its record."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http_port}/metrics", timeout=5) as answer:
                for line in answer.read().decode().splitlines():
                    if line.startswith(f"{series} "):
                        return float(line.rpartition(" ")[2])
            time.sleep(0.05)
        raise AssertionError(f"no {series}")

    def answered(self) -> dict:
        """The newest record of an answer."""
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            found = [record for record in self.records() if record.get("direction") == "response"]
            if found:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError("no record of an answer")


@contextlib.contextmanager
def running(policy: str = POLICY, **options: Any) -> Iterator[Sidecar]:
    with short_folder() as folder, streaming.running() as upstream:
        port = free_port()
        (folder / "policy").mkdir()
        (folder / "policy" / "policy.yaml").write_text(policy, encoding="utf-8")
        env = {
            "FIREBREAK_POLICY_DIR": str(folder / "policy"),
            "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
            "FIREBREAK_LISTEN": f"unix:{folder}/e.sock",
            "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{port}",
            "FIREBREAK_POLICY_POLL_S": "0.2",
        }
        provider = Provider("openai", "openai", "127.0.0.1", "/openai", upstream.port, tls=False)
        envoy = EnvoyOptions((provider,), (f"{folder}/e.sock",), f"{folder}/admin.sock", listen_port=0, **options)
        with EngineProcess(env, folder, ready=f"127.0.0.1:{port}") as engine, EnvoyProcess(envoy, folder) as process:
            yield Sidecar(folder, engine, process, upstream, http_port=port)


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Sidecar]:
    with running() as started:
        yield started


def texts(body: bytes) -> str:
    events = [json.loads(line[6:]) for line in body.split(b"\n") if line.startswith(b"data: {")]
    deltas = [choice["delta"] for each in events for choice in each.get("choices", ())]
    return "".join(delta.get("content", "") for delta in deltas)


def test_a_harmless_stream_arrives_byte_by_byte_as_it_was_sent(sidecar: Sidecar) -> None:
    pieces = ["Hello", ",", " how", " are", " you", "? ", "Fine", "."]
    sidecar.upstream.play(chat(pieces))
    status, body, whole = sidecar.ask()
    assert (status, whole) == (200, True)
    assert body == b"".join([*map(event, pieces), event(None, "stop"), DONE])
    record = sidecar.answered()
    assert (record["ending"], record["inspected"]) == ("complete", "stream")


def test_a_stream_is_not_collected_before_it_leaves(sidecar: Sidecar) -> None:
    sidecar.upstream.play(chat(["one ", "two ", "three ", "four "], pause_s=0.3))
    started = time.monotonic()
    body = json.dumps({"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": "Hello"}]})
    with socket.create_connection(("127.0.0.1", sidecar.envoy.port), timeout=20) as connection:
        head = f"POST {TARGET} HTTP/1.1\r\nhost: app\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        connection.sendall(f"{head}\r\n\r\n{body}".encode())
        data = b""
        while b"one" not in data:
            data += connection.recv(4096)
        assert b"four" not in data
        assert sidecar.upstream.sent < len(sidecar.upstream.steps)
    assert started


@pytest.mark.parametrize("cut", range(1, len(SECRET)))
def test_a_secret_split_anywhere_ends_the_stream_before_any_of_it(sidecar: Sidecar, cut: int) -> None:
    pieces = ["The", " key", " is", " " + SECRET[:cut], SECRET[cut:], " and", " more"]
    sidecar.upstream.play(chat(pieces))
    status, body, whole = sidecar.ask()
    assert (status, whole) == (200, True)
    assert texts(body) == "The key is"
    assert b"content_policy_violation" in body
    assert body.endswith(DONE)
    assert SECRET[:4].encode() not in body


def test_a_cut_stops_the_provider(sidecar: Sidecar) -> None:
    sidecar.upstream.play(chat(["The ", f"key {SECRET} ", *["word "] * 200], pause_s=0.02))
    _, body, whole = sidecar.ask()
    assert whole
    assert b"content_policy_violation" in body
    assert sidecar.upstream.cut_off.wait(5)
    assert sidecar.answered()["ending"] == "cut"


def test_personal_data_is_replaced_in_place(sidecar: Sidecar) -> None:
    sidecar.upstream.play(
        chat(["Mail ", "bob", "@exam", "ple.com", " or ", "eve@example.com", " or bob@example.com", "."])
    )
    status, body, whole = sidecar.ask()
    assert (status, whole) == (200, True)
    assert texts(body) == "Mail [EMAIL_ADDRESS_1] or [EMAIL_ADDRESS_2] or [EMAIL_ADDRESS_1]."
    assert body.endswith(DONE)


def test_a_document_with_a_secret_is_refused_in_its_place(sidecar: Sidecar) -> None:
    sidecar.upstream.play(document(f"The key is {SECRET}."))
    status, body, whole = sidecar.ask(stream=False)
    assert (status, whole) == (400, True)
    assert json.loads(body)["error"]["code"] == "content_policy_violation"
    assert sidecar.form == "application/json"
    assert SECRET.encode() not in body
    record = sidecar.answered()
    assert (record["ending"], record["status"]) == ("refused", 200)


def test_a_document_is_changed_in_place_and_nowhere_else(sidecar: Sidecar) -> None:
    sidecar.upstream.play(document("Write to bob@example.com, \u00e9t\u00e9."))
    status, body, _ = sidecar.ask(stream=False)
    sent = sidecar.upstream.steps[0]
    assert status == 200
    assert isinstance(sent, bytes)
    assert body == sent.partition(b"\r\n\r\n")[2].replace(b"bob@example.com", b"[EMAIL_ADDRESS_1]")
    assert sidecar.answered()["usage"] == {"cached": 0, "estimated": False, "input": 9, "output": 4, "reasoning": 0}


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ([streaming.plain(b"\x1f\x8b\x08", "200 OK", "content-encoding: gzip")], "response_encoded"),
        ([streaming.plain(b"{")], "not_json"),
        ([streaming.plain(b'{"a":1,"a":2}')], "duplicate_key"),
        ([b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: 3\r\n\r\nabc"], "response_type"),
        ([SSE_HEAD, chunk(b"data: {]\n\n"), LAST_CHUNK], "not_json"),
    ],
)
def test_what_cannot_be_read_does_not_pass(sidecar: Sidecar, steps: list, code: str) -> None:
    sidecar.upstream.play(steps)
    status, body, whole = sidecar.ask(stream=False)
    assert (status, whole) == (502, True)
    assert json.loads(body)["error"]["code"] == code


def test_a_providers_error_passes_as_it_is(sidecar: Sidecar) -> None:
    error = json.dumps({"error": {"message": "Rate limit reached", "type": "tokens", "code": "rate_limit"}}).encode()
    sidecar.upstream.play([streaming.plain(error, "429 Too Many Requests", "retry-after: 3")])
    status, body, _ = sidecar.ask(stream=False)
    assert (status, body) == (429, error)


def test_a_secret_in_a_providers_error_does_not_pass(sidecar: Sidecar) -> None:
    sidecar.upstream.play([streaming.plain(json.dumps({"error": SECRET}).encode(), "500 Internal Server Error")])
    status, body, _ = sidecar.ask(stream=False)
    assert status == 400
    assert SECRET.encode() not in body


def test_an_empty_answer_passes(sidecar: Sidecar) -> None:
    sidecar.upstream.play([b"HTTP/1.1 204 No Content\r\n\r\n"])
    assert sidecar.ask(stream=False)[0] == 204


def test_a_reset_in_the_middle_lets_nothing_out_that_was_held(sidecar: Sidecar) -> None:
    sidecar.upstream.play(
        [SSE_HEAD, chunk(event("Hi ")), chunk(event("there ")), chunk(event("AKIAQ3EGRZ")), 0.2, RESET]
    )
    status, body, whole = sidecar.ask()
    assert (status, whole) == (200, False)
    assert b"AKIA" not in body
    assert sidecar.answered()["ending"] == "aborted"


def test_a_stream_that_says_nothing_of_tokens_is_estimated(sidecar: Sidecar) -> None:
    sidecar.upstream.play(chat(["Hello", ", how", " are", " you today?"]))
    sidecar.ask()
    assert sidecar.answered()["usage"] == {"cached": 0, "estimated": True, "input": 8, "output": 7, "reasoning": 0}


def test_a_stream_that_is_cut_counts_what_was_said(sidecar: Sidecar) -> None:
    sidecar.upstream.play(chat(["The ", "key ", f"{SECRET} ", *["word "] * 200], pause_s=0.02))
    sidecar.ask()
    record = sidecar.answered()
    assert record["ending"] == "cut"
    assert record["usage"] == {"cached": 0, "estimated": True, "input": 8, "output": 9, "reasoning": 0}


def test_what_the_provider_did_not_count_of_a_broken_stream_is_priced() -> None:
    with running(f"{POLICY}prices:\n  - {{models: ['*'], input: 1.0, output: 10.0}}\n") as sidecar:
        sidecar.upstream.play([SSE_HEAD, chunk(event("Hi there, ")), 0.2, RESET])
        assert sidecar.ask()[2] is False
        record = sidecar.answered()
        assert (record["ending"], record["cost"]) == ("aborted", 38e-6)
        labels = '{estimated="true",model="gpt-4o",provider="openai",type="output"}'
        assert sidecar.counted(f"firebreak_tokens_total{labels}") == 3


def test_a_long_pause_at_the_start_is_no_error(sidecar: Sidecar) -> None:
    sidecar.upstream.play([SSE_HEAD, 3.0, chunk(event("Hi.")), chunk(event(None, "stop")), chunk(DONE), LAST_CHUNK])
    status, body, whole = sidecar.ask()
    assert (status, whole, texts(body)) == (200, True, "Hi.")


REDACTING = """
policy: {name: redaction, version: "1"}
defaults: {intent: ALLOW}
redaction: {restore: true}
rules:
  - {id: hide-people, decision: REDACT, match: {on: [request], findings: [{kind: pii}]}}
  - {id: people-may-return, decision: ALLOW, match: {on: [response], findings: [{kind: pii}]}}
"""


def test_the_provider_never_sees_what_the_user_gets_back() -> None:
    with running(REDACTING) as sidecar:
        sidecar.upstream.play(chat(["Dear ", "[EMAIL", "_ADDRESS_1], your ", "friend [EMAIL_ADDRESS_2] ", "says hi."]))
        text = "Write to eve@example.com\\n and bob@example.com, once more bob@example.com please"
        body = json.dumps({"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": text}]})
        status, answer, whole = sidecar.ask(body=body)
        sent = sidecar.upstream.requests[0]
        head, _, left = sent.partition(b"\r\n\r\n")
        assert (status, whole) == (200, True)
        assert b"bob@" not in left
        assert left.decode() == body.replace("bob@example.com", "[EMAIL_ADDRESS_2]").replace(
            "eve@example.com", "[EMAIL_ADDRESS_1]"
        )
        assert f"content-length: {len(left)}".encode() in head.lower()
        assert texts(answer) == "Dear eve@example.com, your friend bob@example.com says hi."


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("phase", [0, 1, 3])
def test_a_service_that_dies_or_hangs_lets_nothing_more_out(number: int, phase: int) -> None:
    with running(stream_idle_timeout_s=3.0) as sidecar:
        steps = chat(["Hello ", "there ", f"key {SECRET} ", "and ", "more "], pause_s=0.4)
        if phase == 0:
            steps.insert(0, 1.5)
        sidecar.upstream.play(steps)
        os.kill(sidecar.engine.pid, 0)
        import threading

        def strike() -> None:
            while sidecar.upstream.sent < phase * 2 + (1 if phase else 0) and not sidecar.upstream.requests:
                time.sleep(0.01)
            while sidecar.upstream.sent < phase * 2:
                time.sleep(0.01)
            os.kill(sidecar.engine.pid, number)

        thread = threading.Thread(target=strike)
        thread.start()
        status, body, whole = sidecar.ask()
        thread.join()
        if number == signal.SIGSTOP:
            os.kill(sidecar.engine.pid, signal.SIGCONT)
        assert SECRET[:4].encode() not in body
        assert status in (0, 200, 500, 503, 504)
        assert status != 200 or not whole or body == b""


def test_the_alarm_for_a_silent_bypass_stays_at_nought(sidecar: Sidecar) -> None:
    stats = sidecar.envoy.stats("ext_proc")
    closed = sum(value for name, value in stats.items() if name.endswith("server_half_closed"))
    failed = sum(value for name, value in stats.items() if name.endswith("streams_failed"))
    assert closed - failed <= 0
