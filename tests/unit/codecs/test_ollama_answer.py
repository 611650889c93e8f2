import pytest
from tests.contract.provider_formats import ollama, ollama_call
from tests.unit.codecs.hearing import everything, kinds, said, texts

from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.ollama_answer import OllamaAnswer, ollama_usage
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage


def hear(*values):
    return said(OllamaAnswer(), *values)


def test_the_framing_follows_the_content_type():
    assert isinstance(OllamaAnswer().framer("application/x-ndjson", 9), Lines)
    assert isinstance(OllamaAnswer().framer("application/json", 9), Whole)
    assert OllamaAnswer().framer("text/event-stream", 9) is None
    assert OllamaAnswer().cut(Refusal(400, "c", "No", "policy")) == b'{"error": "No"}\n'


def test_a_text_goes_on_line_by_line():
    heard = hear(ollama("Hel"), ollama("lo"), ollama("", done=True))
    assert texts(heard)["content"] == "Hello"
    assert [each.last for each in heard] == [False, False, True]
    assert heard[-1].paused == ["content"]
    assert "2026" not in everything(heard)
    assert heard[-1].usage == Usage(input=26, output=29)


def test_generates_text_is_a_text_too():
    assert texts(hear(ollama("Hi", key="response")))["response"] == "Hi"


def test_a_call_is_whole():
    (heard,) = hear(ollama_call())
    assert ("reasoning", "I look.") in kinds(heard)
    assert texts([heard])["call.0"] == "get_weather\ncity: Paris\n"
    assert heard.closed == ["call.0"]


def test_pictures_and_tokens_are_not_read_and_words_in_their_place_are():
    assert "image" not in texts(hear({"image": "iVBORw0KGgo=", "context": [1, 2], "done": True}))
    assert "not a picture" in everything(hear({"image": "not a picture", "done": True}))
    assert "words" in everything(hear({"context": [1, "words"]}))


def test_log_probabilities_are_the_text_once_more():
    token = {"token": "Hi", "logprob": -0.1, "bytes": [72, 105]}
    assert texts(hear({**ollama("Hi"), "logprobs": [token]}))["logprobs"] == "Hi"


def test_an_error_is_text_and_the_last():
    (heard,) = hear({"error": "model not found"})
    assert heard.last
    assert "model not found" in everything([heard])


def test_no_numbers_no_usage():
    assert ollama_usage({"eval_count": "x"}) is None


@pytest.mark.parametrize("value", [{"message": {"tool_calls": {}}}, {"message": {"tool_calls": [1]}}, [], b"{"])
def test_what_has_the_wrong_shape_is_refused(value):
    with pytest.raises(BadInput):
        hear(value)
