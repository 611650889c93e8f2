"""The upstream over a real socket: framing, keep-alive, and a true memory of what reached it."""

import asyncio
import json

import pytest

from firebreak.local.upstream import Upstream


async def talk(port: int, raw: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(raw)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    return answer


def post(path: str, body: bytes, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: provider", f"content-length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def test_two_requests_on_one_connection_are_both_answered_and_remembered():
    async with Upstream() as upstream:
        raw = post("/v1/embeddings?x=1", b'{"input": "a"}') + post("/v1/moderations", b'{"input": "b"}')
        answer = await talk(upstream.port, raw)
    assert answer.count(b"HTTP/1.1 200") == 2
    assert [arrival.path for arrival in upstream.arrivals] == ["/v1/embeddings", "/v1/moderations"]
    assert upstream.bytes_seen == 28


async def test_a_chunked_body_arrives_as_one():
    chunked = b'5\r\n{"inp\r\n9;ext=1\r\nut": "a"}\r\n0\r\ntrailer: x\r\n\r\n'
    head = b"POST /v1/moderations HTTP/1.1\r\nhost: p\r\ntransfer-encoding: chunked\r\n\r\n"
    async with Upstream() as upstream:
        answer = await talk(upstream.port, head + chunked)
    assert answer.startswith(b"HTTP/1.1 200")
    assert json.loads(upstream.arrivals[0].body) == {"input": "a"}


async def test_a_stream_is_sent_in_chunks_and_ends():
    async with Upstream() as upstream:
        answer = await talk(upstream.port, post("/v1/chat/completions", b'{"model": "m", "stream": true}'))
    assert b"transfer-encoding: chunked" in answer
    assert b"data: [DONE]" in answer
    assert answer.endswith(b"0\r\n\r\n")


async def test_expect_continue_is_answered_before_the_body():
    async with Upstream() as upstream:
        answer = await talk(upstream.port, post("/v1/moderations", b"{}", "expect: 100-continue"))
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


async def test_connection_close_closes():
    async with Upstream() as upstream:
        reader, writer = await asyncio.open_connection("127.0.0.1", upstream.port)
        writer.write(post("/v1/moderations", b"{}", "connection: close"))
        answer = await reader.read()
        writer.close()
    assert b"connection: close" in answer


@pytest.mark.parametrize(
    "raw",
    [
        b"GET /v1/models HTTP/1.0\r\n\r\n",
        b"GET  /v1/models HTTP/1.1\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nname : value\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nhalf",
        b"GET /v1/models HTTP/1.1\r\nbig: " + b"a" * 70_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\na",
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n-1\r\n",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nabc",
    ],
)
async def test_what_is_not_one_clear_request_is_refused_and_not_counted(raw):
    async with Upstream() as upstream:
        answer = await talk(upstream.port, raw)
    assert answer.startswith(b"HTTP/1.1 400")
    assert upstream.arrivals == []


async def test_a_body_that_never_ends_leaves_no_arrival():
    async with Upstream() as upstream:
        answer = await talk(upstream.port, b"POST / HTTP/1.1\r\ncontent-length: 5\r\n\r\nab")
    assert answer == b""
    assert upstream.arrivals == []


async def test_leaving_closes_open_connections():
    async with Upstream() as upstream:
        reader, writer = await asyncio.open_connection("127.0.0.1", upstream.port)
        writer.write(post("/v1/moderations", b"{}"))
        await reader.readuntil(b"\r\n\r\n")
    assert b"results" in await reader.read()
    writer.close()
