"""One child process that never outlives its owner: own process group, output in files, ended on every way out."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from firebreak.model.errors import Unavailable

POLL_S = 0.02
MAX_FOLDER_BYTES = 40
"""Folders above this leave too little of a unix socket's 107 bytes for the name in it."""


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """A folder of one's own whose path is short enough for unix sockets, gone afterwards."""
    parent = tempfile.gettempdir()
    with tempfile.TemporaryDirectory(prefix="fb-", dir=parent if len(parent) <= MAX_FOLDER_BYTES else "/tmp") as name:  # noqa: S108 - the folder inside is private and its name random
        yield Path(name)


def tail(file: Path, lines: int = 8) -> str:
    """The last lines of a log, for an error that has to say why."""
    try:
        return "\n".join(file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except FileNotFoundError:
        return ""


class Child:
    """A running program. `stdout` and `stderr` are files in its folder.

    Start it from a thread that lives at least as long as the child: on Linux the child gets SIGTERM when that
    thread ends, so that a killed owner leaves nothing behind.
    """

    def __init__(self, name: str, command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.stdout = folder / f"{name}.out"
        self.stderr = folder / f"{name}.err"
        setpriv = shutil.which("setpriv")
        guarded = [setpriv, "--pdeathsig", "TERM", *command] if setpriv else list(command)
        with self.stdout.open("wb") as out, self.stderr.open("wb") as err:
            self._process = subprocess.Popen(
                guarded, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env, process_group=0
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool], timeout_s: float) -> None:
        """Raises `Unavailable`, with the end of its log, where it ends or is not ready in time."""
        deadline = time.monotonic() + timeout_s
        while not ready():
            if not self.running:
                raise Unavailable(f"{self.name}: ended with {self._process.returncode}: {tail(self.stderr)}")
            if time.monotonic() > deadline:
                raise Unavailable(f"{self.name}: not ready after {timeout_s:g} s: {tail(self.stderr)}")
            time.sleep(POLL_S)

    def signal(self, number: signal.Signals) -> None:
        """To the program alone; nothing where it has ended."""
        if self.running:
            self._process.send_signal(number)

    def stop(self, grace_s: float = 5.0) -> int:
        """SIGTERM, then SIGKILL for whatever of its group is left. Returns the exit status."""
        self.signal(signal.SIGTERM)
        try:
            self._process.wait(grace_s)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        return self._process.returncode
