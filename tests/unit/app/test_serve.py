import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.unit.app.test_compose import POLICY

from firebreak.local.stack import free_port


def page(port, path):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""


@pytest.mark.parametrize("workers", [1, 2])
def test_a_service_becomes_ready_reports_and_drains(tmp_path, workers):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "p.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "audit").mkdir()
    port = free_port()
    environment = os.environ | {
        "FIREBREAK_POLICY_DIR": str(tmp_path / "policy"),
        "FIREBREAK_AUDIT_DIR": str(tmp_path / "audit"),
        "FIREBREAK_LISTEN": f"unix:{tmp_path}/e.sock",
        "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{port}",
        "FIREBREAK_WORKERS": str(workers),
    }
    command = [sys.executable, "-m", "firebreak", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            deadline = time.monotonic() + 60
            while page(port, "/readyz")[0] != 200 and time.monotonic() < deadline and process.poll() is None:
                time.sleep(0.1)
            assert page(port, "/readyz") == (200, "ready\n")
            assert page(port, "/healthz")[0] == 200
            metrics = page(port, "/metrics")[1]
            assert f'firebreak_policy_reload_total{{result="loaded"}} {workers}.0' in metrics
            assert "firebreak_build_info" in metrics
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        errors = process.stderr.read()
    assert process.returncode == 0, errors
    assert all(json.loads(line)["level"] == "info" for line in errors.splitlines()), errors
    assert len(list((tmp_path / "audit").glob("*.jsonl"))) == workers


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def options(tmp_path, **more):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "p.yaml").write_text(POLICY, encoding="utf-8")
    return os.environ | {
        "FIREBREAK_POLICY_DIR": str(tmp_path / "policy"),
        "FIREBREAK_AUDIT_DIR": str(tmp_path / "audit"),
        "FIREBREAK_LISTEN": f"unix:{tmp_path}/e.sock",
        "FIREBREAK_HTTP_LISTEN": f"127.0.0.1:{free_port()}",
        **more,
    }


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_no_worker_outlives_a_killed_supervisor(tmp_path):
    environment = options(tmp_path, FIREBREAK_WORKERS="2")
    port = int(environment["FIREBREAK_HTTP_LISTEN"].rpartition(":")[2])
    command = [sys.executable, "-m", "firebreak", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while page(port, "/readyz")[0] != 200 and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
        workers = children(process.pid)
        process.kill()
    assert len(workers) == 2
    deadline = time.monotonic() + 15
    while any(map(running, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    left = [worker for worker in workers if running(worker)]
    for worker in left:
        os.kill(worker, signal.SIGKILL)
    assert not left


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"FIREBREAK_LISTEN": "unix:/nowhere/e.sock"}, "listen: nothing can listen at unix:/nowhere/e"),
        ({"FIREBREAK_LISTEN": "127.0.0.1:99999"}, "FIREBREAK_LISTEN: listen: "),
        ({"FIREBREAK_HTTP_LISTEN": "203.0.113.1:1"}, "http_listen: nothing can listen at 203.0.113.1:1"),
        ({"FIREBREAK_OTLP_ENDPOINT": "http://collector:4317"}, "FIREBREAK_OTLP_ENDPOINT: otlp_endpoint: "),
        ({"FIREBREAK_AUDIT_DIR": "/dev/null/audit"}, "audit_dir: "),
        ({"FIREBREAK_WORKER": "9"}, "FIREBREAK_WORKER: "),
    ],
)
def test_what_cannot_work_is_said_once_and_ends_the_service(tmp_path, workers, wrong, said):
    environment = options(tmp_path, FIREBREAK_WORKERS=workers) | wrong
    command = [sys.executable, "-m", "firebreak", "serve"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("error: ") <= int(workers)


def test_it_is_not_ready_while_one_of_the_workers_of_a_port_does_not_serve(tmp_path):
    environment = options(tmp_path, FIREBREAK_WORKERS="2", FIREBREAK_LISTEN=f"127.0.0.1:{free_port()}")
    port = int(environment["FIREBREAK_HTTP_LISTEN"].rpartition(":")[2])
    command = [sys.executable, "-m", "firebreak", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while page(port, "/readyz")[0] != 200 and time.monotonic() < deadline and process.poll() is None:
                time.sleep(0.1)
            assert page(port, "/readyz")[0] == 200
            for worker in children(process.pid):
                os.kill(worker, signal.SIGSTOP)
                said = page(port, "/readyz")
                os.kill(worker, signal.SIGCONT)
                assert said[0] == 503
        finally:
            process.terminate()
