import pytest
from tests.tools.answer_cases import CASES, CHAT_STREAMS, call, chat_chunk, chat_whole
from tests.unit.codecs.hearing import everything, kinds, said, texts

from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer, openai_usage
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

KEY = "sk-proj-9aB2cD4eF6gH8iJ0kL"


def hear(*values):
    return said(OpenAIChatAnswer(), *values)


def events(name):
    return [event for event in CHAT_STREAMS[name] if not isinstance(event, str)]


def test_the_framing_follows_the_content_type():
    reader = OpenAIChatAnswer()
    assert isinstance(reader.framer("text/event-stream", 10), Sse)
    assert isinstance(reader.framer("application/json", 10), Whole)
    assert reader.framer("text/plain", 10) is None


@pytest.mark.parametrize("raw", [b"[DONE]", b"[DONE] ", b" [DONE]"])
def test_the_sentinel_is_the_end(raw):
    assert hear(raw)[0].last


def test_a_text_pauses_where_another_goes_on_and_at_the_end():
    heard = hear(*events("vllm_reasoning"))
    assert [each.paused for each in heard] == [
        [],
        [],
        [],
        ["0.reasoning_content"],
        ["0.content", "0.reasoning_content"],
        [],
    ]
    assert texts(heard)["0.reasoning_content"] == "The user greets me."


def test_an_empty_finish_reason_ends_nothing():
    first, second = hear(chat_chunk({"content": "a"}, ""), chat_chunk({"content": "b"}, ""))
    assert (first.paused, second.paused, first.closed) == ([], [], [])


def test_a_call_ends_where_the_next_begins_or_with_the_choice():
    heard = hear(*events("tool_calls"))
    assert [each.closed for each in heard if each.closed] == [["0.call.0.call_1"], ["0.call.1.call_2"]]
    assert texts(heard)["0.call.0.call_1"] == 'get_weather\n{"city": "Paris"}'


def test_calls_of_one_number_are_told_apart_by_their_names_and_ids():
    heard = hear(*events("calls_with_one_index"))
    found = {delta.channel.key: delta.channel.name for each in heard for delta in each.deltas if delta.channel.name}
    assert found == {"0.call.0.call_1": "first", "0.call.0.call_2": "second"}


def test_another_id_without_a_name_continues_the_call():
    heard = hear(chat_chunk(call(0, "a", "run", "x1")), chat_chunk(call(0, "b", None, "x2")))
    assert texts(heard)["0.call.0.x1"] == "run\nab"


@pytest.mark.parametrize(
    "pieces",
    [
        [call(0, "a", "first", "c1"), call(1, "b", "second", "c2"), call(0, "c")],
        [call(0, "a", "first", "c1"), call(0, "b", "second")],
        [call(0, "a"), call(0, "b", "late")],
        [call(0, "", "del", "c1"), call(0, "", "ete", "c1")],
    ],
)
def test_a_call_that_was_judged_without_all_of_it_is_refused(pieces):
    with pytest.raises(BadInput) as caught:
        hear(*map(chat_chunk, pieces))
    assert caught.value.reason is Reason.FIELD_VALUE


def test_a_call_that_goes_on_after_the_end_is_refused():
    with pytest.raises(BadInput):
        hear(chat_chunk(call(0, "a", "run", "c1")), chat_chunk({}, "tool_calls"), chat_chunk(call(0, "b")))


def test_a_name_that_is_repeated_is_the_same_call():
    heard = hear(chat_chunk(call(0, "a", "run", "c1")), chat_chunk(call(0, "b", "run", "c1")))
    assert texts(heard)["0.call.0.c1"] == "run\nab"
    assert "name: run" in everything(heard[1:])


def test_arguments_that_are_no_string_are_the_call_too():
    function = {"name": "run", "arguments": {"path": "/etc"}}
    (heard,) = hear(chat_whole({"tool_calls": [{"id": "c", "function": function}]}, "tool_calls"))
    assert ("tool_call", "path: /etc\n") in kinds(heard)


def test_pieces_of_an_unknown_member_are_one_text():
    heard = hear(
        chat_chunk({"thinking_blocks": [{"thinking": "AKIA"}]}), chat_chunk({"thinking_blocks": [{"thinking": "Q3"}]})
    )
    assert texts(heard)["0.thinking_blocks.0.thinking"] == "AKIAQ3"


@pytest.mark.parametrize("name", list(CASES["openai_chat"]))
def test_a_planted_key_is_heard_wherever_no_id_stands(name):
    """The values of names, the model and the keys of objects among them."""
    for field in ("object", "model", "service_tier", "provider"):
        assert KEY in everything(hear(chat_whole({"content": "hi"}) | {field: KEY})), field
    for field in ("finish_reason", "stop_reason", "native_finish_reason", KEY):
        assert KEY in everything(hear(chat_chunk({}, None) | {"choices": [{"index": 0, "delta": {}, field: KEY}]})), (
            field
        )
    for field in ("role", "content", "reasoning", "refusal", "annotations", "audio", KEY):
        assert KEY in everything(hear(chat_chunk({field: KEY}))), field


def test_what_is_no_choice_is_refused():
    for odd in ({"choices": 1}, {"choices": [1]}, {"choices": [{"delta": {"tool_calls": 1}}]}):
        with pytest.raises(BadInput):
            hear(odd)


def test_odd_types_are_read_and_raise_nothing():
    odd = {
        "index": [],
        "finish_reason": {},
        "delta": {"tool_calls": [{"index": {}, "id": [], "function": {"name": {"a": "n"}}}]},
    }
    assert "a: n" in everything(hear({"choices": [odd]}))


def test_usage_in_both_forms():
    assert hear(events("text")[-1])[0].usage == Usage(input=19, output=10, cached=4, reasoning=3)
    found = openai_usage({"input_tokens": 3, "output_tokens": 2, "output_tokens_details": {"reasoning_tokens": 1}})
    assert found == Usage(input=3, output=2, reasoning=1)
    assert openai_usage(None) is None


def test_a_cut_is_an_error_and_the_sentinel():
    cut = OpenAIChatAnswer().cut(Refusal(400, "c", "Response blocked", "policy"))
    assert cut.startswith(b'data: {"error": {"message": "Response blocked"')
    assert cut.endswith(b"\n\ndata: [DONE]\n\n")
