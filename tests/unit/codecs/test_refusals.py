import json
from collections.abc import Callable
from typing import Any

import anthropic
import httpx2
import openai
import pytest
from tests.tools.golden_codecs import anthropic_client, azure_client, openai_client

from firebreak.codecs.refusals import (
    anthropic_error,
    cohere_cut,
    cohere_error,
    gemini_cut,
    gemini_error,
    generic_error,
    mistral_cut,
    mistral_error,
    ollama_cut,
    ollama_error,
    openai_error,
)
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal, Rendered

POLICY = Refusal(400, "block", "Request blocked by policy: r1 — A rule", "policy")
MESSAGES: list[Any] = [{"role": "user", "content": "hi"}]


def invalid(reason):
    return Refusal(reason.status, reason.code, f"body: {reason.sentence}", "invalid", param="messages")


UNAVAILABLE = Refusal(503, "audit_unavailable", "the record could not be written", "unavailable")


def answer(rendered: Rendered) -> Callable[[httpx2.Request], httpx2.Response]:
    headers = {"content-type": rendered.content_type}
    return lambda _: httpx2.Response(rendered.status, headers=headers, content=rendered.body)


def test_the_openai_form_of_a_policy_refusal():
    rendered = openai_error(POLICY)
    assert (rendered.status, rendered.content_type) == (400, "application/json")
    assert json.loads(rendered.body) == {
        "error": {
            "message": "Request blocked by policy: r1 — A rule",
            "type": "policy_violation",
            "param": None,
            "code": "content_policy_violation",
        }
    }


def test_the_anthropic_form_of_a_policy_refusal():
    assert json.loads(anthropic_error(POLICY).body) == {
        "type": "error",
        "error": {"type": "invalid_request_error", "message": "Request blocked by policy: r1 — A rule"},
    }


OPENAI = [
    (POLICY, openai.BadRequestError, "policy_violation", "content_policy_violation"),
    (invalid(Reason.DUPLICATE_KEY), openai.BadRequestError, "invalid_request_error", "duplicate_key"),
    (invalid(Reason.UNKNOWN_ROUTE), openai.PermissionDeniedError, "invalid_request_error", "unknown_route"),
    (invalid(Reason.BODY_TOO_LARGE), openai.APIStatusError, "invalid_request_error", "body_too_large"),
    (UNAVAILABLE, openai.InternalServerError, "server_error", "audit_unavailable"),
]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("client_of", [openai_client, azure_client])
@pytest.mark.parametrize(("refusal", "error", "sort", "code"), OPENAI)
def test_the_openai_sdk_raises_its_own_exception(refusal, error, sort, code, client_of, stream):
    client = client_of(answer(openai_error(refusal)))
    for call in (
        lambda: client.chat.completions.create(model="m", messages=MESSAGES, stream=stream),
        lambda: client.responses.create(model="m", input="hi", stream=stream),
    ):
        with pytest.raises(error) as caught:
            call()
        assert (caught.value.status_code, caught.value.type, caught.value.code) == (refusal.status, sort, code)
        assert refusal.message in str(caught.value)


ANTHROPIC = [
    (POLICY, anthropic.BadRequestError, "invalid_request_error"),
    (invalid(Reason.NOT_JSON), anthropic.BadRequestError, "invalid_request_error"),
    (invalid(Reason.UNKNOWN_ROUTE), anthropic.PermissionDeniedError, "permission_error"),
    (invalid(Reason.BODY_TOO_LARGE), anthropic.APIStatusError, "request_too_large"),
    (invalid(Reason.CONTENT_TYPE), anthropic.APIStatusError, "invalid_request_error"),
    (UNAVAILABLE, anthropic.InternalServerError, "api_error"),
]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("refusal", "error", "sort"), ANTHROPIC)
def test_the_anthropic_sdk_raises_its_own_exception(refusal, error, sort, stream):
    client = anthropic_client(answer(anthropic_error(refusal)))
    with pytest.raises(error) as caught:
        client.messages.create(model="claude-sonnet-5", max_tokens=1, messages=MESSAGES, stream=stream)
    assert caught.value.status_code == refusal.status
    assert caught.value.body == {"type": "error", "error": {"type": sort, "message": refusal.message}}


def test_the_anthropic_stream_helper_raises_too():
    client = anthropic_client(answer(anthropic_error(POLICY)))
    with (
        pytest.raises(anthropic.BadRequestError),
        client.messages.stream(model="claude-sonnet-5", max_tokens=1, messages=MESSAGES),
    ):
        pass


def test_rendering_is_total():
    odd = Refusal(418, "", "half \ud800 pair \x00", "unheard-of")
    assert json.loads(openai_error(odd).body)["error"]["type"] == "invalid_request_error"
    assert json.loads(anthropic_error(odd).body)["error"]["type"] == "invalid_request_error"
    assert json.loads(gemini_error(odd).body)["error"]["status"] == "INVALID_ARGUMENT"
    assert json.loads(mistral_error(odd).body)["type"] == "invalid_request_error"
    assert json.loads(ollama_error(odd).body) == {"error": odd.message}
    assert json.loads(cohere_error(odd).body) == {"message": odd.message}


@pytest.mark.parametrize(
    ("refusal", "status", "reason"),
    [
        (POLICY, "INVALID_ARGUMENT", "CONTENT_POLICY_VIOLATION"),
        (invalid(Reason.UNKNOWN_ROUTE), "PERMISSION_DENIED", "UNKNOWN_ROUTE"),
        (UNAVAILABLE, "UNAVAILABLE", UNAVAILABLE.code.upper()),
    ],
)
def test_googles_errors_have_a_status_and_a_reason(refusal, status, reason):
    error = json.loads(gemini_error(refusal).body)["error"]
    assert (error["code"], error["status"], error["details"][0]["reason"]) == (refusal.status, status, reason)


def test_each_api_ends_a_stream_in_its_own_way():
    assert gemini_cut(POLICY, array=False) == b"data: " + gemini_error(POLICY).body + b"\n\n"
    assert json.loads(b"[{}" + gemini_cut(POLICY, array=True))[1] == json.loads(gemini_error(POLICY).body)
    assert ollama_cut(POLICY) == ollama_error(POLICY).body + b"\n"
    assert mistral_cut(POLICY).endswith(b"data: [DONE]\n\n")
    assert cohere_cut(POLICY).startswith(b"event: message-end\n")


def test_an_api_that_nobody_knows_gets_a_plain_error():
    error = json.loads(generic_error(POLICY).body)["error"]
    assert error == {"code": "content_policy_violation", "message": POLICY.message, "type": "policy_violation"}
