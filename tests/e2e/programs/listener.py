"""Answers every connection to port 8443, and logs it. What is spoken there does not matter."""

import signal
import socketserver
import sys


class Arrival(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        print("arrived from", self.client_address[0], flush=True)
        self.request.sendall(b"here\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Server(("", 8443), Arrival).serve_forever()
