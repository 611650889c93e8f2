"""The real parts of a sidecar on one machine, each a context manager: the service and Envoy."""

import contextlib
import http.client
import itertools
import json
import os
import random
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from firebreak.edge.envoy.config import render
from firebreak.edge.envoy.options import EnvoyOptions
from firebreak.local import envoy_binary
from firebreak.local.process import POLL_S, Child
from firebreak.model.errors import Unavailable

START_S = 60.0
"""Longer than any part takes to start on a slow machine that is busy with other things."""

HOST = "127.0.0.1"
LISTENED_ON = range(20_000, 32_768)
"""Below the ports that kernels give to connections by default (Linux from 32768, others from 49152, as IANA has it):
one of those may be taken by any connection between the choice of a port and its listener's start."""

_candidates = itertools.cycle(random.sample(LISTENED_ON, len(LISTENED_ON)))


def free_port() -> int:
    """A port nobody listens on now, another one each time. Raises `Unavailable` where all are in use."""
    for port in itertools.islice(_candidates, len(LISTENED_ON)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind((HOST, port))
            return port
    span = f"{LISTENED_ON[0]} to {LISTENED_ON[-1]}"
    raise Unavailable(f"{HOST}: every port from {span} is in use: stop what listens there")


class EnvoyProcess:
    """A real Envoy. On entering it is listening and has asked the engine for its health once.

    `options.admin_socket` must be a path that can be created. `config` replaces the rendered text (for variants).
    """

    def __init__(self, options: EnvoyOptions, folder: Path, *, config: str = "", concurrency: int = 1) -> None:
        self.options = options
        self._folder = folder
        self._config = config or render(options)
        self._concurrency = concurrency
        self._child: Child | None = None
        self.port = options.listen_port

    def __enter__(self) -> Self:
        binary = envoy_binary.path()
        file = self._folder / "envoy.yaml"
        file.write_text(self._config, encoding="utf-8")
        command = [str(binary), "-c", str(file), "--disable-hot-restart", "--concurrency", str(self._concurrency)]
        command += ["--file-flush-interval-msec", "20", "--log-level", "warning", "--drain-time-s", "1"]
        self._child = Child("envoy", command, self._folder)
        try:
            self._child.wait_until(self._live, START_S)
            self.port = self._listening_port()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        return f"http://{self.options.listen_host}:{self.port}"

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def child(self) -> Child:
        if self._child is None:
            raise Unavailable("envoy: not started")
        return self._child

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def admin(self, path: str, method: str = "GET") -> str:
        """One call of the admin interface on its unix socket. Raises `OSError` where nobody answers."""
        return _unix_http(self.options.admin_socket, method, path)

    def stats(self, pattern: str) -> dict[str, int]:
        """Counters and gauges whose name matches the regular expression."""
        listed: list[dict[str, Any]] = json.loads(self.admin(f"/stats?format=json&filter={pattern}"))["stats"]
        return {stat["name"]: int(stat["value"]) for stat in listed if "name" in stat and "value" in stat}

    def access_log(self) -> list[dict[str, Any]]:
        """The lines written so far. Envoy writes one when the exchange is over, and flushes every 20 ms."""
        file = self.child.stdout if self.options.access_log == "/dev/stdout" else Path(self.options.access_log)
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n") and line.startswith("{")]

    def wait_for_log(self, matches: Callable[[dict[str, Any]], bool], timeout_s: float = 5.0) -> dict[str, Any]:
        """The newest line that matches. Raises `Unavailable` where there is none in time."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            found = [line for line in self.access_log() if matches(line)]
            if found:
                return found[-1]
            time.sleep(POLL_S)
        raise Unavailable("envoy: no such line in the access log")

    def _live(self) -> bool:
        try:
            return self.admin("/ready").startswith("LIVE")
        except (OSError, http.client.HTTPException):
            return False

    def _listening_port(self) -> int:
        listed = json.loads(self.admin("/listeners?format=json"))["listener_statuses"]
        return int(listed[0]["local_address"]["socket_address"]["port_value"])


class EngineProcess:
    """`firebreak serve` with the given environment (`FIREBREAK_*`) and arguments.

    `ready` is the `host:port` on which it will answer `/readyz`. The environment is added to the caller's own.
    """

    def __init__(self, env: Mapping[str, str], folder: Path, *, ready: str, args: Sequence[str] = ()) -> None:
        self._env = {**os.environ, **env}
        self._folder = folder
        self._ready = ready
        self._args = tuple(args)
        self._child: Child | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "firebreak", "serve", *self._args]
        self._child = Child("engine", command, self._folder, self._env)
        try:
            self._child.wait_until(self._is_ready, START_S)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def child(self) -> Child:
        if self._child is None:
            raise Unavailable("engine: not started")
        return self._child

    def stop(self, grace_s: float = 10.0) -> None:
        """SIGTERM drains it; what is left after `grace_s` is killed."""
        if self._child is not None:
            self._child.stop(grace_s)

    def _is_ready(self) -> bool:
        host, _, port = self._ready.rpartition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=1)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def _unix_http(path: str, method: str, target: str) -> str:
    with contextlib.closing(http.client.HTTPConnection("admin", timeout=5)) as connection:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(5)
        connection.sock.connect(path)
        connection.request(method, target)
        return connection.getresponse().read().decode()
