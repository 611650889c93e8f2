import json

import pytest
from tests.unit.codecs.frames.framing import frames
from tests.unit.codecs.hearing import everything, frame, said

from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.lines_answer import Inner, LinesAnswer
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal
from firebreak.pipeline.edit import Edit, Places


def chat(text):
    return {"object": "chat.completion", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}


def reader():
    def find(line):
        return Inner(("response", 0, "body"), OpenAIChatAnswer()) if "response" in line else None

    return LinesAnswer(find, lambda refusal: refusal.code.encode())


def test_each_line_is_an_answer_of_its_own():
    first, second = said(
        reader(), {"custom_id": "a", "response": [{"body": chat("Hi"), "n": 1}]}, {"error": "too long"}
    )
    assert [(delta.channel.kind, delta.text) for delta in first.deltas] == [
        ("text", "Hi"),
        ("metadata", "custom_id: a\nresponse:\nn: 1\n"),
    ]
    assert [(delta.channel.kind, delta.text) for delta in second.deltas] == [("text", "error: too long\n")]
    assert not first.last


def test_texts_of_two_lines_are_two():
    keys = [
        delta.channel.key
        for heard in said(reader(), *[{"response": [{"body": chat("Hi")}]}] * 2)
        for delta in heard.deltas
    ]
    assert len(set(keys)) == len(keys)


def test_what_an_answer_leaves_open_ends_with_its_line():
    piece = {"choices": [{"index": 0, "delta": {"content": "Hel"}}]}
    (heard,) = said(reader(), {"response": [{"body": piece}]})
    assert heard.closed == [delta.channel.key for delta in heard.deltas if delta.open]
    assert heard.closed


def test_tokens_are_not_counted_again():
    body = {**chat("Hi"), "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}}
    (heard,) = said(reader(), {"response": [{"body": body}]})
    assert heard.usage is None
    assert "prompt_tokens" not in everything([heard])


def test_a_text_can_be_changed_in_its_line():
    line = {"x": [1, "é"], "response": [{"body": chat("my secret")}]}
    one = frame(line)
    heard = reader().read(one)
    changed = Places(one, heard.deltas).edited([(0, 0, [Edit(3, 9, "[S]")])])
    assert json.loads(changed)["response"][0]["body"] == chat("my [S]")
    assert json.loads(changed)["x"] == [1, "é"]


@pytest.mark.parametrize(("raw", "reason"), [(b"[1]", Reason.NOT_AN_OBJECT), (b"no", Reason.NOT_JSON)])
def test_what_is_no_object_is_refused(raw, reason):
    with pytest.raises(BadInput) as caught:
        said(reader(), raw)
    assert caught.value.reason is reason


def test_lines_are_told_by_their_ends_whatever_the_type():
    framer = reader().framer("application/x-whatever", 100)
    assert isinstance(framer, Lines)
    assert [one.data for one in frames(framer, [b'{"a"', b':1}\n{"b":2}'])] == [b'{"a":1}', b'{"b":2}']


def test_a_cut_is_the_providers_line():
    assert reader().cut(Refusal(400, "why", "m", "invalid")) == b"why"
