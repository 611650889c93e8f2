"""A Kubernetes API server for tests: real HTTPS on loopback with certificates of its own, and answers set by hand."""

import asyncio
import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)
TOKEN = "the-first-token"


class Authority:
    """Signs certificates. `pem` is what goes into `ca.crt`."""

    def __init__(self, name: str = "cluster") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._subject = subject(name)
        own = x509.BasicConstraints(ca=True, path_length=None)
        self.pem = self._sign(self._subject, self._key.public_key(), [own], NOW + DAY)

    def issue(
        self, *, names: list[x509.GeneralName], common_name: str = "leaf", until: dt.datetime = NOW + DAY
    ) -> tuple[bytes, bytes]:
        """A certificate with those names, and its key, both as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        extensions: list[x509.ExtensionType] = [x509.SubjectAlternativeName(names)] if names else []
        certificate = self._sign(subject(common_name), key.public_key(), extensions, until)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return certificate, key.private_bytes(*form)

    def _sign(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePublicKey,
        extensions: list[x509.ExtensionType],
        until: dt.datetime,
    ) -> bytes:
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(self._subject).public_key(key)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(NOW - 2 * DAY).not_valid_after(until)
        for extension in extensions:
            builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


LOOPBACK = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class ApiServer:
    """`answers` are given in turn, the last one for good: status and an object, or raw bytes of a whole response.

    `by_request` takes their place where it is set.
    """

    answers: list[tuple[int, Any] | bytes] = field(default_factory=lambda: [(200, {})])
    by_request: Callable[[Request], tuple[int, Any]] | None = None
    requests: list[Request] = field(default_factory=list)
    delay_s: float = 0.0
    connections: int = 0
    port: int = 0
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        self.connections += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            while True:
                request = await _read(reader)
                self.requests.append(request)
                self.asked.set()
                await asyncio.sleep(self.delay_s)
                writer.write(self._answer(request))
                await writer.drain()
        writer.close()

    def _answer(self, request: Request) -> bytes:
        if self.by_request is not None:
            answer: tuple[int, Any] | bytes = self.by_request(request)
        else:
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, bytes):
            return answer
        status, value = answer
        content = json.dumps(value).encode()
        return f"HTTP/1.1 {status} X\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content


async def _read(reader: asyncio.StreamReader) -> Request:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    content = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, json.loads(content) if content else None)


@asynccontextmanager
async def serving(folder: Path, authority: Authority, names: list[x509.GeneralName]) -> AsyncIterator[ApiServer]:
    """A server whose certificate `authority` has signed for `names`."""
    certificate, key = authority.issue(names=names)
    (folder / "server.pem").write_bytes(certificate + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    api = ApiServer()
    server = await asyncio.start_server(api.serve, "127.0.0.1", 0, ssl=context)
    api.port = server.sockets[0].getsockname()[1]
    try:
        yield api
    finally:
        server.close()
        for task in api.tasks:
            task.cancel()
        await asyncio.gather(*api.tasks, return_exceptions=True)


def mount(folder: Path, authority: Authority, token: str = TOKEN) -> Path:
    """A service account's directory as Kubernetes mounts it."""
    account = folder / "account"
    account.mkdir(exist_ok=True)
    (account / "ca.crt").write_bytes(authority.pem)
    (account / "token").write_text(token)
    (account / "namespace").write_text("shop")
    return account


def environment(port: int, host: str = "127.0.0.1") -> dict[str, str]:
    return {"KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": str(port)}
