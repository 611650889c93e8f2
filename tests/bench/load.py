"""The load: connections that each send a request as soon as the last one is answered."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """What one round gave: sorted latencies in milliseconds, and requests a second."""

    latencies_ms: list[float]
    rate: float

    def quantile(self, share: float) -> float:
        return self.latencies_ms[min(len(self.latencies_ms) - 1, int(len(self.latencies_ms) * share))]


class _Client(asyncio.Protocol):
    def __init__(self, source: Callable[[], bytes | None], done: asyncio.Future) -> None:
        self._source = source
        self._done = done
        self._buffer = b""
        self.latencies_ms: list[float] = []

    def connection_made(self, transport):
        self._transport = transport
        self._send()

    def _send(self) -> None:
        raw = self._source()
        if raw is None:
            self._finish(None)
            return
        self._sent = time.perf_counter()
        self._transport.write(raw)

    def data_received(self, data):
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found or not _whole(head, rest):
            return
        self.latencies_ms.append((time.perf_counter() - self._sent) * 1000)
        self._buffer = b""
        if not head.startswith(b"HTTP/1.1 200"):
            self._finish(RuntimeError(f"not 200: {head.splitlines()[0].decode()}: {rest[:300].decode()}"))
            return
        self._send()

    def connection_lost(self, exc):
        self._finish(exc or RuntimeError("the sidecar closed the connection"))

    def _finish(self, error: Exception | None) -> None:
        if self._done.done():
            return
        self._transport.close()
        if error is None:
            self._done.set_result(None)
        else:
            self._done.set_exception(error)


def _whole(head: bytes, rest: bytes) -> bool:
    """True once the answer is complete: a length, or chunks to the empty one, which no short JSON answer looks like."""
    _, told, length = head.lower().partition(b"content-length:")
    return len(rest) >= int(length.split(b"\r\n", 1)[0]) if told else rest.endswith(b"0\r\n\r\n")


async def timed(port: int, source: Callable[[], bytes], connections: int, seconds: float) -> Sample:
    """Load for some time; every connection finishes the request it has begun."""
    end = time.perf_counter() + seconds
    return await _drive(port, lambda: source() if time.perf_counter() < end else None, connections)


async def in_order(port: int, raws: Iterable[bytes]) -> list[float]:
    """The latency of each request, one after the other on one connection, in their order."""
    waiting = iter(raws)
    client = await _run(port, lambda: next(waiting, None))
    return client.latencies_ms


async def _drive(port: int, source: Callable[[], bytes | None], connections: int) -> Sample:
    started = time.perf_counter()
    clients = await asyncio.gather(*(_run(port, source) for _ in range(connections)))
    took = time.perf_counter() - started
    latencies = sorted(latency for client in clients for latency in client.latencies_ms)
    return Sample(latencies, len(latencies) / took)


async def _run(port: int, source: Callable[[], bytes | None]) -> _Client:
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    _, client = await loop.create_connection(lambda: _Client(source, done), "127.0.0.1", port)
    await done
    return client
