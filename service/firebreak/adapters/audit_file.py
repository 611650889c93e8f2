"""The durable log as the pipeline sees it: `append` returns when the entry survives a kill.

Entries queue up. A thread writes all that wait with one write and one sync, then wakes everyone of the group at once,
so that the price of the disk is shared under load and the event loop never waits for it.
"""

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

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
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._stopped = False
        self._failing = False
        self._head_due_s = time.monotonic() + options.head_every_s
        self._thread = threading.Thread(target=self._run, name="firebreak-audit", daemon=True)
        self._thread.start()

    @property
    def head(self) -> Head:
        """The last durable entry."""
        return self._writer.head

    async def append(self, record: Record) -> None:
        if self._queue.qsize() >= MAX_QUEUED:
            raise Unavailable("audit log: too many entries wait for the disk")
        loop = asyncio.get_running_loop()
        waiting = _Waiting(encode_record(record), loop.create_future())
        if not self._stopped:
            self._queue.put(waiting)
        if self._stopped:  # asked again: the thread may have ended, and emptied the queue, in between
            raise Unavailable("audit log: it is closed")
        await waiting.future

    async def close(self) -> None:
        """Write what waits, then the head, and let the files go."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        try:
            while group := self._take():
                self._commit(group)
                self._head_when_due()
        finally:
            self._stopped = True
            self._refuse_rest()
            self._writer.close()

    def _take(self) -> list[_Waiting]:
        """All that waits, up to a group; nothing when the log is to be closed."""
        first = self._queue.get()
        group = [] if first is None else [first]
        while group and len(group) < MAX_GROUP:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._queue.put(None)
                break
            group.append(more)
        return group

    def _commit(self, group: list[_Waiting]) -> None:
        problem = "audit log: its writer stopped"
        try:
            self._writer.append([waiting.entry for waiting in group])
            problem = ""
        except Unavailable as error:
            problem = str(error)
        finally:
            _wake(group, problem)
        if bool(problem) != self._failing:
            self._failing = bool(problem)
            worker = self._writer.options.worker
            if problem:
                event(_logger, logging.ERROR, "audit_unavailable", worker=worker, problem=problem)
            else:
                event(_logger, logging.WARNING, "audit_recovered", worker=worker, seq=self._writer.head.seq)

    def _head_when_due(self) -> None:
        now_s = time.monotonic()
        if now_s >= self._head_due_s and not self._failing:
            self._head_due_s = now_s + self._writer.options.head_every_s
            self._writer.write_head()

    def _refuse_rest(self) -> None:
        rest = []
        with contextlib.suppress(queue.Empty):
            while True:
                if (waiting := self._queue.get_nowait()) is not None:
                    rest.append(waiting)
        if rest:
            _wake(rest, "audit log: it is closed")


def _wake(group: list[_Waiting], problem: str) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
        group[0].future.get_loop().call_soon_threadsafe(_settle, group, problem)


def _settle(group: list[_Waiting], problem: str) -> None:
    for waiting in group:
        if waiting.future.done():  # its caller has gone
            continue
        if problem:
            waiting.future.set_exception(Unavailable(problem))
        else:
            waiting.future.set_result(None)
