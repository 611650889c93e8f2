import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.codecs.mcp_reply import McpRefuser, reply_to
from firebreak.model.refusal import Refusal

POLICY = Refusal(400, "content_policy_violation", "no — never", "policy")
CALL = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "x"}}
LIST = {"jsonrpc": "2.0", "id": "a-1", "method": "tools/list"}
NOTE = {"jsonrpc": "2.0", "method": "notifications/initialized"}
RESULT = {"resultType": "complete", "content": [{"type": "text", "text": "no — never"}], "isError": True}


def refused(body, refusal=POLICY):
    rendered = McpRefuser(reply_to(json.dumps(body).encode())).refuse(refusal)
    assert rendered.content_type == "application/json"
    return rendered.status, json.loads(rendered.body)


def test_a_call_of_a_tool_is_answered_with_a_result_that_is_an_error():
    assert refused(CALL) == (200, {"jsonrpc": "2.0", "id": 7, "result": RESULT})


def test_every_other_request_is_answered_with_an_error():
    error = {"code": -32010, "message": "no — never", "data": {"reason": "content_policy_violation"}}
    assert refused(LIST) == (200, {"jsonrpc": "2.0", "id": "a-1", "error": error})


def test_a_batch_is_answered_for_each_request():
    status, answers = refused([CALL, NOTE, LIST])
    assert (status, [answer["id"] for answer in answers]) == (200, [7, "a-1"])
    assert isinstance(refused([CALL])[1], list)


@pytest.mark.parametrize("body", [NOTE, [NOTE], {"jsonrpc": "2.0", "id": 1, "result": {}}, 1, [], {"id": True, "method": "x"}, {"id": "x" * 200, "method": "x"}])  # fmt: skip
def test_where_nobody_waits_for_an_answer_http_says_it(body):
    status, answer = refused(body)
    assert (status, answer["id"], answer["error"]["code"]) == (400, None, -32010)


def test_what_is_no_policys_matter_is_an_error_by_http_too():
    for status, kind, code in ((400, "invalid", -32011), (503, "unavailable", -32012), (403, "other", -32011)):
        said, answer = refused(CALL, Refusal(status, "c", "m", kind))
        assert (said, answer["id"], answer["error"]["code"]) == (status, 7, code)


def test_a_stream_ends_with_the_answers():
    raw = McpRefuser(reply_to(json.dumps([CALL, LIST]).encode())).cut(POLICY)
    events = [json.loads(line[6:]) for line in raw.decode().splitlines() if line.startswith("data: ")]
    assert [event["id"] for event in events] == [7, "a-1"]
    assert raw.endswith(b"\n\n")
    assert b"notifications/message" in McpRefuser().cut(POLICY)


@given(st.binary(max_size=60))
def test_any_bytes(raw):
    assert McpRefuser(reply_to(raw)).refuse(POLICY).body
