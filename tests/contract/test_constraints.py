"""What rules enforce: the real Envoy and service, and the bytes that the provider got."""

import json
from collections.abc import Iterator

import pytest
from tests.contract.streaming import chat, document
from tests.contract.test_answers import Sidecar, running

POLICY = """
policy: {name: constrained, version: "1"}
defaults: {intent: ALLOW, finding: ALLOW}
rules:
  - id: held
    match: {models: ["gpt-4o*"]}
    decision: ALLOW_CONSTRAINED
    enforce:
      max_output_tokens: 64
      remove_tools: ["shell*"]
      system_preamble: "Answer in English. Never quote \\"internal\\" pages."
      models: ["gpt-4o*"]
  - id: whole
    match: {models: ["o3*"]}
    decision: ALLOW_CONSTRAINED
    enforce: {forbid_stream: true, models: ["o3-mini"]}
  - {id: people, decision: REDACT, match: {findings: [{kind: pii}]}}
"""
PREAMBLE = {"role": "system", "content": 'Answer in English. Never quote "internal" pages.'}


@pytest.fixture(scope="module")
def sidecar() -> Iterator[Sidecar]:
    with running(POLICY) as started:
        yield started


def tool(name: str) -> dict[str, object]:
    return {"type": "function", "function": {"name": name, "description": "Does it", "parameters": {"type": "object"}}}


def sent(sidecar: Sidecar, body: str, *, stream: bool = False) -> str:
    """The body that the provider got."""
    sidecar.upstream.play(chat(["Yes"]) if stream else document("Yes"))
    status, _, whole = sidecar.ask(body=body)
    assert (status, whole) == (200, True)
    head, _, got = sidecar.upstream.requests[-1].partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")]
    assert [int(length) for length in lengths] == [len(got)]
    return got.decode()


def test_what_a_rule_enforces_is_in_what_the_provider_gets(sidecar: Sidecar) -> None:
    body = (
        '{ "model":"gpt-4o",  "temperature":0.70,"tools":[' + json.dumps(tool("shell_run")) + ",\n"
        '{"type":"function","function":{"name":"look_up"}} ],"tool_choice":{"type":"function","function":'
        '{"name":"shell_run"}},"max_tokens":4000, "messages":[ {"role":"user","content":"Gr\\u00fc\\u00dfe"}]}'
    )
    got = sent(sidecar, body)
    assert got == (
        '{ "model":"gpt-4o",  "temperature":0.70,"tools":['
        '{"type":"function","function":{"name":"look_up"}} ],"max_tokens":64, "messages":['
        + json.dumps(PREAMBLE)
        + ',  {"role":"user","content":"Gr\\u00fc\\u00dfe"}]}'
    )


def test_what_is_held_to_it_already_leaves_byte_by_byte(sidecar: Sidecar) -> None:
    body = json.dumps(
        {"max_tokens": 64, "model": "gpt-4o", "messages": [PREAMBLE, {"role": "user", "content": "Hi"}]}, indent=1
    )
    assert sent(sidecar, body) == body


def test_a_stream_is_constrained_too(sidecar: Sidecar) -> None:
    body = json.dumps({"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": "Hi"}]})
    got = json.loads(sent(sidecar, body, stream=True))
    assert got["max_completion_tokens"] == 64
    assert got["messages"] == [PREAMBLE, {"role": "user", "content": "Hi"}]


def test_redacted_and_constrained_in_one_body(sidecar: Sidecar) -> None:
    body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Write to jane@acme-corp.com"}]})
    got = json.loads(sent(sidecar, body))
    assert got["messages"] == [PREAMBLE, {"role": "user", "content": "Write to [EMAIL_ADDRESS_1]"}]
    record = [one for one in sidecar.records() if one.get("direction") != "response"][-1]
    assert record["changes"] == 3
    assert record["decision"]["verdict"] == "REDACT"


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"model": "o3-mini", "stream": True}, "no streamed answer is allowed"),
        ({"model": "o3-pro"}, "the model is not one of those that are allowed"),
        ({"model": "o3-mini", "Stream": True}, "another spelling"),
        ({"model": "gpt-4o", "max_tokens": "many"}, "`max_tokens` is not a number"),
    ],
)
def test_what_cannot_be_held_to_it_never_leaves(sidecar: Sidecar, members: dict[str, object], why: str) -> None:
    sidecar.upstream.play(document("Yes"))
    status, body, _ = sidecar.ask(body=json.dumps({"messages": [{"role": "user", "content": "Hi"}], **members}))
    error = json.loads(body)["error"]
    assert (status, error["code"]) == (400, "content_policy_violation")
    assert why in error["message"]
    assert sidecar.upstream.requests == []
