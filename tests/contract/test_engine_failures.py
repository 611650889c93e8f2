"""When the service fails, or says more than yes or no, nothing leaves and the client is told so in JSON."""

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from envoy.service.auth.v3.external_auth_pb2 import CheckRequest, CheckResponse
from tests.contract import stub_engine
from tests.contract.conftest import StartEnvoy
from tests.contract.stub_engine import Answer, StubEngine
from tests.contract.upstream import Upstream
from tests.contract.wire import Answer as Reply
from tests.contract.wire import post

from firebreak.local.process import Child
from firebreak.local.stack import EnvoyProcess

TARGET = "/openai/v1/chat/completions"


def assert_closed(reply: Reply, upstream: Upstream, reason: str = "engine_unavailable", status: int = 503) -> None:
    assert (reply.status, reply.reason) == (status, reason)
    assert reply.headers["content-type"] == "application/json"
    assert reply.json["type"] == "error"
    assert reply.json["error"]["code"] == reason
    assert not upstream.received


@pytest.mark.parametrize("path", ["/openai/v1/chat/completions", "/anthropic/v1/messages"])
def test_a_refusal_passes_to_the_client_as_the_service_wrote_it(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, path: str
) -> None:
    engine.answer = stub_engine.deny
    reply = post(sidecar.port, path, b"{}")
    assert (reply.status, reply.body) == (400, stub_engine.REFUSAL)
    assert reply.headers["content-type"] == "application/json"
    assert (reply.headers["x-firebreak-decision"], reply.headers["x-firebreak-rule"]) == ("BLOCK", "r1")
    assert not upstream.received


@pytest.mark.parametrize("status", [400, 403, 413, 415, 429, 503])
def test_a_refusal_keeps_its_body_whatever_its_status(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, status: int
) -> None:
    engine.answer = lambda request: stub_engine.deny(request, status)
    reply = post(sidecar.port, TARGET, b"{}")
    assert (reply.status, reply.body) == (status, stub_engine.REFUSAL)
    assert not upstream.received


def test_the_service_may_describe_its_own_fault(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    def fault(request: CheckRequest) -> CheckResponse:
        denied = stub_engine.deny(request, 503)
        answer = CheckResponse()
        answer.status.code = 14
        answer.error_response.CopyFrom(denied.denied_response)
        answer.dynamic_metadata.update({"decision": "ERROR", "record": "r9"})
        return answer

    engine.answer = fault
    reply = post(sidecar.port, TARGET, b"{}")
    assert (reply.status, reply.body) == (503, stub_engine.REFUSAL)
    assert sidecar.wait_for_log(lambda line: line.get("record") == "r9")["details"] == "ext_authz_error"
    assert not upstream.received


@pytest.mark.parametrize(
    "answer",
    [
        stub_engine.mutate(content_length="1"),
        stub_engine.mutate(transfer_encoding="chunked"),
        stub_engine.mutate(content_encoding="gzip"),
        stub_engine.mutate(host="evil.example"),
        stub_engine.mutate(_path="/v1/files"),
        stub_engine.mutate(_method="DELETE"),
        stub_engine.mutate(_authority="evil.example"),
        stub_engine.mutate(authorization="Bearer other"),
        stub_engine.mutate(x_harmless="1"),
        stub_engine.remove("authorization"),
        stub_engine.remove("content-length"),
    ],
)
def test_a_yes_that_changes_the_request_is_an_error(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, answer: Answer
) -> None:
    engine.answer = answer
    body = b"{}GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n"
    reply = post(sidecar.port, TARGET, body, "authorization: Bearer own")
    assert_closed(reply, upstream, "engine_answer", 500)


@pytest.mark.parametrize("garbage", [b"\xff\xff\xff", b"\x0a\x02\x08", b"x" * 100_000])
def test_an_answer_that_is_no_answer_is_a_no(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, garbage: bytes
) -> None:
    engine.answer = lambda _: garbage
    assert_closed(post(sidecar.port, TARGET, b"{}"), upstream)


@pytest.mark.parametrize(("name", "value"), [("bad name", "x"), ("x-split", "a\r\nset-cookie: b")])
def test_an_answer_cannot_break_out_of_its_headers(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, name: str, value: str
) -> None:
    def answer(request: CheckRequest) -> CheckResponse:
        said = stub_engine.allow(request)
        said.ok_response.response_headers_to_add.add(header={"key": name, "value": value})
        return said

    engine.answer = answer
    assert_closed(post(sidecar.port, TARGET, b"{}"), upstream, "engine_answer", 500)


def test_a_yes_without_a_record_is_a_no(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    """An empty message says yes by its form, and so does a service that has forgotten to record."""
    silent = CheckResponse()
    silent.ok_response.SetInParent()
    elsewhere = CheckResponse()
    elsewhere.dynamic_metadata.update({"decision": "ALLOW"})
    said = [CheckResponse(), silent, elsewhere]
    engine.answer = lambda _: said.pop()
    while said:
        assert_closed(post(sidecar.port, TARGET, b"{}"), upstream, "unchecked", 403)


def test_a_service_that_raises_is_a_no(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    def broken(_: CheckRequest) -> bytes:
        raise ArithmeticError

    engine.answer = broken
    assert_closed(post(sidecar.port, TARGET, b"{}"), upstream)


def test_a_slow_service_is_a_no_in_time(envoy: StartEnvoy, engine: StubEngine, upstream: Upstream) -> None:
    may_answer = threading.Event()
    engine.answer = stub_engine.when(may_answer)
    with envoy(engine_timeout_s=0.2) as process:
        assert_closed(post(process.port, TARGET, b"{}"), upstream)
        may_answer.set()
        assert process.wait_for_log(lambda line: line["reason"] == "engine_unavailable")["details"] == "ext_authz_error"


def test_a_service_that_is_not_there_is_a_no(envoy: StartEnvoy, upstream: Upstream, folder: Path) -> None:
    with envoy(engine=(str(folder / "nobody.sock"),)) as process:
        assert_closed(post(process.port, TARGET, b"{}"), upstream)


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", b"\x00" * 64, b""])
def test_something_else_on_the_socket_is_a_no(envoy: StartEnvoy, upstream: Upstream, folder: Path, said: bytes) -> None:
    with _speaker(folder / "other.sock", said), envoy(engine=(str(folder / "other.sock"),)) as process:
        assert_closed(post(process.port, TARGET, b"{}"), upstream)


def test_a_worker_that_dies_in_the_middle_takes_only_its_own_requests(
    envoy: StartEnvoy, shared_engine: StubEngine, engine: StubEngine, upstream: Upstream, folder: Path
) -> None:
    with _worker(folder, "dying") as (worker, address), envoy(engine=(address,)) as process:
        assert post(process.port, TARGET, b"{}").status == 200
        upstream.reset()
        assert_closed(post(process.port, TARGET, b'{"die":true}'), upstream)
        _until(lambda: not worker.running)
        assert_closed(post(process.port, TARGET, b"{}"), upstream)


def test_a_dead_worker_loses_its_turn_and_gets_it_back(
    envoy: StartEnvoy, engine: StubEngine, upstream: Upstream, folder: Path
) -> None:
    with _worker(folder, "second") as (worker, address), envoy(engine=(engine.address, address)) as process:
        assert _served(process, 20) == 20
        assert 0 < len(engine.checks) < 20
        os.kill(worker.pid, signal.SIGKILL)
        before = len(upstream.requests)
        passed = _served(process, 40)
        assert passed >= 37
        assert len(upstream.requests) == before + passed
        _until(lambda: _healthy(process) == 1)
        assert _served(process, 20) == 20
        with _worker(folder, "second"):
            _until(lambda: _healthy(process) == 2)
            assert _served(process, 20) == 20


def test_a_worker_that_says_it_is_not_serving_gets_nothing(
    envoy: StartEnvoy, engine: StubEngine, upstream: Upstream
) -> None:
    with envoy() as process:
        assert post(process.port, TARGET, b"{}").status == 200
        upstream.reset()
        try:
            engine.healthy(well=False)
            _until(lambda: _healthy(process) == 0)
            asked = len(engine.checks)
            assert_closed(post(process.port, TARGET, b"{}"), upstream)
            assert len(engine.checks) == asked
        finally:
            engine.healthy(well=True)
        _until(lambda: post(process.port, TARGET, b"{}").status == 200)


def test_a_service_that_cannot_take_the_message_is_a_no(envoy: StartEnvoy, upstream: Upstream, folder: Path) -> None:
    address = str(folder / "narrow.sock")
    with stub_engine.running(address, max_message_bytes=1024), envoy(engine=(address,)) as process:
        assert_closed(post(process.port, TARGET, b"x" * 2048), upstream)


@contextlib.contextmanager
def _worker(folder: Path, name: str) -> Iterator[tuple[Child, str]]:
    """The stub as a process that can be killed."""
    address = str(folder / f"{name}.sock")
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])
    child = Child(
        name, [sys.executable, "-m", "tests.contract.stub_engine", address], folder, {**os.environ, "PYTHONPATH": path}
    )
    try:
        child.wait_until(lambda: _connects(address), 20)
        yield child, address
    finally:
        child.stop(0.1)


def _connects(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(address) == 0


@contextlib.contextmanager
def _speaker(address: Path, said: bytes) -> Iterator[None]:
    """Listens where the service should and says something else."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(address))
    listener.listen()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.sendall(said)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
        address.unlink()


def _served(process: EnvoyProcess, count: int) -> int:
    return sum(post(process.port, TARGET, b"{}").status == 200 for _ in range(count))


def _healthy(process: EnvoyProcess) -> int:
    return process.stats("^cluster.engine.membership_healthy$")["cluster.engine.membership_healthy"]


def _until(holds: Any, timeout_s: float = 5.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
