"""What the API server does to pods once the chart is installed. Nothing here needs a pod to run."""

import json
from typing import Any

import pytest
from tests.e2e import world
from tests.e2e.cluster import Cluster, Manifest, Refused, refusal, until
from tests.e2e.release import OWNED, WEBHOOKS, Release, names

pytestmark = [pytest.mark.control_plane, pytest.mark.usefixtures("_explained")]

SIDECAR = {"firebreak-config", "firebreak-engine", "firebreak-envoy"}
ACCOUNT_VERBS = {"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "*"}


def environment(pod: Manifest) -> dict[str, str]:
    (app,) = [it for it in pod["spec"]["containers"] if it["name"] == "app"]
    return {it["name"]: it.get("value", "") for it in app.get("env", [])}


def test_a_pod_of_a_namespace_that_is_opted_in_gets_the_sidecar(installed: Release) -> None:
    pod = installed.dry_run(world.pod("app", world.SHOP, annotations={"firebreak.dev/providers": world.PROVIDERS}))
    assert set(names(pod)) == SIDECAR | {"app"}
    assert environment(pod)["OPENAI_BASE_URL"] == "http://127.0.0.1:15080/fake/v1"
    assert pod["metadata"]["annotations"]["firebreak.dev/status"]


def test_the_sidecar_comes_from_the_images_that_the_release_names(installed: Release) -> None:
    pod = installed.dry_run(world.pod("app", world.SHOP))
    images = {it["name"]: it["image"] for it in [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]}
    assert (images["firebreak-engine"], images["firebreak-envoy"]) == (world.IMAGE, world.ENVOY_IMAGE)


def test_the_sidecar_starts_first_and_ends_last_where_kubernetes_can(cluster: Cluster, installed: Release) -> None:
    spec = installed.dry_run(world.pod("app", world.SHOP))["spec"]
    stay = [it["name"] for it in spec.get("initContainers", []) if it.get("restartPolicy") == "Always"]
    native = ["firebreak-engine", "firebreak-envoy"]
    assert stay == (native if cluster.version() >= (1, 29) else [])


def test_a_pod_that_a_controller_makes_gets_it_too(cluster: Cluster, installed: Release) -> None:
    cluster.apply(world.deployment("made", world.SHOP, *world.IDLE))
    (pod,) = until("the Deployment's pod", lambda: cluster.list("pods", world.SHOP, "app=made"))
    assert set(names(pod)) >= SIDECAR
    cluster.kubectl("delete", "deployment", "made", "--namespace", world.SHOP)


def test_a_pod_that_opts_out_is_left_alone(installed: Release) -> None:
    pod = installed.dry_run(world.pod("app", world.SHOP, annotations={"firebreak.dev/inject": "false"}))
    assert names(pod) == ["app"]


def test_a_namespace_that_is_not_opted_in_is_left_alone(installed: Release) -> None:
    assert names(installed.dry_run(world.pod("app", world.OTHER))) == ["app"]


def test_a_pod_that_asks_by_annotation_is_injected_where_the_api_server_can_see_it(
    cluster: Cluster, installed: Release
) -> None:
    pod = installed.dry_run(world.pod("app", world.OTHER, annotations={"firebreak.dev/inject": "true"}))
    expected = SIDECAR | {"app"} if cluster.version() >= (1, 30) else {"app"}
    assert set(names(pod)) == expected


@pytest.mark.parametrize(
    ("code", "annotations", "spec"),
    [
        ("host-network", {}, {"hostNetwork": True}),
        ("bad-annotation", {"firebreak.dev/mode": "sideways"}, {}),
        ("unknown-annotation", {"firebreak.dev/polcy": "mine"}, {}),
    ],
)
def test_a_pod_that_cannot_be_guarded_is_refused_with_its_code(
    installed: Release, code: str, annotations: dict[str, str], spec: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match=rf"refused\[{code}\]"):
        installed.dry_run(world.pod("app", world.SHOP, annotations=annotations, **spec))


def test_a_refusal_is_told_as_an_event_on_what_made_the_pod(cluster: Cluster, installed: Release) -> None:
    cluster.apply(world.deployment("refused", world.SHOP, *world.IDLE, annotations={"firebreak.dev/mode": "sideways"}))
    events = until("the Event", lambda: [it for it in cluster.list("events", world.SHOP) if refuses(it)])
    assert {it["involvedObject"]["kind"] for it in events} == {"ReplicaSet"}
    cluster.kubectl("delete", "deployment", "refused", "--namespace", world.SHOP)


def refuses(event: Manifest) -> bool:
    """One of ours: the ReplicaSet's controller writes one as well."""
    return event["reason"] == "bad-annotation" and "firebreak.dev" in event.get("reportingComponent", "")


def test_a_pod_whose_sidecar_is_missing_is_denied_by_the_api_server_itself(
    cluster: Cluster, installed: Release
) -> None:
    if not cluster.serves("validatingadmissionpolicies.admissionregistration.k8s.io"):
        pytest.skip("this Kubernetes has no ValidatingAdmissionPolicy (1.30)")
    name = installed.configuration()["metadata"]["name"]
    kept = json.dumps(installed.configuration())
    cluster.kubectl("delete", WEBHOOKS, name)
    try:
        said = refusal("the denial", lambda: installed.dry_run(world.pod("app", world.SHOP)))
        assert "firebreak-sidecar-present" in said
        assert names(installed.dry_run(world.pod("app", world.OTHER))) == ["app"]
    finally:
        cluster.kubectl("create", "--filename", "-", text=stripped(kept))
        until("the webhook answers", lambda: installed.admits() or None)


def stripped(text: str) -> str:
    found = json.loads(text)
    for name in ("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"):
        found["metadata"].pop(name, None)
    return json.dumps(found)


def test_the_webhook_keeps_its_certificate_right(cluster: Cluster, installed: Release) -> None:
    """Somebody spoils the authority in the configuration: the webhook mends it."""
    for number in range(len(installed.configuration()["webhooks"])):
        path = f"/webhooks/{number}/clientConfig/caBundle"
        patch = json.dumps([{"op": "replace", "path": path, "value": "Cg=="}])
        cluster.kubectl(
            "patch", WEBHOOKS, installed.configuration()["metadata"]["name"], "--type", "json", "--patch", patch
        )
    until("the authority is back", lambda: all(authorities(installed)) or None)
    until("the webhook answers", lambda: installed.admits() or None)


def authorities(installed: Release) -> list[bool]:
    return [len(it["clientConfig"].get("caBundle", "")) > 100 for it in installed.configuration()["webhooks"]]


def test_its_account_can_do_what_it_does_and_nothing_more(cluster: Cluster, installed: Release) -> None:
    """That it can do enough is what the other tests show: they run with this account's token."""
    account = installed.deployment()["spec"]["template"]["spec"]["serviceAccountName"]
    user = f"system:serviceaccount:{world.SYSTEM}:{account}"
    for verb, resource, namespace in (
        ("list", "secrets", ""), ("get", "secrets", "kube-system"), ("get", "secrets", world.SHOP), ("list", "secrets", world.SYSTEM),
        ("create", "pods", world.SHOP), ("get", "pods", ""), ("delete", "events", world.SHOP), ("get", "configmaps", ""),
        ("create", WEBHOOKS, ""), ("delete", WEBHOOKS, ""), ("update", "clusterroles", ""), ("impersonate", "users", ""),
    ):  # fmt: skip
        scope = ["--namespace", namespace] if namespace else ["--all-namespaces"]
        command = ("auth", "can-i", verb, resource, f"--as={user}", *scope)
        with pytest.raises(Refused):  # `no` is exit status 1
            cluster.kubectl(*command)


def test_no_rule_of_the_release_is_a_wildcard(cluster: Cluster, installed: Release) -> None:
    roles = [*cluster.list("clusterroles", selector=OWNED), *cluster.list("roles", world.SYSTEM, OWNED)]
    assert roles
    for role in roles:
        for rule in role["rules"]:
            assert "*" not in [*rule["verbs"], *rule.get("resources", []), *rule.get("apiGroups", [])], role["metadata"]


def test_while_the_webhook_is_down_no_pod_slips_in_and_others_pass(cluster: Cluster, installed: Release) -> None:
    installed.stop_webhook()
    try:
        said = refusal("the refusal", lambda: installed.dry_run(world.pod("app", world.SHOP)))
        assert "failed calling webhook" in said
        for name in (world.OTHER, world.OUTSIDE, world.SYSTEM, "kube-system"):
            assert installed.dry_run(world.pod("app", name)), name
    finally:
        installed.start_webhook()
    assert set(names(installed.dry_run(world.pod("app", world.SHOP)))) >= SIDECAR
