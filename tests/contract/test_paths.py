"""One path, one reading: what could be read in two ways reaches no provider that was not checked for."""

import pytest
from tests.contract.stub_engine import StubEngine
from tests.contract.upstream import Upstream
from tests.contract.wire import post, send

from firebreak.local.stack import EnvoyProcess


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/openai/v1/chat/completions", "/v1/chat/completions"),
        ("/openai/v1/models?limit=2&after=a%2Fb", "/v1/models?limit=2&after=a%2Fb"),
        ("/openai/", "/"),
        ("/anthropic/v1/messages", "/base/v1/messages"),
        ("/openai//v1///models", "/v1/models"),
        ("/openai/./v1/models", "/v1/models"),
        ("/openai/v1/x/../models", "/v1/models"),
        ("/openai/v1/%2e%2e/v1/models", "/v1/models"),
        ("/noauth/../openai/v1/models", "/v1/models"),
        ("/anthropic/..//openai/v1/models", "/v1/models"),
        ("/openai/v1/models/gpt%3Agenerate", "/v1/models/gpt%3Agenerate"),
    ],
)
def test_the_provider_gets_the_path_that_was_checked(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, target: str, sent: str
) -> None:
    assert post(sidecar.port, target, b"{}").status == 200
    assert upstream.requests[0].line == f"POST {sent} HTTP/1.1"
    attributes = engine.checks[0].attributes
    extensions = dict(attributes.context_extensions)
    rewrite = "/base/" if extensions["provider"] == "anthropic" else "/"
    assert rewrite + attributes.request.http.path.removeprefix(extensions["prefix"] + "/") == sent


@pytest.mark.parametrize(
    "target",
    [
        "/openai%2Fv1/models",
        "/openai/v1%2fmodels",
        "/openai/..%2Fadmin",
        "/openai/v1%5Cmodels",
        "/openai/v1\\..\\models%5c",
        "/openai/v1/models#fragment",
        "openai/v1/models",
        "/openai/v1/mo dels",
        "/openai/v1/\x01models",
    ],
)
def test_a_path_with_two_readings_is_refused(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, target: str
) -> None:
    answer = post(sidecar.port, target, b"{}")
    assert answer.status in (400, 403, 404)
    assert not upstream.received


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/v1/chat/completions",
        "/openai",
        "/openaix/v1/models",
        "/OPENAI/v1/models",
        "/openai/../v1/models",
        "/gemini/v1",
    ],
)
def test_an_unknown_destination_is_refused_and_recorded(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, target: str
) -> None:
    answer = post(sidecar.port, target, b"{}")
    assert (answer.status, answer.reason) == (403, "unknown_destination")
    assert answer.json["error"]["code"] == "unknown_destination"
    assert dict(engine.checks[0].attributes.context_extensions) == {
        "provider": "unknown",
        "api": "unknown",
        "prefix": "",
    }
    assert not upstream.received


@pytest.mark.parametrize(
    ("request_line", "lines"),
    [
        (
            "GET /openai/v1/realtime HTTP/1.1",
            ["connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13"],
        ),
        ("GET /openai/v1/x HTTP/1.1", ["connection: upgrade", "upgrade: foo"]),
        ("CONNECT api.openai.com:443 HTTP/1.1", []),
        ("CONNECT /openai/v1/models HTTP/1.1", []),
    ],
)
def test_what_cannot_be_read_is_not_carried(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, request_line: str, lines: list[str]
) -> None:
    answer = send(sidecar.port, "\r\n".join([request_line, "host: app", *lines, "", ""]).encode())
    assert answer.status in (400, 403, 404)
    assert not upstream.received


def test_an_upgrade_to_http2_is_not_made(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    lines = ["connection: upgrade, http2-settings", "upgrade: h2c", "http2-settings: AAMAAABkAAQAAP__"]
    answer = post(sidecar.port, "/openai/v1/models", b"{}", *lines)
    assert answer.status != 101
    assert all("upgrade" not in dict(request.headers) for request in upstream.requests)
