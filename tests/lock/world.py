"""The world outside the pod, in its own network namespace: name server, web servers, and whatever else listens.

Each answers with what it is, so that a client sees whom it reached. Run as a program with one argument: the folder that
has the certificates and `world.json`, which says who listens where.
"""

import asyncio
import json
import socket
import ssl
import struct
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
TYPES = {1: socket.AF_INET, 28: socket.AF_INET6}


class Udp(asyncio.DatagramProtocol):
    """Answers each datagram with what `answer` makes of it."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(self._answer(data), addr)


def names(table: dict[str, list[str]]) -> Callable[[bytes], bytes]:
    """A name server: one question, its addresses of that type, or none."""

    def answer(query: bytes) -> bytes:
        end = query.index(b"\0", 12) + 1
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += 1 + query[at]
        (kind,) = struct.unpack("!H", query[end : end + 2])
        family = TYPES.get(kind)
        known = table.get(".".join(labels).lower())
        found = [text for text in known or [] if family and (":" in text) == (family is socket.AF_INET6)]
        records = b""
        for text in found:
            raw = socket.inet_pton(TYPES[kind], text)
            records += struct.pack("!HHHIH", 0xC00C, kind, 1, 1, len(raw)) + raw
        flags = 0x8180 if known is not None else 0x8183
        return query[:2] + struct.pack("!HHHHH", flags, 1, len(found), 0, 0) + query[12 : end + 4] + records

    return answer


def web(name: str) -> Serve:
    """HTTP/1 that says who it is."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            sizes = [
                int(line.split(":")[1]) for line in head.lower().split("\r\n") if line.startswith("content-length")
            ]
            await reader.readexactly(sizes[0] if sizes else 0)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            return
        local = writer.get_extra_info("sockname")
        body = json.dumps({"server": name, "address": local[0], "port": local[1], "head": head}).encode()
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n")
        writer.write(f"content-length: {len(body)}\r\n\r\n".encode() + body)
        writer.close()

    return serve


async def main(folder: Path) -> None:
    world = json.loads((folder / "world.json").read_text(encoding="utf-8"))
    loop = asyncio.get_running_loop()
    for address in world["name_servers"]:
        await loop.create_datagram_endpoint(partial(Udp, names(world["names"])), local_addr=(address, 53))
    for address, port in world["udp"]:
        await loop.create_datagram_endpoint(lambda: Udp(lambda data: b"seen " + data), local_addr=(address, port))
    for address, port, name in world["tls"]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / f"{name}.pem")
        await asyncio.start_server(web(name), address, port, ssl=context)
    for address, port in world["http"]:
        await asyncio.start_server(web("plain"), address, port)
    (folder / "world.ready").touch()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
