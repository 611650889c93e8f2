import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.bedrock_converse import BedrockConverse, BedrockTokens
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal

MODEL = "anthropic.claude-v2:1"
USER = {"role": "user", "content": [{"text": "hi"}]}


def read(body, *, model=MODEL, verb="converse", codec=None):
    path = f"/model/{model.replace(':', '%3A').replace('/', '%2F')}/{verb}"
    return (codec or BedrockConverse()).read(exchange(body, api="bedrock", path=path))


def refused(reason, where, body, **more):
    with pytest.raises(BadInput) as caught:
        read(body, **more)
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_a_conversation():
    tool = {"toolSpec": {"name": "send", "description": "Sends", "inputSchema": {"json": {}}}}
    found = read(
        {
            "system": [{"text": "be kind"}, {"cachePoint": {"type": "default"}}],
            "messages": [USER, {"role": "assistant", "content": [{"text": "hello"}]}],
            "inferenceConfig": {"maxTokens": 9, "topP": 0.5, "stopSequences": ["END"]},
            "toolConfig": {"tools": [tool, {"cachePoint": {}}], "toolChoice": {"auto": {}}},
            "requestMetadata": {"team": "blue"},
        }
    )
    assert (found.model, found.stream, found.tools, found.surface) == (MODEL, False, ("send",), "bedrock.converse")
    assert found.parameters == {"max_tokens": 9, "top_p": 0.5}
    assert brief(found.parts)[:2] == [("text", "system", "system", "be kind"), ("metadata", "system", "system", "cachePoint:\ntype: default\n")]  # fmt: skip
    assert ("text", "assistant", "assistant", "hello") in brief(found.parts)
    assert [part.origin.value for part in found.parts if part.kind == "tool_definition"] == ["tool"]
    assert "END" in found.parts[-1].text
    assert "blue" in found.parts[-1].text


def test_streams_by_their_path():
    assert read({"messages": [USER]}, verb="converse-stream").stream


def test_a_prompt_that_is_kept_elsewhere_was_not_inspected():
    arn = "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1"
    found = read({"promptVariables": {"name": {"text": "Ada"}}}, model=arn)
    assert brief(found.parts) == [("other", "user", "user", "name:\ntext: Ada\n")]
    assert brief(read({}, model=arn).parts) == [("other", "user", "user", "")]


def test_counting_of_tokens():
    body = {"input": {"converse": {"messages": [USER], "x": "left"}}}
    found = read(body, verb="count-tokens", codec=BedrockTokens())
    assert (found.surface, brief(found.parts)[0]) == ("bedrock.count_tokens", ("text", "user", "user", "hi"))
    assert "left" in found.parts[-1].text
    body = {"input": {"invokeModel": {"body": "e30="}}}
    refused(Reason.FIELD_VALUE, "/input/invokeModel", body, verb="count-tokens", codec=BedrockTokens())


def test_wrong_shapes():
    refused(Reason.FIELD_MISSING, "/messages", {})
    refused(Reason.FIELD_VALUE, "/messages", {"messages": []})
    refused(Reason.FIELD_VALUE, "/messages/0/role", {"messages": [{"role": "system", "content": []}]})
    refused(Reason.FIELD_MISSING, "/messages/0/content", {"messages": [{"role": "user"}]})
    refused(Reason.FIELD_TYPE, "/messages/0/content", {"messages": [{"role": "user", "content": "hi"}]})
    refused(Reason.FIELD_TYPE, "/system", {"messages": [USER], "system": "x"})
    refused(Reason.FIELD_TYPE, "/toolConfig/tools/0", {"messages": [USER], "toolConfig": {"tools": ["x"]}})


def test_it_refuses_in_awss_form():
    for codec in (BedrockConverse(), BedrockTokens()):
        assert b"ValidationException" in codec.refuse(Refusal(400, "c", "m", "policy")).body
        assert codec.answer().framer("application/vnd.amazon.eventstream", 64)
