import json

import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.mistral import MistralChat, MistralEmbeddings, MistralFim
from firebreak.codecs.mistral_answer import MistralAnswer
from firebreak.codecs.numbers_answer import EmbeddingsAnswer
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal


def chat(*messages, **body):
    return MistralChat().read(exchange({"model": "mistral-large-latest", "messages": list(messages), **body}))


def user(*chunks):
    return brief(chat({"role": "user", "content": list(chunks)}).parts)


@pytest.mark.parametrize(
    ("chunk", "found"),
    [
        ({"type": "text", "text": "Hi"}, [("text", "user", "user", "Hi")]),
        (
            {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
            [("reasoning", "user", "user", "Hm.")],
        ),
        (
            {"type": "image_url", "image_url": "https://a.example"},
            [("image", "user", "user", "type: image_url\nimage_url: https://a.example\n")],
        ),
        (
            {"type": "document_url", "document_url": "https://a"},
            [("file", "user", "user", "type: document_url\ndocument_url: https://a\n")],
        ),
        (
            {"type": "input_audio", "input_audio": "iVBORw0KGgo="},
            [("audio", "user", "user", ""), ("audio", "user", "user", "type: input_audio\n")],
        ),
        (
            {"type": "reference", "reference_ids": [1]},
            [("metadata", "user", "user", "type: reference\nreference_ids:\n1\n")],
        ),
        ({"type": "hologram", "x": "y"}, [("other", "user", "user", "type: hologram\nx: y\n")]),
    ],
)
def test_each_kind_of_chunk(chunk, found):
    assert user(chunk) == found


@pytest.mark.parametrize(("arguments", "text"), [('{"a":1}', 'rm\n{"a":1}'), ({"a": 1}, "rm\na: 1\n")])
def test_arguments_are_a_string_or_an_object(arguments, text):
    call = {"id": "c", "function": {"name": "rm", "arguments": arguments}}
    found = chat({"role": "assistant", "tool_calls": [call]})
    assert brief(found.parts)[0] == ("tool_call", "assistant", "assistant", text)


def test_what_the_request_says_besides():
    found = chat(
        {"role": "system", "content": "Brief."},
        {"role": "tool", "content": "18", "name": "look"},
        random_seed=7,
        prediction={"type": "content", "content": "As before"},
        tools=[{"type": "function", "function": {"name": "look"}}],
    )
    assert found.parameters == {"seed": 7}
    assert found.tools == ("look",)
    assert ("text", "assistant", "assistant", "As before") in brief(found.parts)
    assert ("tool_result", "tool", "tool", "18") in brief(found.parts)


@pytest.mark.parametrize(
    "message",
    [
        {"role": "nobody", "content": "x"},
        {"role": "user"},
        {"role": "user", "content": 1},
        {"role": "user", "content": [{"text": "x"}]},
        {"role": "user", "content": [{"type": "thinking"}]},
        {"role": "assistant", "tool_calls": [{"function": {"name": "rm"}}]},
        {"role": "assistant", "tool_calls": [{}]},
    ],
)
def test_what_has_the_wrong_shape_is_refused(message):
    with pytest.raises(BadInput):
        chat(message)


def test_there_must_be_messages():
    with pytest.raises(BadInput):
        chat()


def test_code_and_embeddings():
    fim = MistralFim().read(exchange({"model": "codestral", "prompt": "def f(", "suffix": "return", "stream": True}))
    assert ([part.text for part in fim.parts], fim.stream) == (["def f(", "return"], True)
    vectors = MistralEmbeddings().read(exchange({"model": "mistral-embed", "input": ["a"]}))
    assert (vectors.parts[0].text, vectors.task) == ("a", "embedding")


def test_answers_and_refusals_are_mistrals():
    assert isinstance(MistralChat().answer(), MistralAnswer)
    assert isinstance(MistralFim().answer(), MistralAnswer)
    assert isinstance(MistralEmbeddings().answer(), EmbeddingsAnswer)
    for codec in (MistralChat(), MistralFim(), MistralEmbeddings()):
        error = json.loads(codec.refuse(Refusal(400, "block", "No", "policy")).body)
        assert (error["object"], error["message"], error["code"]) == ("error", "No", "content_policy_violation")
