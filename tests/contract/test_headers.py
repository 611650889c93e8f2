"""Headers and bodies: credentials stay out of the service, ours cannot be forged, both sides get the same bytes."""

import pytest
from tests.contract import stub_engine
from tests.contract.stub_engine import StubEngine, headers_of
from tests.contract.upstream import OK_BODY, Upstream, response
from tests.contract.wire import post

from firebreak.edge.envoy.credentials import CREDENTIAL_HEADERS
from firebreak.local.stack import EnvoyProcess

TARGET = "/openai/v1/chat/completions"
OTHERS = ("X-Corp-Api-Key", "x-auth-token", "X-Client-Secret", "Authorization", "x-ms-authorization")


@pytest.mark.parametrize("name", [*CREDENTIAL_HEADERS, *OTHERS])
def test_a_credential_reaches_the_provider_and_not_the_service(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, name: str
) -> None:
    secret = "sk-not-for-the-service"
    assert post(sidecar.port, TARGET, b"{}", f"{name}: {secret}").status == 200
    assert secret.encode() not in engine.checks[0].SerializeToString()
    if name.lower() != "proxy-authorization":
        assert upstream.requests[0].all(name.lower()) == [secret]


def test_a_forged_sign_of_a_whole_body_changes_nothing(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    engine.answer = stub_engine.careful
    assert post(sidecar.port, TARGET, b"{}", "x-envoy-auth-partial-body: true").status == 200
    assert headers_of(engine.checks[0])["x-envoy-auth-partial-body"] == ["false"]
    assert not upstream.requests[0].all("x-envoy-auth-partial-body")


@pytest.mark.parametrize(
    "name",
    ["x-firebreak-decision", "X-Firebreak-Anything", "x-envoy-retry-on", "x-envoy-original-path", "x-envoy-internal"],
)
def test_our_headers_cannot_be_sent_by_a_client(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, name: str
) -> None:
    assert post(sidecar.port, TARGET, b"{}", f"{name}: forged").status == 200
    assert "forged" not in str(headers_of(engine.checks[0]))
    assert b"forged" not in upstream.received


def test_a_provider_cannot_send_our_headers_either(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    forged = ["x-firebreak-decision: BLOCK", "X-Firebreak-Reason: too_large", "x-envoy-degraded: 1", "x-ratelimit: 9"]
    upstream.answer = lambda _: response(OK_BODY, "200 OK", *forged)
    answer = post(sidecar.port, TARGET, b"{}")
    assert answer.headers["x-firebreak-decision"] == "ALLOW"
    assert not answer.reason
    assert "x-envoy-degraded" not in answer.headers
    assert answer.headers["x-ratelimit"] == "9"


def test_nothing_of_envoy_is_shown_to_either_side(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    answer = post(sidecar.port, TARGET, b"{}")
    assert not {name for name in answer.headers if name.startswith("x-envoy")}
    names = {name for name, _ in upstream.requests[0].headers}
    assert not {name for name in names if name.startswith(("x-envoy", "x-firebreak")) or name == "x-forwarded-for"}


def test_a_request_id_is_never_the_clients(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    answers = [post(sidecar.port, TARGET, b"{}", "x-request-id: mine") for _ in range(2)]
    ids = [headers_of(check)["x-request-id"] for check in engine.checks]
    assert ids[0] != ids[1]
    assert [[answer.headers["x-request-id"]] for answer in answers] == ids


def test_answers_are_asked_for_in_plain_bytes(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    post(sidecar.port, TARGET, b"{}", "accept-encoding: gzip, br, zstd")
    assert not upstream.requests[0].all("accept-encoding")


@pytest.mark.parametrize("coding", ["gzip", "br", "identity", "", "GZIP, gzip"])
def test_a_body_with_a_content_encoding_is_refused(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, coding: str
) -> None:
    answer = post(sidecar.port, TARGET, b"\x1f\x8b\x08\x00", f"Content-Encoding: {coding}")
    assert (answer.status, answer.reason) == (415, "content_encoding")
    assert engine.checks[0].attributes.context_extensions["provider"] == "openai"
    assert not upstream.received


def test_two_host_headers_do_not_choose_the_host(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    answer = post(sidecar.port, TARGET, b"{}", "host: evil.example")
    assert answer.status in (200, 400)
    assert [request.all("host") for request in upstream.requests] in ([], [[f"127.0.0.1:{upstream.port}"]])


def test_an_absolute_target_does_not_choose_the_host(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream
) -> None:
    assert post(sidecar.port, f"http://evil.example{TARGET}", b"{}").status == 200
    assert upstream.requests[0].line == "POST /v1/chat/completions HTTP/1.1"
    assert upstream.requests[0].all("host") == [f"127.0.0.1:{upstream.port}"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"a","model":"b"}',
        b'{"a":"\xff\xfe\x00"}',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b'{"a":"\\ud800"}',
        b"{} {}",
        b"[" * 2000,
        b'{"n":12345678901234567890123, "e":1E400}',
        b"\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n",
    ],
)
def test_the_service_and_the_provider_get_the_same_bytes(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, body: bytes
) -> None:
    assert post(sidecar.port, TARGET, body).status == 200
    http = engine.checks[0].attributes.request.http
    assert (http.raw_body, http.body, http.size) == (body, "", len(body))
    assert [request.body for request in upstream.requests] == [body]


def test_a_get_with_a_body_is_checked_with_it(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    assert post(sidecar.port, "/openai/v1/models", b'{"q":1}', method="GET").status == 200
    assert engine.checks[0].attributes.request.http.raw_body == b'{"q":1}' == upstream.requests[0].body


def test_the_service_gets_headers_as_they_came(sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream) -> None:
    """Bytes that are not UTF-8, and a name that comes twice, as two headers."""
    assert post(sidecar.port, TARGET, b"{}", "x-odd: caf\xe9\xff", "x-twice: a", "X-Twice: b").status == 200
    seen = headers_of(engine.checks[0])
    assert (seen["x-odd"], seen["x-twice"]) == (["caf\xe9\xff"], ["a", "b"])
    assert (upstream.requests[0].all("x-odd"), upstream.requests[0].all("x-twice")) == (["caf\xe9\xff"], ["a", "b"])


@pytest.mark.parametrize("name", ["x_api_key", "content_length", "X_Firebreak_Decision"])
def test_a_name_with_an_underscore_is_refused(
    sidecar: EnvoyProcess, engine: StubEngine, upstream: Upstream, name: str
) -> None:
    """Some servers read `content_length` as `content-length`: the provider would see another header than we did."""
    assert post(sidecar.port, TARGET, b"{}", f"{name}: 5").status == 400
    assert not engine.checks
    assert not upstream.received
