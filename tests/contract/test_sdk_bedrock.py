"""Amazon Bedrock's own SDK through the real Envoy and the real service."""

import base64
import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError
from tests.contract import streaming
from tests.contract.streaming import LAST_CHUNK, Step, StreamingUpstream, chunk, plain

from firebreak.codecs.frames.aws_event_stream import message, string_header
from firebreak.edge.envoy.credentials import secret_files
from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

SECRET = "AKIAQ3EGRZ5XWY7TNBMK"
MAIL = "ada.lovelace@example.com"
CLAUDE = "anthropic.claude-3-5-sonnet-20240620-v1:0"
PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0"
POLICY = """
policy: {name: bedrock, version: "1"}
defaults: {intent: ALLOW}
rules:
  - {id: no-keys, decision: BLOCK, match: {on: [request, response], findings: [{kind: secret}]}}
  - {id: hide-people, decision: REDACT, match: {on: [request, response], findings: [{kind: pii}]}}
"""
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\ntransfer-encoding: chunked\r\n\r\n"


def event(name: str, body: dict[str, Any]) -> bytes:
    headers = ((":event-type", name), (":content-type", "application/json"), (":message-type", "event"))
    return message(b"".join(string_header(*header) for header in headers), json.dumps(body).encode())


def spoken(pieces: list[str]) -> list[bytes]:
    return [
        event("messageStart", {"role": "assistant", "p": "abc"}),
        *(event("contentBlockDelta", {"delta": {"text": text}, "contentBlockIndex": 0}) for text in pieces),
        event("contentBlockStop", {"contentBlockIndex": 0}),
        event("messageStop", {"stopReason": "end_turn"}),
        event(
            "metadata",
            {"usage": {"inputTokens": 9, "outputTokens": 4, "totalTokens": 13}, "metrics": {"latencyMs": 5}},
        ),
    ]


def streamed(events: list[bytes]) -> list[Step]:
    return [HEAD, *(chunk(each) for each in events), LAST_CHUNK]


def inner(document: dict[str, Any]) -> bytes:
    return event("chunk", {"bytes": base64.b64encode(json.dumps(document).encode()).decode(), "p": "abcdef"})


def said(text: str) -> dict[str, Any]:
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 9, "outputTokens": 4, "totalTokens": 13},
        "metrics": {"latencyMs": 5},
    }


@dataclass
class Sidecar:
    folder: Path
    envoy: EnvoyProcess
    upstream: StreamingUpstream

    @cached_property
    def client(self) -> Any:
        return boto3.client(
            "bedrock-runtime",
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{self.envoy.port}/bedrock",
            aws_access_key_id="unused",
            aws_secret_access_key="unused",
            config=Config(retries={"max_attempts": 0}),
        )

    def sent(self) -> bytes:
        (request,) = self.upstream.requests
        return request

    def answers(self, document: dict[str, Any]) -> None:
        self.upstream.play([plain(json.dumps(document).encode())])


@contextlib.contextmanager
def running(*, keys: bool) -> Iterator[Sidecar]:
    with short_folder() as folder, streaming.running() as upstream:
        port = free_port()
        for name, file, text in (("policy", "policy.yaml", POLICY), ("keys", "bedrock", "bedrock-api-key-1")):
            (folder / name).mkdir()
            (folder / name / file).write_text(text, encoding="utf-8")
        env = {
            "FIREBREAK_POLICY_DIR": str(folder / "policy"),
            "FIREBREAK_AUDIT_DIR": str(folder / "audit"),
            "FIREBREAK_LISTEN": f"unix:{folder}/e.sock",
            "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{port}",
        }
        provider = Provider("bedrock", "bedrock", "127.0.0.1", "/bedrock", upstream.port, tls=False)
        options = EnvoyOptions(
            (provider,),
            (f"{folder}/e.sock",),
            f"{folder}/admin.sock",
            listen_port=0,
            credentials_dir=str(folder / "keys") if keys else "",
        )
        for path, text in secret_files(options).items():
            Path(path).write_text(text, encoding="utf-8")
        with EngineProcess(env, folder, ready=f"127.0.0.1:{port}"), EnvoyProcess(options, folder) as envoy:
            started = Sidecar(folder, envoy, upstream)
            with contextlib.closing(started.client):
                yield started


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Sidecar]:
    """Envoy has the key; the SDK signs with whatever it has been given."""
    with running(keys=True) as started:
        yield started


def asked(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": text}]}]


def heard(stream: Any) -> tuple[list[Any], str]:
    """Every event that the SDK gives, and the error that it ends with."""
    events: list[Any] = []
    with contextlib.closing(stream):
        try:
            events += iter(stream)
        except EventStreamError as error:
            return events, str(error)
    return events, ""


def texts(events: list[Any]) -> list[str]:
    return [each["contentBlockDelta"]["delta"]["text"] for each in events if "contentBlockDelta" in each]


@pytest.mark.parametrize("model", [CLAUDE, PROFILE])
def test_an_allowed_call_gives_the_same_object(sidecar: Sidecar, model: str) -> None:
    sidecar.answers(said("Fine."))
    answer = sidecar.client.converse(modelId=model, messages=asked("How are you?"))
    assert {key: answer[key] for key in said("")} == said("Fine.")
    request = sidecar.sent()
    escaped = model.replace(":", "%3A").replace("/", "%2F")
    assert request.startswith(f"POST /model/{escaped}/converse HTTP/1.1\r\n".encode())
    assert b"authorization: Bearer bedrock-api-key-1\r\n" in request
    assert b"x-amz-date" not in request.lower()


def test_a_streamed_conversation(sidecar: Sidecar) -> None:
    sidecar.upstream.play(streamed(spoken(["Good ", "morning", ", Ada."])))
    answer = sidecar.client.converse_stream(modelId=CLAUDE, messages=asked("Hello"))
    events, error = heard(answer["stream"])
    assert (texts(events), error) == (["Good ", "morning", ", Ada."], "")
    assert events[-1]["metadata"]["usage"] == {"inputTokens": 9, "outputTokens": 4, "totalTokens": 13}


def test_a_refusal_is_the_sdks_own_error(sidecar: Sidecar) -> None:
    client = sidecar.client
    sidecar.upstream.play([])
    with pytest.raises(client.exceptions.ValidationException) as caught:
        client.converse(modelId=CLAUDE, messages=asked(f"My key is {SECRET}"))
    assert "no-keys" in str(caught.value)
    with pytest.raises(client.exceptions.ValidationException):
        client.converse_stream(modelId=CLAUDE, messages=asked(f"My key is {SECRET}"))
    with pytest.raises(client.exceptions.AccessDeniedException):
        client.apply_guardrail(guardrailIdentifier="g", guardrailVersion="1", source="INPUT", content=[])
    assert sidecar.upstream.requests == []


def test_a_withheld_answer_is_the_sdks_own_error(sidecar: Sidecar) -> None:
    client = sidecar.client
    sidecar.answers(said(f"Take {SECRET}"))
    with pytest.raises(client.exceptions.ValidationException, match="Response blocked"):
        client.converse(modelId=CLAUDE, messages=asked("A key, please"))


def test_a_cut_stream_ends_with_the_sdks_own_error(sidecar: Sidecar) -> None:
    sidecar.upstream.play(streamed(spoken(["Good morning. Here it is: ", "AKIAQ3EG", "RZ5XWY7TNBMK", " and so on"])))
    answer = sidecar.client.converse_stream(modelId=CLAUDE, messages=asked("A key, please"))
    events, error = heard(answer["stream"])
    assert texts(events) == ["Good morning. Here it is: "]
    assert "(validationException)" in error
    assert "Response blocked by policy: no-keys" in error


def test_what_is_redacted_in_a_streams_message_keeps_its_framing(sidecar: Sidecar) -> None:
    sidecar.upstream.play(streamed(spoken(["Write to ada.love", "lace@example.com", " today."])))
    answer = sidecar.client.converse_stream(modelId=CLAUDE, messages=asked("Her address?"))
    events, _ = heard(answer["stream"])
    assert "".join(texts(events)) == "Write to [EMAIL_ADDRESS_1] today."


def test_a_request_is_redacted_because_envoy_has_the_key(sidecar: Sidecar) -> None:
    sidecar.answers(said("Done."))
    sidecar.client.converse(modelId=CLAUDE, messages=asked(f"Write to {MAIL}"))
    assert MAIL.encode() not in sidecar.sent()
    assert b"[EMAIL_ADDRESS_1]" in sidecar.sent()


def test_claude_by_its_own_body(sidecar: Sidecar) -> None:
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    whole = {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Hello"}]}
    sidecar.answers(whole)
    answer = sidecar.client.invoke_model(modelId=CLAUDE, body=json.dumps(body))
    assert json.loads(answer["body"].read()) == whole
    body["messages"] = [{"role": "user", "content": f"My key is {SECRET}"}]
    with pytest.raises(ClientError, match="no-keys"):
        sidecar.client.invoke_model(modelId=CLAUDE, body=json.dumps(body))


def test_claude_streams_within_chunks(sidecar: Sidecar) -> None:
    documents: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"role": "assistant", "content": []}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
            for text in ("Write to ada.love", "lace@example.com", " today, key ", "AKIAQ3EGRZ5XWY7TNBMK", ".")
        ),
    ]
    sidecar.upstream.play(streamed([*map(inner, documents)]))
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    answer = sidecar.client.invoke_model_with_response_stream(modelId=PROFILE, body=json.dumps(body))
    events, error = heard(answer["body"])
    seen = [json.loads(each["chunk"]["bytes"]) for each in events]
    assert "Response blocked" in error
    assert [each["delta"]["text"] for each in seen[2:]] == ["Write to [EMAIL_ADDRESS_1]", "", " today, key "]
    assert not any(SECRET in str(each) for each in seen)


@pytest.mark.parametrize(
    ("model", "body", "documents", "text"),
    [
        ("amazon.titan-text-express-v1", {"inputText": "Hi"}, [{"outputText": "Write to "}, {"outputText": MAIL}], "outputText"),
        ("us.meta.llama3-1-8b-instruct-v1:0", {"prompt": "Hi"}, [{"generation": "Write to "}, {"generation": MAIL}], "generation"),
    ],
)  # fmt: skip
def test_other_vendors_streams(sidecar: Sidecar, model: str, body: Any, documents: list[Any], text: str) -> None:
    sidecar.upstream.play(streamed([*map(inner, documents)]))
    answer = sidecar.client.invoke_model_with_response_stream(modelId=model, body=json.dumps(body))
    events, _ = heard(answer["body"])
    seen = [json.loads(each["chunk"]["bytes"])[text] for each in events]
    assert "".join(seen) == "Write to [EMAIL_ADDRESS_1]"


def test_a_request_that_the_application_signed_is_refused_where_it_would_be_redacted() -> None:
    with running(keys=False) as own:
        own.answers(said("Fine."))
        own.client.converse(modelId=CLAUDE, messages=asked("How are you?"))
        assert b"authorization: aws4-hmac-sha256" in own.sent().lower()
        own.upstream.play([])
        with pytest.raises(ClientError, match="nothing can be taken out"):
            own.client.converse(modelId=CLAUDE, messages=asked(f"Write to {MAIL}"))
        assert own.upstream.requests == []
