"""A provider that speaks HTTP/2 over TLS, as the real ones do: what it sends frame by frame is the test's to say."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events


@dataclass(frozen=True)
class Head:
    """The headers of an answer; `ends` it has no body."""

    headers: tuple[tuple[str, str], ...] = ((":status", "200"), ("content-type", "text/event-stream"))
    ends: bool = False


@dataclass(frozen=True)
class Trailers:
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class End:
    """An empty DATA frame that ends the stream."""


@dataclass(frozen=True)
class Reset:
    """The stream ends in an error; the connection stays."""


@dataclass(frozen=True)
class GoAway:
    """The whole connection ends."""


Frame = Head | Trailers | End | Reset | GoAway | bytes | float
"""Bytes are a DATA frame, a number a pause in seconds."""


@dataclass
class Http2Provider:
    port: int = 0
    frames: list[Frame] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    protocols: set[str | None] = field(default_factory=set)
    reset_by_peer: threading.Event = field(default_factory=threading.Event)

    def play(self, *frames: Frame) -> None:
        self.frames = list(frames)
        self.reset_by_peer.clear()


@contextlib.contextmanager
def running(tls: ssl.SSLContext) -> Iterator[Http2Provider]:
    provider = Http2Provider()
    tls.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        provider.port = listener.getsockname()[1]
        thread = threading.Thread(target=_accept, args=(listener, tls, provider), daemon=True)
        thread.start()
        yield provider
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(listener: socket.socket, tls: ssl.SSLContext, provider: Http2Provider) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, tls, provider), daemon=True).start()


def _serve(connection: socket.socket, tls: ssl.SSLContext, provider: Http2Provider) -> None:
    connection.settimeout(30)
    with contextlib.suppress(OSError), tls.wrap_socket(connection, server_side=True) as stream:
        provider.protocols.add(stream.selected_alpn_protocol())
        machine = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        machine.initiate_connection()
        stream.sendall(machine.data_to_send())
        while data := stream.recv(65536):
            for event in machine.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    provider.methods.append(next(str(value) for name, value in event.headers if str(name) == ":method"))
                elif isinstance(event, h2.events.DataReceived):
                    machine.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamReset):
                    provider.reset_by_peer.set()
                elif isinstance(event, h2.events.StreamEnded):
                    _answer(stream, machine, event.stream_id, provider)
            stream.sendall(machine.data_to_send())


def _answer(stream: ssl.SSLSocket, machine: h2.connection.H2Connection, number: int, provider: Http2Provider) -> None:
    for frame in provider.frames:
        match frame:
            case float():
                time.sleep(frame)
            case bytes():
                machine.send_data(number, frame)
            case Head():
                machine.send_headers(number, frame.headers, end_stream=frame.ends)
            case Trailers():
                machine.send_headers(number, frame.headers, end_stream=True)
            case End():
                machine.end_stream(number)
            case Reset():
                machine.reset_stream(number, h2.errors.ErrorCodes.INTERNAL_ERROR)
            case GoAway():
                machine.close_connection(h2.errors.ErrorCodes.INTERNAL_ERROR)
        stream.sendall(machine.data_to_send())
