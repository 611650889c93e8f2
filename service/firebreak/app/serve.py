"""`firebreak serve`: one worker in this process, or a supervisor over several."""

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
from firebreak.settings import METRICS_VARIABLE, WORKER_VARIABLE, Settings, host_port


def serve(settings: Settings, arguments: list[str]) -> int:
    """Run until SIGTERM. `arguments` start a worker as this process was started. Returns the exit status."""
    logs.setup(settings.log_level)
    number = os.environ.get(WORKER_VARIABLE)
    if number is not None:
        return _one_of_several(settings, int(number))
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


def _one_of_several(settings: Settings, number: int) -> int:
    metrics = Metrics(Path(os.environ[METRICS_VARIABLE]), number)
    uvloop.run(Worker(settings, number, metrics).serve())
    return 0


def _supervise(settings: Settings, arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="firebreak-metrics-") as directory:
        supervisor = Supervisor(
            [sys.executable, "-m", "firebreak", *arguments],
            {**os.environ, METRICS_VARIABLE: directory},
            settings.engine_addresses(),
            workers=settings.workers,
            drain_s=settings.drain_s,
            on_death=lambda worker: worker_ended(Path(directory), worker),
        )
        # Numbered after the last worker: it counts nothing itself and merges what they counted.
        metrics = Metrics(Path(directory), settings.workers)
        pages = Http(*host_port("http_listen", settings.http_listen), Pages(metrics.render, supervisor.not_ready))
        try:
            return supervisor.run()
        finally:
            pages.close()
