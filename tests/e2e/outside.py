"""The webhook as a process on this machine, for a control plane without nodes.

It is told what the chart's Deployment tells its container, and has no other rights than the chart's service account: a
token of it is all that it gets. Endpoints written by hand lead the chart's own Service here, so the API server finds the
webhook as it would find a pod, and checks the certificate for the Service's name.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from tests.e2e.cluster import Cluster, Manifest

from firebreak.local.stack import free_port

END_S = 20


class Webhook:
    """The process, and what it said."""

    def __init__(self, cluster: Cluster, deployment: Manifest, folder: Path) -> None:
        self.cluster = cluster
        self.namespace: str = deployment["metadata"]["namespace"]
        self.spec: Manifest = deployment["spec"]["template"]["spec"]
        self.folder, self.log = folder, folder / "webhook.log"
        self.port, self.http_port = free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        account = self.folder / "account"
        shutil.rmtree(account, ignore_errors=True)
        account.mkdir()
        name = self.spec["serviceAccountName"]
        token = self.cluster.kubectl("create", "token", name, "--namespace", self.namespace, "--duration", "1h")
        (account / "token").write_text(token.strip())
        server, authority = api_server(self.cluster)
        (account / "ca.crt").write_bytes(authority)
        (account / "namespace").write_text(self.namespace)
        address = urlsplit(server)
        (container,) = self.spec["containers"]
        environment = {
            "PATH": os.environ["PATH"],
            "KUBERNETES_SERVICE_HOST": address.hostname or "",
            "KUBERNETES_SERVICE_PORT": str(address.port or 443),
            **self.environment(container),
        }
        arguments = [expanded(it, environment) for it in container["args"]]
        here = [f"--listen=0.0.0.0:{self.port}", f"--http-listen=127.0.0.1:{self.http_port}"]
        command = [sys.executable, "-m", "firebreak", *arguments, *here, f"--service-account-dir={account}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def environment(self, container: Manifest) -> dict[str, str]:
        """As the kubelet makes it of the container's `env`."""
        fields = {"metadata.namespace": self.namespace, "metadata.name": f"{self.namespace}-outside"}
        fields |= {"spec.serviceAccountName": self.spec["serviceAccountName"], "metadata.uid": "outside"}
        found: dict[str, str] = {}
        for entry in container.get("env", []):
            field = entry.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath", "")
            found[entry["name"]] = fields[field] if field else expanded(entry.get("value", ""), found)
        return found

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(END_S)
            self.process.kill()
            self.process.wait()
            self.process = None

    def lead_here(self, service: Manifest) -> None:
        """Endpoints of the Service, which no controller of a control plane without nodes may write."""
        (port,) = service["spec"]["ports"]
        here = {"port": self.port, "protocol": "TCP"} | {key: port[key] for key in ("name",) if key in port}
        subset = {"addresses": [{"ip": own_address()}], "ports": [here]}
        metadata = {key: service["metadata"][key] for key in ("name", "namespace")}
        self.cluster.apply({"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": [subset]})


def expanded(text: str, known: dict[str, str]) -> str:
    """`$(NAME)` as the kubelet expands it."""
    return re.sub(r"\$\((\w+)\)", lambda found: known.get(found[1], found[0]), text)


def api_server(cluster: Cluster) -> tuple[str, bytes]:
    """Its address and its authority's certificate, by the kubeconfig."""
    text = cluster.kubectl("config", "view", "--raw", "--minify", "--flatten")
    (entry,) = yaml.safe_load(text)["clusters"]
    return entry["cluster"]["server"], b64decode(entry["cluster"]["certificate-authority-data"])


def own_address() -> str:
    """One that is not loopback: Kubernetes takes no other in Endpoints. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("198.51.100.1", 9))
        address: str = probe.getsockname()[0]
    return address


@contextlib.contextmanager
def running(webhook: Webhook, service: Manifest) -> Iterator[None]:
    metadata = service["metadata"]
    try:
        webhook.start()
        webhook.lead_here(service)
        yield
    finally:
        webhook.stop()
        print(webhook.log.read_text(encoding="utf-8")[-8000:])
        gone = ("--ignore-not-found", "--namespace", metadata["namespace"])
        webhook.cluster.kubectl("delete", "endpoints", metadata["name"], *gone)
