"""The gateway's pod as far as one machine can run it: its environment, its programs, the real engine and Envoy."""

import contextlib
import http.client
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.helm import chart
from tests.helm.cases import POLICY

from firebreak import settings
from firebreak.local.process import short_folder
from firebreak.local.stack import EngineProcess, EnvoyProcess, free_port

ASK = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": "Sort a list in Python"}]})

DELTA = {"id": "a", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": "It rained. "}}]}
DATA = f"data: {json.dumps(DELTA)}\n\n".encode()
EVENT = b"%x\r\n%s\r\n" % (len(DATA), DATA)
END = b"e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n"


@dataclass
class Provider:
    """Streams two events: between them it waits while `hold` is set and `go_on` is not."""

    hold: bool = False
    begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                self.wfile.write(EVENT)
                provider.begun.set()
                if provider.hold:
                    provider.go_on.wait(60)
                self.wfile.write(EVENT + END)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_port
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield
            finally:
                self.go_on.set()
                server.shutdown()


@dataclass
class Pod:
    """What runs, what it was rendered from, and the environment it runs with."""

    rendered: chart.Rendered
    env: dict[str, str]
    envoy: EnvoyProcess
    provider: Provider


@contextlib.contextmanager
def running(values: dict[str, Any], tmp_path: Path) -> Iterator[Pod]:
    """The rendered environment, with the pod's folders, ports and provider moved to where a test may have them."""
    host = {"name": "openai", "api": "openai", "host": "model.svc", "port": 8000, "tls": False}
    rendered = chart.render({"providers": [host], **values}, folder=tmp_path)
    provider = Provider()
    with short_folder() as folder, provider.running():
        env = chart.environment(chart.container(rendered.pod(), "firebreak-engine"))
        places = {"/run/firebreak": str(folder), "/etc/firebreak/policy": f"{folder}/policy"}
        places |= {"/var/lib/firebreak": f"{folder}/var"}
        places |= {f"0.0.0.0:{port}": f"127.0.0.1:{free_port()}" for port in (15080, 15081, 15082)}
        places |= {'"model.svc"': '"127.0.0.1"', ":8000": f":{provider.port}"}
        for old, new in places.items():
            env = {name: value.replace(old, new) for name, value in env.items()}
        (folder / "policy").mkdir()
        (folder / "policy" / "policy.yaml").write_text(rendered.one("ConfigMap")["data"]["policy.yaml"])
        options = settings.load(env)
        with (
            EngineProcess(env, folder, ready=options.http_listen),
            EnvoyProcess(options.envoy_options(), folder) as envoy,
        ):
            yield Pod(rendered, env, envoy, provider)


def smoke(pod: Pod) -> subprocess.CompletedProcess[str]:
    """The container of the `helm test` pod, with the gateway where it is."""
    (it,) = pod.rendered.one("Pod", "-smoke")["spec"]["containers"]
    env = chart.environment(it)
    url = re.sub("http://[^/]*", pod.envoy.base_url, env["SMOKE_URL"])
    return subprocess.run(
        [sys.executable, *it["command"][1:]],
        env={**os.environ, **env, "SMOKE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_helm_test_sees_the_chart_s_own_policy_refuse(tmp_path: Path) -> None:
    with running({}, tmp_path) as pod:
        result = smoke(pod)
    assert result.stdout.startswith("refused as it must be: 400, BLOCK by block-secrets, record "), result.stderr


def test_helm_test_sees_any_policy_refuse(tmp_path: Path) -> None:
    with running({"policy": {"inline": POLICY}}, tmp_path) as pod:
        result = smoke(pod)
    assert result.stdout.startswith("refused as it must be: 400, BLOCK by unreadable:duplicate_key"), result.stderr


def test_helm_test_fails_where_the_policy_does_not_refuse(tmp_path: Path) -> None:
    with running({"policy": {"inline": POLICY}}, tmp_path) as pod:
        (it,) = pod.rendered.one("Pod", "-smoke")["spec"]["containers"]
        for entry in it["env"]:
            entry["value"] = entry["value"] or "block-secrets"
        result = smoke(pod)
    assert result.returncode == 1
    assert result.stderr.startswith("FAIL: got ")


def test_the_notes_say_what_really_happens(tmp_path: Path) -> None:
    """The command in NOTES.txt is run, and every line of the answer that it shows is in the real answer."""
    if not shutil.which("curl"):
        pytest.skip("no curl")
    text = notes({}, tmp_path)
    command = re.search(r"curl -si (.*?)\n\n", text, re.DOTALL)
    shown = re.search(r"provider's own error:\n\n(.*?)\n\n", text, re.DOTALL)
    assert command
    assert shown
    with running({}, tmp_path) as pod:
        words = shlex.split(command[0].replace("\\\n", " ").replace("http://127.0.0.1:15080", pod.envoy.base_url))
        answer = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    for line in shown[1].splitlines():
        assert line.strip() in answer


def notes(values: dict[str, Any], tmp_path: Path, kube: str = chart.NEW) -> str:
    """NOTES.txt, which `helm template` does not print: rendered as one more object."""
    copy = tmp_path / "chart"
    shutil.copytree(chart.CHART, copy, dirs_exist_ok=True)
    (copy / "notes.txt").write_text((copy / "templates" / "NOTES.txt").read_text(encoding="utf-8"))
    template = 'kind: Notes\nmetadata: {name: notes}\ntext: |\n  {{- tpl (.Files.Get "notes.txt") . | nindent 2 }}\n'
    (copy / "templates" / "show.yaml").write_text(template)
    text: str = chart.render(values, kube=kube, chart=copy, folder=tmp_path).one("Notes")["text"]
    return text


def test_the_notes_warn_of_what_the_values_leave_open(tmp_path: Path) -> None:
    text = notes(
        {"gateway": {"networkPolicy": {"enabled": False}, "service": {"type": "NodePort"}}}, tmp_path, chart.OLD
    )
    for warning in ("ends with its pod", "networkPolicy.enabled is false", "older than Kubernetes 1.30", "in clear"):
        assert warning in text
    assert "firebreak.sidecar" in notes({"mode": "library"}, tmp_path)


def test_a_pod_that_stops_finishes_a_stream_and_takes_no_new_one(tmp_path: Path) -> None:
    """The engine's `preStop` empties Envoy and ends it. Without it, SIGTERM would cut the stream off."""
    with running({}, tmp_path) as pod:
        port = pod.envoy.port
        pod.provider.hold = True
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("POST", "/openai/v1/chat/completions", ASK, {"content-type": "application/json"})
        assert pod.provider.begun.wait(10)
        hook = chart.container(pod.rendered.pod(), "firebreak-engine")["lifecycle"]["preStop"]["exec"]["command"]
        with subprocess.Popen([sys.executable, *hook[1:]], env={**os.environ, **pod.env}) as drain:
            wait_until_refused(port)
            assert drain.poll() is None
            pod.provider.go_on.set()
            assert connection.getresponse().read().count(b"It rained.") == 2
            connection.close()
            assert drain.wait(30) == 0
        assert pod.envoy.child.stop() == 0


def wait_until_refused(port: int) -> None:
    """Until Envoy takes no new connection."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.connect()
        except ConnectionRefusedError:
            return
        time.sleep(0.2)
    pytest.fail("Envoy still takes connections")
