import json

import pytest
from tests.unit.codecs.exchanges import brief
from tests.unit.codecs.forms import asked, chat, jsonl, upload

from firebreak.codecs.openai_files import OpenAIFiles
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


def read(*lines, purpose="batch", raw=None):
    return OpenAIFiles().read(upload(jsonl(*lines) if raw is None else raw, purpose))


def refused(reason, where, *lines, **more):
    with pytest.raises(BadInput) as caught:
        read(*lines, **more)
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_each_line_of_a_batch_is_a_request_of_its_own():
    found = read(
        asked(chat("Hello")),
        asked({"model": "e", "input": ["a", "b"]}, "/v1/embeddings", "two"),
        asked({"model": "o", "input": "Hi", "instructions": "Be kind"}, "/v1/responses", "three"),
    )
    assert [(one.surface, one.model, one.task) for one in found.requests] == [
        ("openai.chat", "gpt-4o", ""),
        ("openai.embeddings", "e", "embedding"),
        ("openai.responses", "o", ""),
    ]
    assert found.model == ""
    first = found.requests[0]
    assert brief(first.parts) == [("text", "user", "user", "Hello"), ("metadata", "user", "user", "custom_id: one\n")]
    assert [segment.path for segment in first.parts[0].segments] == [(0, "body", "messages", 0, "content")]


@pytest.mark.parametrize(
    ("url", "body", "surface"),
    [
        ("/v1/completions", {"model": "m", "prompt": "p"}, "openai.completions"),
        ("/v1/moderations", {"input": "p"}, "openai.moderations"),
        ("/v1/images/generations", {"prompt": "p"}, "openai.images"),
        ("/chat/completions", chat("p"), "openai.chat"),
        ("/responses", {"model": "m", "input": "p"}, "openai.responses"),
    ],
)
def test_every_url_of_a_batch(url, body, surface):
    (request,) = read(asked(body, url)).requests
    assert request.surface == surface
    assert "p" in [part.text for part in request.parts]


def test_what_stands_beside_a_lines_body_is_read():
    (request,) = read(asked(chat("Hi"), x_unknown={"deep": ["words"]})).requests
    assert "words" in request.parts[-1].text


@pytest.mark.parametrize(
    ("line", "reason", "where"),
    [
        (asked(chat("x"), "/v1/audio/speech"), Reason.FIELD_VALUE, "line 2/url"),
        (asked(chat("x"), "/v1/chat/completions/"), Reason.FIELD_VALUE, "line 2/url"),
        ({**asked(chat("x")), "method": "GET"}, Reason.FIELD_VALUE, "line 2/method"),
        ({"custom_id": "a", "method": "POST", "url": "/v1/responses"}, Reason.FIELD_MISSING, "line 2/body"),
        ({"custom_id": "a", "method": "POST", "body": {}}, Reason.FIELD_MISSING, "line 2/url"),
        (asked({"model": "m", "messages": "no"}), Reason.FIELD_TYPE, "line 2/body/messages"),
        (asked([1]), Reason.NOT_AN_OBJECT, "line 2/body"),
        (asked({"model": "a", "Model": "b", "messages": []}), Reason.DUPLICATE_KEY, "line 2/body"),
        ({**asked(chat("x")), "Body": chat("y")}, Reason.DUPLICATE_KEY, "line 2"),
        ([], Reason.NOT_AN_OBJECT, "line 2"),
    ],
)
def test_a_line_that_is_no_request_is_refused_and_named(line, reason, where):
    refused(reason, where, asked(chat("fine")), line)


@pytest.mark.parametrize("raw", [b"", b"\n \r\n"])
def test_a_file_without_a_line_is_refused(raw):
    refused(Reason.BODY_EMPTY, "file", raw=raw)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": 1', Reason.NOT_JSON),
        (b'{"a": 1} {"b": 2}', Reason.TRAILING_DATA),
        (b'{"a": 1, "a": 2}', Reason.DUPLICATE_KEY),
        (b"\xff", Reason.NOT_UTF8),
        (b"\xef\xbb\xbf{}", Reason.BYTE_ORDER_MARK),
    ],
)
def test_a_line_is_read_as_strictly_as_a_body(line, reason):
    refused(reason, "line 2", raw=jsonl(asked(chat("fine"))) + line + b"\n")


def test_an_example_is_a_chat_without_a_model():
    example = {
        "messages": [
            {"role": "system", "content": "Be kind"},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Hi", "weight": 1},
        ]
    }
    (request,) = read(example, purpose="fine-tune").requests
    assert (request.surface, request.model) == ("openai.chat", "")
    assert [part.text for part in request.parts if part.kind == "text"] == ["Be kind", "Hello", "Hi"]


@pytest.mark.parametrize("purpose", ["fine-tune", "evals"])
def test_other_forms_are_read_whole(purpose):
    preference = {"input": {"messages": [{"role": "user", "content": "Q"}]}, "preferred_output": [{"content": "A"}]}
    (request,) = read(preference, purpose=purpose).requests
    (part,) = request.parts
    assert "content: Q" in part.text
    assert "content: A" in part.text
    assert request.task == ("upload" if purpose == "evals" else "")


def test_models_that_are_alike_are_the_files():
    assert read(asked(chat("a")), asked(chat("b"))).model == "gpt-4o"
    assert (
        json.dumps([one.model for one in read(asked(chat("a", "x")), asked(chat("b"))).requests]) == '["x", "gpt-4o"]'
    )
