import pytest
from tests.unit.codecs.hearing import everything, said, texts

from firebreak.codecs.bedrock_converse_answer import ConverseAnswer
from firebreak.codecs.frames.aws_event_stream import AwsEventStream
from firebreak.codecs.frames.frame import Frame
from firebreak.codecs.frames.whole import Whole
from firebreak.model.conversation import Origin, PartKind
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

STOP = Frame(b"", b'{"contentBlockIndex":0}', 0, bytes, "contentBlockStop")


def hear(*values):
    return said(ConverseAnswer(), *values)


def delta(piece, index=0):
    return {"delta": piece, "contentBlockIndex": index}


def start(name, index=0):
    return {"start": {"toolUse": {"toolUseId": "t-1", "name": name}}, "contentBlockIndex": index}


def test_framers():
    reader = ConverseAnswer()
    assert isinstance(reader.framer("application/vnd.amazon.eventstream", 64), AwsEventStream)
    assert isinstance(reader.framer("application/json", 64), Whole)
    assert reader.framer("text/event-stream", 64) is None
    assert b"modelStreamErrorException" in reader.cut(Refusal(502, "c", "m", "unavailable"))


def test_a_whole_answer():
    content = [
        {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl"}}},
        {"text": "hello"},
        {"toolUse": {"toolUseId": "t-1", "name": "send", "input": {"to": "ada"}}},
        {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}},
        {"citationsContent": {"content": [{"text": "cited"}]}},
        {"toolResult": {"content": [{"text": "given back"}]}},
        {"new": {"text": "unknown"}},
    ]
    usage = {
        "inputTokens": 5,
        "outputTokens": 7,
        "totalTokens": 15,
        "cacheReadInputTokens": 2,
        "cacheWriteInputTokens": 1,
    }
    (heard,) = hear(
        {
            "output": {"message": {"role": "assistant", "content": content}},
            "stopReason": "end_turn",
            "usage": usage,
            "metrics": {"latencyMs": 3},
            "trace": {"guardrail": {"match": "seen"}},
        }
    )
    assert heard.last
    assert heard.usage == Usage(input=8, output=7, cached=2)
    kinds = {delta.text: (delta.channel.kind, delta.channel.origin) for delta in heard.deltas}
    assert kinds["hello"] == (PartKind.TEXT, Origin.ASSISTANT)
    assert kinds["hm"] == (PartKind.REASONING, Origin.ASSISTANT)
    assert kinds["to: ada\n"] == (PartKind.TOOL_CALL, Origin.ASSISTANT)
    assert kinds["format: png\nsource:\nbytes: \n"] == (PartKind.IMAGE, Origin.ASSISTANT)
    assert kinds["content:\ntext: cited\n"] == (PartKind.TEXT, Origin.RETRIEVAL)
    assert kinds["content:\ntext: given back\n"] == (PartKind.TOOL_RESULT, Origin.TOOL)
    assert "unknown" in everything([heard])
    assert "seen" in everything([heard])
    assert "latencyMs" not in everything([heard])
    assert len(heard.closed) == 1


def test_a_stream():
    reader = ConverseAnswer()
    heard = said(
        reader,
        {"role": "assistant", "p": "abcdef"},
        delta({"reasoningContent": {"text": "hm"}}),
        delta({"reasoningContent": {"signature": "c2lnbmF0dXJlc2lnbmF0dXJlc2lnbmF0dXJl"}}),
        delta({"text": "hel"}, 1),
        delta({"text": "lo"}, 1),
        start("send", 2),
        delta({"toolUse": {"input": '{"to"'}}, 2),
        delta({"toolUse": {"input": ':"ada"}'}}, 2),
        {"stopReason": "tool_use"},
        {"usage": {"inputTokens": 1, "outputTokens": 2, "totalTokens": 3}, "metrics": {"latencyMs": 1}},
    )
    assert texts(heard) == {"0.reasoning": "hm", "1.text": "hello", "2.tool_call": 'send\n{"to":"ada"}'}
    assert heard[5].deltas[0].channel.name == "send"
    assert heard[7].deltas[0].channel.name == "send"
    assert [each.last for each in heard].index(True) == 8
    assert heard[-1].usage == Usage(input=1, output=2)
    assert reader.read(STOP).closed == ["0.reasoning"]


def test_what_follows_the_end_of_a_block_is_refused():
    reader = ConverseAnswer()
    said(reader, delta({"text": "a"}))
    reader.read(STOP)
    with pytest.raises(BadInput):
        said(reader, delta({"text": "b"}))


def test_a_call_has_one_name():
    with pytest.raises(BadInput):
        hear(start("send"), start("delete_all"))


def test_amazons_own_models_wrap_their_events():
    heard = hear(
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"delta": {"text": "hel"}, "contentBlockIndex": 0}},
        {"contentBlockDelta": {"delta": {"text": "lo"}, "contentBlockIndex": 0}},
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"messageStop": {"stopReason": "end_turn"}},
        {"metadata": {"usage": {"inputTokens": 1, "outputTokens": 2, "cacheReadInputTokenCount": 4}, "metrics": {}}},
    )
    assert texts(heard) == {"0.text": "hello"}
    assert heard[3].closed == ["0.text"]
    assert heard[4].last
    assert heard[5].usage == Usage(input=5, output=2, cached=4)


def test_what_is_unknown_is_read():
    heard = hear(
        {"message": "an error"},
        delta({"new": "piece "}),
        delta({"new": "by piece"}),
        delta({"toolResult": [{"text": "given"}]}),
        delta({"image": {"source": {"bytes": "not base64!"}}}),
        {"start": {"image": {"format": "a b"}}},
        {"p": "not the padding"},
        {"contentBlockIndex": True},
    )
    assert "piece by piece" in texts(heard).values()
    for text in ("an error", "given", "not base64!", "a b", "not the padding"):
        assert text in everything(heard)
