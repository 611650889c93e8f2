import json

import pytest
from tests.tools.answer_cases import PICTURE, RESPONSES_STREAMS, RESPONSES_WHOLE, SEALED, response
from tests.unit.codecs.hearing import everything, kinds, only, said, texts

from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.openai_responses_answer import OpenAIResponsesAnswer
from firebreak.model.conversation import PartKind
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

KEY = "sk-proj-9aB2cD4eF6gH8iJ0kL"


def hear(*values):
    return said(OpenAIResponsesAnswer(), *values)


def text_piece(piece, identity="msg_1", **more):
    return {
        "type": "response.output_text.delta",
        "item_id": identity,
        "output_index": 0,
        "content_index": 0,
        "delta": piece,
        **more,
    }


def test_the_framing_follows_the_content_type():
    reader = OpenAIResponsesAnswer()
    assert isinstance(reader.framer("text/event-stream", 10), Sse)
    assert isinstance(reader.framer("application/json", 10), Whole)
    assert reader.framer("text/plain", 10) is None
    assert hear(b"[DONE]")[0].last


def test_a_text_is_known_by_its_place_not_by_an_id_that_changes():
    heard = hear(text_piece("AK", "a"), text_piece("IA", "b"))
    assert list(texts(heard).values()) == ["AKIA"]


def test_the_end_of_a_text_lets_nothing_wait():
    done = {"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "AKIA", "item_id": "x"}
    heard = hear(text_piece("AK"), text_piece("IA"), done)
    assert heard[0].deltas[0].channel.key in heard[2].paused
    assert kinds(heard[2]) == [("text", "AKIA")]
    assert not heard[2].deltas[0].open


def test_no_channel_of_log_probabilities_stays_open_after_its_text():
    heard = hear(*RESPONSES_STREAMS["logprobs"])
    opened = {delta.channel.key for each in heard for delta in each.deltas if delta.open}
    assert opened == {key for each in heard for key in each.paused if key in opened}


def test_a_call_is_closed_with_its_end_and_named_by_its_item():
    heard = hear(*RESPONSES_STREAMS["function_call"])
    called = [(d.channel.name, d.text) for each in heard for d in each.deltas if d.channel.kind is PartKind.TOOL_CALL]
    assert called.count(("get_weather", 'get_weather\n{"city": "Paris"}\n')) == 2
    assert ("get_time", "get_time\n") in called
    opened = {d.channel.key for each in heard for d in each.deltas if d.open}
    assert opened <= {key for each in heard for key in each.closed}


def test_a_tool_that_is_still_to_be_asked_is_no_call_yet():
    begun = {"type": "response.output_item.added", "output_index": 0, "item": {"type": "function_call", "name": "rm"}}
    assert kinds(hear(begun)[0]) == [("metadata", "name: rm\n")]
    assert kinds(hear(begun | {"type": "response.output_item.done"})[0]) == [("tool_call", "rm\n")]


def test_what_the_providers_tools_were_asked_and_gave_back():
    (heard,) = hear(RESPONSES_WHOLE["built_in_tools"])
    found = kinds(heard)
    for wanted in [
        ("tool_call", "type: search\nquery: weather in Paris\n"),
        ("tool_call", "print(6 * 7)\n"),
        ("tool_result", "type: logs\nlogs: 42\n\n"),
        ("tool_call", "holidays\n"),
        ("tool_call", 'search\n{"q": "gate"}\n'),
        ("tool_result", "A page about gates.\n"),
        ("tool_call", "rm\n{}\n"),
        ("tool_call", "commands:\nls\ntimeout_ms: 1000\n"),
        ("tool_call", "type: type\ntext: typed words\n"),
        ("image", "result: \n"),
    ]:
        assert wanted in found


def test_output_of_a_shell_is_one_text_over_its_pieces():
    found = texts(hear(*RESPONSES_STREAMS["built_in_tools"]))
    assert found["response.shell_call_output_content[4, None, None, 0].stdout"] == "a.txt b.txt"


def test_sound_and_pictures_are_not_read_and_what_only_claims_to_be_one_is():
    for event in ({"type": "response.audio.delta", "delta": PICTURE}, {"type": "x", "partial_image_b64": PICTURE}):
        assert PICTURE not in everything(hear(event))
        assert only(hear(event)[0]).channel.kind in (PartKind.AUDIO, PartKind.IMAGE)
    for event in ({"type": "response.audio.delta", "delta": KEY}, {"type": "x", "partial_image_b64": KEY}):
        assert KEY in everything(hear(event))


def test_what_only_the_provider_can_read_is_left_out():
    assert SEALED not in everything(hear(*RESPONSES_STREAMS["reasoning"]))
    item = {"type": "response.output_item.done", "item": {"type": "reasoning", "encrypted_content": KEY}}
    assert KEY in everything(hear(item))


def test_what_repeats_the_request_is_not_read_again_and_what_does_not_is():
    assert "Be kind" not in everything(hear(response([])))
    assert KEY in everything(hear(response([]) | {"text": KEY}))
    assert KEY in everything(hear({"type": "x", "text": KEY}))


@pytest.mark.parametrize("field", ["status", "model", "service_tier", "error", "incomplete_details", "truncation", KEY])
def test_a_planted_key_is_heard_wherever_no_id_stands(field):
    assert KEY in everything(hear(response([]) | {field: KEY}))
    assert KEY in everything(hear({"type": "response.created", "response": {field: KEY}}))
    item = {"type": "function_call", "status": "completed"} | {field: KEY}
    assert KEY in everything(hear({"type": "response.output_item.done", "item": item}))
    assert KEY in everything(hear({"type": "response.output_item.done", "item": item | {"server_label": KEY}}))
    assert KEY in everything(hear({"type": KEY}))


def test_usage_and_the_end():
    heard = hear(*RESPONSES_STREAMS["text"])
    assert heard[-1].usage == Usage(input=36, output=87, cached=2, reasoning=5)
    assert [each.last for each in heard] == [False] * (len(heard) - 1) + [True]
    assert hear(RESPONSES_WHOLE["text"])[0].last
    assert hear(*RESPONSES_STREAMS["error"])[-1].last


@pytest.mark.parametrize("odd", [[], {}, "0", None, True])
def test_odd_places_are_no_error(odd):
    event = {"type": "response.output_item.done", "output_index": odd, "content_index": odd, "item": {"name": odd}}
    hear(event, {"type": odd}, text_piece("a", odd, output_index=odd))


def test_what_is_no_item_is_refused():
    for odd in ({"object": "response", "output": 1}, {"object": "response", "output": [1]}, {"item": {"content": [1]}}):
        with pytest.raises(BadInput):
            hear(odd)


def test_a_cut_is_an_error_event():
    cut = OpenAIResponsesAnswer().cut(Refusal(400, "c", "Response blocked", "policy"))
    head, _, data = cut.partition(b"data: ")
    assert head == b"event: error\n"
    event = json.loads(data)
    assert event.pop("error") == {
        "type": "policy_violation",
        "code": "content_policy_violation",
        "message": "Response blocked",
        "param": None,
    }
    assert event == {
        "type": "error",
        "code": "content_policy_violation",
        "message": "Response blocked",
        "param": None,
        "sequence_number": 0,
    }
