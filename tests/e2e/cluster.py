"""Speaking to the cluster as a platform engineer does: kubectl and helm, and patience with a limit."""

import contextlib
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from tests.helm.install import helm as helm_program

ROOT = Path(__file__).resolve().parents[2]
CHART = Path(os.environ.get("FIREBREAK_E2E_CHART") or ROOT / "helm" / "firebreak")
PATIENCE_S = float(os.environ.get("FIREBREAK_E2E_PATIENCE_S") or 180)
CHURN = {"events", "events.events.k8s.io", "leases.coordination.k8s.io", "componentstatuses", "bindings"}
"""Resources that come and go by themselves in every cluster."""
RUN = {
    "pods",
    "replicasets.apps",
    "jobs.batch",
    "controllerrevisions.apps",
    "endpoints",
    "endpointslices.discovery.k8s.io",
}
"""Resources that other workloads make and unmake in their own namespaces while the tests run."""

Manifest = dict[str, Any]
Found = TypeVar("Found")


class Refused(Exception):
    """The API server or helm said no; the text is its own."""


@dataclass(frozen=True)
class Cluster:
    kubeconfig: str

    def run(self, *command: str, text: str | None = None) -> str:
        """Raises `Refused`."""
        environment = os.environ | {"KUBECONFIG": self.kubeconfig}
        done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, check=False)
        if done.returncode != 0:
            raise Refused(f"{' '.join(command[:6])}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        return self.run("kubectl", "--request-timeout=60s", *arguments, text=text)

    def helm(self, *arguments: str) -> str:
        return self.run(helm_program(), *arguments)

    def apply(self, *manifests: Manifest) -> None:
        self.kubectl("apply", "--filename", "-", text=yaml.safe_dump_all(manifests))

    def create(self, manifest: Manifest) -> None:
        self.kubectl("create", "--filename", "-", text=yaml.safe_dump(manifest))

    def get(self, kind: str, name: str, namespace: str = "") -> Manifest:
        found: Manifest = json.loads(self.kubectl("get", kind, name, *inside(namespace), "--output", "json"))
        return found

    def list(self, kind: str, namespace: str = "", selector: str = "") -> list[Manifest]:
        options = [*inside(namespace), *(["--selector", selector] if selector else [])]
        found: list[Manifest] = json.loads(self.kubectl("get", kind, *options, "--output", "json"))["items"]
        return found

    def version(self) -> tuple[int, int]:
        server = json.loads(self.kubectl("version", "--output", "json"))["serverVersion"]
        return int(server["major"]), int(server["minor"].rstrip("+"))

    def serves(self, resource: str) -> bool:
        """`resource` is its plural and its group, as in `deployments.apps`."""
        return resource in self.kubectl("api-resources", "--output", "name").split()

    def has_nodes(self) -> bool:
        return bool(self.list("nodes"))

    def inventory(self, *ours: str) -> set[str]:
        """Every object of the cluster, by name; what comes and goes by itself only where the namespace is one of ours."""
        resources = self.kubectl("api-resources", "--verbs", "list", "--output", "name").split()
        names = set()
        for resource in sorted(set(resources) - CHURN):
            if resource.endswith(".metrics.k8s.io"):
                continue
            columns = "custom-columns=NS:.metadata.namespace,NAME:.metadata.name"
            text = self.kubectl("get", resource, "--all-namespaces", "--no-headers", "--output", columns)
            for line in text.splitlines():
                namespace, name = line.split()
                if resource not in RUN or namespace in ours:
                    names.add(f"{resource} {namespace} {name}")
        return names

    def state(self, *namespaces: str) -> str:
        """What a human would look at first."""
        parts = []
        for namespace in namespaces:
            for question in (
                ("get", "pods,deployments,services,configmaps,secrets", "--output", "wide"),
                ("get", "events", "--sort-by", ".lastTimestamp"),
                ("describe", "pods"),
                (
                    "logs",
                    "--selector",
                    "app.kubernetes.io/name=firebreak",
                    "--all-containers",
                    "--prefix",
                    "--tail",
                    "60",
                ),
            ):
                with contextlib.suppress(Refused):
                    parts.append(
                        f"--- {namespace}: {' '.join(question)}\n{self.kubectl(*question, *inside(namespace))}"
                    )
        return "\n".join(parts)[-30000:]

    @contextlib.contextmanager
    def explained(self, *namespaces: str) -> Iterator[None]:
        """Prints the cluster's state where what is inside fails."""
        try:
            yield
        except (AssertionError, Refused):
            print(self.state(*namespaces))
            raise


def refusal(what: str, question: Callable[[], object], patience_s: float = PATIENCE_S) -> str:
    """What the API server says when it refuses, which it may begin to do only after a moment."""

    def refused() -> str:
        try:
            question()
        except Refused as no:
            return str(no)
        return ""

    return until(what, refused, patience_s)


def inside(namespace: str) -> tuple[str, ...]:
    return ("--namespace", namespace) if namespace else ()


def until(what: str, question: Callable[[], Found | None], patience_s: float = PATIENCE_S) -> Found:
    """The first answer that is something. A refusal counts as none yet, and is told when time is up."""
    deadline, last = time.monotonic() + patience_s, ""
    while True:
        try:
            found = question()
        except Refused as refused:
            found, last = None, str(refused)
        if found:
            return found
        assert time.monotonic() < deadline, f"{what}: not within {patience_s:.0f} s. {last}"
        time.sleep(1)
