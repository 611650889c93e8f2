"""A Kubernetes API server with a memory: objects by path, resource versions, conflicts, over real HTTPS on loopback."""

import copy
import json
import ssl
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from tests.unit.adapters.api_server import LOOPBACK, TOKEN, Authority, mount

CONFIGURATIONS = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations"


@dataclass
class KubeStore:
    """`objects` by path; what is posted to a list gets a path of its own. `refuse` answers paths with that status."""

    port: int
    account: Path
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    refuse: dict[str, int] = field(default_factory=dict)
    writes: list[tuple[str, str, int]] = field(default_factory=list)
    version: int = 0
    lock: Lock = field(default_factory=Lock)

    def put(self, path: str, value: dict[str, Any]) -> None:
        with self.lock:
            self._keep(path, value)

    def get(self, path: str) -> dict[str, Any] | None:
        with self.lock:
            return copy.deepcopy(self.objects.get(path))

    def under(self, path: str) -> list[dict[str, Any]]:
        with self.lock:
            return [value for key, value in self.objects.items() if key.startswith(f"{path}/")]

    def _keep(self, path: str, value: dict[str, Any]) -> dict[str, Any]:
        self.version += 1
        kept = copy.deepcopy(value)
        kept.setdefault("metadata", {})["resourceVersion"] = str(self.version)
        self.objects[path] = kept
        return kept

    def answer(self, method: str, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        with self.lock:
            status, value = self._answer(method, path, body)
            if method != "GET":
                self.writes.append((method, path, status))
            return status, value

    def _answer(self, method: str, path: str, body: Any) -> tuple[int, dict[str, Any]]:
        refused = next((status for start, status in self.refuse.items() if path.startswith(start)), 0)
        if refused:
            return refused, {"kind": "Status", "reason": "Forbidden", "message": "as the test wants it"}
        if method == "POST":
            return self._made(f"{path}/{body['metadata']['name']}", body)
        known = self.objects.get(path)
        if known is None:
            return 404, {"kind": "Status", "reason": "NotFound", "message": f"{path} not found"}
        if method == "GET":
            return 200, known
        version = body.get("metadata", {}).get("resourceVersion")
        if version is not None and version != known["metadata"]["resourceVersion"]:
            return 409, {"kind": "Status", "reason": "Conflict", "message": "it has been modified"}
        return 200, self._keep(path, body if method == "PUT" else merged(known, body))

    def _made(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path in self.objects:
            return 409, {"kind": "Status", "reason": "AlreadyExists", "message": "it is there"}
        return 201, self._keep(path, body)


def merged(old: Any, patch: Any) -> Any:
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    result = dict(old) if isinstance(old, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


class Serving:
    """The store behind a port, until `close`."""

    def __init__(self, folder: Path) -> None:
        authority = Authority()
        certificate, key = authority.issue(names=[LOOPBACK])
        (folder / "api.pem").write_bytes(certificate + key)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "api.pem")
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._server.daemon_threads = True
        self.store = KubeStore(self._server.server_address[1], mount(folder, authority))
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(serving: Serving) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            if self.headers["authorization"] != f"Bearer {TOKEN}":
                self._send(401, {"kind": "Status", "reason": "Unauthorized", "message": "no token"})
                return
            self._send(*serving.store.answer(self.command, self.path, body))

        do_POST = do_PUT = do_PATCH = do_GET  # noqa: N815 - the names http.server asks for

        def _send(self, status: int, value: dict[str, Any]) -> None:
            content = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server asks for
            pass

    return Handler
