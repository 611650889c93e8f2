"""Clients that send exactly what they are told: bytes over HTTP/1.1, frames over HTTP/2."""

import http.client
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import h2.config
import h2.connection
import h2.events
import hyperframe.frame


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def reason(self) -> str:
        return self.headers.get("x-firebreak-reason", "")


def post(port: int, target: str, body: bytes, *headers: str, method: str = "POST", host: str = "app") -> Answer:
    """A well-formed request but for what the test puts in it."""
    lines = [f"{method} {target} HTTP/1.1", f"host: {host}", "content-type: application/json", *headers]
    if not any(header.lower().startswith(("content-length", "transfer-encoding")) for header in headers):
        lines.append(f"content-length: {len(body)}")
    return send(port, "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def send(port: int, data: bytes) -> Answer:
    """Raises `ConnectionError` where the connection ends without an answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(data)
        return read(connection)


def read(connection: socket.socket) -> Answer:
    response = http.client.HTTPResponse(connection)
    try:
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    except (http.client.HTTPException, ValueError) as error:
        raise ConnectionError(str(error)) from error
    finally:
        response.close()


def send_frames(port: int, target: str, frames: Sequence[int], *, declare: bool = False, total: bytes = b"") -> Answer:
    """One HTTP/2 request whose body comes in DATA frames of the given sizes, the last of which ends the stream.

    Written in one piece, so that Envoy reads the frames together. `declare` adds a content-length.
    """
    body = total or b"x" * sum(frames)
    machine = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
    machine.initiate_connection()
    headers = [(":method", "POST"), (":path", target), (":scheme", "http"), (":authority", "app")]
    headers += [("content-type", "application/json")] + [("content-length", str(len(body)))] * declare
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        machine.send_headers(1, headers)
        data, at = machine.data_to_send(), 0
        for number, size in enumerate(frames):
            frame = hyperframe.frame.DataFrame(1, data=body[at : at + size])
            if number == len(frames) - 1:
                frame.flags.add("END_STREAM")
            data, at = data + frame.serialize(), at + size
        connection.sendall(data)
        return _read_frames(connection, machine)


def _read_frames(connection: socket.socket, machine: h2.connection.H2Connection) -> Answer:
    machine.end_stream(1)
    machine.data_to_send()
    answer = Answer(0, {}, b"")
    while data := connection.recv(65536):
        for event in machine.receive_data(data):
            if isinstance(event, h2.events.ResponseReceived):
                answer.headers = {str(name): str(value) for name, value in event.headers}
                answer.status = int(answer.headers[":status"])
            elif isinstance(event, h2.events.DataReceived):
                answer.body += event.data
            elif isinstance(event, h2.events.StreamReset):
                raise ConnectionError("the stream was reset")
            elif isinstance(event, h2.events.StreamEnded):
                return answer
    raise ConnectionError("the connection ended")
