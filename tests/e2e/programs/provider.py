"""A provider that answers every chat the same way, and streams one event each half second. It logs what reached it."""

import json
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TEXT = "Paris is the capital of France."
EVENT_S, EVENTS = 0.5, 40


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        print("arrived", body["messages"][-1]["content"], flush=True)
        if body.get("stream"):
            self.stream()
        else:
            message = {"role": "assistant", "content": TEXT}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self.answer("application/json", json.dumps(completion("chat.completion", choice)).encode())

    def answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for number in range(EVENTS):
            choice = {"index": 0, "delta": {"content": f"word{number} "}, "finish_reason": None}
            self.chunk(f"data: {json.dumps(completion('chat.completion.chunk', choice))}\n\n")
            time.sleep(EVENT_S)
        choice = {"index": 0, "delta": {}, "finish_reason": "stop"}
        self.chunk(f"data: {json.dumps(completion('chat.completion.chunk', choice))}\n\ndata: [DONE]\n\n")
        self.chunk("")

    def chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """`arrived` says enough."""


def completion(kind: str, choice: dict[str, object]) -> dict[str, object]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": "gpt-4o", "choices": [choice]}


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ThreadingHTTPServer(("", 8080), Provider).serve_forever()
