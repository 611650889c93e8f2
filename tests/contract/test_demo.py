"""The whole demo with a real Envoy, as `make demo` runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.contract
LIMIT_S = 90


def command(folder, *more):
    return [sys.executable, "-m", "firebreak", "demo", "--folder", str(folder), *more]


def left_running(folder):
    """Command lines of processes that name the run's folder in them or in their environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes()
            known = line + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in known and int(process.name) != os.getpid():
            found.append(line)
    return found


def test_the_demo_ends_well_and_leaves_its_traces_and_nothing_else(tmp_path):
    folder = tmp_path / "run"
    ended = subprocess.run(command(folder), capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "NOT AS EXPECTED" not in ended.stdout
    assert "audit log verified" in ended.stdout
    assert "\x1b" not in ended.stdout
    spans = [json.loads(line) for line in (folder / "trace.jsonl").read_text().splitlines()]
    assert "ingress" in {span["name"] for span in spans}
    by_id = {span["span_id"]: span for span in spans}
    checks = [span for span in spans if span["name"] == "firebreak.check"]
    assert checks
    assert all(span["parent_span_id"] in by_id for span in checks)
    assert "firebreak_decisions_total" in (folder / "metrics.txt").read_text()
    assert left_running(folder) == []


def test_no_prompt_text_is_in_what_the_demo_leaves_behind(tmp_path):
    folder = tmp_path / "run"
    subprocess.run(command(folder), capture_output=True, timeout=LIMIT_S, check=False)
    kept = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.parent.name != "policy")
    assert b"firebreak" in kept
    for text in (b"Kilo-class", b"dana.whitfield", b"AKIAQ3", b"not-a-key", b"harbour report"):
        assert text not in kept


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_everything(tmp_path, number):
    folder = tmp_path / "run"
    running = subprocess.Popen(command(folder, "--keep"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + LIMIT_S
    try:
        while not any(b"envoy" in line for line in left_running(folder)):
            assert running.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        running.send_signal(number)
        running.wait(LIMIT_S)
    finally:
        running.kill()
        running.wait()
    assert left_running(folder) == []
