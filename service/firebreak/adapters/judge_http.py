"""The LLM judge over HTTP: any endpoint that speaks OpenAI's chat completions or Anthropic's messages.

Rules:
1. Whatever goes wrong is `Unavailable`, and no message of it quotes a prompt, an answer or a key.
2. Only valid answers are remembered; the same question asked at once by several is sent once.
3. Redirects are not followed, and no more than `MAX_ANSWER_BYTES` of an answer are read.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Sequence
from importlib import import_module
from time import monotonic
from types import ModuleType
from typing import TYPE_CHECKING

from firebreak.intent.judge import JudgePrompt, answer, prompt, question_digest
from firebreak.model.category import Category
from firebreak.model.errors import BadConfig, Unavailable
from firebreak.model.intent import UNKNOWN
from firebreak.model.judge import JudgeApi, JudgeConfig

if TYPE_CHECKING:
    import httpx

MAX_ANSWER_BYTES = 64 * 1024
MAX_ANSWER_TOKENS = 100
MAX_WAITING = 64  # questions under way at once; one more is refused rather than queued
ANTHROPIC_VERSION = "2023-06-01"

Answer = tuple[str, float]


class HttpJudge:
    """`pipeline.interface.Judge`. Belongs to one event loop; `close` it when its policy is replaced."""

    def __init__(self, config: JudgeConfig, api_key: str, clock: Callable[[], float] = monotonic) -> None:
        self._config = config
        self._clock = clock
        self._client = _client(config, api_key)
        self._remembered: OrderedDict[str, Answer] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Answer]] = {}
        self._tokens = float(config.calls_per_minute)
        self._filled_s = clock()

    async def ask(self, text: str, categories: Sequence[Category]) -> Answer:
        digest = question_digest(text, categories)
        known = self._remembered.get(digest)
        if known is not None:
            self._remembered.move_to_end(digest)
            return known
        task = self._under_way.get(digest)
        if task is None:
            self._spend()
            task = asyncio.create_task(self._question(digest, text, tuple(categories)))
            task.add_done_callback(_seen)
            self._under_way[digest] = task
        # `wait` leaves the task to the others when this asker goes, and tells a closed judge from an asker that goes.
        await asyncio.wait({task})
        if task.cancelled():
            raise Unavailable("the judge was closed")
        return task.result()

    async def close(self) -> None:
        """End what is under way and the connections."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    def _spend(self) -> None:
        """Take one call from the budget, which fills up evenly."""
        if len(self._under_way) >= MAX_WAITING:
            raise Unavailable("the judge has too many questions under way")
        now_s = self._clock()
        most = float(self._config.calls_per_minute)
        self._tokens = min(most, self._tokens + (now_s - self._filled_s) * most / 60)
        self._filled_s = now_s
        if self._tokens < 1:
            raise Unavailable("the judge's calls for this minute are spent")
        self._tokens -= 1

    async def _question(self, digest: str, text: str, categories: tuple[Category, ...]) -> Answer:
        try:
            reply = await self._call(prompt(text, categories))
            category, confidence = answer(reply, categories)
            found = (category, confidence) if confidence >= self._config.min_confidence else (UNKNOWN, confidence)
            self._remember(digest, found)
            return found
        finally:
            self._under_way.pop(digest, None)

    def _remember(self, digest: str, found: Answer) -> None:
        self._remembered[digest] = found
        while len(self._remembered) > self._config.cache_entries:
            self._remembered.popitem(last=False)

    async def _call(self, question: JudgePrompt) -> str:
        """The text of the model's answer."""
        http = _httpx()
        path, body = _request(self._config, question)
        try:
            async with (
                asyncio.timeout(self._config.timeout_ms / 1000),
                self._client.stream("POST", self._config.url.rstrip("/") + path, content=body) as response,
            ):
                if response.status_code != 200:
                    raise Unavailable(f"the judge answered with HTTP status {response.status_code}")
                data = await _bounded(response)
        except TimeoutError:
            raise Unavailable("the judge did not answer in time") from None
        except (http.HTTPError, http.InvalidURL, http.StreamError) as error:
            raise Unavailable(f"the judge cannot be reached: {type(error).__name__}") from None
        return _text(self._config.api, data)


def _seen(task: asyncio.Task[Answer]) -> None:
    """Take note of a failure that every waiter has given up on, so that none is reported as lost."""
    if not task.cancelled():
        task.exception()


def _httpx() -> ModuleType:
    """The library, which comes with an extra: a policy without a judge does not need it."""
    try:
        return import_module("httpx")
    except ImportError as error:
        raise BadConfig("judge", "needs the package `httpx`", "install firebreak[judge]") from error


def _client(config: JudgeConfig, api_key: str) -> "httpx.AsyncClient":
    http = _httpx()
    if not config.url.startswith(("http://", "https://")):
        raise BadConfig("judge.url", "is not an HTTP address", "write it as https://host/v1")
    headers = {"content-type": "application/json", "accept-encoding": "identity"}
    if config.api is JudgeApi.ANTHROPIC:
        headers |= {"x-api-key": api_key, "anthropic-version": ANTHROPIC_VERSION}
    elif api_key:
        headers["authorization"] = f"Bearer {api_key}"
    try:
        client: httpx.AsyncClient = http.AsyncClient(headers=headers, timeout=config.timeout_ms / 1000, trust_env=False)
    except ValueError:  # a key with a line break or a letter that no header may have
        raise BadConfig("judge", "the API key cannot stand in a header", "check the file it is read from") from None
    return client


def _request(config: JudgeConfig, question: JudgePrompt) -> tuple[str, bytes]:
    """Path and body of the call."""
    user = {"role": "user", "content": question.user}
    common: dict[str, object] = {"model": config.model, "max_tokens": MAX_ANSWER_TOKENS, "temperature": 0}
    if config.api is JudgeApi.ANTHROPIC:
        return "/v1/messages", json.dumps({**common, "system": question.system, "messages": [user]}).encode()
    system = {"role": "system", "content": question.system}
    return "/chat/completions", json.dumps({**common, "messages": [system, user]}).encode()


async def _bounded(response: "httpx.Response") -> bytes:
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > MAX_ANSWER_BYTES:
            raise Unavailable("the judge's answer is too long")
    return bytes(data)


def _text(api: JudgeApi, data: bytes) -> str:
    """The model's words in an answer of either API."""
    try:
        value = json.loads(data)
        text = value["content"][0]["text"] if api is JudgeApi.ANTHROPIC else value["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise Unavailable("the judge's answer has not the form of its API") from None
    if not isinstance(text, str):
        raise Unavailable("the judge's answer has not the form of its API")
    return text
