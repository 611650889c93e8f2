"""The chart, installed: with its own pods where there are nodes, else with the webhook as a process here."""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from tests.e2e import outside, world
from tests.e2e.cluster import CHART, Cluster, Manifest, Refused, until

WEBHOOKS = "mutatingwebhookconfigurations"
OWNED = f"app.kubernetes.io/instance={world.RELEASE}"


def values() -> Manifest:
    repository, _, tag = world.IMAGE.rpartition(":")
    envoy, _, envoy_tag = world.ENVOY_IMAGE.rpartition(":")
    return {
        "mode": "injector",
        "eventsRole": {"create": True, "namespaces": [world.SHOP], "annotatePods": True},
        "image": {"repository": repository, "tag": tag, "pullPolicy": world.PULL},
        "envoy": {"image": {"repository": envoy, "tag": envoy_tag, "pullPolicy": world.PULL}},
    }


@dataclass
class Release:
    cluster: Cluster
    webhook: outside.Webhook | None
    """The process on this machine; none where the cluster runs the chart's pods."""

    def deployment(self) -> Manifest:
        return injector(self.cluster)

    def stop_webhook(self) -> None:
        """Nobody answers any more, and the configuration stays."""
        if self.webhook:
            self.webhook.stop()
            return
        self.scale(0)
        until("the webhook's pods are gone", lambda: not self.cluster.list("pods", world.SYSTEM, OWNED) or None)

    def start_webhook(self) -> None:
        if self.webhook:
            self.webhook.start()
        else:
            self.scale(2)
            self.rolled_out()
        until("the webhook answers", lambda: self.admits() or None)

    def scale(self, replicas: int) -> None:
        name = self.deployment()["metadata"]["name"]
        self.cluster.kubectl("scale", "deployment", name, f"--replicas={replicas}", "--namespace", world.SYSTEM)

    def rolled_out(self) -> None:
        name = self.deployment()["metadata"]["name"]
        command = ("rollout", "status", f"deployment/{name}", "--namespace", world.SYSTEM, "--timeout=5s")
        until("the webhook's pods are ready", lambda: self.cluster.kubectl(*command))

    def admits(self) -> bool:
        """Whether a pod of the namespace that is opted in comes back with the sidecar. Nothing is made."""
        text = self.dry_run(world.pod("probe", world.SHOP))
        return "firebreak-engine" in names(text)

    def dry_run(self, manifest: Manifest) -> Manifest:
        """What the API server would keep. Raises `Refused`."""
        text = yaml.safe_dump(manifest)
        command = ("create", "--dry-run=server", "--output", "json", "--filename", "-")
        made: Manifest = json.loads(self.cluster.kubectl(*command, text=text))
        return made

    def configuration(self) -> Manifest:
        (found,) = self.cluster.list(WEBHOOKS, selector=OWNED)
        return found


def names(pod: Manifest) -> list[str]:
    spec = pod["spec"]
    return [it["name"] for it in [*spec.get("initContainers", []), *spec["containers"]]]


def injector(cluster: Cluster) -> Manifest:
    (found,) = cluster.list("deployments", world.SYSTEM, OWNED)
    return found


def make_namespaces(cluster: Cluster) -> None:
    """And waits for what the cluster itself puts into a new one."""
    remove_namespaces(cluster)
    for name in world.OURS:
        cluster.create(world.namespace(name, world.OPTED_IN if name in (world.SHOP, world.LOCKED) else None))
    until("a service account in each", lambda: furnished(cluster) or None)


def furnished(cluster: Cluster) -> bool:
    """Raises `Refused` where something is missing."""
    for name in world.OURS:
        cluster.get("serviceaccount", "default", name)
        cluster.get("configmap", "kube-root-ca.crt", name)
    return True


def remove_namespaces(cluster: Cluster) -> None:
    cluster.kubectl("delete", "namespace", "--ignore-not-found", "--wait=false", *world.OURS)
    until("the namespaces are gone", lambda: not remaining(cluster) or None)


def remaining(cluster: Cluster) -> list[str]:
    return [it["metadata"]["name"] for it in cluster.list("namespaces") if it["metadata"]["name"] in world.OURS]


def helm_install(cluster: Cluster, folder: Path, *more: str) -> None:
    file = folder / "values.yaml"
    file.write_text(yaml.safe_dump(values()), encoding="utf-8")
    cluster.helm("install", world.RELEASE, str(CHART), "--namespace", world.SYSTEM, "--values", str(file), *more)


@contextlib.contextmanager
def installed(cluster: Cluster) -> Iterator[Release]:
    """In namespaces of its own, with a policy in the one that is opted in; taken away at the end, whatever happened."""
    make_namespaces(cluster)
    cluster.apply(
        world.programs(world.SHOP), world.configmap("firebreak-policy", world.SHOP, {"e2e.yaml": world.policy()})
    )
    cluster.apply(world.programs(world.OTHER))
    try:
        with tempfile.TemporaryDirectory() as folder, serving(cluster, Path(folder)) as release:
            yield release
    finally:
        with contextlib.suppress(Refused):
            cluster.helm("uninstall", world.RELEASE, "--namespace", world.SYSTEM)
        remove_namespaces(cluster)


@contextlib.contextmanager
def serving(cluster: Cluster, folder: Path) -> Iterator[Release]:
    """The release, whose webhook answers."""
    helm_install(cluster, folder)
    with contextlib.ExitStack() as stack, cluster.explained(world.SYSTEM):
        webhook = None
        if not cluster.has_nodes():
            webhook = outside.Webhook(cluster, injector(cluster), folder)
            stack.enter_context(outside.running(webhook, service(cluster)))
        release = Release(cluster, webhook)
        if not webhook:
            release.rolled_out()
        until("the webhook answers", lambda: release.admits() or None)
        yield release


def service(cluster: Cluster) -> Manifest:
    """The one that the API server asks."""
    (configuration,) = cluster.list(WEBHOOKS, selector=OWNED)
    wanted = configuration["webhooks"][0]["clientConfig"]["service"]
    return cluster.get("service", wanted["name"], wanted["namespace"])
