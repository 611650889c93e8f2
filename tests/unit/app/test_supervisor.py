import os
import signal
import sys
import threading
import time

import pytest

from firebreak.app import supervisor as module
from firebreak.app.supervisor import Supervisor

WAITS = [sys.executable, "-c", "import time; time.sleep(60)"]
UNUSABLE = [sys.executable, "-c", "raise SystemExit(2)"]
HEARS = [
    sys.executable,
    "-c",
    "import os, sys; open(os.environ['OUT'] + 'up', 'w'); sys.stdin.read(); open(os.environ['OUT'] + 'end', 'w')",
]
DIES = [sys.executable, "-c", "raise SystemExit(3)"]
WRITES = [
    sys.executable,
    "-c",
    "import os, time; open(os.environ['OUT'] + os.environ['FIREBREAK_WORKER'], 'a').write('x'); time.sleep(60)",
]
IGNORES = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)",
]


def supervise(command, environment=(), workers=2, addresses=("unix:/nowhere.sock",), drain_s=1.0, on_death=print):
    supervisor = Supervisor(
        command,
        {**os.environ, **dict(environment)},
        addresses,
        workers=workers,
        drain_s=drain_s,
        on_death=on_death,
    )
    supervisor.start()
    return supervisor


def terminate_when(condition):
    """Send this process SIGTERM once the condition holds: `run` handles signals in the main thread."""

    def wait():
        deadline = time.monotonic() + 20
        try:
            while (
                signal.getsignal(signal.SIGTERM) is signal.SIG_DFL or not condition()
            ) and time.monotonic() < deadline:
                time.sleep(0.02)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


@pytest.fixture(autouse=True)
def _signals():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def pids(supervisor):
    return [process.pid for process in supervisor._workers.values()]


def test_each_worker_gets_its_number_and_sigterm_ends_them_all(tmp_path):
    supervisor = supervise(WRITES, {"OUT": f"{tmp_path}/"})
    terminate_when(lambda: sorted(os.listdir(tmp_path)) == ["0", "1"])
    assert supervisor.run() == 0
    assert sorted(os.listdir(tmp_path)) == ["0", "1"]
    assert all(process.returncode is not None for process in supervisor._workers.values())


def test_a_worker_that_died_is_started_again(tmp_path):
    dead: list[int] = []
    supervisor = supervise(WRITES, {"OUT": f"{tmp_path}/"}, workers=1, on_death=dead.append)
    first = pids(supervisor)[0]
    killed: list[int] = []

    def restarted():
        file = tmp_path / "0"
        written = file.read_text() if file.exists() else ""
        if written == "x" and not killed:
            killed.append(first)
            os.kill(first, signal.SIGKILL)
        return written == "xx"

    terminate_when(restarted)
    assert supervisor.run() == 0
    assert pids(supervisor)[0] != first
    assert dead == [0]


def test_workers_that_keep_dying_end_the_supervisor(monkeypatch):
    monkeypatch.setattr(module, "MAX_RESTARTS", 2)
    assert supervise(DIES, workers=1).run() == 1


def test_a_worker_that_does_not_end_is_killed(monkeypatch):
    monkeypatch.setattr(module, "KILL_MARGIN_S", 0.1)
    supervisor = supervise(IGNORES, workers=1, drain_s=0.1)
    time.sleep(0.5)
    terminate_when(lambda: True)
    assert supervisor.run() == 0
    assert supervisor._workers[0].returncode == -signal.SIGKILL


def test_it_is_ready_only_when_every_worker_serves():
    supervisor = supervise(WAITS, workers=1)
    assert supervisor.not_ready() == "not serving: unix:/nowhere.sock"
    terminate_when(lambda: True)
    supervisor.run()
    assert supervisor.not_ready() == "draining"


def test_a_worker_whose_options_cannot_work_is_not_started_again():
    dead: list[int] = []
    assert supervise(UNUSABLE, workers=1, on_death=dead.append).run() == 2
    assert dead == [0]


def test_a_worker_hears_of_its_supervisors_end(tmp_path):
    supervisor = supervise(HEARS, {"OUT": f"{tmp_path}/"}, workers=1)
    deadline = time.monotonic() + 20
    while not (tmp_path / "up").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not (tmp_path / "end").exists()
    supervisor._workers[0].stdin.close()  # what the kernel does when the supervisor is killed
    supervisor._workers[0].wait(20)
    assert (tmp_path / "end").exists()
