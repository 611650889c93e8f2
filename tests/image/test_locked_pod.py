"""A pod as `firebreak inject` locks it, run for real, with a wire to a world that counts what arrives."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.image.kubelet import Pod, running
from tests.image.provider import Provider
from tests.image.test_pod import BASELINE, ask, injected, workload
from tests.lock import certificates, lab
from tests.lock.lab import APP, DATABASE, GATEWAY, LLM, OTHER, POD, SIDECAR, Lab, laboratory

NOT_PERMITTED, REFUSED = 1, 111


@pytest.fixture(scope="module")
def outside() -> Iterator[Lab]:
    if lab.missing():
        pytest.skip(lab.missing())
    folder = Path(tempfile.mkdtemp(prefix="fblock-"))  # pytest's own folders are root's alone
    folder.chmod(0o755)
    certificates.make(folder, {name for _, _, name in lab.WORLD["tls"]})
    with laboratory(folder) as built:
        yield built
    shutil.rmtree(folder)


def wire(outside: Lab, pod: Pod) -> list[str]:
    """Gives the pod the lab's wire. Returns the words before a command that run it in the pod's network."""
    pid = pod.network.pid
    lab.run("ip", "-n", outside.pod, "link", "set", "eth0", "netns", str(pid))
    inside = ["nsenter", f"--net=/proc/{pid}/ns/net"]
    lab.run(*inside, "ip", "addr", "add", f"{POD}/24", "dev", "eth0")
    lab.run(*inside, "ip", "link", "set", "eth0", "up")
    lab.run(*inside, "ip", "route", "add", "default", "via", GATEWAY)
    return inside


def act(inside: list[str], *words: str, user: int = APP) -> dict[str, Any]:
    drop = ["setpriv", "--reuid", str(user), "--regid", str(user), "--clear-groups", "--"]
    done = lab.run(*inside, *drop, sys.executable, "-I", str(lab.HERE / "client.py"), *words)
    found: dict[str, Any] = json.loads(done)
    return found


def test_nothing_leaves_an_injected_pod_but_through_its_sidecar(
    image: str, base: str, envoy_image: str, outside: Lab, tmp_path: Path
) -> None:
    manifest = injected(workload(base, egress="locked"), image, envoy_image)
    policy = {"firebreak-policy": {"policy.yaml": BASELINE}}
    with running(manifest, tmp_path, policy) as pod, Provider().running(pod.network):
        inside = wire(outside, pod)
        pod.start()
        pod.wait_ready()
        before = outside.arrived(LLM)
        call = ("tls", LLM, "443", "api.openai.com", str(outside.folder / "ca.pem"))
        for user in (APP, 0):
            assert not act(inside, *call, user=user)["ok"]
        assert act(inside, "udp", LLM, "443")["errno"] == NOT_PERMITTED
        assert act(inside, "tcp", OTHER, "8080")["errno"] == REFUSED
        assert outside.arrived(LLM) == before
        assert act(inside, "tcp", DATABASE, "5432")["ok"]
        assert act(inside, *call, user=SIDECAR)["ok"]
        assert outside.arrived(LLM) > before
        assert ask(pod.network, "Sort a list in Python") == 200
        lines = [json.loads(line) for line in pod.log("firebreak-envoy").splitlines() if '"egress":"llm_host"' in line]
        assert {line["name"] for line in lines} == {"api.openai.com"}
        assert pod.log("firebreak-lock").startswith("locked: ")
