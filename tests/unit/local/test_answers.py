"""The answers, read back by the official SDKs over a real socket."""

import anthropic
import openai
import pytest

from firebreak.local.answers import answer
from firebreak.local.upstream import Upstream

OPENAI_TOOL = {"type": "function", "function": {"name": "lookup", "parameters": {"type": "object"}}}
ANTHROPIC_TOOL = {"name": "lookup", "input_schema": {"type": "object"}}
ASK = [{"role": "user", "content": "hello"}]


@pytest.fixture
async def upstream():
    async with Upstream() as running:
        yield running


@pytest.fixture
async def oai(upstream):
    async with openai.AsyncOpenAI(
        base_url=f"http://127.0.0.1:{upstream.port}/v1", api_key="k", max_retries=0
    ) as client:
        yield client


@pytest.fixture
async def claude(upstream):
    async with anthropic.AsyncAnthropic(
        base_url=f"http://127.0.0.1:{upstream.port}", api_key="k", max_retries=0
    ) as client:
        yield client


async def test_chat_completion(oai):
    told = await oai.chat.completions.create(model="m", messages=ASK)
    assert told.choices[0].message.content.startswith("This is the local upstream")
    assert told.usage.total_tokens == 12


async def test_chat_completion_calls_the_tool_once(oai):
    told = await oai.chat.completions.create(model="m", messages=ASK, tools=[OPENAI_TOOL])
    call = told.choices[0].message.tool_calls[0]
    assert (call.function.name, call.function.arguments, told.choices[0].finish_reason) == (
        "lookup",
        "{}",
        "tool_calls",
    )
    after = [*ASK, {"role": "tool", "tool_call_id": call.id, "content": "found"}]
    told = await oai.chat.completions.create(model="m", messages=after, tools=[OPENAI_TOOL])
    assert told.choices[0].finish_reason == "stop"


async def test_chat_stream_adds_up_to_the_whole(oai):
    whole = await oai.chat.completions.create(model="m", messages=ASK)
    async with oai.chat.completions.stream(model="m", messages=ASK, stream_options={"include_usage": True}) as stream:
        final = await stream.get_final_completion()
    assert final.choices[0].message.content.split()[:5] == whole.choices[0].message.content.split()[:5]
    assert final.usage.total_tokens == 12


async def test_chat_stream_of_a_tool_call(oai):
    async with oai.chat.completions.stream(model="m", messages=ASK, tools=[OPENAI_TOOL]) as stream:
        final = await stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.name == "lookup"
    assert final.choices[0].message.tool_calls[0].function.arguments == "{}"


async def test_responses(oai):
    told = await oai.responses.create(model="m", input="hello")
    assert told.output_text.startswith("This is the local upstream")
    assert told.usage.input_tokens_details.cached_tokens == 0


@pytest.mark.parametrize("tools", [[], [{"type": "function", "name": "lookup", "parameters": {}, "strict": False}]])
async def test_responses_stream(oai, tools):
    async with oai.responses.stream(model="m", input="hello", tools=tools) as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_response()
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert final.output[0].type == ("function_call" if tools else "message")


async def test_completions_whole_and_streamed(oai):
    told = await oai.completions.create(model="m", prompt="hello")
    assert told.choices[0].text.startswith("This is the local upstream")
    stream = await oai.completions.create(model="m", prompt="hello", stream=True)
    text = "".join([event.choices[0].text async for event in stream])
    assert text.startswith("This is the local upstream")


async def test_embeddings_in_both_encodings(oai):
    assert len((await oai.embeddings.create(model="m", input=["a", "b"])).data[1].embedding) == 8
    plain = await oai.embeddings.create(model="m", input="a", encoding_format="float")
    assert plain.data[0].embedding[0] == 1.0


async def test_moderations_and_models(oai):
    assert (await oai.moderations.create(input="a")).results[0].flagged is False
    assert [model.id async for model in oai.models.list()] == ["local-large", "local-small"]


async def test_messages(claude):
    told = await claude.messages.create(model="m", max_tokens=9, messages=ASK)
    assert told.content[0].text.startswith("This is the local upstream")
    assert told.stop_reason == "end_turn"


@pytest.mark.parametrize("tools", [[], [ANTHROPIC_TOOL]])
async def test_messages_stream(claude, tools):
    async with claude.messages.stream(model="m", max_tokens=9, messages=ASK, tools=tools) as stream:
        final = await stream.get_final_message()
    assert final.stop_reason == ("tool_use" if tools else "end_turn")
    assert final.usage.output_tokens == 5
    assert final.content[0].type == ("tool_use" if tools else "text")


async def test_count_tokens_and_models(claude):
    assert (await claude.messages.count_tokens(model="m", messages=ASK)).input_tokens == 7
    assert [model.id async for model in claude.models.list()] == ["local-large", "local-small"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/v1/files", b"", 404),
        ("POST", "/v1/files", b"{}", 404),
        ("POST", "/v1/chat/completions", b"not json", 400),
        ("POST", "/v1/chat/completions", b"[" * 100_000, 400),
        ("POST", "/v1/chat/completions", b"[]", 400),
    ],
)
def test_what_it_does_not_know_is_an_error(method, path, body, status):
    assert answer(method, path, {}, body).status == status


def test_a_tool_that_is_no_object_is_not_called():
    assert b'"finish_reason": "stop"' in answer("POST", "/v1/chat/completions", {}, b'{"tools": [3]}').chunks[0]


def test_the_same_request_gets_the_same_answer():
    body = b'{"model": "m", "messages": []}'
    assert answer("POST", "/v1/messages", {}, body) == answer("POST", "/v1/messages", {}, body)
