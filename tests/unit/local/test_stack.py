import itertools
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local import stack
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port
from firebreak.model.errors import Unavailable

pytestmark = pytest.mark.contract

FAKE_ENGINE = """
import http.server, os, sys
assert sys.argv[1:] == ["serve", "--quick"], sys.argv
class Handler(http.server.BaseHTTPRequestHandler):
    count = 0
    def do_GET(self):
        Handler.count += 1
        self.send_response(200 if Handler.count > 2 else 503)
        self.end_headers()
    def log_message(self, *args): ...
http.server.HTTPServer(("127.0.0.1", int(os.environ["FIREBREAK_PORT"])), Handler).serve_forever()
"""


def options(folder: Path) -> EnvoyOptions:
    return EnvoyOptions(
        providers=(Provider("openai", "openai", "127.0.0.1", "/openai", 9, tls=False),),
        engine=(str(folder / "engine.sock"),),
        admin_socket=str(folder / "admin.sock"),
        listen_port=0,
        health_interval_s=0.1,
    )


def test_envoy_is_up_inside_and_gone_outside() -> None:
    with short_folder() as folder:
        with EnvoyProcess(options(folder), folder) as process:
            assert process.port > 0
            assert process.base_url == f"http://127.0.0.1:{process.port}"
            assert process.stats("^server.live$") == {"server.live": 1}
            assert process.access_log() == []
            pid = process.pid
        _until(lambda: not Path(f"/proc/{pid}").exists())
        with pytest.raises(OSError, match=r".*"):
            process.admin("/ready")


def test_an_error_inside_ends_envoy_too() -> None:
    with short_folder() as folder:
        process = EnvoyProcess(options(folder), folder)
        with pytest.raises(KeyboardInterrupt), process:
            raise KeyboardInterrupt
        assert not process.child.running


def test_a_configuration_that_envoy_refuses_says_why_and_leaves_nothing() -> None:
    with short_folder() as folder:
        process = EnvoyProcess(options(folder), folder, config='{"no_such_field": 1}')
        with pytest.raises(Unavailable, match="no_such_field"), process:
            pass
        assert not process.child.running


def test_several_run_at_once() -> None:
    with (
        short_folder() as one,
        short_folder() as two,
        EnvoyProcess(options(one), one) as first,
        EnvoyProcess(options(two), two) as second,
    ):
        assert first.port != second.port


def test_a_line_that_never_comes_is_reported() -> None:
    with (
        short_folder() as folder,
        EnvoyProcess(options(folder), folder) as process,
        pytest.raises(Unavailable, match="no such line"),
    ):
        process.wait_for_log(lambda _: True, timeout_s=0.05)


def test_what_was_not_started_says_so(tmp_path: Path) -> None:
    envoy, engine = EnvoyProcess(options(tmp_path), tmp_path), EngineProcess({}, tmp_path, ready="127.0.0.1:1")
    envoy.stop()
    engine.stop()
    for part in (envoy, engine):
        with pytest.raises(Unavailable, match="not started"):
            _ = part.pid


def test_the_engine_is_waited_for_until_it_is_ready(tmp_path: Path) -> None:
    package = tmp_path / "firebreak"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(FAKE_ENGINE)
    port = free_port()
    env = {"PYTHONPATH": str(tmp_path), "FIREBREAK_PORT": str(port)}
    with EngineProcess(env, tmp_path, ready=f"127.0.0.1:{port}", args=["--quick"]) as engine:
        os.kill(engine.pid, 0)
    assert not engine.child.running


def test_a_free_port_is_another_one_each_time_and_never_one_that_a_connection_may_get() -> None:
    given = [free_port() for _ in range(200)]
    assert len(set(given)) == len(given)
    with socket.socket() as connection:
        connection.bind(("127.0.0.1", 0))
        assert max(given) < connection.getsockname()[1]


def test_a_port_in_use_is_not_free_and_where_all_are_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = free_port(), free_port()
    monkeypatch.setattr(stack, "LISTENED_ON", (first, second))
    monkeypatch.setattr(stack, "_candidates", itertools.cycle((first, second)))
    with socket.create_server(("127.0.0.1", first)):
        assert [free_port(), free_port()] == [second, second]
        with (
            socket.create_server(("127.0.0.1", second)),
            pytest.raises(Unavailable, match=f"every port from {first} to"),
        ):
            free_port()


def test_an_engine_that_does_not_start_says_why(tmp_path: Path) -> None:
    package = tmp_path / "firebreak"
    package.mkdir()
    (package / "__main__.py").write_text("raise SystemExit('no policy')")
    (package / "__init__.py").touch()
    engine = EngineProcess({"PYTHONPATH": str(tmp_path)}, tmp_path, ready="127.0.0.1:1")
    with pytest.raises(Unavailable, match="no policy"), engine:
        pass


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
