"""A workload with the sidecar, as its developers and the people on call see it. Needs nodes."""

import json
import subprocess
from dataclasses import dataclass

import pytest
from tests.e2e import world
from tests.e2e.cluster import PATIENCE_S, Cluster, Manifest, Refused, until
from tests.e2e.release import Release

pytestmark = pytest.mark.usefixtures("_explained")

ASKED = {"firebreak.dev/providers": world.PROVIDERS, "firebreak.dev/events": "true"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Shop:
    """A Deployment of the namespace that is opted in, and the provider that it calls."""

    cluster: Cluster

    def pod(self) -> Manifest:
        """The one that runs and is not about to end."""
        running = [it for it in self.cluster.list("pods", world.SHOP, "app=shop") if ready(it)]
        assert running
        return running[0]

    def ask(self, text: str) -> Answer:
        name = self.pod()["metadata"]["name"]
        inside = ("exec", name, "--namespace", world.SHOP, "--container", "app", "--")
        found = json.loads(self.cluster.kubectl(*inside, "python3", "/programs/ask.py", text))
        headers = {key.lower(): value for key, value in found["headers"].items()}
        return Answer(found["status"], headers, found["body"])

    def arrived(self) -> str:
        return self.cluster.kubectl("logs", "deployment/provider", "--namespace", world.OUTSIDE)


def ready(pod: Manifest) -> bool:
    conditions = {it["type"]: it["status"] for it in pod["status"].get("conditions", [])}
    return conditions.get("Ready") == "True" and not pod["metadata"].get("deletionTimestamp")


@pytest.fixture(scope="module")
def shop(cluster: Cluster, installed: Release) -> Shop:
    with cluster.explained(*world.OURS):
        cluster.apply(*world.provider())
        cluster.apply(world.deployment("shop", world.SHOP, *world.IDLE, annotations=ASKED))
        found = Shop(cluster)
        until("the workload is ready", lambda: [it for it in cluster.list("pods", world.SHOP, "app=shop") if ready(it)])
        until("the provider is ready", lambda: [it for it in cluster.list("pods", world.OUTSIDE) if ready(it)])
    return found


def test_a_harmless_request_reaches_the_provider_and_comes_back(shop: Shop) -> None:
    answer = until("the answer", lambda: passes(shop))
    assert "Paris" in answer.body
    assert world.HARMLESS in shop.arrived()


def passes(shop: Shop) -> Answer | None:
    answer = shop.ask(world.HARMLESS)
    return answer if answer.status == 200 else None


def test_the_app_sees_the_refusal_and_the_provider_sees_nothing(shop: Shop) -> None:
    answer = shop.ask(world.SECRET)
    assert (answer.status, answer.headers["x-firebreak-rule"]) == (400, "block-secrets")
    assert json.loads(answer.body)["error"]["code"] == "content_policy_violation"
    assert "AKIA" not in shop.arrived()


def test_the_record_names_the_pod_that_asked(shop: Shop) -> None:
    answer = shop.ask(world.SECRET)
    pod = shop.pod()["metadata"]["name"]
    engine = ("exec", pod, "--namespace", world.SHOP, "--container", "firebreak-engine", "--")
    command = (
        "firebreak",
        "audit",
        "show",
        "/var/lib/firebreak/audit",
        "--json",
        "--id",
        answer.headers["x-firebreak-record"],
    )
    assert pod in shop.cluster.kubectl(*engine, *command)


def test_a_refusal_is_an_event_on_the_pod(shop: Shop) -> None:
    shop.ask(world.SECRET)
    pod = shop.pod()["metadata"]
    event = until("the Event", lambda: refusal(shop.cluster, pod["name"]))
    assert event["involvedObject"]["uid"] == pod["uid"]
    assert "AKIA" not in json.dumps(event)


def refusal(cluster: Cluster, pod: str) -> Manifest | None:
    found = cluster.list("events", world.SHOP)
    return next((it for it in found if it["involvedObject"]["name"] == pod and "block-secrets" in it["message"]), None)


def test_a_changed_policy_is_in_force_without_a_restart(shop: Shop) -> None:
    before = shop.pod()["metadata"]["uid"]
    change = world.policy("2.0", rule="block-keys-again")
    shop.cluster.apply(world.configmap("firebreak-policy", world.SHOP, {"e2e.yaml": change}))
    until("the new rule", lambda: shop.ask(world.SECRET).headers.get("x-firebreak-rule") == "block-keys-again" or None)
    assert shop.pod()["metadata"]["uid"] == before


def test_the_pod_says_which_policy_it_has(shop: Shop) -> None:
    name = shop.pod()["metadata"]["name"]
    key = "firebreak.dev/policy-digest"
    found = until("the digest", lambda: shop.cluster.get("pod", name, world.SHOP)["metadata"]["annotations"].get(key))
    assert found


def test_a_policy_that_does_not_load_changes_nothing_and_is_an_event(shop: Shop) -> None:
    rule = shop.ask(world.SECRET).headers["x-firebreak-rule"]
    shop.cluster.apply(world.configmap("firebreak-policy", world.SHOP, {"e2e.yaml": "policy: {name: broken"}))
    pod = shop.pod()["metadata"]["name"]
    until("the Event", lambda: [it for it in shop.cluster.list("events", world.SHOP) if broken(it, pod)])
    assert shop.ask(world.SECRET).headers["x-firebreak-rule"] == rule
    shop.cluster.apply(world.configmap("firebreak-policy", world.SHOP, {"e2e.yaml": world.policy()}))


def broken(event: Manifest, pod: str) -> bool:
    return (event["involvedObject"]["name"], event["reason"]) == (pod, "PolicyRefused")


def test_a_pod_that_is_deleted_in_the_middle_of_a_stream_finishes_it(cluster: Cluster, shop: Shop) -> None:
    if cluster.version() < (1, 29):
        pytest.skip("below Kubernetes 1.29 the sidecar may end before the workload does (docs/inject.md)")
    stream = ("/programs/ask.py", "--stream", world.HARMLESS)
    more = {"restartPolicy": "Never", "terminationGracePeriodSeconds": 60}
    cluster.create(world.pod("streamer", world.SHOP, *stream, annotations=ASKED, **more))
    inside = ("--namespace", world.SHOP, "--container", "app")
    until("the stream has begun", lambda: "word2 " in cluster.kubectl("logs", "streamer", *inside) or None)
    command = ["kubectl", "--kubeconfig", cluster.kubeconfig, "logs", "streamer", "--follow", *inside]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as log:
        cluster.kubectl("delete", "pod", "streamer", "--namespace", world.SHOP, "--wait=false")
        said, _ = log.communicate(timeout=PATIENCE_S)
    assert "[DONE]" in said
    assert said.rstrip().endswith("done")


def test_a_rolling_restart_of_the_workload_leaves_one_that_answers(cluster: Cluster, shop: Shop) -> None:
    cluster.kubectl("rollout", "restart", "deployment/shop", "--namespace", world.SHOP)
    until("the new pod", lambda: rolled(cluster))
    assert until("the answer", lambda: passes(shop)).status == 200


def rolled(cluster: Cluster) -> bool | None:
    """Raises `Refused` while it is not done."""
    cluster.kubectl("rollout", "status", "deployment/shop", "--namespace", world.SHOP, "--timeout=50s")
    return True


def test_what_the_webhook_cannot_reach_does_not_matter_to_pods_that_run(shop: Shop, installed: Release) -> None:
    installed.stop_webhook()
    try:
        assert shop.ask(world.HARMLESS).status == 200
    finally:
        installed.start_webhook()


def test_a_namespace_without_its_policy_never_becomes_ready(cluster: Cluster, shop: Shop) -> None:
    """Nothing uninspected leaves: the pod waits for the policy, and says so."""
    cluster.create(world.pod("waiting", world.SHOP, annotations={"firebreak.dev/policy": "not-there"}))
    until("the kubelet's word", lambda: [it for it in cluster.list("events", world.SHOP) if waits(it)])
    cluster.kubectl("delete", "pod", "waiting", "--namespace", world.SHOP, "--wait=false")


def waits(event: Manifest) -> bool:
    return event["involvedObject"]["name"] == "waiting" and "not-there" in event["message"]


def test_the_pod_that_opts_out_reaches_no_sidecar(cluster: Cluster, shop: Shop) -> None:
    cluster.create(world.pod("plain", world.SHOP, annotations={"firebreak.dev/inject": "false"}))
    until("it runs", lambda: ready(cluster.get("pod", "plain", world.SHOP)) or None)
    asked = ("exec", "plain", "--namespace", world.SHOP, "--", "python3", "/programs/ask.py", world.HARMLESS)
    with pytest.raises(Refused, match="OPENAI_BASE_URL"):
        cluster.kubectl(*asked)
