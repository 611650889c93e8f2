"""`reach.py tls|tcp|udp ADDRESS PORT [NAME]`: one try to get somewhere; prints as JSON what came back, or the error."""

import json
import socket
import ssl
import sys

PATIENCE_S = 10


def tcp(address: tuple[str, int], name: str) -> bytes:
    with socket.create_connection(address, PATIENCE_S) as sock:
        sock.sendall(b"hello\n")
        return sock.recv(100)


def tls(address: tuple[str, int], name: str) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(address, PATIENCE_S) as sock,
        context.wrap_socket(sock, server_hostname=name) as inner,
    ):
        inner.sendall(b"hello\n")
        return inner.recv(100)


def udp(address: tuple[str, int], name: str) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        sock.send(b"hello\n")
    return b"sent"


def main() -> None:
    how, address, port, *name = sys.argv[1:]
    try:
        said = {"tcp": tcp, "tls": tls, "udp": udp}[how]((address, int(port)), name[0] if name else "")
        found = {"said": said.decode("latin-1"), "error": ""}
    except OSError as error:
        found = {"said": "", "error": type(error).__name__}
    print(json.dumps(found))


if __name__ == "__main__":
    main()
