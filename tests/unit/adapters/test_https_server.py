import asyncio
import ssl
import time

import pytest

from firebreak.adapters import https_server
from firebreak.adapters.certificates import Pair, make
from firebreak.adapters.https_server import HttpsServer, Limits, Reply, plain
from firebreak.model.errors import BadConfig

NAME = "injector.firebreak.svc"
PAIR, AUTHORITY = make(NAME, time.time(), 86_400.0)
LIMITS = Limits(body_bytes=1000, connections=3, handshake_s=2, request_s=1, idle_s=2, linger_s=0.5)
ASK = b"POST /inject?x HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc"


def answer(method: str, path: str, body: bytes) -> Reply:
    if path == "/bug":
        raise KeyError("secret")
    return Reply(200, "text/plain", f"{method} {path} {len(body)}".encode())


@pytest.fixture
async def served():
    faults: list[str] = []
    server = HttpsServer(answer, faults.append, LIMITS)
    server.use(PAIR.certificate, PAIR.key)
    port = await server.start("127.0.0.1", 0)
    yield server, port, faults
    await server.stop(0.1)


def trusting(authority: bytes = AUTHORITY) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authority.decode())


async def connected(port, context=None):
    return await asyncio.open_connection("127.0.0.1", port, ssl=context or trusting(), server_hostname=NAME)


async def reply(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r")[0])
    return head, await reader.readexactly(length)


async def one(port, request):
    """The answer to one request, and whether the connection was ended after it."""
    reader, writer = await connected(port)
    writer.write(request)
    head, body = await reply(reader)
    ended = "connection: close" in head and await reader.read() == b""
    writer.close()
    return int(head.split(" ")[1]), body, ended


async def test_requests_are_answered_on_one_connection(served) -> None:
    _, port, faults = served
    reader, writer = await connected(port)
    writer.write(ASK + ASK)  # the second one waits in the buffer
    for _ in range(2):
        assert (await reply(reader))[1] == b"POST /inject 3"
    writer.write(b"GET /x HTTP/1.1\r\nhost: x\r\n\r\n")
    assert (await reply(reader))[1] == b"GET /x 0"
    writer.close()
    assert faults == []


async def test_who_asks_to_go_on_may(served) -> None:
    reader, writer = await connected(served[1])
    writer.write(b"POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    writer.write(b"ab")
    assert (await reply(reader))[1] == b"POST / 2"
    writer.close()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"\x00\x01\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\ncontent-length: x\r\nhost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nhost: x\r\na: " + b"b" * 40_000, 431),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n", 413),
        (
            b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5dc\r\n" + b"a" * 1500 + b"\r\n0\r\n\r\n",
            413,
        ),
        (b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\na", 408),
        (b"POST / HT", 408),
    ],
)
async def test_what_cannot_be_read_is_refused_and_ends_the_connection(served, request_, status) -> None:
    _, port, faults = served
    found, body, ended = await one(port, request_)
    assert (found, ended) == (status, True)
    assert body.endswith(b"\n")
    assert faults == [str(status)]


async def test_a_large_body_is_not_waited_for_and_its_sender_sees_the_answer(served) -> None:
    reader, writer = await connected(served[1])
    writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3000000\r\n\r\n" + b"a" * 3_000_000)
    assert (await reply(reader))[1] == b"the body is larger than 1000 bytes\n"
    writer.close()


async def test_a_fault_of_ours_is_counted_and_told_without_details(served, caplog) -> None:
    _, port, faults = served
    status, body, _ = await one(port, b"GET /bug HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    assert (status, faults) == (500, ["KeyError"])
    assert b"secret" not in body
    assert caplog.records[0].getMessage() == "request_failed"


async def test_one_who_says_nothing_is_let_go(served) -> None:
    reader, writer = await connected(served[1])
    assert await reader.read() == b""
    writer.close()


async def test_one_who_leaves_in_the_middle_harms_nobody(served) -> None:
    _, port, faults = served
    _, writer = await connected(port)
    writer.write(ASK[:-1])
    await writer.drain()
    writer.transport.abort()
    assert (await one(port, ASK.replace(b"host", b"connection: close\r\nhost")))[0] == 200
    assert faults == []


async def test_without_room_the_one_idle_for_longest_makes_room(served) -> None:
    _, port, _ = served
    open_ = [await connected(port) for _ in range(3)]
    for reader, writer in open_:
        writer.write(ASK)
        await reply(reader)
    reader, writer = await connected(port)
    writer.write(ASK)
    assert (await reply(reader))[1] == b"POST /inject 3"
    assert await open_[0][0].read() == b""
    open_[1][1].write(ASK)
    assert (await reply(open_[1][0]))[1] == b"POST /inject 3"
    for each in (*open_, (reader, writer)):
        each[1].close()


async def test_a_new_certificate_is_for_the_next_connection(served) -> None:
    server, port, _ = served
    reader, writer = await connected(port)
    writer.write(ASK)
    await reply(reader)
    new, authority = make(NAME, time.time(), 86_400.0)
    server.use(new.certificate, new.key)
    writer.write(ASK)
    assert (await reply(reader))[1] == b"POST /inject 3"
    writer.close()
    with pytest.raises(ssl.SSLCertVerificationError):
        await connected(port)
    _, writer = await connected(port, trusting(authority))
    writer.close()


@pytest.mark.parametrize(
    "pair",
    [Pair(b"", b""), Pair(b"x", b"y"), Pair(PAIR.certificate, make(NAME, 0, 1)[0].key), Pair(PAIR.certificate, b"")],
)
async def test_one_that_cannot_be_used_leaves_the_one_before(served, pair) -> None:
    server, port, _ = served
    with pytest.raises(BadConfig):
        server.use(pair.certificate, pair.key)
    assert (await one(port, ASK.replace(b"host", b"connection: close\r\nhost")))[0] == 200


async def test_what_is_older_than_tls_1_2_is_not_spoken(served) -> None:
    context = trusting()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.deprecated_call():
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(OSError):
        await connected(served[1], context)


async def test_stopping_ends_the_idle_at_once_and_the_busy_with_their_answer(served) -> None:
    server, port, _ = served
    idle, busy = await connected(port), await connected(port)
    for reader, writer in (idle, busy):
        writer.write(ASK)
        await reply(reader)
    busy[1].write(ASK[:-1])
    await asyncio.sleep(0.05)
    stopping = asyncio.create_task(server.stop(5))
    assert await idle[0].read() == b""
    busy[1].write(ASK[-1:])
    head, body = await reply(busy[0])
    assert "connection: close" in head
    assert body == b"POST /inject 3"
    await stopping
    with pytest.raises(OSError):
        await connected(port)
    for each in (idle, busy):
        each[1].close()


async def test_an_address_that_cannot_be_had_is_named(served) -> None:
    other = HttpsServer(answer, print)
    with pytest.raises(BadConfig) as error:
        await other.start("127.0.0.1", served[1])
    assert error.value.place == "--listen"
    await other.stop(0)


def test_without_the_extra_it_says_what_to_install(monkeypatch) -> None:
    def gone(name):
        raise ImportError(name)

    monkeypatch.setattr(https_server, "import_module", gone)
    with pytest.raises(BadConfig) as error:
        HttpsServer(answer, print)
    assert "firebreak[kubernetes]" in error.value.mend


def test_a_sentence_is_a_reply() -> None:
    assert plain(404, "nothing") == Reply(404, "text/plain; charset=utf-8", b"nothing\n")
