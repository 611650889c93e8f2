import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.mcp import Mcp
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal


def request(method, params=None, identity=1):
    return {"jsonrpc": "2.0", "id": identity, "method": method} | ({} if params is None else {"params": params})


def read(body, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Mcp().read(exchange(body, api="mcp", path="/mcp", headers={"content-type": "application/json", **named}))


def refused(reason, where, body, **headers):
    with pytest.raises(BadInput) as caught:
        read(body, **headers)
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_a_call_of_a_tool():
    found = read(request("tools/call", {"name": "send", "arguments": {"to": "ada"}, "_meta": {"progressToken": "p1"}}))
    assert brief(found.parts) == [
        ("tool_call", "assistant", "assistant", "send\nto: ada\n"),
        ("metadata", "user", "user", "_meta:\nprogressToken: p1\n"),
    ]
    assert found.tools == ("send",)
    assert (found.parts[0].name, found.task, found.surface, found.model) == ("send", "tool_use", "mcp", "")


def test_a_call_without_arguments():
    (part,) = read(request("tools/call", {"name": "now"})).parts
    assert (part.kind, part.text, part.name) == ("tool_call", "now\n", "now")


def test_prompts_resources_and_the_rest():
    found = read(request("prompts/get", {"name": "greet", "arguments": {"who": "Ada"}}, "id-7"))
    assert brief(found.parts) == [
        ("text", "user", "user", "who: Ada\n"),
        ("metadata", "user", "user", "name: greet\nid: id-7\n"),
    ]
    assert brief(read(request("resources/read", {"uri": "file:///x"})).parts)[0][3] == "uri: file:///x\n"
    assert read(request("ping")).parts == ()
    assert read({"jsonrpc": "2.0", "method": "notifications/initialized"}).parts == ()


def test_what_a_client_answers():
    sampled = {"role": "assistant", "content": {"type": "text", "text": "hello"}, "model": "m"}
    assert brief(read({"jsonrpc": "2.0", "id": 1, "result": sampled}).parts) == [
        ("text", "assistant", "assistant", "type: text\ntext: hello\n"),
        ("metadata", "user", "user", "result:\nrole: assistant\nmodel: m\n"),
    ]
    elicited = {"action": "accept", "content": {"name": "Ada"}}
    assert brief(read({"jsonrpc": "2.0", "id": 1, "result": elicited}).parts)[0] == (
        "text",
        "user",
        "user",
        "name: Ada\n",
    )
    error = read({"jsonrpc": "2.0", "id": 1, "error": {"code": -1, "message": "no"}})
    assert "message: no" in error.parts[0].text


def test_batches():
    call = request("tools/call", {"name": "a", "arguments": {"x": "1"}})
    found = read([call, {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"reason": "late"}}])
    assert [(part.kind.value, part.message) for part in found.parts] == [("tool_call", 0), ("metadata", 1)]
    assert found.parts[0].segments[0].path == (0, "params", "name")
    refused(Reason.FIELD_VALUE, "", [])
    refused(Reason.FIELD_VALUE, "", [call] * 65)
    refused(Reason.FIELD_TYPE, "/1", [call, 1])


def test_a_session_is_told_by_its_digest():
    found = read(request("ping"), mcp_session_id="s-1")
    assert found.session == read(request("ping"), mcp_session_id="s-1").session != ""
    assert "s-1" not in found.session


@pytest.mark.parametrize(
    ("body", "reason", "where"),
    [
        (1, Reason.FIELD_TYPE, ""),
        ({}, Reason.FIELD_MISSING, "/jsonrpc"),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, Reason.FIELD_VALUE, "/jsonrpc"),
        ({"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "x"}}, Reason.FIELD_MISSING, "/id"),
        ({"jsonrpc": "2.0", "id": 1, "method": "notifications/initialized"}, Reason.FIELD_VALUE, "/id"),
        (request("ping", identity=None), Reason.FIELD_TYPE, "/id"),
        (request("ping", identity=True), Reason.FIELD_TYPE, "/id"),
        (request("ping", identity="x" * 200), Reason.FIELD_VALUE, "/id"),
        (request("shell/run"), Reason.FIELD_VALUE, "/method"),
        (request("ping", []), Reason.FIELD_TYPE, "/params"),
        (request("tools/call"), Reason.FIELD_MISSING, "/params/name"),
        (request("tools/call", {"name": "x", "arguments": "y"}), Reason.FIELD_TYPE, "/params/arguments"),
        ({"jsonrpc": "2.0", "id": 1}, Reason.FIELD_TYPE, ""),
        ({"jsonrpc": "2.0", "id": 1, "result": {}, "error": {}}, Reason.FIELD_TYPE, ""),
        ({"jsonrpc": "2.0", "result": {}}, Reason.FIELD_MISSING, "/id"),
        ({**request("ping"), "Method": "tools/call"}, Reason.DUPLICATE_KEY, ""),
    ],
)
def test_wrong_shapes(body, reason, where):
    refused(reason, where, body)


def test_headers_repeat_what_the_body_says():
    call = request("tools/call", {"name": "send", "arguments": {"to": "Zoë", "n": 3, "ok": True, "deep": ["x"]}})
    good = {"mcp_method": "tools/call", "mcp_name": "send", "mcp_param_to": "=?base64?Wm/Dqw==?=", "mcp_param_n": "3"}
    assert read(call, **good, mcp_param_ok="true", mcp_param_deep="x").parts
    refused(Reason.FIELD_VALUE, "mcp-method", call, mcp_method="ping")
    refused(Reason.FIELD_VALUE, "mcp-name", call, mcp_name="other")
    refused(Reason.FIELD_VALUE, "mcp-param", call, mcp_param_to="a secret")
    refused(Reason.FIELD_VALUE, "mcp-param", call, mcp_param_to="=?base64?!?=")
    refused(Reason.FIELD_VALUE, "mcp-param", request("ping"), mcp_param_to="x")


def test_it_refuses_as_json_rpc():
    assert b'"jsonrpc": "2.0"' in Mcp().refuse(Refusal(400, "c", "m", "policy")).body
    assert Mcp().answer().framer("text/event-stream", 64)
