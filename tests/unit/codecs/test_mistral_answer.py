import json

from tests.contract.provider_formats import mistral, mistral_call
from tests.unit.codecs.hearing import everything, said, texts

from firebreak.codecs.mistral_answer import MistralAnswer
from firebreak.model.refusal import Refusal


def hear(*values):
    return said(MistralAnswer(), *values)


def piece(content):
    return {"id": "c", "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]}


def thinking(text):
    return [{"type": "thinking", "thinking": [{"type": "text", "text": text}], "closed": True}]


def test_content_is_a_text_or_chunks():
    assert texts(hear(mistral("Hello")))["0.content"] == "Hello"
    heard = hear(piece(thinking("Hm")), piece(thinking("m.")), piece([{"type": "text", "text": "Hel"}]), piece("lo"))
    assert texts(heard) == {"0.content.thinking": "Hmm.", "0.content": "Hello"}
    assert heard[2].paused == ["0.content.thinking"]


def test_what_is_left_of_a_chunk_is_text():
    assert "somewhere" in everything(hear(mistral([{"type": "reference", "title": "somewhere"}])))
    assert "bare" in everything(hear(mistral(["bare"])))


def test_a_call_is_the_tools():
    heard = hear(mistral_call())
    assert 'get_weather\n{"city": "Paris"}' in texts(heard).values()


def test_a_cut_says_that_there_was_an_error():
    first, done, rest = MistralAnswer().cut(Refusal(400, "block", "No", "policy")).split(b"\n\n")
    chunk = json.loads(first.removeprefix(b"data: "))
    assert (chunk["choices"][0]["finish_reason"], chunk["error"]["message"]) == ("error", "No")
    assert (done, rest) == (b"data: [DONE]", b"")
