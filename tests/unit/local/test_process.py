import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from firebreak.local.process import Child, short_folder, tail
from firebreak.model.errors import Unavailable

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
SLEEP = "import time; print('up', flush=True); time.sleep(60)"


def start(code: str, folder: Path) -> Child:
    child = Child("part", [sys.executable, "-c", code], folder)
    child.wait_until(lambda: "up" in tail(child.stdout), 20)
    return child


def test_sigterm_ends_it(tmp_path: Path) -> None:
    child = start(SLEEP, tmp_path)
    assert child.running
    assert child.stop() == -signal.SIGTERM
    assert not child.running


def test_what_ignores_sigterm_is_killed(tmp_path: Path) -> None:
    assert start(STUBBORN, tmp_path).stop(grace_s=0.05) == -signal.SIGKILL


def test_its_own_children_end_with_it(tmp_path: Path) -> None:
    code = (
        f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}]); "
        "print(p.pid, flush=True); p.wait()"
    )
    child = start(code, tmp_path)
    child.wait_until(lambda: len(tail(child.stdout).split()) == 2, 20)
    grandchild = int(next(line for line in tail(child.stdout).split() if line.isdigit()))
    child.stop(grace_s=0.05)
    _until(lambda: not _alive(grandchild))


def test_stopping_twice_is_the_same_as_once(tmp_path: Path) -> None:
    child = start(SLEEP, tmp_path)
    assert child.stop() == child.stop()
    child.signal(signal.SIGTERM)


def test_one_that_ends_at_once_says_why(tmp_path: Path) -> None:
    child = Child("part", [sys.executable, "-c", "import sys; sys.exit('bad luck')"], tmp_path)
    with pytest.raises(Unavailable, match=r"(?s)part: ended with 1:.*bad luck"):
        child.wait_until(lambda: False, 20)


def test_one_that_is_never_ready_is_reported(tmp_path: Path) -> None:
    child = start(SLEEP, tmp_path)
    with pytest.raises(Unavailable, match="not ready after"):
        child.wait_until(lambda: False, 0.05)
    child.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux signals a child when its parent dies")
def test_a_killed_owner_leaves_nothing_behind(tmp_path: Path) -> None:
    code = (
        "import sys, os; from pathlib import Path; from firebreak.local.process import Child; "
        f"child = Child('part', [sys.executable, '-c', {SLEEP!r}], Path({str(tmp_path)!r})); "
        "child.wait_until(lambda: child.stdout.read_text(), 20); print(child.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    owner = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert owner.returncode == -signal.SIGKILL
    pid = int(owner.stdout)
    _until(lambda: not _alive(pid))


def test_a_short_folder_leaves_room_for_a_socket_and_is_gone_afterwards(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("x" * 80)))
    with short_folder() as folder:
        assert folder.is_dir()
        assert len(str(folder)) < 50
    assert not folder.exists()


def test_the_tail_of_no_file_is_empty(tmp_path: Path) -> None:
    assert tail(tmp_path / "none") == ""


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_environment_is_the_given_one(tmp_path: Path) -> None:
    code = "import os; print(os.environ['FIREBREAK_X'], 'up', flush=True)"
    child = Child("part", [sys.executable, "-c", code], tmp_path, {**os.environ, "FIREBREAK_X": "7"})
    child.wait_until(lambda: not child.running, 20)
    assert child.stop() == 0
    assert tail(child.stdout) == "7 up"
