"""A provider at an address outside of the pod: it answers at once, or streams events for as long as it is told."""

import contextlib
import http.server
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.image.netns import OUTSIDE, Network

PORT = 9000
PAUSE_S = 0.25
PROVIDERS = json.dumps([{"name": "openai", "api": "openai", "host": OUTSIDE, "port": PORT, "tls": False}])
"""The option that leads to it."""

ANSWER = json.dumps({"id": "a", "object": "chat.completion", "choices": [
    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Use sorted()."}}
]}).encode()  # fmt: skip


def event(number: int) -> bytes:
    delta = {"id": "a", "object": "chat.completion.chunk", "choices": [
        {"index": 0, "finish_reason": None, "delta": {"content": f"{number} "}}
    ]}  # fmt: skip
    return b"data: " + json.dumps(delta).encode() + b"\n\n"


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Who asked has gone."""


@dataclass
class Provider:
    """`seen` counts requests. A request that says `stream` gets as many events as its `max_tokens` says."""

    seen: int = 0

    @contextlib.contextmanager
    def running(self, *networks: Network) -> Iterator["Provider"]:
        servers = [self._server(network) for network in networks]
        try:
            for server in servers:
                threading.Thread(target=server.serve_forever, daemon=True).start()
            yield self
        finally:
            for server in servers:
                server.shutdown()
                server.server_close()

    def _server(self, network: Network) -> http.server.ThreadingHTTPServer:
        server = _Server(("127.0.0.1", 0), self._handler(), bind_and_activate=False)
        server.socket.close()
        server.socket = network.listen(OUTSIDE, PORT)
        return server

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                provider.seen += 1
                self.send_response(200)
                if body.get("stream"):
                    self._stream(body["max_tokens"])
                    return
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(ANSWER)))
                self.end_headers()
                self.wfile.write(ANSWER)

            def _stream(self, events: int) -> None:
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                with contextlib.suppress(OSError):  # who asked has gone
                    for number in range(events):
                        self._chunk(event(number))
                        time.sleep(PAUSE_S)
                    self._chunk(b"data: [DONE]\n\n")
                    self._chunk(b"")

            def _chunk(self, data: bytes) -> None:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.flush()

            def log_message(self, *_: object) -> None:
                """Nothing."""

        return Handler
