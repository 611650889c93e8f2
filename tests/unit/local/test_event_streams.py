"""Streams add up to the whole answer they were cut from, whatever its text."""

import json

from hypothesis import given
from hypothesis import strategies as st

from firebreak.local import event_streams


def data(events):
    return [
        json.loads(line.removeprefix(b"data: "))
        for event in events
        for line in event.splitlines()
        if line.startswith(b"data: ") and line != b"data: [DONE]"
    ]


def chat(text, calls=()):
    message = {"role": "assistant", "content": text} | ({"tool_calls": list(calls)} if calls else {})
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
    return {"id": "i", "created": 1, "model": "m", "choices": [choice], "usage": {"total_tokens": 3}}


@given(st.text())
def test_chat_pieces_add_up(text):
    events = data(event_streams.chat(chat(text), usage=False))
    assert "".join(event["choices"][0]["delta"].get("content") or "" for event in events) == text
    assert events[-1]["choices"][0]["finish_reason"] == "stop"


def test_usage_comes_only_when_asked_for():
    asked, unasked = (event_streams.chat(chat("a b"), usage=usage) for usage in (True, False))
    assert data(asked)[-1]["usage"] == {"total_tokens": 3}
    assert all("usage" not in event for event in data(unasked))
    assert asked[-1] == unasked[-1] == b"data: [DONE]\n\n"


def test_tool_call_arguments_add_up():
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    deltas = [event["choices"][0]["delta"] for event in data(event_streams.chat(chat(None, [call]), usage=False))]
    told = [one for delta in deltas for one in delta.get("tool_calls", ())]
    assert told[0]["function"]["name"] == "f"
    assert "".join(one["function"]["arguments"] for one in told) == '{"a": 1}'


@given(st.text(min_size=1))
def test_completion_pieces_add_up(text):
    whole = {"id": "i", "object": "o", "created": 1, "model": "m", "choices": [{"text": text}]}
    told = [event["choices"][0] for event in data(event_streams.completion(whole))]
    assert "".join(piece["text"] for piece in told) == text
    assert [piece["finish_reason"] for piece in told][-1] == "stop"


@given(st.text())
def test_response_events_add_up_and_are_numbered(text):
    item = {"type": "message", "id": "i", "content": [{"type": "output_text", "text": text}]}
    events = data(event_streams.response({"id": "r", "output": [item], "usage": {}}))
    assert "".join(event["delta"] for event in events if event["type"] == "response.output_text.delta") == text
    assert [event["sequence_number"] for event in events] == list(range(len(events)))


@given(st.text())
def test_message_events_add_up(text):
    whole = {"content": [{"type": "text", "text": text}], "stop_reason": "end_turn", "usage": {"output_tokens": 5}}
    events = data(event_streams.message(whole))
    assert "".join(event["delta"]["text"] for event in events if event["type"] == "content_block_delta") == text
    assert (events[0]["type"], events[-1]["type"]) == ("message_start", "message_stop")
