"""N workers, one process each: started, watched, restarted, drained. It handles no request itself."""

import logging
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from firebreak.adapters.logs import event
from firebreak.edge.probe import serving
from firebreak.settings import WORKER_VARIABLE

logger = logging.getLogger(__name__)

PROBE_TIMEOUT_S = 0.5
TICK_S = 0.1
MAX_RESTARTS = 10
RESTART_WINDOW_S = 60.0
"""More than `MAX_RESTARTS` in this time is not bad luck: the supervisor gives up, and Kubernetes sees it."""

KILL_MARGIN_S = 5.0
"""A worker that has not ended this long after its drain time is killed."""


class Supervisor:
    """`on_death` is told the number of each worker that ended unasked.

    `run` blocks and returns the exit status: 0 after SIGTERM or SIGINT, 1 when workers keep dying.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        addresses: Sequence[str],
        *,
        workers: int,
        drain_s: float,
        on_death: Callable[[int], None],
    ) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._addresses = tuple(addresses)
        self._drain_s = drain_s
        self._on_death = on_death
        self._workers = {worker: self._start(worker) for worker in range(workers)}
        self._deaths: deque[float] = deque()
        self._stopping = False

    def not_ready(self) -> str:
        """Why not, or nothing when every worker serves."""
        if self._stopping:
            return "draining"
        silent = [address for address in self._addresses if not serving(address, PROBE_TIMEOUT_S)]
        return f"not serving: {', '.join(silent)}" if silent else ""

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        while not self._stopping:
            if not self._restart_the_dead():
                event(logger, logging.ERROR, "workers_keep_dying")
                self._drain()
                return 1
            time.sleep(TICK_S)
        self._drain()
        return 0

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, worker: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._command, env={**self._environment, WORKER_VARIABLE: str(worker)})

    def _restart_the_dead(self) -> bool:
        """False when too many died lately."""
        for worker, process in self._workers.items():
            if process.poll() is None:
                continue
            now_s = time.monotonic()
            self._deaths.append(now_s)
            while self._deaths and now_s - self._deaths[0] > RESTART_WINDOW_S:
                self._deaths.popleft()
            event(logger, logging.ERROR, "worker_ended", worker=worker, status=process.returncode)
            self._on_death(worker)
            if len(self._deaths) > MAX_RESTARTS:
                return False
            self._workers[worker] = self._start(worker)
        return True

    def _drain(self) -> None:
        self._stopping = True
        for process in self._workers.values():
            process.terminate()
        deadline_s = time.monotonic() + self._drain_s + KILL_MARGIN_S
        for process in self._workers.values():
            try:
                process.wait(max(0.0, deadline_s - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
