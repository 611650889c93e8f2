import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from tests.unit.app.test_compose import POLICY


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


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
