import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.answers import call, chat, event

from firebreak.codecs.answer import Channel, Heard
from firebreak.codecs.anthropic_answer import AnthropicAnswer
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.gemini_answer import GeminiAnswer
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.codecs.openai_responses_answer import OpenAIResponsesAnswer
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Role
from firebreak.model.usage import Usage
from firebreak.pipeline.spent import Spent, asked


def part(text: str, kind: PartKind = PartKind.TEXT, message: int = 0) -> Part:
    return Part(kind, Role.USER, Origin.USER, text, (), message=message)


def conversation(*parts: Part, surface: str = "openai.chat") -> Conversation:
    return Conversation(surface, "gpt-4o", parts)


def heard(reader, *frames: bytes) -> Spent:
    spent = Spent()
    for frame in Sse(1 << 20).feed(b"".join(frames)):
        if frame.data:
            spent.hear(reader.read(frame))
    return spent


def sse(*bodies: dict) -> bytes:
    return b"".join(b"data: " + json.dumps(body).encode() + b"\n\n" for body in bodies)


def test_a_request_is_its_text_and_what_stands_around_each_message():
    assert asked(conversation(part("x" * 400))) == 106
    assert asked(conversation(part("x" * 400), part("x" * 399, message=1))) == 209
    assert asked(conversation(part("x" * 400, PartKind.TOOL_DEFINITION, -1))) == 103


def test_what_has_no_text_and_what_sets_options_is_not_counted():
    assert asked(conversation(part("https://example.com/a.png", PartKind.IMAGE), part("end", PartKind.METADATA))) == 6


@pytest.mark.parametrize("surface", ["openai.embeddings", "anthropic.count_tokens", "mcp", "generic", "openai.batches"])
def test_where_nothing_is_written_nothing_is_estimated(surface):
    assert asked(conversation(part("Hello"), surface=surface)) == 0
    assert asked(None) == 0


def test_a_stream_that_says_nothing_of_tokens_is_estimated():
    spent = heard(OpenAIChatAnswer(), *chat(["four", "four", "and five"]))
    assert spent.usage(7) == Usage(7, 4, estimated=True)
    assert spent.usage(0) is None


def test_what_the_provider_counts_is_kept():
    told = {"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4}}
    assert heard(OpenAIChatAnswer(), *chat(["x" * 400]), sse(told)).usage(7) == Usage(3, 4)


def test_a_side_that_the_provider_does_not_count_is_estimated():
    for told, usage in (
        ({"prompt_tokens": 3}, Usage(3, 100, estimated=True)),
        ({"completion_tokens": 4}, Usage(7, 4, estimated=True)),
        ({"prompt_tokens": 0, "completion_tokens": 0}, Usage(7, 100, estimated=True)),
    ):
        body = {"choices": [], "usage": told}
        assert heard(OpenAIChatAnswer(), event("x" * 400), sse(body)).usage(7) == usage


def test_what_is_said_after_the_count_is_added():
    begun = {"type": "message_start", "message": {"content": [], "usage": {"input_tokens": 25, "output_tokens": 1}}}
    block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    said = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "x" * 80}}
    done = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 15}}
    assert heard(AnthropicAnswer(), sse(begun, block, said)).usage(99) == Usage(25, 21, estimated=True)
    assert heard(AnthropicAnswer(), sse(begun, block, said, done)).usage(99) == Usage(25, 15)


def test_a_count_that_goes_along_is_believed_as_far_as_it_came():
    def piece(count: int) -> dict:
        candidate = {"content": {"role": "model", "parts": [{"text": "x" * 80}]}, "index": 0}
        return {"candidates": [candidate], "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": count}}

    assert heard(GeminiAnswer(streamed=True), sse(piece(9), piece(17))).usage(99) == Usage(5, 17)


def test_texts_that_come_whole_once_more_are_said_once():
    place = {"item_id": "m_1", "output_index": 0, "content_index": 0}
    said = [{"type": "response.output_text.delta", **place, "delta": "x" * 40} for _ in range(3)]
    whole = {"type": "response.output_text.done", **place, "text": "x" * 120}
    assert heard(OpenAIResponsesAnswer(), sse(*said, whole)).usage(5) == Usage(5, 30, estimated=True)


def test_reasoning_is_part_of_the_output_and_calls_are():
    frames = [event(reasoning_content="x" * 40), event("x" * 8), call("{}", "look_up"), event(finish="tool_calls")]
    assert heard(OpenAIChatAnswer(), *frames).usage(5) == Usage(5, 15, reasoning=10, estimated=True)


def test_copies_and_results_of_tools_are_not_written_by_the_model():
    spent, found = Spent(), Heard()
    found.text(Channel(PartKind.TEXT, "a", copied=True), "x" * 40, ())
    found.text(Channel(PartKind.TOOL_RESULT, "b", origin=Origin.TOOL), "x" * 40, ())
    found.text(Channel(PartKind.TEXT, "c", origin=Origin.RETRIEVAL), "x" * 40, ())
    spent.hear(found)
    assert spent.usage(5) is None


def test_an_answer_in_which_nothing_is_said_is_not_estimated():
    assert Spent().usage(5) is None
    assert heard(OpenAIChatAnswer(), sse({"error": {"message": "overloaded"}})).usage(5) is None
    told = sse({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 0}})
    assert heard(OpenAIChatAnswer(), told).usage(5) == Usage(3)


@given(st.text(min_size=1), st.data())
def test_how_a_text_is_cut_does_not_matter(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=5)) | {0, len(text)})
    pieces = [text[start:end] for start, end in itertools.pairwise(cuts)]
    whole, cut = (heard(OpenAIChatAnswer(), *map(event, some)) for some in ([text], pieces))
    assert whole.usage(1) == cut.usage(1)
