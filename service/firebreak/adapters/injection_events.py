"""Refusals, skips and notes as Events on the pod's controller, or on its namespace: the pod itself is not there yet.

Rules:
1. No answer waits for an Event: it is put in a queue, and one that finds no room is dropped and counted.
2. One Event in five minutes for the same controller and code; the next one says how many there were in between.
3. So many calls in a minute at most, whoever asks: a forged request must not become a flood.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from firebreak.adapters.interface import Calls
from firebreak.adapters.kubernetes_api import ApiUnavailable
from firebreak.adapters.logs import event
from firebreak.model.announcement import Announcement

logger = logging.getLogger(__name__)

CONTROLLER = "firebreak.dev/webhook"
REPEAT_S = 300.0
MAX_KNOWN = 1024
MAX_WAITING = 64
BURST, REFILL_S = 30, 2.0


class Counts(Protocol):
    """`injection_metrics.InjectionMetrics`, as far as it is used here."""

    def event(self, result: str) -> None:
        """One Event that was `sent`, `failed` or `dropped`."""


@dataclass(slots=True)
class _Series:
    told_s: float
    more: int = 0


class InjectionEvents:
    """`tell` never waits; `run` sends, until cancelled."""

    def __init__(self, api: Calls, instance: str, counts: Counts, clock: Callable[[], float] = time.monotonic) -> None:
        """`instance` is the replica's name."""
        self._api = api
        self._instance = instance[:128] or "webhook"
        self._counts = counts
        self._clock = clock
        self._known: OrderedDict[tuple[str, ...], _Series] = OrderedDict()
        self._waiting: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(MAX_WAITING)
        self._calls_left = float(BURST)
        self._filled_s = clock()
        self._failing = False

    def tell(self, said: Announcement) -> None:
        """An Event about this, unless there was one a short while ago."""
        now_s = self._clock()
        key = (said.namespace, said.kind, said.name, said.code)
        series = self._known.get(key)
        if series is not None and now_s - series.told_s < REPEAT_S:
            series.more += 1
            return
        if self._waiting.full() or not self._may_call(now_s):
            self._counts.event("dropped")
            return
        self._waiting.put_nowait((said.namespace, self._event(said, series.more + 1 if series else 1)))
        self._known[key] = _Series(now_s)
        self._known.move_to_end(key)
        while len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)

    async def run(self) -> None:
        """Send what is told."""
        while True:
            namespace, body = await self._waiting.get()
            try:
                await self._api.request("POST", f"/apis/events.k8s.io/v1/namespaces/{namespace}/events", body)
            except ApiUnavailable as error:
                self._counts.event("failed")
                if not self._failing:
                    event(logger, logging.WARNING, "event_not_sent", problem=str(error))
                self._failing = True
            else:
                self._counts.event("sent")
                self._failing = False

    def _may_call(self, now_s: float) -> bool:
        self._calls_left = min(float(BURST), self._calls_left + (now_s - self._filled_s) / REFILL_S)
        self._filled_s = now_s
        if self._calls_left < 1:
            return False
        self._calls_left -= 1
        return True

    def _event(self, said: Announcement, count: int) -> dict[str, Any]:
        regarding = {"apiVersion": said.api_version, "kind": said.kind, "name": said.name, "namespace": said.namespace}
        now = _now()
        return {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"name": f"firebreak-{uuid4().hex}", "namespace": said.namespace},
            "eventTime": now,
            "type": "Warning" if said.warning else "Normal",
            "reason": said.code,
            "action": "Inject",
            "note": said.sentence,
            "regarding": {**regarding, **({"uid": said.uid} if said.uid else {})},
            "reportingController": CONTROLLER,
            "reportingInstance": self._instance,
            **({"series": {"count": count, "lastObservedTime": now}} if count > 1 else {}),
        }


def _now() -> str:
    """RFC 3339 with microseconds, the one form that the API takes here."""
    whole, micros = divmod(time.time_ns() // 1000, 1_000_000)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{micros:06d}Z"
