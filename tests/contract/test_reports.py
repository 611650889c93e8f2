"""What an operator sees: a line an exchange with its decision, a trace, an admin interface off the network."""

import contextlib
import json
import socket
import stat
from pathlib import Path

import pytest
from tests.contract import stub_engine
from tests.contract.conftest import LIMIT, StartEnvoy
from tests.contract.stub_engine import StubEngine, headers_of
from tests.contract.upstream import Upstream, response
from tests.contract.wire import post

from firebreak.edge.envoy.options import Overload
from firebreak.local.stack import EnvoyProcess

TARGET = "/openai/v1/chat/completions"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_the_line_carries_the_decision(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    answer = post(sidecar.port, f"{TARGET}?key=secret-in-query", b"{}", "authorization: Bearer secret-in-header")
    line = sidecar.wait_for_log(lambda line: line.get("request_id") == answer.headers["x-request-id"])
    assert {name: line[name] for name in stub_engine.REPORT} == stub_engine.REPORT
    assert (line["route"], line["status"], line["method"]) == ("openai", 200, "POST")
    assert line["path"] == TARGET.removeprefix("/openai")
    assert (line["details"], line["bytes_in"]) == ("via_upstream", 2)
    assert int(line["check_us"]) > 0
    assert "secret" not in json.dumps(line)


def test_a_refusal_is_in_the_log(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    engine.answer = stub_engine.deny
    answer = post(sidecar.port, TARGET, b"{}")
    line = sidecar.wait_for_log(lambda line: line.get("request_id") == answer.headers["x-request-id"])
    assert (line["decision"], line["rule"], line["details"], line["flags"]) == (
        "BLOCK",
        "r1",
        "ext_authz_denied",
        "UAEX",
    )
    assert line["record"] == stub_engine.REPORT["record"]


@pytest.mark.parametrize(
    ("target", "header", "size", "refused"),
    [
        (TARGET, "a: b", LIMIT + 1, (413, "too_large")),
        (TARGET, "content-encoding: gzip", 2, (415, "content_encoding")),
        ("/nowhere", "a: b", 2, (403, "unknown_destination")),
        ("/openai%2Fv1", "a: b", 2, (400, "bad_request")),
        (TARGET, "x-long: " + "y" * 62_000, 2, (431, "headers_too_large")),
    ],
)
def test_what_envoy_refuses_by_itself_has_a_reason(
    sidecar: EnvoyProcess,
    engine: StubEngine,
    upstream: Upstream,
    *,
    target: str,
    header: str,
    size: int,
    refused: tuple[int, str],
) -> None:
    answer = post(sidecar.port, target, b"x" * size, header)
    assert (answer.status, answer.reason) == refused
    assert answer.json["error"]["code"] == answer.reason
    assert answer.headers["content-type"] == "application/json"
    sidecar.wait_for_log(lambda line: (line["status"], line.get("reason")) == refused)
    assert not upstream.received


@pytest.mark.parametrize("status", ["400 Bad Request", "413 Too Large", "429 Slow Down", "503 Busy", "529 Overloaded"])
def test_a_providers_own_error_is_left_alone(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, status: str
) -> None:
    upstream.answer = lambda _: response(b'{"error":"theirs"}', status, "retry-after: 7")
    answer = post(sidecar.port, TARGET, b"{}")
    assert (answer.status, answer.body) == (int(status[:3]), b'{"error":"theirs"}')
    assert answer.headers["retry-after"] == "7"
    assert not answer.reason


def test_a_provider_that_hangs_up_is_told_apart(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    upstream.answer = lambda _: b"garbage\r\n\r\n"
    answer = post(sidecar.port, TARGET, b"{}")
    assert answer.status in (502, 503)
    assert answer.json["type"] == "error"


def test_the_log_can_go_to_a_file(envoy: StartEnvoy, engine: StubEngine, upstream: Upstream, folder: Path) -> None:
    with envoy(access_log=str(folder / "access.log")) as process:
        post(process.port, TARGET, b"{}")
        assert process.wait_for_log(lambda line: line["status"] == 200)["decision"] == "ALLOW"


def test_the_trace_goes_through_the_check_to_the_provider(
    envoy: StartEnvoy, engine: StubEngine, upstream: Upstream
) -> None:
    with envoy(otlp="127.0.0.1:9") as process:
        post(process.port, TARGET, b"{}", f"traceparent: {PARENT}")
        post(process.port, TARGET, b"{}")
        trace = PARENT.split("-")[1]
        line = process.wait_for_log(lambda line: line["trace_id"] == trace)
        assert line["status"] == 200
    assert str(engine.metadata[0]["traceparent"]).split("-")[1] == trace
    assert upstream.requests[0].all("traceparent")[0].split("-")[1] == trace
    assert (
        str(engine.metadata[1]["traceparent"]).split("-")[1] == upstream.requests[1].all("traceparent")[0].split("-")[1]
    )


def test_without_a_collector_the_clients_trace_still_arrives(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    post(sidecar.port, TARGET, b"{}", f"traceparent: {PARENT}")
    assert headers_of(engine.checks[0])["traceparent"] == [PARENT]
    assert upstream.requests[0].all("traceparent") == [PARENT]


def test_the_admin_interface_is_on_a_socket_of_its_owner_only(sidecar: EnvoyProcess) -> None:
    mode = Path(sidecar.options.admin_socket).stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600
    assert sidecar.admin("/ready").startswith("LIVE")
    assert _tcp_ports(sidecar.pid) == {sidecar.port}
    assert post(sidecar.port, "/config_dump", b"").status == 403


def test_too_many_connections_are_not_taken(envoy: StartEnvoy, engine: StubEngine, upstream: Upstream) -> None:
    with envoy(overload=Overload(max_connections=2)) as process, contextlib.ExitStack() as held:
        for _ in range(2):
            held.enter_context(socket.create_connection(("127.0.0.1", process.port)))
        with pytest.raises((ConnectionError, OSError)):
            post(process.port, TARGET, b"{}")
        assert not upstream.received


def _tcp_ports(pid: int) -> set[int]:
    """Ports on which the process listens, from the kernel."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):
            inodes.add(str(descriptor.readlink()).removeprefix("socket:[").removesuffix("]"))
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    return {int(row[1].rsplit(":", 1)[1], 16) for row in rows if row[3] == "0A" and row[9] in inodes}
