"""One worker process: opens what it needs, serves until told to stop, and ends in order.

1. the audit log        nothing is decided that could not be recorded
2. gRPC                 answers at once, refusing, with health NOT_SERVING
3. policy and parts     health says SERVING once a policy has loaded
4. rules               compiled one by one between requests: a start need not wait for it
5. on SIGTERM           readiness off, no new calls, those in flight finish, the log is closed
"""

import asyncio
import contextlib
import gc
import platform
import signal
from collections.abc import AsyncIterator, Iterator

import firebreak
from firebreak.adapters import alerts
from firebreak.adapters.audit_disk import AuditOptions
from firebreak.adapters.audit_file import AuditFile
from firebreak.adapters.encoders import Encoders
from firebreak.adapters.metrics import Metrics
from firebreak.adapters.policy_dir import PolicyDir
from firebreak.app.compose import Composer, Limits
from firebreak.app.engine import Engine, Observer
from firebreak.app.kubernetes import identity, pod_events
from firebreak.app.recording import MeteredAudit
from firebreak.edge.ext_authz import Authorization
from firebreak.edge.ext_proc import Patience, Processing
from firebreak.edge.identity import Identity
from firebreak.edge.server import Server
from firebreak.pipeline import passage
from firebreak.settings import Settings

MAX_ANSWER_S = 3600.0
"""The longest that one answer may take, from its request to its last byte."""
WARM_PAUSE_S = 0.01
"""Between two steps of `Composer.warm`, for the requests."""


class Worker:
    """`serve` returns when a signal has come and everything in flight is done."""

    def __init__(self, settings: Settings, number: int, metrics: Metrics, private: str = "") -> None:
        self._settings = settings
        self._number = number
        self._private = private
        self._metrics = metrics
        self._engine: Engine | None = None
        self._stopping = asyncio.Event()

    def not_ready(self) -> str:
        """Why not, or nothing."""
        if self._stopping.is_set():
            return "draining"
        return self._engine.not_ready if self._engine else "starting"

    def stop(self) -> None:
        """End as on SIGTERM."""
        self._stopping.set()

    async def serve(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        self._metrics.build(firebreak.__version__, platform.python_version())
        events_on_pod = pod_events(self._settings, self._number, self._metrics)
        async with self._audit() as audit, self._spans() as spans, events_on_pod as events:
            metered = MeteredAudit(audit, self._metrics)
            composer = await asyncio.to_thread(self._composer)
            told = [self._metrics.observe, alerts.observe, *spans, *(each.observe for each in events)]
            self._engine = Engine(composer.snapshot, metered, self._metrics, told, events)
            async with identity(self._settings, self._metrics) as identify:
                await self._serve(self._engine, identify, composer.warm())

    def _composer(self) -> Composer:
        limits = Limits(self._settings.memory_entries, self._settings.detector_budget_ms / 1000)
        return Composer(limits, self._settings.judge_key_file, self._encoders())

    def _encoders(self) -> Encoders | None:
        settings = self._settings
        if not settings.encoder_dir:
            return None
        return Encoders(
            settings.encoder_dir,
            threads=settings.encoder_threads,
            budget_s=settings.encoder_budget_ms / 1000,
            memory_entries=settings.memory_entries,
        )

    async def _serve(self, engine: Engine, identify: Identity | None, warm: Iterator[None]) -> None:
        settings = self._settings
        caller, most, bug = settings.caller(), settings.max_body_bytes, self._metrics.bug
        authorization = Authorization(engine.decide, caller, most, bug, identify)
        patience = Patience(settings.stream_idle_timeout_s, MAX_ANSWER_S)
        processing = Processing(engine.passage(passage.Limits(most)), engine.tell, bug, patience)
        handlers = [authorization.handler(), processing.handler()]
        server = Server(self._address(), handlers, most, private=self._private)
        await server.start()
        policies = PolicyDir(settings.policy_dir, settings.policy_file, settings.policy_poll_s)
        following = asyncio.create_task(engine.follow(policies))
        publishing = asyncio.create_task(_publish_readiness(engine, server, warm))
        stopped = asyncio.create_task(self._stopping.wait())
        try:
            # A task that ends by itself has failed: the process must not go on half alive.
            await asyncio.wait({following, publishing, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            publishing.cancel()
            following.cancel()
            await server.stop(settings.drain_s)
        for task in (following, publishing):
            if task.done() and not task.cancelled():
                task.result()

    def _address(self) -> str:
        addresses = self._settings.engine_addresses()
        return addresses[self._number % len(addresses)]

    @contextlib.asynccontextmanager
    async def _audit(self) -> AsyncIterator[AuditFile]:
        settings = self._settings
        options = AuditOptions(
            directory=settings.audit_dir,
            worker=self._number,
            sync=settings.audit_sync == "fdatasync",
            max_file_bytes=settings.audit_rotate_bytes,
            keep_files=settings.audit_keep_files,
        )
        audit = AuditFile(options)
        try:
            yield audit
        finally:
            await audit.close()

    @contextlib.asynccontextmanager
    async def _spans(self) -> AsyncIterator[list[Observer]]:
        if not self._settings.otlp_endpoint:
            yield []
            return
        # The extra `otlp` is needed only where a collector is configured.
        from firebreak.adapters.spans import otlp  # noqa: PLC0415

        endpoint = self._settings.otlp_endpoint
        spans = otlp(endpoint, insecure=True, version=firebreak.__version__, worker=self._number)
        try:
            yield [spans.observe]
        finally:
            await asyncio.to_thread(spans.close)


async def _publish_readiness(engine: Engine, server: Server, warm: Iterator[None]) -> None:
    """Envoy's health check follows the engine: SERVING from the first policy on. Then `warm`, step by step."""
    await engine.ready.wait()
    # What is loaded by now stays. A walk over it takes the collector 10-20 ms; some request would wait for it.
    gc.collect()
    gc.freeze()
    await server.set_ready(ready=True)
    for _ in warm:
        await asyncio.sleep(WARM_PAUSE_S)
    await asyncio.Event().wait()
