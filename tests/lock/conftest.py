"""A locked pod with the real engine and the real Envoy, as uid 1337, and a world outside that counts packets."""

import http.client
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.lock import certificates, lab
from tests.lock.lab import SIDECAR, Lab, laboratory

from firebreak.local import envoy_binary

PROVIDERS = [
    {"name": "openai", "api": "openai", "host": "api.openai.com"},
    {"name": "vllm", "api": "openai", "host": "vllm.llm.svc", "port": 8000, "tls": False},
    {"name": "local", "api": "openai", "host": lab.DATABASE, "port": 8001, "tls": False},
]
ALLOW = "allowed.example.com, *.named.example.com"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = lab.missing()
    for item in items:
        if reason and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


class Pod:
    """The lab with the sidecar in it. `environment` is what the sidecar and the lock were given."""

    def __init__(self, outside: Lab, environment: dict[str, str]) -> None:
        self.lab = outside
        self.environment = environment
        self.act = outside.act
        self.authorities = environment["FIREBREAK_CA_FILE"]

    def refusals(self, reason: str) -> int:
        """By the metrics' page, as Prometheus would read it."""
        lines = [
            line for line in self._admin("/stats/prometheus").splitlines() if f'firebreak_reason="{reason}"' in line
        ]
        refused = ("envoy_egress_rbac_denied{", "envoy_http_rbac_denied{")
        return sum(int(line.split()[-1]) for line in lines if line.startswith(refused))

    def connections(self) -> list[dict[str, Any]]:
        """Envoy's log of what was redirected to it."""
        lines = self.lab.log("envoy").splitlines()
        return [line for line in map(_line, lines) if "egress" in line]

    def tls(self, address: str, name: str, host: str = "") -> dict[str, Any]:
        return self.act("tls", address, "443", name, self.authorities, *([host] if host else []))

    def _admin(self, path: str) -> str:
        connection = http.client.HTTPConnection("admin", timeout=5)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self.environment["FIREBREAK_ENVOY_ADMIN"])
        connection.request("GET", path)
        text = connection.getresponse().read().decode()
        connection.close()
        return text


def _line(text: str) -> dict[str, Any]:
    if not text.startswith("{"):
        return {}
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Open to every user, and with a path that is short enough for sockets."""
    path = Path(tempfile.mkdtemp(prefix="fblock-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def outside(folder: Path) -> Iterator[Lab]:
    certificates.make(folder, {name for _, _, name in lab.WORLD["tls"]})
    with laboratory(folder) as built:
        yield built


@pytest.fixture(scope="session")
def environment(folder: Path) -> dict[str, str]:
    return {
        "FIREBREAK_POLICY_DIR": str(folder / "policy"),
        "FIREBREAK_AUDIT_DIR": str(folder / "run" / "audit"),
        "FIREBREAK_LISTEN": f"unix:{folder}/run/engine.sock",
        "FIREBREAK_HTTP_LISTEN": "127.0.0.1:15081",
        "FIREBREAK_ENVOY_ADMIN": f"{folder}/run/admin.sock",
        "FIREBREAK_ENVOY_LISTEN": "127.0.0.1:15080",
        "FIREBREAK_ENVOY_STATUS_LISTEN": "127.0.0.1:15082",
        "FIREBREAK_CA_FILE": str(folder / "ca.pem"),
        "FIREBREAK_PROVIDERS": json.dumps(PROVIDERS),
        "FIREBREAK_EGRESS_LISTEN": "127.0.0.1:15083,[::1]:15083",
        "FIREBREAK_EGRESS_ALLOW": ALLOW,
    }


@pytest.fixture(scope="session")
def pod(outside: Lab, environment: dict[str, str]) -> Pod:
    """Locked first, as in a pod: the sidecar starts behind the lock."""
    folder = outside.folder
    (folder / "policy").mkdir()
    shutil.copy(lab.ROOT / "policies" / "baseline.yaml", folder / "policy")
    (folder / "run").mkdir()
    os.chown(folder / "run", SIDECAR, SIDECAR)
    done = outside.lock(environment)
    assert done.returncode == 0, done.stderr
    outside.firebreak("config", "envoy", "--output", f"{folder}/run/envoy.yaml", environment=environment)
    outside.finish("config")
    outside.firebreak("engine", "serve", environment=environment)
    envoy = [str(envoy_binary.path()), "-c", f"{folder}/run/envoy.yaml", "--disable-hot-restart", "--concurrency", "1"]
    envoy += ["--file-flush-interval-msec", "20", "--log-level", "warning"]
    outside.start("envoy", outside.pod, envoy, user=SIDECAR)
    ready = ("http", "127.0.0.1", "15082", "pod", "/ready")
    outside.wait(lambda: outside.act(*ready).get("status") == 200, "the sidecar")
    return Pod(outside, environment)
