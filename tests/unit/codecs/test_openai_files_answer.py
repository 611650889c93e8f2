import json

import pytest
from tests.unit.codecs.hearing import everything, said

from firebreak.codecs.frames.frame import Frame
from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.openai_files_answer import OpenAIFileAnswer, openai_line
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal


def result(body, custom_id="one", status=200):
    response = {"status_code": status, "request_id": "req_1", "body": body}
    return {"id": "batch_req_1", "custom_id": custom_id, "response": response, "error": None}


CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1,
    "model": "gpt-4o",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
            },
        }
    ],
}


def kinds(heard):
    return [(delta.channel.kind.value, delta.channel.name) for delta in heard.deltas]


def test_a_result_is_read_as_the_answer_that_it_is():
    (heard,) = said(OpenAIFileAnswer(), result(CHAT))
    assert ("tool_call", "f") in kinds(heard)


@pytest.mark.parametrize(
    "body",
    [
        {"object": "text_completion", "choices": [{"index": 0, "text": "words"}]},
        {
            "object": "response",
            "output": [{"type": "message", "content": [{"type": "output_text", "text": "words"}]}],
        },
        {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": [0.5]}], "x": "words"},
        {"object": "something", "content": "words"},
        {"error": {"message": "words"}},
        {"object": ["words"]},
    ],
)
def test_every_string_of_any_result_is_read(body):
    assert "words" in everything(said(OpenAIFileAnswer(), result(body)))


def test_a_batchs_own_lines_are_read_too():
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": {"messages": ["words"]}}
    assert "words" in everything(said(OpenAIFileAnswer(), line, {"response": "odd", "error": "words again"}))


def test_a_file_of_lines_stays_one():
    with pytest.raises(BadInput) as caught:
        said(OpenAIFileAnswer(), result(CHAT), b"no json")
    assert caught.value.reason is Reason.NOT_JSON


def frame(raw):
    return Frame(raw, raw.strip(), 0, bytes)


def test_another_file_was_not_inspected_and_its_text_is_read_all_the_same():
    reader = OpenAIFileAnswer()
    first, second = reader.read(frame(b"name,key\n")), reader.read(frame(b"ada,hunter2\n"))
    assert [delta.channel.kind.value for delta in first.deltas] == ["file", "text"]
    (delta,) = second.deltas
    assert (delta.text, delta.open, delta.channel.copied) == ("ada,hunter2\n", True, True)
    assert delta.channel == first.deltas[1].channel


def test_bytes_that_are_no_text_are_only_not_inspected():
    reader = OpenAIFileAnswer()
    assert [delta.channel.kind.value for delta in reader.read(frame(b"\x89PNG\n")).deltas] == ["file"]
    assert reader.read(frame(b"\xff\n")).deltas == []


def test_the_frames_are_lines():
    assert isinstance(OpenAIFileAnswer().framer("application/octet-stream", 10), Lines)


def test_a_cut_is_a_result_with_an_error():
    line = OpenAIFileAnswer().cut(Refusal(400, "c", "Response blocked", "policy"))
    assert line.endswith(b"}\n")
    assert json.loads(line)["error"]["message"] == "Response blocked"
    assert openai_line(Refusal(400, "c", "m", "invalid")).count(b"\n") == 1
