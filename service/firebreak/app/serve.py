"""`firebreak serve`: one worker in this process, or a supervisor over several."""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import uvloop

from firebreak.adapters import logs
from firebreak.adapters.metrics import Metrics, worker_ended
from firebreak.app.supervisor import Supervisor
from firebreak.app.worker import Worker
from firebreak.edge.http import Http, Pages
from firebreak.model.errors import BadConfig
from firebreak.settings import METRICS_VARIABLE, WORKER_VARIABLE, Settings, host_port


def serve(settings: Settings, arguments: list[str]) -> int:
    """Run until SIGTERM. `arguments` start a worker as this process was started. Returns the exit status."""
    logs.setup(settings.log_level)
    number = os.environ.get(WORKER_VARIABLE)
    if number is not None:
        return _one_of_several(settings, number)
    return _alone(settings) if settings.workers == 1 else _supervise(settings, arguments)


def _alone(settings: Settings) -> int:
    metrics = Metrics()

    async def run() -> None:
        worker = Worker(settings, 0, metrics)
        pages = Http(*host_port("http_listen", settings.http_listen), Pages(metrics.render, worker.not_ready))
        try:
            await worker.serve()
        finally:
            pages.close()

    uvloop.run(run())
    return 0


def _one_of_several(settings: Settings, number: str) -> int:
    directory = Path(os.environ.get(METRICS_VARIABLE, ""))
    if number not in map(str, range(settings.workers)) or not directory.is_absolute() or not directory.is_dir():
        raise BadConfig(WORKER_VARIABLE, "it is set, but not by a supervisor", f"unset it and {METRICS_VARIABLE}")
    address = _addresses(settings, directory)[int(number)]
    private = "" if address in settings.engine_addresses() else address
    worker = Worker(settings, int(number), Metrics(directory, int(number)), private)

    async def run() -> None:
        loop, pipe = asyncio.get_running_loop(), sys.stdin.fileno()

        def supervisor_gone() -> None:
            loop.remove_reader(pipe)
            worker.stop()

        # Its end of the pipe closes however it went, kill -9 included. Nobody would start or stop us any more.
        loop.add_reader(pipe, supervisor_gone)
        await worker.serve()

    uvloop.run(run())
    return 0


def _addresses(settings: Settings, directory: Path) -> tuple[str, ...]:
    """Where each worker can be asked alone whether it serves: on a TCP port that all share, any of them may answer."""
    if settings.listen.startswith("unix:"):
        return settings.engine_addresses()
    return tuple(f"unix:{directory}/worker-{worker}.sock" for worker in range(settings.workers))


def _supervise(settings: Settings, arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="firebreak-metrics-") as directory:
        supervisor = Supervisor(
            [sys.executable, "-m", "firebreak", *arguments],
            {**os.environ, METRICS_VARIABLE: directory},
            _addresses(settings, Path(directory)),
            workers=settings.workers,
            drain_s=settings.drain_s,
            on_death=lambda worker: worker_ended(Path(directory), worker),
        )
        # Numbered after the last worker: it counts nothing itself and merges what they counted.
        metrics = Metrics(Path(directory), settings.workers)
        pages = Http(*host_port("http_listen", settings.http_listen), Pages(metrics.render, supervisor.not_ready))
        try:
            supervisor.start()
            return supervisor.run()
        finally:
            pages.close()
