"""One worker's engine: the snapshot in force, its reloads, and what follows each decision."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence

from firebreak.adapters.logs import event
from firebreak.adapters.metrics import Metrics
from firebreak.adapters.policy_dir import PolicyDir, PolicySource
from firebreak.app.interface import PolicyObserver
from firebreak.model.errors import BadConfig
from firebreak.model.exchange import Exchange
from firebreak.model.handover import Handover
from firebreak.model.record import Record
from firebreak.pipeline.answer import Answer
from firebreak.pipeline.decide import Outcome, decide
from firebreak.pipeline.interface import AuditLog, Judge
from firebreak.pipeline.passage import Limits, Passage
from firebreak.pipeline.snapshot import Snapshot

logger = logging.getLogger(__name__)

Observer = Callable[[Record], None]
"""Takes a record after its answer has left: metrics, spans, alerts."""

Compose = Callable[[str, str, int], Snapshot]
"""A policy's text, its file's name and a generation to a snapshot. Raises `BadConfig`."""

JUDGE_LINGERS_S = 30.0
"""How long a replaced policy's judge stays open for the exchanges that still use it; no call may take that long."""


class Engine:
    """Decides by the snapshot in force; a new one replaces it whole, between two exchanges."""

    def __init__(
        self,
        compose: Compose,
        audit: AuditLog,
        metrics: Metrics,
        observers: Sequence[Observer],
        policy_observers: Sequence[PolicyObserver] = (),
    ) -> None:
        self._compose = compose
        self._audit = audit
        self._observers = tuple(observers)
        self._policy_observers = tuple(policy_observers)
        self._metrics = metrics
        self._snapshot: Snapshot | None = None
        self._problem = "no policy has been read yet"
        self._retiring: set[asyncio.Task[None]] = set()
        self.ready = asyncio.Event()

    @property
    def not_ready(self) -> str:
        """Why not, or nothing. A bad reload does not end readiness: the last good policy is in force."""
        return "" if self._snapshot else self._problem

    async def decide(self, exchange: Exchange) -> Outcome:
        with self._metrics.in_flight():
            outcome = await decide(exchange, self._snapshot, self._audit, time.time())
        if outcome.record is not None:
            asyncio.get_running_loop().call_soon(self._observe, outcome.record)
        return outcome

    def passage(self, limits: Limits) -> Callable[[Handover, Mapping[str, str]], Passage | None]:
        """Who begins the judging of an answer, by the snapshot that is in force then; None while there is none."""

        def begin(handover: Handover, taken: Mapping[str, str]) -> Passage | None:
            if self._snapshot is None:
                return None
            answer = Answer(self._snapshot, handover, taken, time.time())
            return Passage(answer, handover, self._audit, limits)

        return begin

    def tell(self, record: Record) -> None:
        """Everyone who wants to know, of an answer that is over."""
        self._observe(record)

    def _observe(self, record: Record) -> None:
        for observer in self._observers:
            observer(record)

    async def follow(self, policies: PolicyDir) -> None:
        """Load the policy, then every change of it, until cancelled. A problem leaves the one in force as it is."""
        await policies.watch(self.accept, self.reject)

    async def accept(self, source: PolicySource) -> None:
        """Build the whole snapshot beside the one in force, then swap. Raises `BadConfig`, and nothing changes."""
        generation = self._snapshot.generation + 1 if self._snapshot else 1
        snapshot = await asyncio.to_thread(self._compose, source.text, source.file, generation)
        old, self._snapshot = self._snapshot, snapshot
        self.ready.set()
        ref = snapshot.program.ref
        self._metrics.reloaded("loaded")
        self._metrics.policy(ref)
        if old is not None and old.judge is not None:
            self._retire(old.judge)
        for observer in self._policy_observers:
            observer.loaded(ref)
        event(logger, logging.INFO, "policy_loaded", policy=ref.name, version=ref.version, digest=ref.digest)

    def _retire(self, judge: Judge) -> None:
        async def close_later() -> None:
            await asyncio.sleep(JUDGE_LINGERS_S)
            await judge.close()

        task = asyncio.create_task(close_later())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def reject(self, error: BadConfig) -> None:
        self._problem = str(error)
        self._metrics.reloaded("refused")
        kept = self._snapshot.program.ref.digest if self._snapshot else ""
        for observer in self._policy_observers:
            observer.refused(str(error), kept)
        event(logger, logging.ERROR, "policy_refused", problem=str(error), kept=kept)
