"""The judge over a real socket: right answers, every wrong one, the memory and the budget."""

import asyncio
import json
import sys
from contextlib import asynccontextmanager, suppress

import pytest

from firebreak.adapters.judge_http import MAX_ANSWER_BYTES, HttpJudge
from firebreak.model.category import Category
from firebreak.model.errors import BadConfig, Unavailable
from firebreak.model.judge import JudgeApi, JudgeConfig

CATEGORIES = (Category("coding", "Write code"), Category("translation", "Into another language"))
KEY = "key-that-is-secret"


class Clock:
    now_s = 1000.0

    def __call__(self):
        return self.now_s


class Endpoint:
    """A model API on loopback: `reply` is the raw HTTP answer, `seen` the requests it got."""

    def __init__(self):
        self.reply = openai("coding", 0.9)
        self.delay_s = 0.0
        self.seen = []
        self.asked = asyncio.Event()
        self.url = ""
        self.serving = set()

    async def serve(self, reader, writer):
        self.serving.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):  # the client may go at any moment
            await self.answer(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def answer(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1]) for line in head.splitlines() if line.lower().startswith("content-length")
        )
        self.seen.append((head, json.loads(await reader.readexactly(length))))
        self.asked.set()
        await asyncio.sleep(self.delay_s)
        writer.write(self.reply)


def http(body, status="200 OK", headers=""):
    return f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n{headers}\r\n".encode() + body


def openai(category, confidence):
    content = json.dumps({"category": category, "confidence": confidence})
    return http(json.dumps({"choices": [{"message": {"content": content}}]}).encode())


def anthropic(category, confidence):
    text = json.dumps({"category": category, "confidence": confidence})
    return http(json.dumps({"content": [{"type": "text", "text": text}]}).encode())


@asynccontextmanager
async def judged(api=JudgeApi.OPENAI, clock=None, **options):
    endpoint = Endpoint()
    server = await asyncio.start_server(endpoint.serve, "127.0.0.1", 0)
    endpoint.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    options = {"timeout_ms": 5_000, **options}
    judge = HttpJudge(JudgeConfig(api, endpoint.url, "small", **options), KEY, clock or Clock())
    try:
        yield judge, endpoint
    finally:
        await judge.close()
        await asyncio.gather(*endpoint.serving)
        server.close()
        await server.wait_closed()


async def test_an_openai_endpoint_is_asked_and_believed():
    async with judged() as (judge, endpoint):
        assert await judge.ask("Fix my loop", CATEGORIES) == ("coding", 0.9)
        head, body = endpoint.seen[0]
    assert head.startswith("POST /chat/completions ")
    assert f"authorization: bearer {KEY}" in head.lower()
    assert body["model"] == "small"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert "Fix my loop" in body["messages"][1]["content"]


async def test_an_anthropic_endpoint_is_asked_and_believed():
    async with judged(JudgeApi.ANTHROPIC) as (judge, endpoint):
        endpoint.reply = anthropic("translation", 0.8)
        assert await judge.ask("In Dutch?", CATEGORIES) == ("translation", 0.8)
        head, body = endpoint.seen[0]
    assert head.startswith("POST /v1/messages ")
    assert f"x-api-key: {KEY}" in head.lower()
    assert "anthropic-version: " in head.lower()
    assert "coding" in body["system"]


async def test_an_unsure_judge_has_not_recognised_the_ask():
    async with judged(min_confidence=0.7) as (judge, endpoint):
        endpoint.reply = openai("coding", 0.6)
        assert await judge.ask("Hm", CATEGORIES) == ("unknown", 0.6)


@pytest.mark.parametrize(
    "reply",
    [
        openai("weapons", 0.9),
        openai("coding", 3),
        http(b"{}"),
        http(b"[]"),
        http(b"not json"),
        http(b"\xff\xfe"),
        http(b"[" * 50_000),
        http(b'{"choices": [{"message": {"content": null}}]}'),
        http(b'{"choices": []}'),
        http(b"boom", "500 Internal Server Error"),
        http(b"", "429 Too Many Requests"),
        http(b"", "302 Found", "location: http://127.0.0.1:9/\r\n"),
        http(b" " * (MAX_ANSWER_BYTES + 1)),
        b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nshort",
        b"nonsense",
        b"",
    ],
)
async def test_any_wrong_answer_is_unavailable_says_nothing_and_is_not_remembered(reply):
    async with judged() as (judge, endpoint):
        endpoint.reply = reply
        with pytest.raises(Unavailable) as caught:
            await judge.ask("Fix my loop", CATEGORIES)
        assert not {"Fix", "loop", KEY, "weapons"} & set(str(caught.value).split())
        endpoint.reply = openai("coding", 0.9)
        assert await judge.ask("Fix my loop", CATEGORIES) == ("coding", 0.9)
        assert len(endpoint.seen) == 2


async def test_a_slow_judge_is_unavailable():
    async with judged(timeout_ms=50) as (judge, endpoint):
        endpoint.delay_s = 0.5
        with pytest.raises(Unavailable, match=r"in time|cannot be reached"):
            await judge.ask("Fix my loop", CATEGORIES)


async def test_a_judge_that_is_not_there_is_unavailable():
    judge = HttpJudge(JudgeConfig(JudgeApi.OPENAI, "http://127.0.0.1:1", "small"), KEY)
    with pytest.raises(Unavailable, match="cannot be reached"):
        await judge.ask("Fix my loop", CATEGORIES)
    await judge.close()


async def test_the_same_question_is_sent_once():
    async with judged() as (judge, endpoint):
        await judge.ask("Fix my loop", CATEGORIES)
        await judge.ask("  fix MY  loop ", CATEGORIES)
        assert len(endpoint.seen) == 1
        await judge.ask("Fix my loop", CATEGORIES[:1])
        assert len(endpoint.seen) == 2


async def test_the_same_question_at_once_is_sent_once():
    async with judged(calls_per_minute=1) as (judge, endpoint):
        endpoint.delay_s = 0.05
        answers = await asyncio.gather(*(judge.ask("Fix my loop", CATEGORIES) for _ in range(5)))
        assert set(answers) == {("coding", 0.9)}
        assert len(endpoint.seen) == 1


async def test_one_waiter_that_leaves_takes_no_answer_from_the_others():
    async with judged() as (judge, endpoint):
        endpoint.delay_s = 0.1
        first = asyncio.create_task(judge.ask("Fix my loop", CATEGORIES))
        second = asyncio.create_task(judge.ask("Fix my loop", CATEGORIES))
        await asyncio.sleep(0.02)
        first.cancel()
        assert await second == ("coding", 0.9)


async def test_who_waits_for_a_judge_that_is_closed_is_told_so():
    async with judged() as (judge, endpoint):
        endpoint.delay_s = 0.5
        waiting = asyncio.create_task(judge.ask("Write code", CATEGORIES))
        await endpoint.asked.wait()
        await judge.close()
        with pytest.raises(Unavailable, match="closed"):
            await waiting


async def test_the_memory_forgets_the_oldest():
    async with judged(cache_entries=1) as (judge, endpoint):
        for text in ("one", "two", "one"):
            await judge.ask(text, CATEGORIES)
        assert len(endpoint.seen) == 3


async def test_over_budget_is_unavailable_until_it_fills_again():
    clock = Clock()
    async with judged(clock=clock, calls_per_minute=2) as (judge, endpoint):
        await judge.ask("one", CATEGORIES)
        await judge.ask("two", CATEGORIES)
        with pytest.raises(Unavailable, match="spent"):
            await judge.ask("three", CATEGORIES)
        assert await judge.ask("one", CATEGORIES) == ("coding", 0.9)
        clock.now_s += 31
        await judge.ask("three", CATEGORIES)
        assert len(endpoint.seen) == 3


async def test_half_a_surrogate_pair_can_be_asked_about():
    async with judged() as (judge, _):
        assert await judge.ask("\ud800 loop", CATEGORIES) == ("coding", 0.9)


async def test_a_judge_without_the_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(BadConfig, match=r"install firebreak\[judge\]"):
        HttpJudge(JudgeConfig(JudgeApi.OPENAI, "http://127.0.0.1:1", "small"), KEY)


@pytest.mark.parametrize(("url", "key"), [("ftp://host", "k"), ("host", "k"), ("http://127.0.0.1:1", "ké\u20ac")])
async def test_an_address_or_key_that_cannot_work_is_a_config_error(url, key):
    with pytest.raises(BadConfig) as caught:
        HttpJudge(JudgeConfig(JudgeApi.OPENAI, url, "small"), key)
    assert key not in str(caught.value) or key == "k"
