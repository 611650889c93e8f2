"""Framing has one reading: no second request hides in the first."""

import pytest
from tests.contract.stub_engine import StubEngine, headers_of
from tests.contract.upstream import Upstream
from tests.contract.wire import chunked, send

from firebreak.local.stack import EnvoyProcess

TARGET = "/openai/v1/chat/completions"


@pytest.mark.parametrize(
    "lines",
    [
        ["content-length: 2", "content-length: 20"],
        ["content-length: 2", "transfer-encoding: chunked"],
        ["transfer-encoding: chunked", "content-length: 2"],
        ["transfer-encoding: chunked, chunked"],
        ["transfer-encoding: gzip, chunked"],
        ["transfer-encoding: identity"],
        ["transfer-encoding: xchunked"],
        ["transfer-encoding : chunked"],
        ["content-length: +2"],
        ["content-length: -1"],
        ["content-length: 2, 2"],
        ["content-length: 0x2"],
        ["x_api_key: 1", "content-length: 2"],
        ["x-null: a\x00b", "content-length: 2"],
    ],
)
def test_framing_with_two_readings_is_refused(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, lines: list[str]
) -> None:
    tail = b"GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n"
    head = "\r\n".join([f"POST {TARGET} HTTP/1.1", "host: app", *lines, "", ""]).encode("latin-1")
    answer = send(sidecar.port, head + b"{}" + tail)
    assert 400 <= answer.status < 600
    assert not upstream.received


@pytest.mark.parametrize("chunks", [b"0\n\n", b"g\r\n{}\r\n0\r\n\r\n", b"-2\r\n{}\r\n0\r\n\r\n"])
def test_chunks_that_are_not_chunks_are_refused(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, chunks: bytes
) -> None:
    head = f"POST {TARGET} HTTP/1.1\r\nhost: app\r\ntransfer-encoding: chunked\r\n\r\n".encode()
    assert send(sidecar.port, head + chunks).status == 400
    assert not upstream.received


def test_what_envoy_forgives_is_written_anew_before_it_leaves(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    """A stray byte behind a chunk, a bare carriage return in a value: both sides see the same clean request."""
    head = f"POST {TARGET} HTTP/1.1\r\nhost: app\r\ntransfer-encoding: chunked\r\nx-split: a\r b: c\r\n\r\n".encode()
    assert send(sidecar.port, head + b"2\r\n{}x\r\n0\r\n\r\n").status == 200
    assert engine.checks[0].attributes.request.http.raw_body == b"{}" == upstream.requests[0].body
    assert headers_of(engine.checks[0])["x-split"] == upstream.requests[0].all("x-split") == ["a b: c"]
    assert len(upstream.requests) == 1


def test_a_pipelined_second_request_is_checked_by_itself(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    one = f"POST {TARGET} HTTP/1.1\r\nhost: app\r\ncontent-length: 2\r\n\r\n{{}}".encode()
    two = b"POST /openai/v1/second HTTP/1.1\r\nhost: app\r\ntransfer-encoding: chunked\r\n\r\n" + chunked(b"[]", 1)
    send(sidecar.port, one + two)
    checked = [check.attributes.request.http.path for check in engine.checks]
    assert checked[: len(upstream.requests)] == ["/openai" + request.line.split()[1] for request in upstream.requests]
