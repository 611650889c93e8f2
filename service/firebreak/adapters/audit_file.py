"""The durable log as the pipeline sees it: `append` returns when the entry survives a kill.

Entries that arrive in one turn of the event loop are written together, with one write and one sync, so that the price
of the disk is shared under load. Where the disk is quick this happens at the end of the turn, because handing a group
to a thread and back costs more than the disk does (0.2-0.5 ms against 0.1 ms). Where it is slow a thread waits for it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from firebreak.adapters.audit_disk import AuditOptions, ChainWriter
from firebreak.adapters.logs import event
from firebreak.audit.chain import Head
from firebreak.audit.entry import encode_record
from firebreak.model.errors import Unavailable
from firebreak.model.record import Record

MAX_GROUP = 512
"""Entries in one write; with the usual 1-2 KB each this is about a megabyte."""
MAX_QUEUED = 16_384
"""Entries that wait while the disk is slow; above it `append` fails at once instead of filling the memory."""
SLOW_S = 0.002
"""A disk that usually takes longer than this for a group is waited for by the thread."""

_CLOSED = "audit log: it is closed"
_STOPPED = "audit log: its writer stopped"
_logger = logging.getLogger("firebreak.audit")


@dataclass(frozen=True, slots=True)
class _Waiting:
    entry: str
    future: asyncio.Future[None]


class AuditFile:
    """Implements `pipeline.interface.AuditLog` for one event loop."""

    def __init__(self, options: AuditOptions, clock: Callable[[], float] = time.time) -> None:
        """Open the chain. Raises `BadConfig` for the directory's sake, `Unavailable` when the log is not in order."""
        self._writer = ChainWriter(options, clock)
        self._thread = ThreadPoolExecutor(1, "firebreak-audit")
        self._waiting: list[_Waiting] = []
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        self._failing = False
        self._typical_s = 0.0
        self._head_due_s = time.monotonic() + options.head_every_s

    @property
    def head(self) -> Head:
        """The last durable entry."""
        return self._writer.head

    async def append(self, record: Record) -> None:
        if self._closed:
            raise Unavailable(_CLOSED)
        if len(self._waiting) >= MAX_QUEUED:
            raise Unavailable("audit log: too many entries wait for the disk")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(encode_record(record), loop.create_future())
        self._waiting.append(waiting)
        if self._idle.is_set():
            self._idle.clear()
            loop.call_soon(self._flush, loop)
        await waiting.future

    async def close(self) -> None:
        """Write what waits, then the head, and let the files go."""
        self._closed = True
        await self._idle.wait()
        self._thread.shutdown()
        self._writer.close()

    def _flush(self, loop: asyncio.AbstractEventLoop) -> None:
        """Commit the group that waits: here, or on the thread while the disk is slow."""
        group, self._waiting = self._waiting[:MAX_GROUP], self._waiting[MAX_GROUP:]
        if self._typical_s < SLOW_S:
            self._finish(loop, group, partial(self._commit, group))
            return
        committed = loop.run_in_executor(self._thread, self._commit, group)
        committed.add_done_callback(lambda done: self._finish(loop, group, done.result))

    def _finish(self, loop: asyncio.AbstractEventLoop, group: list[_Waiting], outcome: Callable[[], str]) -> None:
        """Tell everyone who waits, whatever happens, and go on with those who came meanwhile."""
        problem = _STOPPED
        try:
            problem = outcome()
        finally:
            _settle(group, problem)
            if self._waiting:
                loop.call_soon(self._flush, loop)
            else:
                self._idle.set()

    def _commit(self, group: list[_Waiting]) -> str:
        """Make the group durable. Returns what went wrong, or nothing."""
        started_s = time.monotonic()
        problem = ""
        try:
            self._writer.append([waiting.entry for waiting in group])
        except Unavailable as error:
            problem = str(error)
        now_s = time.monotonic()
        self._typical_s += (now_s - started_s - self._typical_s) / 8
        if bool(problem) != self._failing:
            self._tell(problem)
        if now_s >= self._head_due_s and not problem:
            self._head_due_s = now_s + self._writer.options.head_every_s
            self._writer.write_head()
        return problem

    def _tell(self, problem: str) -> None:
        self._failing = bool(problem)
        worker = self._writer.options.worker
        if problem:
            event(_logger, logging.ERROR, "audit_unavailable", worker=worker, problem=problem)
        else:
            event(_logger, logging.WARNING, "audit_recovered", worker=worker, seq=self._writer.head.seq)


def _settle(group: list[_Waiting], problem: str) -> None:
    for waiting in group:
        if waiting.future.done():  # its caller has gone
            continue
        if problem:
            waiting.future.set_exception(Unavailable(problem))
        else:
            waiting.future.set_result(None)
