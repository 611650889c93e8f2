"""Two network namespaces with a wire between them: the pod, which is locked, and the world, which counts what arrives."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
TOOLS = ("ip", "nft", "nsenter", "unshare", "setpriv", "mount")
APP, SIDECAR = 2000, 1337

NAMED, LLM, OTHER = "203.0.113.10", "203.0.113.20", "203.0.113.30"
NAMED6, LLM6 = "2001:db8::10", "2001:db8::20"
DATABASE, DNS, METADATA = "10.0.0.5", "10.96.0.10", "169.254.169.254"
POD, POD6, GATEWAY, GATEWAY6 = "10.244.0.2", "fd00:244::2", "10.244.0.1", "fd00:244::1"
ADDRESSES = (NAMED, LLM, OTHER, NAMED6, LLM6, DATABASE, DNS, METADATA)
READY_S = 30.0

NAMES = {
    "allowed.example.com": [NAMED, NAMED6],
    "six.named.example.com": [NAMED6],
    "inside.named.example.com": [DATABASE],
    "rebind.named.example.com": [METADATA],
    "loop.named.example.com": ["127.0.0.1", "::1"],
    "mapped.named.example.com": ["::ffff:127.0.0.1"],
    "api.openai.com": [LLM, LLM6],
    "other.example.com": [OTHER],
    "private.example.com": [DATABASE],
}
WORLD: dict[str, Any] = {
    "name_servers": [DNS, OTHER],
    "names": NAMES,
    "udp": [[LLM, 443], [LLM6, 443], [NAMED, 443], [DATABASE, 8125], [DATABASE, 443], [OTHER, 9999]],
    "tls": [
        [NAMED, 443, "allowed.example.com"],
        [NAMED6, 443, "allowed.example.com"],
        [NAMED, 8000, "allowed.example.com"],
        [LLM, 443, "api.openai.com"],
        [LLM6, 443, "api.openai.com"],
        [OTHER, 443, "other.example.com"],
        [DATABASE, 443, "inside.named.example.com"],
        [METADATA, 443, "rebind.named.example.com"],
    ],
    "http": [
        *([address, 80] for address in (NAMED, LLM, OTHER, METADATA, DATABASE)),
        *([DATABASE, port] for port in (5432, 8000, 8001)),
        [OTHER, 8080],
    ],
}


def missing() -> str:
    """Why the lab cannot be built here; empty when it can."""
    if os.geteuid() != 0:
        return "the egress lock is tried in network namespaces, which needs root"
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    return f"not installed: {', '.join(absent)}" if absent else ""


def run(*command: str, text: str | None = None) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


class Lab:
    """The two namespaces, with the world serving. `folder` must be open to every user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pod, self.world = f"fbpod{os.getpid()}", f"fbworld{os.getpid()}"
        self._children: list[subprocess.Popen[bytes]] = []

    def inside(self, namespace: str, *, user: int = 0) -> list[str]:
        """The words before a command that run it there, as that user, with the pod's resolv.conf."""
        mounted = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        words = ["nsenter", f"--net=/run/netns/{namespace}", "unshare", "--mount", "sh", "-c", mounted]
        words.append(str(self.folder / "resolv.conf"))
        drop = ["--reuid", str(user), "--regid", str(user), "--clear-groups"] if user else []
        return [*words, "setpriv", *drop, "--"]

    def build(self) -> None:
        for name in (self.world, self.pod):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        run("ip", "-n", self.pod, "link", "add", "eth0", "type", "veth", "peer", "name", "w0", "netns", self.world)
        self._address(self.pod, "eth0", f"{POD}/24", f"{POD6}/64")
        self._address(self.world, "w0", f"{GATEWAY}/24", f"{GATEWAY6}/64")
        for address in ADDRESSES:
            self._address(self.world, "lo", f"{address}/{128 if ':' in address else 32}")
        run("ip", "-n", self.pod, "route", "add", "default", "via", GATEWAY)
        run("ip", "-n", self.pod, "-6", "route", "add", "default", "via", GATEWAY6)
        counters = [f"counter to-{index} {{ }}" for index in range(len(ADDRESSES))]
        rules = [
            f"{'ip6' if ':' in address else 'ip'} daddr {address} counter name to-{index}"
            for index, address in enumerate(ADDRESSES)
        ]
        chain = ["chain arrived { type filter hook prerouting priority -300;", *rules, "}"]
        text = "\n".join(["table inet world {", *counters, *chain, "}"])
        run("nsenter", f"--net=/run/netns/{self.world}", "nft", "-f", "-", text=text)
        (self.folder / "resolv.conf").write_text(f"search shop.svc.cluster.local\nnameserver {DNS}\n", encoding="utf-8")
        (self.folder / "world.json").write_text(json.dumps(WORLD), encoding="utf-8")
        self.start("world", self.world, [sys.executable, str(HERE / "world.py"), str(self.folder)])
        self.wait((self.folder / "world.ready").exists, "the world")

    def _address(self, namespace: str, device: str, *addresses: str) -> None:
        for address in addresses:
            nodad = ["nodad"] if ":" in address else []
            run("ip", "-n", namespace, "addr", "add", address, "dev", device, *nodad)
        run("ip", "-n", namespace, "link", "set", device, "up")

    def arrived(self, address: str) -> int:
        """How many packets of any kind have reached that address."""
        listed = run(
            "nsenter", f"--net=/run/netns/{self.world}", "nft", "-j", "list", "counters", "table", "inet", "world"
        )
        counters = [entry["counter"] for entry in json.loads(listed)["nftables"] if "counter" in entry]
        name = f"to-{ADDRESSES.index(address)}"
        return next(int(counter["packets"]) for counter in counters if counter["name"] == name)

    def act(self, *words: str, user: int = APP, namespace: str = "") -> dict[str, Any]:
        """What an application in the pod gets."""
        said = run(
            *self.inside(namespace or self.pod, user=user), sys.executable, "-I", str(HERE / "client.py"), *words
        )
        result: dict[str, Any] = json.loads(said)
        return result

    def lock(self, environment: Mapping[str, str], *, user: int = 0) -> subprocess.CompletedProcess[str]:
        """`firebreak lock` as the init container runs it."""
        command = [*self.inside(self.pod, user=user), sys.executable, "-m", "firebreak", "lock"]
        return subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, cwd=ROOT
        )

    def rules(self) -> str:
        return run("nsenter", f"--net=/run/netns/{self.pod}", "nft", "list", "ruleset")

    def start(
        self,
        name: str,
        namespace: str,
        command: Sequence[str],
        *,
        user: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        with log:
            child = subprocess.Popen(
                [*self.inside(namespace, user=user), *command],
                env={**os.environ, **(environment or {})},
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
            )
        self._children.append(child)

    def firebreak(self, name: str, *words: str, environment: Mapping[str, str]) -> None:
        """A command of ours in the pod, as the sidecar's user."""
        self.start(name, self.pod, [sys.executable, "-m", "firebreak", *words], user=SIDECAR, environment=environment)

    def finish(self, name: str) -> None:
        """The one that was started last has done what it had to."""
        child = self._children.pop()
        assert child.wait(READY_S) == 0, self.log(name)

    def stop(self) -> None:
        """Ends the one that was started last."""
        child = self._children.pop()
        child.terminate()
        child.wait(READY_S)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def wait(self, ready: Any, what: str) -> None:
        deadline = time.monotonic() + READY_S
        while not ready():
            dead = [child.args for child in self._children if child.poll() is not None]
            logs = "\n".join(file.read_text(errors="replace")[-2000:] for file in self.folder.glob("*.log"))
            assert not dead, f"ended early: {dead}\n{logs}"
            assert time.monotonic() < deadline, f"{what} did not start\n{logs}"
            time.sleep(0.05)

    def end(self) -> None:
        for child in reversed(self._children):
            child.terminate()
        for child in self._children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for name in (self.pod, self.world):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


@contextlib.contextmanager
def laboratory(folder: Path) -> Iterator[Lab]:
    lab = Lab(folder)
    try:
        lab.build()
        yield lab
    finally:
        lab.end()
