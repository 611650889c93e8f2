"""Every way to install it renders, holds together, and gives the real program what it takes."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.e2e.keys import Authority
from tests.helm import chart
from tests.helm.cases import FROM_IMAGE, GATEWAY, INJECTOR, LIBRARY, MONITORED, POLICY
from tests.helm.conftest import Render
from tests.helm.install import VALIDATE

from firebreak import settings
from firebreak.cli.envoy import run as write_envoy
from firebreak.cli.inject import options_of
from firebreak.cli.main import parser
from firebreak.local import envoy_binary
from firebreak.local.process import short_folder

VERSIONS = (chart.OLD, "1.29.4", "1.30.2-eks-1a2b3c", chart.NEW)
SIDECARS = [*(("gateway", name) for name in GATEWAY), *(("library", name) for name in LIBRARY)]
ALL = [*SIDECARS, *(("injector", name) for name in INJECTOR)]
OPERATORS = {"PodMonitor", "PrometheusRule", "Certificate", "Issuer"}
"""Kinds of the Prometheus operator and of cert-manager, whose schemas are not Kubernetes' own."""

RIGHTS = [
    ("", "secrets", {"get", "update"}, 1),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations", {"get", "patch"}, 1),
    ("events.k8s.io", "events", {"create"}, 0),
    ("events.k8s.io", "events", {"create", "patch"}, 0),
    ("authentication.k8s.io", "tokenreviews", {"create"}, 0),
    ("", "pods", {"patch"}, 0),
]
"""Group, resource, verbs, and how many objects are named."""

WITH_API = {"--secret=fb-firebreak-injector-certificates", "--secret=llm-injector-injector-certificates", "--events"}
"""Arguments by which the webhook speaks to Kubernetes."""


def rendering(mode: str, name: str, render: Render, example: Path):
    def rendered(kube: str = chart.NEW) -> chart.Rendered:
        if mode == "library":
            return render(LIBRARY[name], kube=kube, chart=example)
        return render((GATEWAY if mode == "gateway" else INJECTOR)[name], kube=kube, mode=mode)

    return rendered


@pytest.fixture(params=ALL, ids=lambda it: f"{it[0]}: {it[1]}")
def way(request: pytest.FixtureRequest, render: Render, example: Path):
    mode, name = request.param
    return rendering(mode, name, render, example)


@pytest.fixture(params=SIDECARS, ids=lambda it: f"{it[0]}: {it[1]}")
def sidecar(request: pytest.FixtureRequest, render: Render, example: Path):
    """A way whose pods hold the engine and Envoy."""
    mode, name = request.param
    return rendering(mode, name, render, example)


def pods(rendered: chart.Rendered) -> list[chart.Manifest]:
    return [
        *(it["spec"]["template"]["spec"] for it in rendered.objects if it["kind"] == "Deployment"),
        *(it["spec"] for it in rendered.objects if it["kind"] == "Pod"),
    ]


def containers(spec: chart.Manifest) -> list[chart.Manifest]:
    return [*spec.get("initContainers", []), *spec["containers"]]


def ours(rendered: chart.Rendered) -> list[chart.Manifest]:
    return [it for spec in pods(rendered) for it in containers(spec) if it["name"] != "app"]


@pytest.mark.parametrize("path", [chart.CHART, "example"], ids=["firebreak", "example-workload"])
def test_helm_finds_nothing_to_complain_about(path: Any, example: Path) -> None:
    assert "0 chart(s) failed" in chart.run("lint", "--strict", str(example if path == "example" else path))


@pytest.mark.parametrize("kube", VERSIONS)
def test_no_container_of_ours_may_do_more_than_it_must(way, kube: str) -> None:
    for it in ours(way(kube)):
        security = it["securityContext"]
        assert "memory" in it["resources"]["limits"]
        assert security["readOnlyRootFilesystem"] is True
        assert security["allowPrivilegeEscalation"] is False
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        if it["name"] == "firebreak-lock":
            assert security["capabilities"] == {"drop": ["ALL"], "add": ["NET_ADMIN"]}
            continue
        assert security["capabilities"] == {"drop": ["ALL"]}
        user = 10001 if "127.0.0.1" in chart.environment(it).get("SMOKE_URL", "") else 1337
        assert (security["runAsNonRoot"], security["runAsUser"], security["runAsGroup"]) == (True, user, user)


def test_a_token_is_only_where_kubernetes_is_asked(way) -> None:
    """In a pod with a sidecar it is the engine's alone; the webhook has its own."""
    for spec in pods(way()):
        tokens = [it["name"] for it in spec.get("volumes", []) if "serviceAccountToken" in str(it.get("projected"))]
        for it in containers(spec):
            mounts = [mount["name"] for mount in it.get("volumeMounts", []) if mount["name"] in tokens]
            assert mounts == (tokens if it["name"] in ("firebreak-engine", "smoke") else [])
        webhook = [it for it in spec["containers"] if it["name"] == "webhook"]
        assert spec["automountServiceAccountToken"] is any(WITH_API & set(it["args"]) for it in webhook)
        asks = {"FIREBREAK_KUBERNETES_EVENTS", "FIREBREAK_CALLER_TOKEN_HEADER", "SMOKE_TOKEN"}
        assert bool(tokens) is any(asks & chart.environment(it).keys() for it in containers(spec))


def test_nobody_may_do_more_than_is_listed_here(way) -> None:
    """What each account of the chart's may do; `where` is a namespace, or the whole cluster."""
    rendered = way()
    rules = [rule for it in rendered.objects if it["kind"] in {"Role", "ClusterRole"} for rule in it["rules"]]
    for rule in rules:
        (group,), (resource,) = rule["apiGroups"], rule["resources"]
        assert (group, resource, set(rule["verbs"]), len(rule.get("resourceNames", []))) in RIGHTS
    bindings = [it for it in rendered.objects if it["kind"] in {"RoleBinding", "ClusterRoleBinding"}]
    roles = {(it["kind"], it["metadata"]["name"]) for it in rendered.objects if it["kind"] in {"Role", "ClusterRole"}}
    assert {(it["roleRef"]["kind"], it["roleRef"]["name"]) for it in bindings} == roles
    for it in rendered.objects:
        assert it["kind"] != "ServiceAccount" or it["automountServiceAccountToken"] is False
        assert it["kind"] != "Secret" or "data" not in it


@pytest.mark.parametrize("kube", VERSIONS)
def test_every_mount_has_its_volume_and_every_probe_its_port(way, kube: str) -> None:
    for spec in pods(way(kube)):
        volumes = [volume["name"] for volume in spec.get("volumes", [])]
        assert len(set(volumes)) == len(volumes)
        mounted = [mount["name"] for it in containers(spec) for mount in it.get("volumeMounts", [])]
        assert set(mounted) == set(volumes)
        for it in containers(spec):
            assert not any("subPath" in mount for mount in it.get("volumeMounts", []))
            ports = {port["name"] for port in it.get("ports", [])}
            probes = [it[probe] for probe in ("startupProbe", "readinessProbe", "livenessProbe") if probe in it]
            assert {probe["httpGet"]["port"] for probe in probes} <= ports


def test_the_policy_is_mounted_whole_and_a_change_restarts_nothing(render: Render) -> None:
    first, second = render(), render({"policy": {"inline": 'policy: {name: other, version: "2"}'}})
    assert first.one("ConfigMap")["data"] != second.one("ConfigMap")["data"]
    assert first.one("Deployment") == second.one("Deployment")
    (mount,) = [it for it in chart.container(first.pod(), "firebreak-engine")["volumeMounts"] if "policy" in it["name"]]
    assert mount == {"name": "firebreak-policy", "mountPath": "/etc/firebreak/policy", "readOnly": True}


def test_all_that_selects_the_pods_selects_exactly_them(render: Render) -> None:
    rendered = render(MONITORED)
    labels = rendered.one("Deployment")["spec"]["template"]["metadata"]["labels"]
    selectors = [
        rendered.one("Deployment")["spec"]["selector"]["matchLabels"],
        rendered.one("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        rendered.one("PodMonitor")["spec"]["selector"]["matchLabels"],
        rendered.one("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        *(it["spec"]["selector"] for it in rendered.objects if it["kind"] == "Service"),
        *(it["labelSelector"]["matchLabels"] for it in rendered.pod()["topologySpreadConstraints"]),
    ]
    for selector in selectors:
        assert selector.items() <= labels.items()
        assert not selector.items() <= rendered.one("Pod", "-smoke")["metadata"]["labels"].items()
    assert rendered.one("HorizontalPodAutoscaler")["spec"]["scaleTargetRef"]["name"] == "fb-firebreak"


def test_services_and_monitors_name_ports_that_exist(render: Render) -> None:
    rendered = render(MONITORED)
    ports = {port["name"] for it in rendered.pod()["containers"] for port in it["ports"]}
    wanted = {port["targetPort"] for it in rendered.objects if it["kind"] == "Service" for port in it["spec"]["ports"]}
    wanted |= {it["port"] for it in rendered.one("PodMonitor")["spec"]["podMetricsEndpoints"]}
    assert wanted == ports


def test_who_may_reach_the_gateway_and_what_it_may_reach(render: Render) -> None:
    rendered = render(
        {
            "providers": ["openai", {"name": "llm", "api": "openai", "host": "llm.ai", "port": 8443}],
            "options": {"otlp_endpoint": "otel.obs:4317"},
            "gateway": {"networkPolicy": {"allowedNamespaces": ["shop"]}},
        }
    )
    spec = rendered.one("NetworkPolicy")["spec"]
    callers, monitoring = spec["ingress"]

    def namespaces(rule: chart.Manifest) -> list[list[str]]:
        return [
            it["namespaceSelector"]["matchExpressions"][0]["values"] for it in rule["from"] if "namespaceSelector" in it
        ]

    assert [it["port"] for it in callers["ports"]] == [15080]
    assert {"podSelector": {}} in callers["from"]
    assert namespaces(callers) == [["shop"]]
    assert [it["port"] for it in monitoring["ports"]] == [15081, 15082]
    assert namespaces(monitoring) == [["monitoring"]]
    assert [[it["port"] for it in rule["ports"]] for rule in spec["egress"]] == [[53, 53], [443, 8443, 4317]]


def test_a_claim_is_shared_by_pods_that_each_write_their_own_folder(render: Render) -> None:
    rendered = render(GATEWAY["records kept"])
    claim = rendered.one("PersistentVolumeClaim")
    assert claim["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
    (volume,) = [it for it in rendered.pod()["volumes"] if it["name"] == "firebreak-audit"]
    assert volume["persistentVolumeClaim"] == {"claimName": claim["metadata"]["name"]}
    env = chart.environment(chart.container(rendered.pod(), "firebreak-engine"))
    assert env["FIREBREAK_AUDIT_DIR"] == f"/var/lib/firebreak/{env['FIREBREAK_POD_NAME']}"
    assert rendered.pod()["securityContext"]["fsGroup"] == 1337


def test_a_claim_of_one_node_is_let_go_before_the_next_pod_starts(render: Render) -> None:
    assert render(GATEWAY["one replica"]).one("Deployment")["spec"]["strategy"] == {"type": "Recreate"}
    assert render().one("Deployment")["spec"]["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}


ENGINE_ALONE = {"name": "firebreak-encoder", "mountPath": "/etc/firebreak/encoder", "readOnly": True}


def test_encoders_are_the_engines_alone_and_its_sizes_follow(render: Render) -> None:
    """What they take is counted for each worker, beside what the engine's own values say."""
    sizes = {"requests": {"cpu": 1, "memory": "1G"}, "limits": {"cpu": "2", "memory": "2Gi"}}
    wanted = {"encoder": {"claim": "encoders", "path": "en"}, "engine": {"resources": sizes}}
    spec = render({**wanted, "options": {"workers": 2}, "audit": {"sizeLimit": "2Gi"}}).pod()
    assert [it["name"] for it in containers(spec) if ENGINE_ALONE in it["volumeMounts"]] == ["firebreak-engine"]
    engine = chart.container(spec, "firebreak-engine")
    assert engine["resources"] == {
        "requests": {"cpu": "1400m", "memory": str(10**9 + (512 << 20))},
        "limits": {"cpu": "2400m", "memory": "2560Mi"},
    }
    assert chart.container(spec, "firebreak-config")["resources"] == sizes
    assert settings.load(chart.environment(engine)).encoder_dir == "/etc/firebreak/encoder/en"
    (volume,) = [it for it in spec["volumes"] if it["name"] == "firebreak-encoder"]
    assert volume["persistentVolumeClaim"] == {"claimName": "encoders", "readOnly": True}


def test_encoders_may_be_in_an_image_from_kubernetes_1_33_on(render: Render, tmp_path: Path) -> None:
    rendered = render(FROM_IMAGE, kube="1.33.0")
    (volume,) = [it for it in rendered.pod()["volumes"] if it["name"] == "firebreak-encoder"]
    assert volume["image"] == {**FROM_IMAGE["encoder"]["image"], "pullPolicy": "IfNotPresent"}
    strictly(render(FROM_IMAGE), "1.34", tmp_path)


@pytest.mark.parametrize("name", ["encoders on a claim", "encoders on a volume of one's own", "in an image"])
def test_the_real_webhook_mounts_what_the_values_say(name: str, render: Render) -> None:
    values = INJECTOR.get(name, FROM_IMAGE)
    (container,) = render(values, mode="injector").pod()["containers"]
    read = options_of(parser("webhook").parse_args(container["args"]), everything=False).encoder
    given = values["encoder"]
    claim = {"persistentVolumeClaim": {"claimName": given.get("claim"), "readOnly": True}}
    image = {"image": {**given.get("image", {}), "pullPolicy": "IfNotPresent"}}
    assert read.source == (claim if "claim" in given else given.get("volume", image))
    assert read.path == given.get("path", "")
    assert {"cpu": read.cpu, "memory": read.memory} == given.get("resources", {"cpu": "200m", "memory": "256Mi"})
    assert read.budget_ms == values.get("options", {}).get("encoder_budget_ms", 400)


def test_a_pod_that_stops_has_time_to_drain_where_kubernetes_can_wait(render: Render) -> None:
    spec = render({"gateway": {"drainSeconds": 30}}).pod()
    envoy, engine = chart.container(spec, "firebreak-envoy"), chart.container(spec, "firebreak-engine")
    assert envoy["lifecycle"]["preStop"] == {"sleep": {"seconds": 30}}
    assert int(engine["lifecycle"]["preStop"]["exec"]["command"][-1]) < 30 < spec["terminationGracePeriodSeconds"]
    for it in render(kube="1.29.0").pod()["containers"]:
        assert "lifecycle" not in it


def test_the_engine_starts_before_envoy(render: Render) -> None:
    spec = render().pod()
    assert [it["name"] for it in spec["initContainers"]] == ["firebreak-config"]
    assert [it["name"] for it in spec["containers"]] == ["firebreak-engine", "firebreak-envoy"]


@pytest.mark.parametrize("kube", VERSIONS)
def test_the_real_program_takes_the_environment_it_is_given(sidecar, kube: str) -> None:
    spec = sidecar(kube).pod()
    engine, config = (chart.container(spec, name) for name in ("firebreak-engine", "firebreak-config"))
    assert engine["env"] == config["env"]
    options = settings.load(chart.environment(engine))
    assert options.audit_dir.is_relative_to("/var/lib/firebreak")
    assert all(it.startswith("unix:/run/firebreak/") for it in options.engine_addresses())
    assert (options.http_listen, options.envoy_status_listen) == ("0.0.0.0:15081", "0.0.0.0:15082")
    shared = all(it["name"] != "app" for it in spec["containers"])
    assert options.envoy_listen == ("0.0.0.0:15080" if shared else "127.0.0.1:15080")


def test_the_real_envoy_takes_the_configuration_made_from_it(sidecar, tmp_path: Path) -> None:
    env = chart.environment(chart.container(sidecar().pod(), "firebreak-engine"))
    Authority.create(tmp_path).sign("tls", "gateway", hosts=("gateway",))
    with short_folder() as run:
        places = {f"/etc/firebreak/{it}": str(tmp_path) for it in ("ca", "tls", "credentials")}
        for old, new in (places | {"/run/firebreak": str(run)}).items():
            env = {name: value.replace(old, new) for name, value in env.items()}
        write_envoy(settings.load(env).envoy_options(), run / "envoy.yaml")
        envoy_binary.validate((run / "envoy.yaml").read_text(encoding="utf-8"))


INJECTING = pytest.mark.parametrize("name", INJECTOR)


@INJECTING
@pytest.mark.parametrize("kube", VERSIONS)
def test_the_real_webhook_takes_the_arguments_it_is_given(name: str, kube: str, render: Render) -> None:
    """Its parser, its checks, and what they make of the values."""
    rendered = render(INJECTOR[name], kube=kube, mode="injector")
    (container,) = rendered.pod()["containers"]
    arguments = parser("webhook").parse_args(container["args"])
    assert arguments.run.__module__ == "firebreak.cli.webhook"
    options = options_of(arguments, everything=False)
    assert options.native is (kube != chart.OLD)
    assert options.image == container["image"]
    egress = INJECTOR[name].get("sidecar", {}).get("egress")
    assert options.locked is bool(egress)
    networks, refused = (
        ",".join((egress or {}).get(key, usual)) for key, usual in (("networks", ["private"]), ("refuse", []))
    )
    assert (options.egress_networks, options.egress_refuse) == (networks, refused)
    service = rendered.one("Service")["metadata"]
    assert arguments.service == f"{service['name']}.{service['namespace']}.svc"


@INJECTING
def test_who_makes_the_certificates_may_do_so(name: str, render: Render) -> None:
    """Where the webhook does, its Secret and its configuration are those that it is told and may change."""
    rendered = render(INJECTOR[name], mode="injector")
    configuration = rendered.one("MutatingWebhookConfiguration")["metadata"]
    arguments = parser("webhook").parse_args(rendered.pod()["containers"][0]["args"])
    if arguments.certificate_dir:
        certificate = rendered.one("Certificate")
        assert certificate["spec"]["dnsNames"] == [arguments.service]
        assert rendered.pod()["volumes"][0]["secret"]["secretName"] == certificate["spec"]["secretName"]
        source = f"llm/{certificate['metadata']['name']}"
        assert configuration["annotations"] == {"cert-manager.io/inject-ca-from": source}
        return
    assert rendered.one("Secret")["metadata"]["name"] == arguments.secret
    assert configuration["name"] == arguments.configuration
    if INJECTOR[name].get("injector", {}).get("serviceAccount"):
        return
    named = {
        rule["resources"][0]: rule["resourceNames"]
        for it in rendered.objects
        if it["kind"] in {"Role", "ClusterRole"}
        for rule in it["rules"]
        if "resourceNames" in rule
    }
    assert named == {"secrets": [arguments.secret], "mutatingwebhookconfigurations": [arguments.configuration]}


def test_an_upgrade_leaves_what_the_webhook_wrote(render: Render) -> None:
    """What Helm does not render it does not put back: neither engine of it writes a field that it never had."""
    rendered = render(mode="injector")
    assert not {"data", "stringData"} & rendered.one("Secret").keys()
    for webhook in rendered.one("MutatingWebhookConfiguration")["webhooks"]:
        assert "caBundle" not in webhook["clientConfig"]


def test_the_webhook_fails_closed_and_never_on_what_it_needs_itself(render: Render) -> None:
    rendered = render({"injector": {"excludedNamespaces": ["ci"]}}, mode="injector")
    for webhook in rendered.one("MutatingWebhookConfiguration")["webhooks"]:
        assert webhook["failurePolicy"] == "Fail"
        names = webhook["namespaceSelector"]["matchExpressions"][-1]
        assert (names["key"], names["operator"]) == ("kubernetes.io/metadata.name", "NotIn")
        assert {"kube-system", "kube-node-lease", "llm", "ci"} == set(names["values"])


def test_only_namespaces_without_the_label_are_asked_for_annotations(render: Render) -> None:
    labelled, annotated = render(mode="injector").one("MutatingWebhookConfiguration")["webhooks"]
    assert labelled["clientConfig"]["service"]["path"] == "/inject-all"
    assert "matchConditions" not in labelled
    assert annotated["clientConfig"]["service"]["path"] == "/inject"
    assert annotated["namespaceSelector"]["matchExpressions"][0]["operator"] == "DoesNotExist"
    old = render(mode="injector", kube="1.29.4")
    assert [it["name"] for it in old.one("MutatingWebhookConfiguration")["webhooks"]] == [labelled["name"]]
    assert "ValidatingAdmissionPolicy" not in old.kinds()


def test_a_policy_goes_to_each_namespace_that_is_named(render: Render) -> None:
    values = INJECTOR["policies"] | {"injector": {"policyConfigMap": "llm"}}
    found = {
        it["metadata"]["namespace"]: it
        for it in render(values, mode="injector").objects
        if it["kind"] == "ConfigMap" and it["metadata"]["name"] == "llm"
    }
    assert found.keys() == {"shop", "support"}
    assert found["support"]["data"]["policy.yaml"].strip() == POLICY.strip()


def test_dashboards_and_rules_are_those_that_were_checked(render: Render) -> None:
    rendered = render(MONITORED, mode="injector")
    boards = {
        key: text
        for it in rendered.objects
        if it["kind"] == "ConfigMap" and it["metadata"]["labels"].get("grafana_dashboard") == "yes"
        for key, text in it["data"].items()
    }
    sources = {
        it.name: json.loads(it.read_text(encoding="utf-8")) for it in (chart.ROOT / "deploy/grafana").glob("*.json")
    }
    assert {name: json.loads(text) for name, text in boards.items()} == sources
    rules = yaml.safe_load((chart.ROOT / "deploy/prometheus/firebreak.rules.yaml").read_text(encoding="utf-8"))
    assert rendered.one("PrometheusRule")["spec"] == rules


def strictly(rendered: chart.Rendered, kube: str, folder: Path) -> None:
    if not VALIDATE.exists():
        pytest.skip("no kubernetes-validate: run `python -m tests.helm.install`")
    known = [it for it in rendered.objects if it["kind"] not in OPERATORS]
    file = folder / "manifests.yaml"
    file.write_text(yaml.safe_dump_all(known), encoding="utf-8")
    command = [str(VALIDATE), "-k", kube, "--strict", str(file)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("kube", ["1.31", "1.34"])
def test_kubernetes_knows_every_field(way, kube: str, tmp_path: Path) -> None:
    strictly(way(f"{kube}.0"), kube, tmp_path)
