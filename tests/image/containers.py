"""Containers of the image under test, by podman: no network, no capability, read-only root."""

import contextlib
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("--ulimit", "nofile=20000:20000")
PODMAN = ("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs")
LOCKED = (
    "--network", "none", "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL",
    "--security-opt", "no-new-privileges", "--ulimit", "nproc=32768:32768", *FLAGS,
)  # fmt: skip
READY_S = 60.0

GET = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1], timeout=5).read().decode())"


def run(*command: str, text: str | None = None, status: int = 0) -> str:
    """What it printed; fails with all it said when the exit status is another than `status`."""
    done = subprocess.run(command, input=text, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == status, f"{command}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done.stdout


def once(image: str, *command: str, options: tuple[str, ...] = (), text: str | None = None, status: int = 0) -> str:
    """A `firebreak` command in a container of its own."""
    return run(*PODMAN, "run", "--rm", "-i", *LOCKED, *options, image, *command, text=text, status=status)


def python(image: str, code: str) -> Any:
    """What `code` printed as JSON, run by the image's own interpreter."""
    command = (*PODMAN, "run", "--rm", *LOCKED, "--entrypoint", "python", image, "-c", code)
    return json.loads(run(*command))


class Serving:
    """A container that runs `serve`."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get(self, page: str) -> str:
        return run(*PODMAN, "exec", self.name, "python", "-c", GET, f"http://127.0.0.1:15081{page}")

    def state(self) -> dict[str, Any]:
        (found,) = json.loads(run(*PODMAN, "inspect", "--format", "json", self.name))
        state: dict[str, Any] = found["State"]
        return state

    def wait_ready(self) -> None:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and self.state()["Running"]:
            with contextlib.suppress(AssertionError):  # not ready yet
                self.get("/readyz")
                return
            time.sleep(0.2)
        raise AssertionError(self.log())

    def log(self) -> str:
        done = subprocess.run([*PODMAN, "logs", self.name], capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def end(self) -> int:
        """By SIGTERM; a container that did not end by itself was killed, which is no status of ours."""
        run(*PODMAN, "stop", "--time", "30", self.name)
        status: int = self.state()["ExitCode"]
        return status


@contextlib.contextmanager
def serving(image: str, policy: Path, **options: str) -> Iterator[Serving]:
    """`serve`, ready, with a policy mounted; only its two folders can be written to."""
    environment = [part for name, value in options.items() for part in ("--env", f"FIREBREAK_{name.upper()}={value}")]
    folders = ("-v", "/run/firebreak", "-v", "/var/lib/firebreak", "-v", f"{policy}:/etc/firebreak/policy:ro")
    name = run(*PODMAN, "run", "--detach", *LOCKED, *folders, *environment, image).strip()
    container = Serving(name)
    try:
        container.wait_ready()
        yield container
    finally:
        run(*PODMAN, "rm", "--force", "--volumes", name)
