import pytest
from tests.unit.codecs.hearing import everything, said, texts

from firebreak.codecs.bedrock_invoke_answer import InvokeAnswer
from firebreak.codecs.frames.whole import Whole
from firebreak.model.conversation import PartKind
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage


def hear(*values):
    return said(InvokeAnswer(), *values)


def test_framers():
    reader = InvokeAnswer()
    assert reader.framer("application/vnd.amazon.eventstream", 64)
    assert isinstance(reader.framer("application/json", 64), Whole)
    assert reader.framer("image/png", 64) is None
    assert b"validationException" in reader.cut(Refusal(400, "c", "m", "policy"))


@pytest.mark.parametrize(
    "documents",
    [
        [{"outputText": "hel", "index": 0, "completionReason": None}, {"outputText": "lo", "index": 0}],
        [{"generation": "hel", "stop_reason": None}, {"generation": "lo", "stop_reason": "stop"}],
        [{"completion": "hel", "stop": None, "type": "completion"}, {"completion": "lo", "type": "completion"}],
        [{"outputs": [{"text": "hel", "stop_reason": None}]}, {"outputs": [{"text": "lo", "stop_reason": "stop"}]}],
        [{"choices": [{"text": "hel"}]}, {"choices": [{"text": "lo", "stop_reason": "stop"}]}],
        [
            {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "stop_reason": None}]}
            for text in ("hel", "lo")
        ],
        [{"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": text}}]} for text in ("hel", "lo")],
        [{"contentBlockDelta": {"delta": {"text": text}, "contentBlockIndex": 0}} for text in ("hel", "lo")],
        [
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}}
            for text in ("hel", "lo")
        ],
    ],
)  # fmt: skip
def test_pieces_of_each_vendor_are_one_text(documents):
    assert list(texts(hear(*documents)).values()) == ["hello"]


@pytest.mark.parametrize(
    ("document", "usage"),
    [
        ({"inputTextTokenCount": 3, "results": [{"tokenCount": 2, "outputText": "hello", "completionReason": "FINISH"}]}, 3),
        ({"generation": "hello", "prompt_token_count": 3, "generation_token_count": 2, "stop_reason": "stop"}, 3),
        ({"type": "message", "content": [{"type": "text", "text": "hello"}], "usage": {"input_tokens": 3}}, 3),
        ({"output": {"message": {"content": [{"text": "hello"}]}}, "stopReason": "x", "usage": {"inputTokens": 3}}, 3),
        ({"choices": [{"index": 0, "message": {"role": "assistant", "content": "hello"}, "stop_reason": "stop"}]}, 0),
    ],
)  # fmt: skip
def test_whole_answers(document, usage):
    (heard,) = hear(document)
    assert [delta.text for delta in heard.deltas] == ["hello"]
    assert heard.last
    assert (heard.usage or Usage()).input == usage


def test_calls_come_whole():
    call = {"id": "c1", "type": "function", "function": {"name": "send", "arguments": '{"to":"ada"}'}}
    other = {"id": "c2", "function": {"name": "send", "arguments": {"to": "eve"}}}
    (heard,) = hear({"choices": [{"index": 0, "message": {"tool_calls": [call, other, 1, {"function": 2}]}}]})
    calls = [delta for delta in heard.deltas if delta.channel.kind is PartKind.TOOL_CALL]
    assert [delta.text for delta in calls] == ["send\n", '{"to":"ada"}', "send\n", "to: eve\n"]
    assert {delta.channel.name for delta in calls} == {"send"}
    assert len(heard.closed) == len(set(heard.closed)) == 2


def test_vectors_are_no_text():
    (heard,) = hear({"embedding": [0.5, -1], "embeddingsByType": {"float": [0.5]}, "inputTextTokenCount": 3})
    assert everything([heard]).strip() in ("", "embeddingsByType:")
    assert heard.usage == Usage(input=3)
    (heard,) = hear({"embedding": [4012888888881881], "embeddingsByType": "note"})
    assert "4012888888881881" in everything([heard])
    assert "note" in everything([heard])


def test_what_is_unknown_is_read():
    heard = hear(
        {"message": "an error"},
        {"generation": "a", "x": "left "},
        {"generation": "b", "x": "over"},
        {"outputs": ["string", {"text": 1, "y": "odd"}]},
        {"results": "none"},
        {"choices": [{"message": {"content": ["block"], "note": "kept"}}]},
    )
    assert "left over" in texts(heard).values()
    for text in ("an error", "string", "odd", "none", "block", "kept"):
        assert text in everything(heard)
