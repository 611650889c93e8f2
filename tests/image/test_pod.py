"""A workload's pod as `firebreak inject` renders it, run for real: what is promised of it, and its figures.

The figures are printed (`-s`); docs/performance.md has them.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.image.containers import ROOT
from tests.image.kubelet import Pod, running
from tests.image.netns import Network
from tests.image.provider import PAUSE_S, PROVIDERS, Provider

PROXY, HTTP, READY, APP_PORT = 15080, 15081, 15082, 8080
CHAT = "/openai/v1/chat/completions"
AUDIT = "/var/lib/firebreak/audit"
ENGINE_BYTES = 150_000_000
START_S = 2.0
"""The bars of memory at rest and of what injection may add to a start."""
BUSY = 1.5
"""The load that this test itself may cause."""
FLOOD, LARGE = 120, 7 * 2**20
JSON = {"content-type": "application/json"}
LEAK = "Why does AWS_ACCESS_KEY_ID=AKIAQ3EGRZ5XWY7TNBMK fail?"
BASELINE = (ROOT / "policies" / "baseline.yaml").read_text(encoding="utf-8")
REFUSE_ALL = """
policy: {name: closed, version: "2"}
defaults: {intent: BLOCK, finding: BLOCK}
categories: [coding]
rules:
  - {id: closed, match: {}, decision: BLOCK}
"""

APP = """
import http.server, json, os, signal, threading, urllib.error, urllib.request
URL = os.environ.get("OPENAI_BASE_URL", "") + "/chat/completions"

class App(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        request = urllib.request.Request(URL, body, {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                found = {"status": answer.status, "text": answer.read().decode()}
        except urllib.error.HTTPError as error:
            found = {"status": error.code, "text": error.read().decode()}
        except Exception as error:
            found = {"status": 0, "text": type(error).__name__}
        data = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

server = http.server.ThreadingHTTPServer(("127.0.0.1", 8080), App)
server.daemon_threads = False
signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
server.serve_forever()
server.server_close()
"""
"""What is asked at :8080 it asks its provider, and tells what came; on SIGTERM it finishes what it has begun."""


def workload(image: str, **annotations: str) -> dict[str, Any]:
    asks = {"firebreak.dev/inject": "true", "firebreak.dev/providers": PROVIDERS}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": "assistant",
            "annotations": asks | {f"firebreak.dev/{name.replace('_', '-')}": it for name, it in annotations.items()},
        },
        "spec": {"containers": [{"name": "app", "image": image, "command": ["python3", "-u", "-c", APP]}]},
    }


def injected(pod: dict[str, Any], image: str, envoy: str, kubernetes: str = "1.34") -> dict[str, Any]:
    """What `firebreak inject` makes of it."""
    command = ["inject", "--image", image, "--envoy-image", envoy, "--kubernetes", kubernetes]
    environment = {name: it for name, it in os.environ.items() if not name.startswith("FIREBREAK_")}
    done = subprocess.run(
        [sys.executable, "-m", "firebreak", *command],
        input=json.dumps(pod),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = yaml.safe_load(done.stdout)
    return found


Start = Callable[..., contextlib.AbstractContextManager[Pod]]


@pytest.fixture
def start(image: str, base: str, envoy_image: str, tmp_path: Path) -> Start:
    """`start(kubernetes=..., annotation=...)`: the injected pod, ready, with its provider."""

    @contextlib.contextmanager
    def started(kubernetes: str = "1.34", **annotations: str) -> Iterator[Pod]:
        manifest = injected(workload(base, **annotations), image, envoy_image, kubernetes)
        policy = {"firebreak-policy": {"policy.yaml": BASELINE}}
        with running(manifest, tmp_path, policy) as pod, Provider().running(pod.network):
            pod.start()
            pod.wait_ready()
            while APP_PORT not in listening(pod):
                time.sleep(0.05)
            yield pod

    return started


def body(text: str = "Sort a list in Python", **more: Any) -> str:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": text}], **more})


def ask(network: Network, text: str, *, timeout_s: float = 30) -> int:
    """The status that the proxy answers with."""
    with contextlib.closing(network.http("127.0.0.1", PROXY, timeout_s)) as connection:
        connection.request("POST", CHAT, body(text), JSON)
        return connection.getresponse().status


def ask_app(network: Network, request: str) -> dict[str, Any]:
    """What the application got."""
    with contextlib.closing(network.http("127.0.0.1", APP_PORT, 60)) as connection:
        connection.request("POST", "/", request)
        found: dict[str, Any] = json.loads(connection.getresponse().read())
        return found


def status_of(pid: int) -> dict[str, str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def listening(pod: Pod) -> dict[int, str]:
    """Port to address, of all that listen in the pod."""
    table = Path(f"/proc/{pod.network.pid}/net/tcp").read_text(encoding="utf-8").splitlines()[1:]
    found = (row.split()[1] for row in table if row.split()[3] == "0A")
    return {int(port, 16): ".".join(str(b) for b in bytes.fromhex(address)[::-1]) for address, port in
            (it.split(":") for it in found)}  # fmt: skip


def test_it_starts_in_order_and_is_locked_down(start: Start) -> None:
    with start() as pod:
        order = [name for name, _ in sorted(pod.moments.items(), key=lambda it: it[1])]
        steps = ["firebreak-config ended", "firebreak-engine runs", "firebreak-envoy started", "app begins"]
        assert [name for name in order if name in steps] == steps
        for name in ("firebreak-engine", "firebreak-envoy"):
            status = status_of(pod.process(name))
            assert set(status["Uid"].split()) == set(status["Gid"].split()) == {"1337"}
            assert {status[f"Cap{kind}"] for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {"0" * 16}
            assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
            mounts = Path(f"/proc/{pod.process(name)}/mounts").read_text(encoding="utf-8")
            assert re.search(r"^\S+ / \S+ ro[, ]", mounts, re.MULTILINE)
        limits = {name: pod.memory(f"firebreak-{name}", "memory.limit_in_bytes") for name in ("engine", "envoy")}
        assert limits == {"engine": 384 * 2**20, "envoy": 320 * 2**20}
        ports = listening(pod)
        assert (ports[PROXY], ports[HTTP], ports[READY]) == ("127.0.0.1", "0.0.0.0", "0.0.0.0")


def test_the_application_is_answered_and_refused(start: Start) -> None:
    with start() as pod:
        assert json.loads(ask_app(pod.network, body())["text"])["choices"]
        refused = ask_app(pod.network, body(LEAK))
        assert refused["status"] == 400
        assert "block-secrets" in refused["text"]
        shown = pod.podman("exec", pod.container("firebreak-engine"), "firebreak", "audit", "show", AUDIT, "--json")
        records = [json.loads(line) for line in shown.splitlines()]
        assert [(it["direction"], it["decision"]["refused"]) for it in records] == [
            ("request", False),
            ("response", False),
            ("request", True),
        ]


def test_a_changed_policy_is_live_within_two_seconds(start: Start) -> None:
    with start() as pod:
        assert ask(pod.network, "hello") == 200
        pod.volumes.config_map("firebreak-policy").write({"policy.yaml": REFUSE_ALL})
        swapped_s = time.monotonic()
        while ask(pod.network, "hello") == 200:
            assert time.monotonic() - swapped_s < 10
            time.sleep(0.02)
        live_s = time.monotonic() - swapped_s
        print(f"\na changed policy is in force after {live_s:.2f} s")
        assert live_s <= 2


def test_a_stream_is_whole_when_the_pod_is_deleted_meanwhile(start: Start) -> None:
    """The application gets SIGTERM first; Envoy and the engine stay until it has ended."""
    events = 12
    with start() as pod, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask_app, pod.network, body(stream=True, max_tokens=events))
        time.sleep(4 * PAUSE_S)
        statuses = pod.stop()
        answer = asked.result()
        assert (answer["status"], answer["text"].count("data: ")) == (200, events + 1)
        assert answer["text"].endswith("data: [DONE]\n\n")
        assert statuses == {"app": 0, "firebreak-envoy": 0, "firebreak-engine": 0}
        ends = [name for name in pod.moments if name in {f"{it} ended" for it in statuses}]
        assert ends == ["app ended", "firebreak-envoy ended", "firebreak-engine ended"]


def test_a_stream_that_is_cut_off_does_not_look_whole(start: Start) -> None:
    """Below Kubernetes 1.29 all containers get SIGTERM at once. What the application then has must be an error."""
    with start("1.28") as pod, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(ask_app, pod.network, body(stream=True, max_tokens=20))
        time.sleep(4 * PAUSE_S)
        pod.stop()
        answer = asked.result()
        # The answer's head leaves with its first words, which wait until they are judged.
        assert answer["status"] == 0
        assert answer["text"] in {"IncompleteRead", "RemoteDisconnected"}


def test_memory_stays_below_what_is_promised(start: Start) -> None:
    with start() as pod:
        rest = pod.memory("firebreak-engine"), pod.memory("firebreak-envoy")
        with ThreadPoolExecutor(16) as pool:
            texts = [f"Sort list number {number} in Python" for number in range(1000)]
            assert set(pool.map(lambda text: ask(pod.network, text), texts)) == {200}
        used = pod.memory("firebreak-engine"), pod.memory("firebreak-envoy")
        for when, (engine, envoy) in {"at rest": rest, "after 1000 requests": used}.items():
            print(f"\n{when}: engine {engine / 1e6:.0f} MB, Envoy {envoy / 1e6:.0f} MB", end="")
            assert engine <= ENGINE_BYTES


def test_a_flood_of_large_bodies_is_refused_and_does_not_end_envoy(start: Start) -> None:
    """More than Envoy's limit, all at once: bodies that are held back by one byte, so that each has to be kept."""
    with start() as pod:
        limit = pod.memory("firebreak-envoy", "memory.limit_in_bytes")
        before = pod.state("firebreak-envoy")["Pid"]
        with ThreadPoolExecutor(FLOOD) as pool:
            answers = list(pool.map(lambda _: flood(pod.network), range(FLOOD)))
        most = pod.memory("firebreak-envoy", "memory.max_usage_in_bytes")
        told = ", ".join(f"{answers.count(it)} {it}" for it in sorted(set(answers)))
        print(f"\n{FLOOD} bodies of {LARGE >> 20} MiB: at most {most / 1e6:.0f} of {limit / 1e6:.0f} MB; {told}")
        assert most < limit
        assert pod.state("firebreak-envoy")["Pid"] == before
        assert {"500", "503"} & set(answers)
        until_s = time.monotonic() + 20
        while ask(pod.network, "hello") != 200:
            assert time.monotonic() < until_s
            time.sleep(0.2)


def flood(network: Network) -> str:
    """What becomes of a request of `LARGE` bytes whose last one is late: a status, or that the connection was cut."""
    text = body("x" * (LARGE - 200)).encode()
    try:
        with contextlib.closing(network.connect("127.0.0.1", PROXY, 30)) as sock:
            head = f"POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(text)}\r\n\r\n"
            sock.sendall(head.encode() + text[:-1])
            time.sleep(5)
            sock.sendall(text[-1:])
            return sock.recv(64).split()[1].decode()
    except (OSError, IndexError):
        return "cut"


def test_what_the_sidecar_adds_to_a_start(image: str, base: str, envoy_image: str, tmp_path: Path) -> None:
    bare = workload(base)
    both = {"without": bare, "with": injected(bare, image, envoy_image)}
    fastest: dict[str, dict[str, float]] = {}
    for number in range(5):
        for name, manifest in both.items():
            folder = tmp_path / f"{name}-{number}"
            folder.mkdir()
            with running(manifest, folder, {"firebreak-policy": {"policy.yaml": BASELINE}}) as pod:
                pod.start()
                moments = {step: round(at_s, 2) for step, at_s in pod.moments.items()}
                if name not in fastest or moments["app runs"] < fastest[name]["app runs"]:
                    fastest[name] = moments
    busy = os.getloadavg()[0]
    added_s = fastest["with"]["app runs"] - fastest["without"]["app runs"]
    print(f"\nthe sidecar adds {added_s:.2f} s to the start: {fastest}")
    if added_s > START_S and busy > BUSY:
        pytest.skip(f"{added_s:.2f} s, but other work keeps the machine busy (load {busy:.1f}): that says nothing")
    assert added_s <= START_S
