"""A small HTTP/1.1 server that stands where a provider would, and remembers everything that reached it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from threading import Thread
from types import TracebackType
from typing import Self

from firebreak.local.answers import Answer, answer

HEAD_LIMIT_BYTES = 64 * 1024
BODY_LIMIT_BYTES = 64 * 1024 * 1024


class _MalformedError(Exception):
    """The bytes are not an HTTP/1.1 request."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request that reached the upstream, whole."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class Upstream:
    """Serves while entered, on a port of the loopback address unless told otherwise.

    `arrivals` proves what was let through. `says` is the text of the answers, where it is not empty.
    """

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        self.port = port
        self._host = host
        self.arrivals: list[Arrival] = []
        self.says = ""
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.StreamWriter] = set()

    @property
    def bytes_seen(self) -> int:
        return sum(len(arrival.body) for arrival in self.arrivals)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, self._host, self.port, limit=HEAD_LIMIT_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._connections):
            writer.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.add(writer)
        try:
            await self._exchanges(reader, writer)
        except _MalformedError:
            with contextlib.suppress(OSError):
                await _send(writer, Answer(400, "text/plain", (b"malformed request",)), close=True)
        except (OSError, asyncio.IncompleteReadError):
            return  # the other side went away: nothing is left to say to it
        finally:
            self._connections.discard(writer)
            writer.close()

    async def _exchanges(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (head := await _head(reader)) is not None:
            method, target, headers = head
            if headers.get("expect", "").lower() == "100-continue":
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = b"".join([piece async for piece in _body(reader, headers)])
            arrival = Arrival(method, target, headers, body)
            self.arrivals.append(arrival)
            close = headers.get("connection", "").lower() == "close"
            await _send(writer, answer(method, arrival.path, headers, body, self.says), close=close)
            if close:
                return


async def _head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]] | None:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise _MalformedError from end
        return None
    except asyncio.LimitOverrunError as over:
        raise _MalformedError from over
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    match first.split(" "):
        case [method, target, "HTTP/1.1"]:
            pass
        case _:
            raise _MalformedError
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise _MalformedError
        if name.lower() in headers and name.lower() in ("content-length", "transfer-encoding"):
            raise _MalformedError  # two lengths are two readings of one body
        headers[name.lower()] = value.strip()
    return method, target, headers


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> AsyncGenerator[bytes, None]:
    length = headers.get("content-length")
    coding = headers.get("transfer-encoding")
    if coding is not None:
        if coding.lower() != "chunked" or length is not None:
            raise _MalformedError
        async for piece in _chunks(reader):
            yield piece
    elif length is not None:
        if not (length.isascii() and length.isdigit()) or int(length) > BODY_LIMIT_BYTES:
            raise _MalformedError
        yield await reader.readexactly(int(length))


async def _chunks(reader: asyncio.StreamReader) -> AsyncGenerator[bytes, None]:
    total = 0
    while True:
        line = (await reader.readuntil(b"\r\n"))[:-2].partition(b";")[0]
        try:
            size = int(line, 16)
        except ValueError as error:
            raise _MalformedError from error
        total += size
        if size < 0 or total > BODY_LIMIT_BYTES:
            raise _MalformedError
        if size == 0:
            break
        yield await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise _MalformedError
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass  # trailers say nothing here


async def _send(writer: asyncio.StreamWriter, told: Answer, *, close: bool) -> None:
    head = f"HTTP/1.1 {told.status} -\r\ncontent-type: {told.content_type}\r\n"
    if close:
        head += "connection: close\r\n"
    if not told.content_type.startswith("text/event-stream"):
        body = b"".join(told.chunks)
        writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        return
    writer.write(f"{head}transfer-encoding: chunked\r\n\r\n".encode())
    for chunk in told.chunks:
        writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()


class UpstreamThread:
    """The upstream on a thread of its own, for an owner that has no event loop."""

    def __init__(self) -> None:
        self.upstream = Upstream()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="upstream", daemon=True)

    def __enter__(self) -> Upstream:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.upstream.__aenter__(), self._loop).result()
        return self.upstream

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self.upstream.__aexit__(kind, error, trace), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
