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

UNUSABLE = 2
"""The exit status of a worker whose options cannot work: it has said why, and the next one would say the same."""

KILL_MARGIN_S = 5.0
"""A worker that has not ended this long after its drain time is killed."""


class Supervisor:
    """`on_death` is told the number of each worker that ended unasked.

    `start` starts the workers. `run` blocks and returns the exit status: 0 after SIGTERM or SIGINT, 1 when workers
    keep dying, 2 when one says that its options cannot work. Each worker's standard input ends with this process.
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
        self._workers: dict[int, subprocess.Popen[bytes]] = {}
        self._count = workers
        self._deaths: deque[float] = deque()
        self._stopping = False

    def not_ready(self) -> str:
        """Why not, or nothing when every worker serves."""
        if self._stopping:
            return "draining"
        silent = [address for address in self._addresses if not serving(address, PROBE_TIMEOUT_S)]
        return f"not serving: {', '.join(silent)}" if silent else ""

    def start(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        self._workers = {worker: self._start(worker) for worker in range(self._count)}

    def run(self) -> int:
        status = 0
        while not self._stopping and not status:
            status = self._restart_the_dead()
            time.sleep(TICK_S)
        self._drain()
        return status

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, worker: int) -> subprocess.Popen[bytes]:
        environment = {**self._environment, WORKER_VARIABLE: str(worker)}
        return subprocess.Popen(self._command, env=environment, stdin=subprocess.PIPE)

    def _restart_the_dead(self) -> int:
        """The status to end with when starting them again is of no use; 0 to go on."""
        for worker, process in self._workers.items():
            if process.poll() is None:
                continue
            now_s = time.monotonic()
            self._deaths.append(now_s)
            while self._deaths and now_s - self._deaths[0] > RESTART_WINDOW_S:
                self._deaths.popleft()
            event(logger, logging.ERROR, "worker_ended", worker=worker, status=process.returncode)
            self._on_death(worker)
            if process.returncode == UNUSABLE:
                return UNUSABLE
            if len(self._deaths) > MAX_RESTARTS:
                event(logger, logging.ERROR, "workers_keep_dying")
                return 1
            _let_go(process)
            self._workers[worker] = self._start(worker)
        return 0

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
            _let_go(process)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Close our end of a pipe that nothing was written to."""
    if process.stdin is not None:
        process.stdin.close()
