"""What an application would do, run as its user in the pod's network namespace: prints what came of it as JSON.

`tls ADDRESS PORT NAME CA [HOST]`, `http ADDRESS PORT HOST [PATH]`, `tcp ADDRESS PORT`, `post ADDRESS PORT PATH BODY`, `udp ADDRESS PORT`, `ping ADDRESS`,
`lookup NAME`, `bytes ADDRESS PORT HEX`.
"""

import json
import socket
import ssl
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

TIMEOUT_S = 8.0


def talk(sock: socket.socket, host: str, path: str = "/hello") -> dict[str, object]:
    sock.sendall(f"GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n".encode())
    said = b""
    while more := sock.recv(65536):
        said += more
    head, _, body = said.partition(b"\r\n\r\n")
    status = int(head.split()[1]) if head else 0
    return {"status": status, "body": body.decode(), "ok": status == 200}


def tls(address: str, port: str, name: str, authorities: str, host: str = "") -> dict[str, object]:
    context = ssl.create_default_context(cafile=authorities)
    context.check_hostname = bool(name)
    with (
        socket.create_connection((address, int(port)), TIMEOUT_S) as plain,
        context.wrap_socket(plain, server_hostname=name or None) as sock,
    ):
        shown: dict[str, Any] = sock.getpeercert() or {}
        names = [value for kind, value in shown["subjectAltName"] if kind == "DNS"]
        return {**talk(sock, host or name), "certificate": names}


def http(address: str, port: str, host: str, path: str = "/hello") -> dict[str, object]:
    with socket.create_connection((address, int(port)), TIMEOUT_S) as sock:
        return talk(sock, host, path)


def post(address: str, port: str, path: str, body: str) -> dict[str, object]:
    """A chat request, as an SDK whose base URL is the sidecar sends it."""
    connection = HTTPConnection(address, int(port), timeout=TIMEOUT_S)
    connection.request("POST", path, body, {"content-type": "application/json", "connection": "close"})
    answer = connection.getresponse()
    return {"ok": answer.status == 200, "head": str(answer.headers), "body": answer.read().decode()}


def tcp(address: str, port: str) -> dict[str, object]:
    with socket.create_connection((address, int(port)), TIMEOUT_S):
        return {"ok": True}


def sends(address: str, port: str, raw: str) -> dict[str, object]:
    """Bytes that are neither TLS nor HTTP; what comes back before the end."""
    with socket.create_connection((address, int(port)), TIMEOUT_S) as sock:
        sock.sendall(bytes.fromhex(raw))
        answer = sock.recv(4096)
        return {"ok": bool(answer), "answer": answer.hex()}


def udp(address: str, port: str) -> dict[str, object]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.settimeout(3)
        sock.connect((address, int(port)))
        sock.send(b"hello")
        return {"ok": sock.recv(100) == b"seen hello"}


def ping(address: str) -> dict[str, object]:
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        sock.settimeout(3)
        sock.connect((address, 0))
        sock.send(bytes.fromhex("0800f7fd00010001"))
        return {"ok": bool(sock.recv(100))}


def lookup(name: str) -> dict[str, object]:
    return {"ok": True, "addresses": sorted({str(found[4][0]) for found in socket.getaddrinfo(name, 443)})}


ACTS: dict[str, Callable[..., dict[str, object]]] = {
    "tls": tls,
    "http": http,
    "post": post,
    "tcp": tcp,
    "udp": udp,
    "ping": ping,
    "lookup": lookup,
    "bytes": sends,
}


def main() -> None:
    begun = time.monotonic()
    try:
        result = ACTS[sys.argv[1]](*sys.argv[2:])
    except (OSError, ssl.SSLError) as error:
        result = {"ok": False, "error": type(error).__name__, "errno": error.errno, "words": str(error)}
    print(json.dumps({**result, "took_s": time.monotonic() - begun}))


if __name__ == "__main__":
    main()
