"""The one path without a proxy: a policy's text and a body to the record, for the command line."""

import asyncio
import time

from firebreak.app.compose import Composer, Limits
from firebreak.model.exchange import Caller, Exchange
from firebreak.model.record import Record
from firebreak.pipeline.decide import Outcome, decide


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
