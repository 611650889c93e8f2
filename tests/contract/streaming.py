"""A provider whose answer goes out piece by piece, and that notices when nobody listens any more."""

import contextlib
import json
import select
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Step = bytes | float
"""Bytes to send, or seconds to wait."""

SSE_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
RESET = b""
"""As a step: reset the connection."""


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def event(text: str | None, finish: str | None = None) -> bytes:
    """One event of a chat completion."""
    delta = {} if text is None else {"content": text}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1700000000,
        "model": "gpt-4o",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


def chat(pieces: Sequence[str], pause_s: float = 0.0) -> list[Step]:
    """A whole streamed answer with these pieces."""
    events = [*(event(piece) for piece in pieces), event(None, "stop"), DONE]
    steps: list[Step] = [SSE_HEAD]
    for each in events:
        steps += [chunk(each), pause_s]
    return [*steps, LAST_CHUNK]


def document(text: str) -> list[Step]:
    """A whole answer that is not streamed."""
    message = {"role": "assistant", "content": text, "refusal": None}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1700000000,
        "model": "gpt-4o",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13},
    }
    return [plain(json.dumps(body).encode())]


def plain(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "content-type: application/json", f"content-length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class StreamingUpstream:
    """`sent` counts the steps that went out in the last answer; `cut_off` is set when the connection ended before."""

    port: int = 0
    steps: list[Step] = field(default_factory=list)
    sent: int = 0
    requests: list[bytes] = field(default_factory=list)
    early: bool = False
    """Answer once the headers have come, read no body, and end the connection."""
    cut_off: threading.Event = field(default_factory=threading.Event)

    def play(self, steps: list[Step]) -> None:
        self.steps, self.sent = steps, 0
        self.cut_off.clear()
        self.requests.clear()


@contextlib.contextmanager
def running() -> Iterator[StreamingUpstream]:
    upstream = StreamingUpstream()
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        upstream.port = listener.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(listener, upstream), daemon=True)
        thread.start()
        yield upstream
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(listener: socket.socket, upstream: StreamingUpstream) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, upstream), daemon=True).start()


def _serve(connection: socket.socket, upstream: StreamingUpstream) -> None:
    with connection, contextlib.suppress(OSError):
        connection.settimeout(30)
        while request := _request(connection, early=upstream.early):
            upstream.requests.append(request)
            for number, step in enumerate(list(upstream.steps), 1):
                if isinstance(step, float):
                    time.sleep(step)
                elif step == RESET:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    return
                else:
                    _send(connection, step, upstream)
                upstream.sent = number
            if upstream.early:
                return


def _send(connection: socket.socket, data: bytes, upstream: StreamingUpstream) -> None:
    try:
        if select.select([connection], [], [], 0)[0] and not connection.recv(1, socket.MSG_PEEK):
            raise ConnectionResetError
        connection.sendall(data)
    except OSError:
        upstream.cut_off.set()
        raise


def _request(connection: socket.socket, *, early: bool) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while not early and len(body) < (lengths[0] if lengths else 0):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body
