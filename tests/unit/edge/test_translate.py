import pytest
from envoy.service.auth.v3 import external_auth_pb2
from google.rpc import code_pb2

from firebreak.edge import translate
from firebreak.edge.handover import from_metadata
from firebreak.model.decision import Decision, Mode, Verdict
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Caller
from firebreak.model.reason import Reason
from firebreak.model.record import PolicyRef, Record
from firebreak.model.refusal import Rendered
from firebreak.pipeline.decide import Outcome

LIMIT = 1024


def check_request(body=b"{}", path="/openai/v1/chat/completions?x=1", headers=(), size=None, extensions=None):
    request = external_auth_pb2.CheckRequest()
    http = request.attributes.request.http
    http.method, http.path, http.host = "POST", path, "127.0.0.1:15080"
    http.raw_body = body
    http.size = len(body) if size is None else size
    for key, value in (("content-type", "application/json"), *headers):
        header = http.header_map.headers.add()
        header.key, header.raw_value = key, value.encode()
    for key, value in (
        {"provider": "openai", "api": "openai", "prefix": "/openai"} if extensions is None else extensions
    ).items():
        request.attributes.context_extensions[key] = value
    return request


def translated(request):
    return translate.exchange(request, exchange_id="id", caller=Caller(pod="p"), traceparent="", max_body_bytes=LIMIT)


def record(verdict=Verdict.ALLOW, **changes):
    decision = Decision(verdict, "rule-1", "why", **changes)
    return Record(
        id="abc", time_s=0, provider="openai", surface="openai.chat", method="POST", path="/", model="m", stream=False,
        caller=Caller(), policy=PolicyRef("p", "1", "d" * 64), decision=decision, inspected="request", body_bytes=2,
        body_sha256="0" * 64, parts=1,
    )  # fmt: skip


def test_an_exchange_starts_at_the_providers_root():
    exchange = translated(check_request(headers=[("X-Thing", "1")]))
    assert (exchange.path, exchange.query) == ("/v1/chat/completions", "x=1")
    assert (exchange.provider, exchange.api, exchange.caller.pod) == ("openai", "openai", "p")
    assert exchange.headers["x-thing"] == "1"
    assert exchange.fault is None


@pytest.mark.parametrize("path", ["/openaiv1/chat", "/other/v1/chat", "/openai", "v1"])
def test_a_path_outside_the_prefix_is_not_guessed_at(path):
    with pytest.raises(BadInput) as error:
        translated(check_request(path=path))
    assert error.value.reason is Reason.MALFORMED_CHECK


@pytest.mark.parametrize("extensions", [{}, {"provider": "openai"}, {"api": "openai"}])
def test_a_check_without_a_provider_is_refused(extensions):
    with pytest.raises(BadInput):
        translated(check_request(extensions=extensions))


@pytest.mark.parametrize(
    ("request_", "fault"),
    [
        (check_request(headers=[(translate.PARTIAL_BODY_HEADER, "true")]), Reason.BODY_TRUNCATED),
        (check_request(headers=[(translate.PARTIAL_BODY_HEADER, "false")]), None),
        (check_request(headers=[(translate.PARTIAL_BODY_HEADER, "")]), Reason.BODY_TRUNCATED),
        (check_request(size=3), Reason.BODY_TRUNCATED),
        (check_request(size=-1), None),
        (check_request(headers=[("content-length", "2")]), None),
        (check_request(headers=[("content-length", "3")]), Reason.BODY_TRUNCATED),
        (check_request(headers=[("content-length", "2"), ("content-length", "2")]), Reason.BODY_TRUNCATED),
        (check_request(body=b"x" * (LIMIT + 1)), Reason.BODY_TOO_LARGE),
        (check_request(body=b"x" * LIMIT), None),
        (check_request(headers=[("content-type", "text/plain")]), Reason.CONTENT_TYPE),
        (check_request(headers=[("content-encoding", "gzip"), ("content-encoding", "gzip")]), Reason.BODY_ENCODED),
    ],
)
def test_a_body_that_is_not_all_there_is_a_fault(request_, fault):
    assert translated(request_).fault is fault


def test_a_body_sent_as_text_is_a_fault_because_bad_bytes_were_replaced_in_it():
    request = check_request(body=b"")
    request.attributes.request.http.body = "{}"
    assert translated(request).fault is Reason.MALFORMED_CHECK


def test_envoys_trace_context_goes_before_the_clients():
    request = check_request(headers=[("traceparent", "client")])
    assert translated(request).traceparent == "client"
    exchange = translate.exchange(request, exchange_id="id", caller=Caller(), traceparent="envoy", max_body_bytes=LIMIT)
    assert exchange.traceparent == "envoy"


def header_values(options):
    return {option.header.key: option.header.value for option in options}


def allowed(of, changes=()):
    return translate.allowed(of, translate.handover(Outcome(of, None, changes, restore=True), of, "openai"))


def test_the_answers_processing_is_told_of_the_request_and_of_changes():
    fields = allowed(record(), ((3, 5, b"[X_1]"),)).dynamic_metadata.fields
    handed = from_metadata({name: value.string_value for name, value in fields.items()})
    assert handed == translate.handover(Outcome(record(), None, ((3, 5, b"[X_1]"),), restore=True), record(), "openai")


def test_an_allowed_request_is_not_touched():
    response = allowed(record())
    assert response.status.code == code_pb2.OK
    assert not response.ok_response.headers
    assert not response.ok_response.headers_to_remove
    assert not response.ok_response.query_parameters_to_set
    headers = header_values(response.ok_response.response_headers_to_add)
    assert headers == {"x-firebreak-decision": "ALLOW", "x-firebreak-rule": "rule-1", "x-firebreak-record": "abc"}
    assert response.dynamic_metadata["decision"] == "ALLOW"


def test_shadow_and_a_wanted_review_are_told_to_the_client():
    headers = header_values(
        allowed(record(Verdict.BLOCK, mode=Mode.SHADOW, requires_human=True)).ok_response.response_headers_to_add
    )
    assert headers["x-firebreak-mode"] == "shadow"
    assert headers["x-firebreak-requires-human"] == "true"


def test_a_refusal_carries_the_providers_error():
    response = translate.refused(record(Verdict.BLOCK), Rendered(400, "application/json", b'{"error":{}}'))
    assert response.status.code == code_pb2.PERMISSION_DENIED
    assert response.denied_response.status.code == 400
    assert response.denied_response.body == '{"error":{}}'
    assert header_values(response.denied_response.headers)["content-type"] == "application/json"


def test_our_own_fault_is_an_error_and_not_a_decision():
    response = translate.failed("abc", Rendered(503, "application/json", b"{}"))
    assert response.WhichOneof("http_response") == "error_response"
    assert response.error_response.status.code == 503
    assert response.dynamic_metadata["decision"] == "ERROR"
