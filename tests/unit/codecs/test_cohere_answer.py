import json

import pytest
from tests.contract.provider_formats import COHERE_RANKS, cohere, cohere_call, cohere_events
from tests.unit.codecs.hearing import everything, frame, said, texts

from firebreak.codecs.cohere_answer import CohereAnswer, CohereRanks, cohere_usage
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage


def hear(*values):
    return said(CohereAnswer(), *values)


def call(sort, function, index=0):
    return {"type": sort, "index": index, "delta": {"message": {"tool_calls": {"function": function}}}}


def test_the_framing_follows_the_content_type():
    assert isinstance(CohereAnswer().framer("text/event-stream", 9), Sse)
    assert isinstance(CohereAnswer().framer("application/json", 9), Whole)
    assert CohereAnswer().framer("text/plain", 9) is None
    assert isinstance(CohereRanks().framer("application/json", 9), Whole)
    assert CohereRanks().framer("text/event-stream", 9) is None


def test_a_streamed_text():
    events = [json.loads(each.split(b"data: ")[1]) for each in cohere_events(["Hel", "lo"])]
    heard = hear(*events)
    assert texts(heard) == {"text.0": "Hello"}
    assert [each.last for each in heard] == [False] * 5 + [True]
    assert heard[4].paused == ["text.0"]
    assert heard[-1].usage == Usage(input=71, output=8)


def test_the_sentinel_is_the_end():
    assert CohereAnswer().read(frame(b"[DONE]")).last


def test_a_whole_text():
    (heard,) = hear(cohere("Hello"))
    assert (texts([heard])["text.0"], heard.last, heard.usage) == ("Hello", True, Usage(input=71, output=8))


def test_a_whole_call():
    (heard,) = hear(cohere_call())
    assert texts([heard])["call.0"] == 'get_weather\n{"city":"Paris"}'
    assert texts([heard])["plan"] == "I look."
    assert heard.closed == ["call.0"]


def test_a_streamed_call():
    heard = hear(
        {"type": "tool-plan-delta", "delta": {"message": {"tool_plan": "I look."}}},
        call("tool-call-start", {"name": "look", "arguments": ""}),
        call("tool-call-delta", {"arguments": '{"a"'}),
        call("tool-call-delta", {"arguments": ":1}"}),
        {"type": "tool-call-end", "index": 0},
        {"type": "message-end", "delta": {"finish_reason": "TOOL_CALL"}},
    )
    assert texts(heard) == {"plan": "I look.", "call.0": 'look\n{"a":1}'}
    assert [each.closed for each in heard] == [[], [], [], [], ["call.0"], []]


@pytest.mark.parametrize("again", [{"arguments": "more"}, {"name": "other"}])
def test_a_call_that_goes_on_after_its_end_is_refused(again):
    begun = call("tool-call-start", {"name": "look", "arguments": "{}"})
    with pytest.raises(BadInput):
        hear(begun, {"type": "tool-call-end", "index": 0}, call("tool-call-delta", again))


def test_a_call_keeps_its_name():
    with pytest.raises(BadInput):
        hear(call("tool-call-start", {"name": "look"}), call("tool-call-delta", {"name": "other"}))


def test_citations_are_what_was_looked_up():
    source = {"type": "document", "id": "d1", "document": {"title": "Weather"}}
    event = {"type": "citation-start", "delta": {"message": {"citations": {"text": "rain", "sources": [source]}}}}
    (delta,) = hear(event)[0].deltas
    assert (delta.channel.origin.value, "Weather" in delta.text) == ("retrieval", True)


def test_log_probabilities_are_the_text_once_more():
    item = {"text": "Hi", "token_ids": [3], "logprobs": [-0.1]}
    for value in (item, [item]):
        (heard,) = hear({**cohere("Hi"), "logprobs": json.loads(json.dumps(value))})
        assert texts([heard])["logprobs"] == "Hi"
        assert "token_ids" not in everything([heard])


def test_what_is_not_known_is_text():
    assert "hidden" in everything(hear({**cohere("Hi"), "prompt": "hidden"}))
    assert "hidden" in everything(hear({"type": "debug", "prompt": "hidden"}))
    odd = cohere("Hi")
    odd["message"]["tool_calls"] = [{"note": "hidden"}, "hidden too"]
    assert "hidden too" in everything(hear(odd))


def test_ranks_are_numbers_and_documents_that_come_back_are_text():
    (heard,) = said(CohereRanks(), COHERE_RANKS)
    assert "relevance_score" not in everything([heard])
    (heard,) = said(CohereRanks(), {"results": [{"index": 0, "document": {"text": "b"}}], "note": "x"})
    assert [delta.channel.origin.value for delta in heard.deltas] == ["retrieval", "assistant"]
    assert CohereRanks().cut(Refusal(400, "c", "No", "policy")) == CohereAnswer().cut(Refusal(400, "c", "No", "policy"))


def test_a_cut_is_an_end_with_an_error():
    cut = CohereAnswer().cut(Refusal(400, "c", "No", "policy"))
    assert json.loads(cut.split(b"data: ")[1])["delta"] == {"error": "No", "finish_reason": "ERROR"}


def test_usage_stands_in_one_of_two_places():
    assert cohere_usage({"meta": {"billed_units": {"input_tokens": 2}}}) == Usage(input=2)
    assert cohere_usage({}) is None
