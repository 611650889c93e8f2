"""What the bench measures on: two Envoys alike, one before the service, one before the empty server."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from firebreak import settings
from firebreak.edge.probe import serving
from firebreak.local.process import Child, short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

POLICY = Path("policies/baseline.yaml")
HERE = Path(__file__).parent
START_S = 20.0


@dataclass(frozen=True, slots=True)
class Rig:
    """Ports of the two Envoys, and the service's process."""

    firebreak: int
    empty: int
    pid: int
    start_s: float


@contextlib.contextmanager
def rig(starts: int, origin: str = "origin.py") -> Iterator[Rig]:
    """Everything up before the given provider; the service is started `starts` times, and the median time until it was ready is kept."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(short_folder())
        origin_port = free_port()
        _child(stack, "origin", [str(HERE / origin), str(origin_port)], folder)
        http = f"127.0.0.1:{free_port()}"
        environment = _environment(folder, origin_port, http)
        options = settings.load(environment)
        times = []
        for _ in range(starts - 1):
            started = time.perf_counter()
            with EngineProcess(environment, folder, ready=http):
                times.append(time.perf_counter() - started)
        started = time.perf_counter()
        engine = stack.enter_context(EngineProcess(environment, folder, ready=http))
        times.append(time.perf_counter() - started)
        empty = f"unix:{folder / 'empty.sock'}"
        arguments = [str(HERE / "empty_check.py"), empty, str(options.max_body_bytes)]
        _child(stack, "empty", arguments, folder).wait_until(lambda: serving(empty, 0.5), START_S)
        ports = [
            _envoy(stack, options, folder, "a", options.listen),
            _envoy(stack, options, folder, "b", empty),
        ]
        yield Rig(ports[0], ports[1], engine.pid, sorted(times)[len(times) // 2])


def _child(stack: contextlib.ExitStack, name: str, arguments: list[str], folder: Path) -> Child:
    child = Child(name, [sys.executable, *arguments], folder)
    stack.callback(child.stop)
    return child


def _envoy(stack: contextlib.ExitStack, options: settings.Settings, folder: Path, name: str, engine: str) -> int:
    own = folder / name
    own.mkdir()
    chosen = replace(options.envoy_options(), listen_port=0, engine=(engine,), admin_socket=str(own / "admin.sock"))
    return stack.enter_context(EnvoyProcess(chosen, own)).port


def _environment(folder: Path, origin_port: int, http: str) -> dict[str, str]:
    for name in ("policy", "audit"):
        (folder / name).mkdir()
    (folder / "policy" / "policy.yaml").write_bytes(POLICY.read_bytes())
    provider = {"name": "openai", "api": "openai", "host": "127.0.0.1", "port": origin_port, "tls": False}
    return {
        "FIREBREAK_POLICY_DIR": str(folder / "policy"),
        "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
        "FIREBREAK_LISTEN": f"unix:{folder / 'engine.sock'}",
        "FIREBREAK_HTTP_LISTEN": http,
        "FIREBREAK_PROVIDERS": json.dumps([provider | {"prefix": "/openai"}]),
        "FIREBREAK_ENVOY_ADMIN": str(folder / "admin.sock"),
        # 64 connections with 1 MB each wait for each other longer than a default sidecar would let them.
        "FIREBREAK_CHECK_TIMEOUT_MS": "30000",
        # And 64 requests of 1 MB are twice that in Envoy, which would begin to shed them, as it should in a sidecar.
        "FIREBREAK_ENVOY_MEMORY_BYTES": str(1 << 30),
        "FIREBREAK_LOG_LEVEL": "warning",
    }


def worker_rss_bytes(pid: int) -> int:
    """Resident memory of the largest process of the service: the process itself, or one of its workers."""
    family = [pid]
    for other in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int((other / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                family.append(int(other.name))
    return max(_rss(member) for member in family)


def _rss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0
