"""`/metrics`, `/healthz` and `/readyz` over HTTP, on a thread of their own so that a scrape never delays a check."""

from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from firebreak.model.errors import BadConfig

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Pages:
    """`metrics` renders the exposition format; `not_ready` says why not, or is empty when ready."""

    metrics: Callable[[], bytes]
    not_ready: Callable[[], str]


class Http:
    """Listens at once; `close` ends it. Raises `BadConfig` where it cannot listen."""

    def __init__(self, host: str, port: int, pages: Pages) -> None:
        try:
            self._server = ThreadingHTTPServer((host, port), _handler(pages))
        except OSError as error:
            problem = f"nothing can listen at {host}:{port} ({(error.strerror or 'no reason given').lower()})"
            raise BadConfig("http_listen", problem, "name an address of this machine and a free port") from error
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(pages: Pages) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version = "firebreak"
        sys_version = ""
        timeout = 5

        def do_GET(self) -> None:
            status, content_type, body = _page(pages, self.path.partition("?")[0])
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server asks for
            """Say nothing: probes come every second."""

    return Handler


def _page(pages: Pages, path: str) -> tuple[int, str, bytes]:
    plain = "text/plain; charset=utf-8"
    if path == "/metrics":
        return 200, METRICS_TYPE, pages.metrics()
    if path == "/healthz":
        return 200, plain, b"ok\n"
    if path == "/readyz":
        why = pages.not_ready()
        return (503, plain, f"{why}\n".encode()) if why else (200, plain, b"ready\n")
    return 404, plain, b"not found\n"
