import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.anthropic_messages import AnthropicMessages
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal

USER = {"role": "user", "content": "hi"}


def read(**body):
    body = {"model": "claude-sonnet-5", "max_tokens": 9, **body}
    return AnthropicMessages().read(exchange(body, api="anthropic", path="/v1/messages"))


def refused(reason, where, **body):
    with pytest.raises(BadInput) as caught:
        read(**body)
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_system_as_text_or_blocks():
    for system in ("be kind", [{"type": "text", "text": "be kind"}]):
        parts = brief(read(system=system, messages=[USER]).parts)
        assert parts == [("text", "system", "system", "be kind"), ("text", "user", "user", "hi")]


def test_a_prefill_is_read_as_the_assistants():
    parts = read(messages=[USER, {"role": "assistant", "content": "Sure, here is"}]).parts
    assert brief(parts)[-1] == ("text", "assistant", "assistant", "Sure, here is")
    assert parts[-1].message == 1


def test_a_system_message_among_the_others():
    parts = read(messages=[USER, {"role": "system", "content": "new rules"}]).parts
    assert brief(parts)[-1] == ("text", "system", "system", "new rules")


def test_tools_servers_and_the_rest():
    conversation = read(
        messages=[{**USER, "x": "left"}],
        tools=[{"name": "t", "input_schema": {}}, {"type": "mcp_toolset", "mcp_server_name": "wiki"}],
        mcp_servers=[{"type": "url", "name": "wiki", "url": "https://w"}],
        metadata={"user_id": "u1"},
        top_k=3,
        stream=True,
    )
    assert conversation.tools == ("t", "wiki", "wiki")
    assert [part.origin.value for part in conversation.parts] == ["user", "user", "tool", "tool", "tool", "user"]
    assert conversation.parts[1].text == "x: left\n"
    assert (conversation.user, conversation.stream, conversation.parameters["top_k"]) == ("u1", True, 3)


def test_counting_tokens_is_its_own_surface():
    codec = AnthropicMessages("anthropic.count_tokens")
    conversation = codec.read(exchange({"model": "m", "messages": [USER]}))
    assert (conversation.surface, len(conversation.parts)) == ("anthropic.count_tokens", 1)


def test_wrong_shapes():
    refused(Reason.FIELD_MISSING, "/messages")
    refused(Reason.FIELD_VALUE, "/messages", messages=[])
    refused(Reason.FIELD_TYPE, "/messages/0", messages=["hi"])
    refused(Reason.FIELD_VALUE, "/messages/0/role", messages=[{"role": "tool", "content": "x"}])
    refused(Reason.FIELD_TYPE, "/messages/0/content", messages=[{"role": "user", "content": None}])
    refused(Reason.FIELD_TYPE, "/system", messages=[USER], system={"text": "x"})
    refused(Reason.FIELD_TYPE, "/tools/0", messages=[USER], tools=["x"])
    refused(Reason.FIELD_TYPE, "/mcp_servers", messages=[USER], mcp_servers={})


def test_it_refuses_in_anthropics_form():
    assert b'"type": "error"' in AnthropicMessages().refuse(Refusal(400, "c", "m", "policy")).body
