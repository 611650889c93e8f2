"""The init container `firebreak-lock` as a kubelet runs it: user 0, NET_ADMIN and nothing else, in the pod's own network."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.image.containers import FLAGS, PODMAN
from tests.lock import certificates, lab
from tests.lock.lab import DATABASE, LLM, OTHER, SIDECAR, Lab, laboratory

LOCKED = (
    "--read-only", "--read-only-tmpfs=false", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
    "--user", "0:0", "--ulimit", "nproc=32768:32768", *FLAGS,
)  # fmt: skip
OPTIONS = ("--env", "FIREBREAK_EGRESS_LISTEN=127.0.0.1:15083", "--env", "FIREBREAK_EGRESS_ALLOW=allowed.example.com")
REFUSED = 111


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


def lock(image: str, outside: Lab, *options: str) -> subprocess.CompletedProcess[str]:
    network = ("--network", f"ns:/run/netns/{outside.pod}")
    resolver = ("--volume", f"{outside.folder}/resolv.conf:/etc/resolv.conf:ro")
    command = [*PODMAN, "run", "--rm", *network, *resolver, *LOCKED, *OPTIONS, *options, image, "lock"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_without_the_capability_it_fails_and_the_pod_does_not_start(image: str, outside: Lab) -> None:
    done = lock(image, outside)
    assert done.returncode == 1
    assert "needs user 0 and the capability NET_ADMIN" in done.stderr
    assert outside.rules() == ""


def test_with_it_and_no_other_the_pod_is_locked(image: str, outside: Lab) -> None:
    authorities = str(outside.folder / "ca.pem")
    ask = ("tls", LLM, "443", "api.openai.com", authorities)
    assert outside.act(*ask)["ok"]
    took_s = []
    for _ in range(3):
        begun = time.monotonic()
        done = lock(image, outside, "--cap-add", "NET_ADMIN")
        took_s.append(time.monotonic() - begun)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("locked: ")
    before = outside.arrived(LLM)
    assert outside.act(*ask)["errno"] == REFUSED  # no Envoy listens here
    assert outside.act("tcp", OTHER, "8080")["errno"] == REFUSED
    assert outside.arrived(LLM) == before
    assert outside.act(*ask, user=SIDECAR)["ok"]
    assert outside.act("tcp", DATABASE, "5432")["ok"]
    print(f"the container took {', '.join(f'{each:.2f}' for each in took_s)} s, podman included")
