"""A pod with locked egress: what its application sends to a host of models never leaves. Needs nodes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from tests.e2e import world
from tests.e2e.cluster import Cluster, Manifest, Refused, until
from tests.e2e.release import Release

pytestmark = pytest.mark.usefixtures("_explained")

MODEL = "api.openai.com"
WEB, DATABASE, SHUT = 443, 5432, 5433
"""Ports of a host outside: one that goes to Envoy, one that is open, one that the pod's annotation shuts."""
IN_LOCKED = ("--namespace", world.LOCKED)
REACH = (world.PROGRAMS / "reach.py").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Pod:
    """`app`, locked, beside a host `listener` that answers whoever reaches it."""

    cluster: Cluster
    host: str
    name: str = "app"

    def reach(self, *words: object, container: str = "app") -> dict[str, str]:
        command = ("python3", "-c", REACH, *map(str, words))
        asked = self.cluster.kubectl("exec", self.name, *IN_LOCKED, "--container", container, "--", *command)
        found: dict[str, str] = json.loads(asked)
        return found

    def ask(self, text: str) -> int:
        inside = ("exec", self.name, *IN_LOCKED, "--container", "app", "--")
        status: int = json.loads(self.cluster.kubectl(*inside, "python3", "/programs/ask.py", text))["status"]
        return status

    def arrived(self) -> int:
        return self.cluster.kubectl("logs", "listener", "--namespace", world.OUTSIDE).count("arrived")


def is_ready(cluster: Cluster, name: str, namespace: str) -> bool:
    conditions = cluster.get("pod", name, namespace)["status"].get("conditions", [])
    return any(it["type"] == "Ready" and it["status"] == "True" for it in conditions)


def listener() -> list[Manifest]:
    metadata = {"name": "listener", "namespace": world.OUTSIDE}
    ports = [{"name": f"p{port}", "port": port, "targetPort": 8443} for port in (WEB, DATABASE, SHUT)]
    spec = {"selector": {"app": "listener"}, "ports": ports}
    pod = world.pod("listener", world.OUTSIDE, "/programs/listener.py")
    pod["metadata"]["labels"] = {"app": "listener"}
    return [{"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}, pod]


@pytest.fixture(scope="module")
def pod(cluster: Cluster, installed: Release) -> Iterator[Pod]:
    policy = world.configmap("firebreak-policy", world.LOCKED, {"e2e.yaml": world.policy()})
    with cluster.explained(*world.OURS):
        cluster.apply(*world.provider(), *listener(), world.programs(world.LOCKED), policy)
        host = cluster.get("service", "listener", world.OUTSIDE)["spec"]["clusterIP"]
        asked = {
            "firebreak.dev/providers": world.PROVIDERS,
            "firebreak.dev/egress": "locked",
            "firebreak.dev/egress-refuse": f"{host}:{SHUT}",
        }
        cluster.create(world.pod("app", world.LOCKED, annotations=asked))
        found = Pod(cluster, host)
        until("the locked pod is ready", lambda: is_ready(cluster, "app", world.LOCKED) or None)
        until("the host outside answers", lambda: is_ready(cluster, "listener", world.OUTSIDE) or None)
        until("the host can be reached", lambda: found.reach("tcp", host, DATABASE)["said"] or None)
        until("the provider answers", lambda: found.ask(world.HARMLESS) == 200 or None)
        yield found


def test_the_proxy_answers_and_refuses(pod: Pod) -> None:
    assert pod.ask(world.HARMLESS) == 200
    assert pod.ask(world.SECRET) == 400


@pytest.mark.parametrize("name", [MODEL, "example.com"])
def test_what_the_application_sends_to_the_web_never_leaves(pod: Pod, name: str) -> None:
    before = pod.arrived()
    assert pod.reach("tls", pod.host, WEB, name)["error"]
    assert pod.reach("tcp", pod.host, WEB)["said"] == ""
    assert pod.reach("udp", pod.host, WEB)["error"] == "PermissionError"
    assert pod.arrived() == before


def test_only_the_sidecars_user_gets_there(pod: Pod) -> None:
    before = pod.arrived()
    assert pod.reach("tcp", pod.host, WEB, container="firebreak-engine")["said"] == "here\n"
    assert pod.arrived() == before + 1


def test_networks_of_the_cluster_stay_open_but_where_the_pod_says_otherwise(pod: Pod) -> None:
    before = pod.arrived()
    assert pod.reach("tcp", pod.host, DATABASE)["said"] == "here\n"
    assert pod.reach("tcp", pod.host, SHUT)["error"] == "ConnectionRefusedError"
    assert pod.arrived() == before + 1


def test_the_provider_is_reached_through_the_proxy_only(pod: Pod) -> None:
    """Its address is in an open network; its port goes to Envoy all the same."""
    address = pod.cluster.get("service", "provider", world.OUTSIDE)["spec"]["clusterIP"]
    assert "200" not in pod.reach("tcp", address, 8080)["said"]


def test_a_pod_that_could_undo_the_lock_is_refused(installed: Release) -> None:
    wanted = world.pod("breaker", world.LOCKED, annotations={"firebreak.dev/egress": "locked"})
    wanted["spec"]["containers"][0]["securityContext"]["capabilities"]["add"] = ["NET_ADMIN"]
    with pytest.raises(Refused, match=r"refused\[lock-breaker\]"):
        installed.dry_run(wanted)
