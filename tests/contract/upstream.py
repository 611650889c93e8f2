"""A provider that keeps every byte it was sent, and answers what the test says."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

OK_BODY = b'{"object":"chat.completion"}'


@dataclass
class Request:
    """One request as a plain HTTP/1.1 server would read it."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


def response(body: bytes = OK_BODY, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "content-type: application/json", f"content-length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class Upstream:
    """`received` is everything that came over any connection, in order; `requests` what a server makes of it."""

    port: int = 0
    answer: Callable[[Request], bytes] = field(default=lambda _: response())
    received: bytearray = field(default_factory=bytearray)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    def reset(self) -> None:
        self.answer = lambda _: response()
        self.received.clear()
        self.requests.clear()
        self.connections = 0


@contextlib.contextmanager
def running(tls: ssl.SSLContext | None = None) -> Iterator[Upstream]:
    upstream = Upstream()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        upstream.port = listener.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(listener, upstream, tls), daemon=True)
        thread.start()
        yield upstream
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(listener: socket.socket, upstream: Upstream, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, upstream, tls), daemon=True).start()


def _serve(connection: socket.socket, upstream: Upstream, tls: ssl.SSLContext | None) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(30)
        stream = tls.wrap_socket(connection, server_side=True) if tls else connection
        upstream.connections += 1
        with stream, _Recorder(stream, upstream.received) as reader:
            while (request := reader.request()) is not None:
                upstream.requests.append(request)
                stream.sendall(upstream.answer(request))


class _Recorder:
    def __init__(self, stream: socket.socket, log: bytearray) -> None:
        self._stream = stream
        self._log = log
        self._buffer = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._buffer = b""

    def request(self) -> Request | None:
        head = self._until(b"\r\n\r\n")
        if not head:
            return None
        line, *rest = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        headers = [(name.strip().lower(), value.strip()) for name, _, value in (text.partition(":") for text in rest)]
        named = dict(headers)
        if "chunked" in named.get("transfer-encoding", ""):
            return Request(line, headers, self._chunks())
        return Request(line, headers, self._exactly(int(named.get("content-length", "0"))))

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self._until(b"\r\n").split(b";")[0], 16):
            body += self._exactly(size)
            self._until(b"\r\n")
        self._until(b"\r\n")
        return body

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            if not self._fill():
                return b""
        piece, _, self._buffer = self._buffer.partition(mark)
        return piece + mark

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count and self._fill():
            pass
        piece, self._buffer = self._buffer[:count], self._buffer[count:]
        return piece

    def _fill(self) -> bool:
        more = self._stream.recv(262144)
        self._log += more
        self._buffer += more
        return bool(more)
