"""A body is checked whole or refused, whatever its framing says. Each lock is tried with the others taken away."""

from typing import Any

import pytest
from tests.contract import stub_engine
from tests.contract.conftest import LIMIT, StartEnvoy
from tests.contract.stub_engine import StubEngine
from tests.contract.upstream import Upstream
from tests.contract.wire import Answer, chunked, post, send_frames

from firebreak.local.stack import EnvoyProcess

OVERFLOWS = [[LIMIT + 1], [LIMIT // 2, LIMIT], [LIMIT, 1], [1000, 16000]]
"""The frame that ends the stream is the one that goes over the limit."""

TARGET = "/openai/v1/chat/completions"


def speak_http2(config: dict[str, Any]) -> None:
    manager(config)["codec_type"] = "AUTO"


def without_size_limit(config: dict[str, Any]) -> None:
    speak_http2(config)
    filters = manager(config)["http_filters"]
    filters[:] = [each for each in filters if each["name"] != "envoy.filters.http.body_size_limit"]


def manager(config: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = config["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
    return found


@pytest.mark.parametrize("size", [0, 1, LIMIT - 1, LIMIT])
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_up_to_the_limit_the_provider_gets_what_was_checked(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, size: int, framing: str
) -> None:
    body = bytes(at * 7 % 256 for at in range(size))
    answer = _post(sidecar, body, framing)
    assert answer.status == 200
    assert engine.checks[0].attributes.request.http.raw_body == body
    assert [request.body for request in upstream.requests] == [body]


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT * 3])
@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_above_the_limit_nothing_is_asked_and_nothing_leaves(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, size: int, framing: str
) -> None:
    answer = _post(sidecar, b"x" * size, framing)
    assert (answer.status, answer.reason) == (413, "too_large")
    assert answer.json["error"]["code"] == "too_large"
    assert not engine.checks
    assert not upstream.received


def test_a_length_that_lies_is_not_forwarded(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    answer = post(sidecar.port, TARGET, b"x" * 10, f"content-length: {LIMIT + 1}")
    assert answer.status == 413
    assert not upstream.received


@pytest.mark.parametrize("frames", OVERFLOWS)
def test_http2_is_not_spoken(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, frames: list[int]) -> None:
    with pytest.raises((ConnectionError, OSError)):
        send_frames(sidecar.port, TARGET, frames)
    assert not engine.checks
    assert not upstream.received


@pytest.fixture(scope="module")
def with_http2(envoy: StartEnvoy, shared_engine: StubEngine):
    with envoy(variant=speak_http2) as process:
        yield process


@pytest.fixture(scope="module")
def with_http2_and_no_size_limit(envoy: StartEnvoy, shared_engine: StubEngine):
    with envoy(variant=without_size_limit) as process:
        yield process


@pytest.mark.parametrize("declare", [False, True])
@pytest.mark.parametrize("frames", OVERFLOWS)
def test_the_size_filter_holds_by_itself(
    with_http2: EnvoyProcess, engine: StubEngine, upstream: Upstream, frames: list[int], *, declare: bool
) -> None:
    assert send_frames(with_http2.port, TARGET, frames, declare=declare).status == 413
    assert not engine.checks
    assert not upstream.received


@pytest.mark.parametrize("frames", [[LIMIT], [10, LIMIT - 10], [LIMIT, 0]])
def test_the_size_filter_lets_the_limit_itself_pass(
    with_http2: EnvoyProcess, engine: StubEngine, upstream: Upstream, frames: list[int]
) -> None:
    assert send_frames(with_http2.port, TARGET, frames).status == 200
    assert len(upstream.requests[0].body) == LIMIT


@pytest.mark.parametrize("frames", OVERFLOWS)
def test_the_service_can_tell_that_it_did_not_get_all(
    with_http2_and_no_size_limit: EnvoyProcess, engine: StubEngine, upstream: Upstream, frames: list[int]
) -> None:
    engine.answer = stub_engine.careful
    answer = send_frames(with_http2_and_no_size_limit.port, TARGET, frames)
    assert (answer.status, answer.body) == (413, stub_engine.REFUSAL)
    assert not upstream.received


def test_these_frames_do_get_past_an_envoy_without_the_locks(
    with_http2_and_no_size_limit: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    """Or else the tests above prove nothing."""
    assert send_frames(with_http2_and_no_size_limit.port, TARGET, [LIMIT, 1]).status == 200
    assert len(engine.checks[0].attributes.request.http.raw_body) == LIMIT
    assert len(upstream.requests[0].body) == LIMIT + 1


def test_the_default_limit_fits_through_with_room_for_headers(
    envoy: StartEnvoy, engine: StubEngine, upstream: Upstream
) -> None:
    limit = 8 * 1024 * 1024
    with envoy(max_body_bytes=limit) as process:
        assert post(process.port, TARGET, b"x" * limit, "x-long: " + "y" * 50_000).status == 200
        assert len(upstream.requests[0].body) == limit
        assert post(process.port, TARGET, b"", f"content-length: {limit + 1}").status == 413


def _post(sidecar: EnvoyProcess, body: bytes, framing: str) -> Answer:
    if framing == "length":
        return post(sidecar.port, TARGET, body)
    return post(sidecar.port, TARGET, chunked(body, 700), "transfer-encoding: chunked")
