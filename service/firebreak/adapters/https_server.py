"""HTTP/1.1 over TLS for a few paths with small bodies: what the Kubernetes API server asks a webhook.

Rules:
1. A request has a bounded size and a bounded time, from its first byte to its last; so have handshake and answer.
2. What is not HTTP, too large or too slow gets a sentence and the end of its connection.
3. Where there are too many connections, the one that has been idle for longest makes room.
4. A new certificate is for the connections that come after it; those that are open go on.
"""

import asyncio
import logging
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from firebreak.model.errors import BadConfig

if TYPE_CHECKING:
    import h11

logger = logging.getLogger(__name__)

CHUNK_BYTES = 64 * 1024
MAX_HEAD_BYTES = 16 * 1024
LINGER_BYTES = 8 * 1024 * 1024  # read and dropped after a refusal, so that its sender sees the refusal
_CLOSE = ("connection", "close")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may take."""

    body_bytes: int = 2 * 1024 * 1024  # etcd takes objects of 1.5 MiB
    connections: int = 512
    handshake_s: float = 5.0
    request_s: float = 8.0  # the API server gives up after 10
    idle_s: float = 120.0  # longer than the 90 s after which Go's clients close
    linger_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler says."""

    status: int
    content_type: str
    body: bytes


Handler = Callable[[str, str, bytes], Reply]
"""Method, path without its query, and body to a reply. It must be quick: all connections share one loop."""


class HttpsServer:
    """Belongs to one event loop. `use` a certificate before or after `start`; without one no handshake succeeds."""

    def __init__(self, handle: Handler, fault: Callable[[str], None], limits: Limits | None = None) -> None:
        """`fault` is told what went wrong: an HTTP status, or the name of an exception that the handler did not mean.

        Raises `BadConfig` without the extra.
        """
        self._h11 = _h11()
        self._handle = handle
        self._fault = fault
        self._limits = limits or Limits()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._context.set_alpn_protocols(["http/1.1"])
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], bool] = {}
        self._stopping = False

    def use(self, certificate: bytes, key: bytes) -> None:
        """Serve with this chain and key, both PEM. Raises `BadConfig`, and the one before stays."""
        # Tried on a context of its own first: one that fails half way would leave the server without a key.
        for context in (ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), self._context):
            _load(context, certificate.rstrip() + b"\n" + key)

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port. Raises `BadConfig`."""
        try:
            self._server = await asyncio.start_server(
                self._serve,
                host,
                port,
                ssl=self._context,
                ssl_handshake_timeout=self._limits.handshake_s,
                ssl_shutdown_timeout=self._limits.linger_s,
                backlog=1024,
            )
        except OSError as error:
            problem = f"nothing can listen at {host}:{port} ({(error.strerror or 'no reason given').lower()})"
            raise BadConfig("--listen", problem, "name an address of this machine and a free port") from error
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self, grace_s: float) -> None:
        """No new connections; idle ones end now, and those with a request get this long."""
        self._stopping = True
        if self._server is not None:
            self._server.close()
        for task, busy in self._open.items():
            if not busy:
                task.cancel()
        if self._open:
            await asyncio.wait(self._open, timeout=grace_s)
        left = list(self._open)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._stopping or not self._room():
            writer.transport.abort()
            return
        exchange = _Exchange(self._h11, reader, writer, self._limits)
        wait_s = self._limits.request_s
        try:
            self._open[task] = False
            while await self._one(task, exchange, wait_s) and not self._stopping:
                self._open.pop(task)
                self._open[task] = False  # the last of those that are idle
                wait_s = self._limits.idle_s
        except (OSError, self._h11.ProtocolError):
            pass  # the client has gone, or takes no answer
        except asyncio.CancelledError:
            pass  # only this server cancels it; a connection has nothing to pass on
        finally:
            self._open.pop(task)
            writer.close()

    def _room(self) -> bool:
        if len(self._open) < self._limits.connections:
            return True
        idle = next((task for task, busy in self._open.items() if not busy and not task.cancelling()), None)
        return idle is not None and idle.cancel()

    async def _one(self, task: asyncio.Task[None], exchange: "_Exchange", wait_s: float) -> bool:
        """One request and its answer. False when the connection is to end."""
        async with asyncio.timeout(wait_s):
            if not await exchange.begun():
                return False
        self._open[task] = True
        try:
            async with asyncio.timeout(self._limits.request_s):
                method, path, body = await exchange.request()
        except TimeoutError:
            status, sentence = 408, "the request did not arrive in time"
        except _TooLarge:
            status, sentence = 413, f"the body is larger than {self._limits.body_bytes} bytes"
        except self._h11.RemoteProtocolError as error:
            status, sentence = error.error_status_hint, "this is not a request of HTTP/1.1"
        else:
            async with asyncio.timeout(self._limits.request_s):
                return await exchange.answer(self._reply(method, path, body), close=self._stopping)
        self._fault(str(status))
        await exchange.refuse(status, sentence)
        return False

    def _reply(self, method: str, path: str, body: bytes) -> Reply:
        try:
            return self._handle(method, path, body)
        except Exception as error:
            # A handler answers whatever comes. One that does not must not take the other requests with it.
            logger.exception("request_failed")
            self._fault(type(error).__name__)
            return plain(500, "this request met an error in the service")


def plain(status: int, sentence: str) -> Reply:
    """A sentence as a reply."""
    return Reply(status, "text/plain; charset=utf-8", f"{sentence}\n".encode())


class _TooLarge(Exception):
    """The body is, or says that it will be, over the limit."""


class _Exchange:
    """One connection's requests, one after the other."""

    def __init__(
        self, h11: ModuleType, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limits: Limits
    ) -> None:
        self._h11 = h11
        self._reader = reader
        self._writer = writer
        self._limits = limits
        self._state = self._fresh()
        self._held = False

    def _fresh(self) -> "h11.Connection":
        state: h11.Connection = self._h11.Connection(self._h11.SERVER, max_incomplete_event_size=MAX_HEAD_BYTES)
        return state

    async def begun(self) -> bool:
        """Wait for a request's first bytes. False when the client has gone."""
        if self._held and self._state.trailing_data[0]:
            return True
        data = await self._reader.read(CHUNK_BYTES)
        self._state.receive_data(data)
        return bool(data)

    async def request(self) -> tuple[str, str, bytes]:
        method, path, body = "", "", bytearray()
        while True:
            happened = self._state.next_event()
            if happened is self._h11.NEED_DATA:
                await self._more()
            elif isinstance(happened, self._h11.Request):
                method, path = happened.method.decode("ascii"), happened.target.decode("ascii").partition("?")[0]
                self._prove_length(happened)
            elif isinstance(happened, self._h11.Data):
                body += happened.data
                if len(body) > self._limits.body_bytes:
                    raise _TooLarge
            elif isinstance(happened, self._h11.EndOfMessage):
                return method, path, bytes(body)
            else:
                raise ConnectionResetError("the client ended the connection within a request")

    async def answer(self, reply: Reply, *, close: bool) -> bool:
        headers = [("content-type", reply.content_type), ("content-length", str(len(reply.body)))]
        if close:
            headers.append(_CLOSE)
        response = self._h11.Response(
            status_code=reply.status, headers=headers, reason=HTTPStatus(reply.status).phrase.encode()
        )
        sent = [self._state.send(response), self._state.send(self._h11.Data(data=reply.body))]
        sent.append(self._state.send(self._h11.EndOfMessage()))
        self._writer.write(b"".join(part for part in sent if part))
        await self._writer.drain()
        if self._state.our_state is not self._h11.DONE or self._state.their_state is not self._h11.DONE:
            return False
        self._state.start_next_cycle()
        self._held = True
        return True

    async def refuse(self, status: int, sentence: str) -> None:
        """Answer in a way that lets a client that still sends see the answer."""
        if self._state.our_state in {self._h11.IDLE, self._h11.SEND_RESPONSE}:
            async with asyncio.timeout(self._limits.linger_s):
                await self.answer(plain(status, sentence), close=True)
                dropped = 0
                while dropped < LINGER_BYTES and (data := await self._reader.read(CHUNK_BYTES)):
                    dropped += len(data)

    async def _more(self) -> None:
        if self._state.they_are_waiting_for_100_continue:
            go_on = self._h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
            self._writer.write(self._state.send(go_on) or b"")
        self._state.receive_data(await self._reader.read(CHUNK_BYTES))

    def _prove_length(self, request: "h11.Request") -> None:
        for name, value in request.headers:
            if name == b"content-length" and int(value) > self._limits.body_bytes:
                raise _TooLarge


def _load(context: ssl.SSLContext, pem: bytes) -> None:
    """The library reads files only. This one is in memory, so that a key touches no disk and needs no writable one."""
    descriptor = os.memfd_create("certificate")
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        try:
            context.load_cert_chain(f"/proc/self/fd/{descriptor}", password="")  # a locked key does not ask
        except (ssl.SSLError, OSError) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            problem = f"certificate and key cannot be used ({reason})"
            raise BadConfig("certificate", problem, "both as PEM, the key without a password") from None


def _h11() -> ModuleType:
    """The library, which comes with an extra: only the webhook serves HTTPS."""
    try:
        return import_module("h11")
    except ImportError as error:
        raise BadConfig("webhook", "needs the package `h11`", "install firebreak[kubernetes]") from error
