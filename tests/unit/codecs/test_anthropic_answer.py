import pytest
from tests.tools.answer_cases import ANTHROPIC_STREAMS, ANTHROPIC_WHOLE, SIGNATURE, anthropic_message
from tests.unit.codecs.hearing import everything, said, texts

from firebreak.codecs.anthropic_answer import AnthropicAnswer
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.model.conversation import Origin, PartKind
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

KEY = "sk-ant-api03-9aB2cD4eF6gH8iJ0kL"


def hear(*values):
    return said(AnthropicAnswer(), *values)


def start(block, index=0):
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(piece, index=0):
    return {"type": "content_block_delta", "index": index, "delta": piece}


def stop(index=0):
    return {"type": "content_block_stop", "index": index}


TOOL = {"type": "tool_use", "id": "toolu_1", "name": "run", "input": {}}


def json_piece(text, index=0):
    return delta({"type": "input_json_delta", "partial_json": text}, index)


def text_piece(text, index=0):
    return delta({"type": "text_delta", "text": text}, index)


def test_the_framing_follows_the_content_type():
    reader = AnthropicAnswer()
    assert isinstance(reader.framer("text/event-stream", 10), Sse)
    assert isinstance(reader.framer("application/json", 10), Whole)
    assert reader.framer("text/html", 10) is None


def test_a_block_is_one_text_until_its_stop():
    heard = hear(start({"type": "text", "text": "A"}), text_piece("KI"), text_piece("A"), stop())
    assert texts(heard) == {"0.text.1": "AKIA"}
    assert [each.closed for each in heard] == [[], [], [], ["0.text.1"]]


def test_blocks_that_the_beginning_has_already_are_continued():
    message = anthropic_message({"type": "text", "text": "AK"}, stop=None)
    heard = hear({"type": "message_start", "message": message}, text_piece("IA"), stop())
    assert texts(heard)["0.text.0"] == "AKIA"
    assert heard[-1].closed == ["0.text.0"]


def test_a_call_is_its_name_and_what_it_is_asked():
    heard = hear(start(TOOL), json_piece('{"a": '), json_piece("1}"), stop())
    assert texts(heard) == {"0.tool_call.1": 'run\n{"a": 1}'}
    assert heard[0].deltas[0].channel.name == "run"


def test_another_block_of_the_same_number_is_another_call():
    heard = hear(start(TOOL), json_piece("{}"), start(TOOL | {"name": "other"}), json_piece("{}"))
    names = {delta.channel.key: delta.channel.name for each in heard for delta in each.deltas}
    assert names == {"0.tool_call.1": "run", "0.tool_call.2": "other"}
    assert heard[2].closed == ["0.tool_call.1"]


@pytest.mark.parametrize("piece", [json_piece("x"), text_piece("x")])
def test_a_block_that_goes_on_after_its_stop_is_refused(piece):
    with pytest.raises(BadInput):
        hear(start(TOOL), json_piece("{}"), stop(), piece)


def test_texts_of_two_kinds_in_one_block_both_end_with_it():
    heard = hear(start({"type": "text", "text": ""}), text_piece("a"), delta({"thinking": "b"}), stop())
    assert sorted(heard[-1].closed) == ["0.reasoning.1", "0.text.1"]


def test_an_event_that_carries_several_things_is_read_whole():
    odd = {
        "type": "content_block_delta",
        "index": 0,
        "message": {"note": "m"},
        "content_block": {"text": "b"},
        "delta": {"text": "d"},
    }
    said_all = everything(hear(odd))
    assert all(word in said_all for word in ("note: m", "b", "d"))


@pytest.mark.parametrize("index", [[], {}, "0", None, True, 1.5])
def test_an_odd_number_of_a_block_is_no_error(index):
    heard = hear(start({"type": "text", "text": "a"}, index), text_piece("b", index), stop(index))
    assert texts(heard)["-1.text.1"] == "ab"


def test_base64_that_only_the_provider_can_read_is_left_out_and_nothing_else():
    for name in ("thinking", "web_search"):
        for case in (ANTHROPIC_WHOLE[name],):
            assert SIGNATURE not in everything(hear(case))
    assert KEY in everything(hear(start({"type": "thinking", "thinking": "", "signature": KEY})))
    assert KEY in everything(hear(delta({"type": "signature_delta", "signature": KEY})))
    result = {"type": "mcp_tool_result", "content": [{"data": SIGNATURE}]}
    assert SIGNATURE in everything(hear(start(result)))
    assert SIGNATURE in everything(hear(start({"type": "image", "data": SIGNATURE})))


def test_what_a_search_brought_is_retrieved_and_what_a_tool_gave_is_a_tools():
    heard = hear(ANTHROPIC_WHOLE["web_search"], ANTHROPIC_WHOLE["code"])
    origins = [
        delta.channel.origin for each in heard for delta in each.deltas if delta.channel.kind.value == "tool_result"
    ]
    assert origins == [Origin.RETRIEVAL, Origin.TOOL]


@pytest.mark.parametrize("field", ["stop_sequence", "stop_reason", "model", "role", "container", KEY])
def test_a_planted_key_is_heard_wherever_no_id_stands(field):
    message = anthropic_message({"type": "text", "text": "a"}) | {field: KEY}
    assert KEY in everything(hear(message))
    assert KEY in everything(hear({"type": "message_start", "message": message}))
    assert KEY in everything(hear({"type": "message_delta", "delta": {field: KEY}}))
    for block in (TOOL, {"type": "text", "text": ""}, {"type": "server_tool_use", "name": "x", "server_name": "y"}):
        assert KEY in everything(hear(start(block | {"server_name": KEY})))
        assert KEY in everything(hear(start(block | {"type": KEY})))


def test_usage_is_put_together_from_beginning_and_end():
    heard = [each for each in hear(*ANTHROPIC_STREAMS["text"]) if each.usage]
    assert heard[-1].usage == Usage(input=32, output=15, cached=7)


def test_usage_counts_even_where_something_is_hidden_in_it():
    usage = {"input_tokens": 5, "output_tokens": 2, "note": KEY}
    (heard,) = hear(anthropic_message() | {"usage": usage})
    assert heard.usage == Usage(input=5, output=2)
    assert KEY in everything([heard])


def test_an_error_ends_the_stream():
    heard = hear(*ANTHROPIC_STREAMS["error"])
    assert heard[-1].last
    assert "message: Overloaded" in everything(heard[-1:])


def test_what_is_no_block_is_refused():
    for odd in ({"type": "message", "content": 1}, {"type": "message", "content": [1]}):
        with pytest.raises(BadInput):
            hear(odd)


def test_a_cut_is_an_error_event():
    cut = AnthropicAnswer().cut(Refusal(400, "c", "Response blocked", "policy"))
    assert cut.startswith(b'event: error\ndata: {"type": "error", "error": {"type": "invalid_request_error"')


def test_what_a_tool_is_asked_is_json_in_a_stream_and_plain_in_a_document():
    (whole,) = hear(ANTHROPIC_WHOLE["tools"])
    assert [d.channel.plain for d in whole.deltas if d.channel.kind is PartKind.TOOL_CALL] == [True] * 4
    assert not hear(start(TOOL))[0].deltas[0].channel.plain
