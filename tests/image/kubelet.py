"""What a kubelet does with a pod, by podman: order of starting and stopping, probes, hooks, limits, volumes.

Rules:
1. A setting that is not followed here is an error: nothing of a rendered pod is passed over in silence.
2. Init containers run one after the other. One with `restartPolicy: Always` stays; the next waits until its
   `startupProbe` has succeeded, or until it runs where it has none. Then the pod's containers start, all at once.
3. On deletion the containers get `preStop` and SIGTERM, then those that stayed, the last one first.
Containers are made before the clock starts, so that a measured start holds little of podman itself.
"""

import contextlib
import json
import os
import re
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.image.netns import POD, Network
from tests.image.volumes import Volumes

Manifest = Mapping[str, Any]

CONF = """[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
"""
CONTAINER = {
    "name", "image", "imagePullPolicy", "command", "args", "env", "ports", "resources", "securityContext",
    "volumeMounts", "startupProbe", "readinessProbe", "livenessProbe", "lifecycle", "restartPolicy", "tty",
}  # fmt: skip
POD_SPEC = {
    "containers", "initContainers", "volumes", "securityContext", "terminationGracePeriodSeconds", "restartPolicy",
    "serviceAccountName", "automountServiceAccountToken", "enableServiceLinks", "topologySpreadConstraints",
}  # fmt: skip
"""The last four are the cluster's to follow."""
SECURITY = {
    "runAsUser", "runAsGroup", "runAsNonRoot", "readOnlyRootFilesystem", "allowPrivilegeEscalation", "capabilities",
    "seccompProfile",
}  # fmt: skip
UNITS = {"": 1, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
VARIABLE = re.compile(r"\$\$|\$\(([A-Za-z0-9_]+)\)")
NAMESPACE = "shop"


@dataclass
class Pod:
    """A pod's manifest, and what became of it. `moments` are seconds since the sandbox stood."""

    manifest: Manifest
    folder: Path
    config_maps: Mapping[str, Mapping[str, str]]
    name: str = field(default_factory=lambda: f"firebreak-{uuid.uuid4().hex[:8]}")
    moments: dict[str, float] = field(default_factory=dict)
    _began_s: float = 0.0

    def __post_init__(self) -> None:
        conf = self.folder / "containers.conf"
        conf.write_text(CONF, encoding="utf-8")
        self._environment = {**os.environ, "CONTAINERS_CONF": str(conf)}
        self.spec: Manifest = self.manifest["spec"]
        assert set(self.spec) <= POD_SPEC, set(self.spec) - POD_SPEC
        (self.folder / "volumes").mkdir()
        self.volumes = Volumes(self.folder / "volumes", self.config_maps)

    # --- podman

    def podman(self, *command: str) -> str:
        done = subprocess.run(["podman", *command], env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.returncode}\n{done.stderr[-4000:]}"
        return done.stdout

    def container(self, name: str) -> str:
        return f"{self.name}-{name}"

    def state(self, name: str) -> dict[str, Any]:
        (found,) = json.loads(self.podman("inspect", "--format", "json", self.container(name)))
        state: dict[str, Any] = found["State"]
        return state

    def process(self, name: str) -> int:
        return int(self.state(name)["Pid"])

    def log(self, name: str) -> str:
        done = subprocess.run(
            ["podman", "logs", self.container(name)], env=self._environment, capture_output=True, text=True, check=True
        )
        return done.stdout + done.stderr

    def memory(self, name: str, file: str = "") -> int:
        """What counts against the container's limit, in bytes, without the files that could be dropped."""
        place = self._cgroup(name)
        if file:
            return int((place / file).read_text())
        used = int((place / "memory.usage_in_bytes").read_text())
        dropped = re.search(r"^total_inactive_file (\d+)$", (place / "memory.stat").read_text(), re.MULTILINE)
        assert dropped
        return used - int(dropped[1])

    def _cgroup(self, name: str) -> Path:
        groups = Path(f"/proc/{self.process(name)}/cgroup").read_text(encoding="utf-8")
        found = re.search(r"^\d+:memory:(.*)$", groups, re.MULTILINE)
        assert found
        return Path("/sys/fs/cgroup/memory") / found[1].lstrip("/")

    # --- starting

    @property
    def init(self) -> list[Manifest]:
        return list(self.spec.get("initContainers", []))

    @property
    def staying(self) -> list[Manifest]:
        return [it for it in self.init if it.get("restartPolicy") == "Always"]

    def create(self) -> None:
        for volume in self.spec.get("volumes", []):
            self.volumes.make(volume)
        self.podman("pod", "create", "--name", self.name, "--network", "none")
        self.podman("pod", "start", self.name)
        sandbox = json.loads(self.podman("pod", "inspect", self.name))["InfraContainerID"]
        (infra,) = json.loads(self.podman("inspect", "--format", "json", sandbox))
        self.network = Network(infra["State"]["Pid"])
        self.network.settle()
        for it in [*self.init, *self.spec["containers"]]:
            self.podman("create", "--pod", self.name, *self._options(it))

    def start(self) -> None:
        self._began_s = time.monotonic()
        for it in self.init:
            if it in self.staying:
                self._start(it)
                self._until_started(it)
            else:
                self._begins(it)
                self.podman("start", "--attach", self.container(it["name"]))
                self._note(f"{it['name']} ended")
        for it in self.spec["containers"]:
            self._start(it)

    def wait_ready(self) -> None:
        """Until every container's `readinessProbe` says so, which is looked at more often than a kubelet would."""
        for it in [*self.staying, *self.spec["containers"]]:
            if "readinessProbe" in it:
                deadline_s = time.monotonic() + 60
                while not self.probe(it, "readinessProbe"):
                    assert time.monotonic() < deadline_s, self.log(it["name"])
                    time.sleep(0.05)

    def probe(self, it: Manifest, which: str) -> bool:
        probe = it[which]
        port = probe["httpGet"]["port"]
        if isinstance(port, str):
            (port,) = [known["containerPort"] for known in it["ports"] if known.get("name") == port]
        status = self.network.status(POD, port, probe["httpGet"]["path"], probe.get("timeoutSeconds", 1))
        return 200 <= status < 400

    def _start(self, it: Manifest) -> None:
        self._begins(it)
        self.podman("start", self.container(it["name"]))
        self._note(f"{it['name']} runs")

    def _begins(self, it: Manifest) -> None:
        self._note(f"{it['name']} begins")

    def _note(self, what: str) -> None:
        self.moments[what] = time.monotonic() - self._began_s

    def _until_started(self, it: Manifest) -> None:
        """As a kubelet does: at once, then each `periodSeconds`, and given up after `failureThreshold`."""
        if "startupProbe" not in it:
            return
        for _ in range(it["startupProbe"].get("failureThreshold", 3)):
            if self.probe(it, "startupProbe"):
                self._note(f"{it['name']} started")
                return
            time.sleep(it["startupProbe"].get("periodSeconds", 10))
        raise AssertionError(f"{it['name']} does not start: {self.log(it['name'])}")

    # --- what a container is made of

    def _options(self, it: Manifest) -> list[str]:
        assert set(it) <= CONTAINER, set(it) - CONTAINER
        options = ["--name", self.container(it["name"]), *self._security(it), *_limits(it)]
        for mount in it.get("volumeMounts", []):
            assert set(mount) <= {"name", "mountPath", "readOnly"}, mount
            mode = "ro" if mount.get("readOnly") else "rw"
            options += ["--volume", f"{self.volumes.places[mount['name']]}:{mount['mountPath']}:{mode}"]
        environment = self.environment(it)
        for name, value in environment.items():
            options += ["--env", f"{name}={value}"]
        if "command" in it:
            options += ["--entrypoint", json.dumps(it["command"])]
        return [*options, it["image"], *(expanded(word, environment) for word in it.get("args", []))]

    def _security(self, it: Manifest) -> list[str]:
        context = {**self.spec.get("securityContext", {}), **it.get("securityContext", {})}
        assert set(context) <= SECURITY, set(context) - SECURITY
        options = []
        if "runAsUser" in context:
            options += ["--user", f"{context['runAsUser']}:{context.get('runAsGroup', 0)}"]
        assert not (context.get("runAsNonRoot") and context.get("runAsUser") == 0)
        if context.get("readOnlyRootFilesystem"):
            options += ["--read-only", "--read-only-tmpfs=false"]
        if context.get("allowPrivilegeEscalation") is False:
            options += ["--security-opt", "no-new-privileges"]
        for verb, names in context.get("capabilities", {}).items():
            for name in names:
                options += [f"--cap-{verb}", name]
        assert context.get("seccompProfile", {"type": "RuntimeDefault"}) == {"type": "RuntimeDefault"}
        return options

    def environment(self, it: Manifest) -> dict[str, str]:
        known = {
            "metadata.name": self.name,
            "metadata.namespace": NAMESPACE,
            "metadata.uid": str(uuid.uuid5(uuid.NAMESPACE_DNS, self.name)),
            "spec.serviceAccountName": self.spec.get("serviceAccountName", "default"),
        }
        seen: dict[str, str] = {}
        for entry in it.get("env", []):
            if "valueFrom" in entry:
                seen[entry["name"]] = known[entry["valueFrom"]["fieldRef"]["fieldPath"]]
            else:
                seen[entry["name"]] = expanded(entry.get("value", ""), seen)
        return seen

    # --- stopping

    def stop(self, grace_s: float | None = None) -> dict[str, int]:
        """As on deletion; the exit statuses."""
        grace_s = float(self.spec.get("terminationGracePeriodSeconds", 30)) if grace_s is None else grace_s
        ends_s = time.monotonic() + grace_s
        threads = [threading.Thread(target=self._end, args=(it, ends_s)) for it in self.spec["containers"]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for it in reversed(self.staying):
            self._end(it, ends_s)
        ended = [*self.staying, *self.spec["containers"]]
        return {it["name"]: int(self.state(it["name"])["ExitCode"]) for it in ended}

    def _end(self, it: Manifest, ends_s: float) -> None:
        for kind, hook in it.get("lifecycle", {}).get("preStop", {}).items():
            left_s = max(0.0, ends_s - time.monotonic())
            if kind == "sleep":
                self._until_ended(it, min(hook["seconds"], left_s))
            else:
                assert kind == "exec", kind
                with contextlib.suppress(subprocess.TimeoutExpired):
                    command = ["podman", "exec", self.container(it["name"]), *hook["command"]]
                    subprocess.run(command, env=self._environment, timeout=left_s, capture_output=True, check=False)
        left = max(2, int(ends_s - time.monotonic()))  # a kubelet gives two seconds when nothing is left
        self.podman("stop", "--time", str(left), self.container(it["name"]))
        self._note(f"{it['name']} ended")

    def _until_ended(self, it: Manifest, most_s: float) -> None:
        """A hook ends with its container."""
        deadline_s = time.monotonic() + most_s
        while time.monotonic() < deadline_s and self.state(it["name"])["Running"]:
            time.sleep(0.2)

    def remove(self) -> None:
        subprocess.run(
            ["podman", "pod", "rm", "--force", "--time", "1", self.name],
            env=self._environment,
            capture_output=True,
            check=False,
        )
        self.volumes.remove()


def expanded(text: str, environment: Mapping[str, str]) -> str:
    """`$(NAME)` as its value where it is known, `$$` as `$`."""

    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        return environment.get(found[1], found[0])

    return VARIABLE.sub(value, text)


def bytes_of(quantity: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([KMG]i|)", quantity).groups()  # type: ignore[union-attr]  # or the test fails
    return int(number) * UNITS[unit]


def _limits(it: Manifest) -> list[str]:
    options = []
    resources = it.get("resources", {})
    if memory := resources.get("limits", {}).get("memory"):
        options += ["--memory", str(bytes_of(memory)), "--memory-swap", str(bytes_of(memory))]
    if cpu := resources.get("limits", {}).get("cpu"):
        options += ["--cpus", str(int(cpu.removesuffix("m")) / 1000 if cpu.endswith("m") else float(cpu))]
    return options


@contextlib.contextmanager
def running(manifest: Manifest, folder: Path, config_maps: Mapping[str, Mapping[str, str]]) -> Iterator[Pod]:
    """Made but not started."""
    pod = Pod(manifest, folder, config_maps)
    try:
        pod.create()
        yield pod
    finally:
        pod.remove()
