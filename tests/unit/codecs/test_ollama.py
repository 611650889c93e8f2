import json

import pytest
from tests.unit.codecs.exchanges import brief, exchange
from tests.unit.codecs.hearing import said

from firebreak.codecs.ollama import OllamaChat, OllamaEmbed, OllamaGenerate
from firebreak.codecs.ollama_answer import OllamaAnswer
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

HELLO = [{"role": "user", "content": "Hello"}]
PNG = "iVBORw0KGgo="


def chat(**body):
    return OllamaChat().read(exchange({"model": "llama3.2:1b", "messages": HELLO, **body}))


def generate(**body):
    return OllamaGenerate().read(exchange({"model": "llama3.2", **body}))


@pytest.mark.parametrize(("body", "streamed"), [({}, True), ({"stream": None}, True), ({"stream": False}, False)])
def test_an_answer_is_streamed_unless_it_is_not_wanted(body, streamed):
    assert chat(**body).stream is streamed
    assert generate(**body).stream is streamed


def test_options_have_the_names_of_the_other_apis():
    found = chat(options={"temperature": 0.5, "num_predict": 9, "stop": ["END"], "seed": "x"})
    assert found.parameters == {"temperature": 0.5, "max_tokens": 9}
    assert found.parts[-1].text == "stop:\nEND\nseed: x\n"


def test_a_message_is_read_with_all_that_is_in_it():
    call = {"id": "c1", "function": {"name": "rm", "arguments": {"path": "/"}, "index": 0}}
    said_before = {"role": "assistant", "thinking": "Hm.", "content": "", "tool_calls": [call]}
    found = chat(
        messages=[{**HELLO[0], "images": [PNG, "not an image"]}, said_before, {"role": "tool", "content": "ok"}]
    )
    assert brief(found.parts) == [
        ("text", "user", "user", "Hello"),
        ("image", "user", "user", ""),
        ("image", "user", "user", "not an image"),
        ("reasoning", "assistant", "assistant", "Hm."),
        ("text", "assistant", "assistant", ""),
        ("tool_call", "assistant", "assistant", "rm\npath: /\n"),
        ("metadata", "assistant", "assistant", "index: 0\nid: c1\n"),
        ("tool_result", "tool", "tool", "ok"),
    ]


def test_a_prompt_with_what_stands_around_it():
    found = generate(prompt="def f(", suffix="return", system="Code.", template="{{ .Prompt }}", context=[1, 2])
    assert brief(found.parts) == [
        ("text", "system", "system", "Code."),
        ("text", "system", "system", "{{ .Prompt }}"),
        ("text", "user", "user", "def f("),
        ("text", "user", "user", "return"),
        ("other", "user", "user", ""),
    ]
    assert generate(context=["words"]).parts[-1].text == "context:\nwords\n"


def test_embeddings_old_and_new():
    new = OllamaEmbed("ollama.embed", "input").read(exchange({"model": "m", "input": ["a", "b"]}))
    old = OllamaEmbed("ollama.embeddings", "prompt").read(exchange({"model": "m", "prompt": "a"}))
    assert ([part.text for part in new.parts], [part.text for part in old.parts]) == (["a", "b"], ["a"])
    assert new.task == "embedding"
    with pytest.raises(BadInput):
        OllamaEmbed("ollama.embed", "input").read(exchange({"model": "m"}))


@pytest.mark.parametrize(
    "body",
    [
        {"messages": "Hello"},
        {"messages": [1]},
        {"messages": [{"content": "Hello"}]},
        {"messages": [{"role": "nobody", "content": "Hello"}]},
        {"messages": [{"role": "user", "content": ["Hello"]}]},
        {"messages": [{"role": "user", "content": "x", "images": [1]}]},
        {"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "a", "arguments": "{}"}}]}]},
        {"options": []},
        {"stream": "no"},
        {"model": 1},
    ],
)
def test_what_has_the_wrong_shape_is_refused(body):
    with pytest.raises(BadInput):
        chat(**body)


def test_answers_and_refusals_are_ollamas():
    refusal = Refusal(400, "block", "No", "policy")
    embed = OllamaEmbed("ollama.embed", "input")
    assert isinstance(OllamaChat().answer(), OllamaAnswer)
    assert isinstance(OllamaGenerate().answer(), OllamaAnswer)
    assert said(embed.answer(), {"embeddings": [[0.5]], "prompt_eval_count": 3})[0].usage == Usage(input=3)
    for codec in (OllamaChat(), OllamaGenerate(), embed):
        assert json.loads(codec.refuse(refusal).body) == {"error": "No"}
