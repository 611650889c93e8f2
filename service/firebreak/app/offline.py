"""The one path without a proxy: a policy's text and a body to the record, for the command line."""

import asyncio
import json
import time
from typing import Any

from firebreak.app.compose import Composer, Limits
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.facts import Call
from firebreak.model.handover import Handover
from firebreak.model.record import Record
from firebreak.pipeline import passage
from firebreak.pipeline.answer import Answer
from firebreak.pipeline.decide import Outcome, decide
from firebreak.pipeline.passage import Passage

_LIMITS = passage.Limits(8 * 1024 * 1024)


class NoLog:
    """Keeps nothing: what is decided on the command line sends no request."""

    async def append(self, record: Record) -> None:
        """Nothing is sent, so nothing has to be durable."""


class Offline:
    """Decides on bodies by one policy. Raises `BadConfig` for the policy when made."""

    def __init__(self, policy_text: str, file: str = "policy", composer: Composer | None = None) -> None:
        self._snapshot = (composer or Composer(Limits())).snapshot(policy_text, file, 1)

    def __call__(self, body: bytes, api: str, path: str, caller: Caller) -> Record:
        record = self.outcome(body, api, path, caller).record
        assert record is not None
        return record

    def answer(self, text: str, call: Call | None, model: str, caller: Caller) -> Record:
        """The record of a response that says the text and makes the call, on the way that every response takes."""
        handover = Handover("offline", "openai", "openai", "openai.chat", model, "POST", "", caller)
        now_s = time.time()
        way = Passage(Answer(self._snapshot, handover, {}, now_s), handover, NoLog(), _LIMITS)
        way.begin(200, {"content-type": "application/json"})
        asyncio.run(way.feed(_completion(text, call), last=True))
        assert way.record is not None
        return way.record

    def outcome(self, body: bytes, api: str, path: str, caller: Caller) -> Outcome:
        exchange = Exchange(
            id="offline",
            method="POST",
            path=path,
            query="",
            host="",
            headers={"content-type": "application/json"},
            body=body,
            provider=api,
            api=api,
            caller=caller,
        )
        return asyncio.run(decide(exchange, self._snapshot, NoLog(), time.time()))


def _completion(text: str, call: Call | None) -> bytes:
    """An answer of the chat completions API."""
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if call is not None:
        function = {"name": call.tool, "arguments": call.text.removeprefix(f"{call.tool}\n")}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({"object": "chat.completion", "choices": [choice]}).encode()
