"""`firebreak.sidecar`, as a chart that includes it sees it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.helm import chart
from tests.helm.cases import AZURE, LOCAL
from tests.helm.conftest import Render

POD = "templates/deployment.yaml"


def change(example: Path, old: str, new: str) -> None:
    """Edit the example's pod as its owner would."""
    file = example / POD
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def names(containers: list[chart.Manifest]) -> list[str]:
    return [it["name"] for it in containers]


def test_the_sidecar_starts_before_the_workload_where_kubernetes_knows_sidecars(render: Render, example: Path) -> None:
    spec = render(chart=example, kube="1.29.0").pod()
    assert names(spec["initContainers"]) == ["firebreak-config", "firebreak-engine", "firebreak-envoy"]
    assert [it.get("restartPolicy") for it in spec["initContainers"]] == [None, "Always", "Always"]
    assert names(spec["containers"]) == ["app"]


def test_below_that_it_is_made_of_ordinary_containers(render: Render, example: Path) -> None:
    spec = render(chart=example, kube=chart.OLD).pod()
    assert names(spec["initContainers"]) == ["firebreak-config"]
    assert names(spec["containers"]) == ["app", "firebreak-engine", "firebreak-envoy"]
    assert not any("restartPolicy" in it for it in spec["containers"])


def test_the_version_can_be_given_where_no_cluster_is_asked(render: Render, example: Path) -> None:
    spec = render({"firebreak": {"kubeVersion": "1.34.0"}}, chart=example, kube=chart.OLD).pod()
    assert names(spec["containers"]) == ["app"]


def test_init_containers_of_the_workload_come_after_the_sidecar(render: Render, example: Path) -> None:
    change(example, "containers:\n", "initContainers: [{name: migrate, image: app}]\ncontainers:\n")
    spec = render(chart=example).pod()
    assert names(spec["initContainers"])[-1] == "migrate"


def test_nothing_of_the_workload_is_lost(render: Render, example: Path) -> None:
    change(example, "containers:\n", "nodeSelector: {a: b}\nvolumes: [{name: data, emptyDir: {}}]\ncontainers:\n")
    spec = render(chart=example).pod()
    assert spec["nodeSelector"] == {"a": "b"}
    assert names(spec["volumes"]) == [
        "data",
        "firebreak-run",
        "firebreak-policy",
        "firebreak-no-token",
        "firebreak-audit",
    ]
    assert spec["securityContext"]["runAsUser"] == 10001
    assert "volumeMounts" not in chart.container(spec, "app")


def test_the_proxy_listens_on_loopback_only(render: Render, example: Path) -> None:
    spec = render(chart=example).pod()
    engine, envoy = chart.container(spec, "firebreak-engine"), chart.container(spec, "firebreak-envoy")
    assert chart.environment(engine)["FIREBREAK_ENVOY_LISTEN"] == "127.0.0.1:15080"
    assert [it["containerPort"] for it in envoy["ports"]] == [15082]


@pytest.mark.parametrize(
    ("providers", "variables"),
    [
        (["openai"], {"OPENAI_BASE_URL": "http://127.0.0.1:15080/openai/v1"}),
        (["anthropic"], {"ANTHROPIC_BASE_URL": "http://127.0.0.1:15080/anthropic"}),
        ([AZURE], {"AZURE_OPENAI_ENDPOINT": "http://127.0.0.1:15080/azure"}),
        ([LOCAL], {"OPENAI_BASE_URL": "http://127.0.0.1:15080/llm/v1"}),
        ([LOCAL, "openai"], {"OPENAI_BASE_URL": "http://127.0.0.1:15080/openai/v1"}),
    ],
)
def test_the_sdks_find_the_sidecar(providers: list, variables: dict, render: Render, example: Path) -> None:
    spec = render({"firebreak": {"providers": providers}}, chart=example).pod()
    assert chart.environment(chart.container(spec, "app")) == variables


def test_only_chosen_containers_are_pointed_at_it(render: Render, example: Path) -> None:
    change(example, "containers:\n", "containers:\n  - {name: helper, image: helper}\n")
    spec = render({"firebreak": {"sidecar": {"containers": ["app"]}}}, chart=example).pod()
    assert chart.environment(chart.container(spec, "helper")) == {}
    assert "OPENAI_BASE_URL" in chart.environment(chart.container(spec, "app"))


def test_the_policy_comes_along_unless_there_is_one(render: Render, example: Path) -> None:
    rendered = render(chart=example)
    assert rendered.kinds() == ["ConfigMap", "Deployment"]
    (volume,) = [it for it in rendered.pod()["volumes"] if it["name"] == "firebreak-policy"]
    assert volume["configMap"]["name"] == rendered.one("ConfigMap")["metadata"]["name"]
    assert render({"firebreak": {"policy": {"existingConfigMap": "team"}}}, chart=example).kinds() == ["Deployment"]


def test_two_workloads_of_a_chart_may_have_two_policies(render: Render, example: Path) -> None:
    file = example / "Chart.yaml"
    meta = yaml.safe_load(file.read_text(encoding="utf-8"))
    meta["dependencies"].append({**meta["dependencies"][0], "alias": "strict"})
    file.write_text(yaml.safe_dump(meta), encoding="utf-8")
    text = (example / POD).read_text(encoding="utf-8")
    second = text.partition("{{- end -}}\n")[2].replace(".Subcharts.firebreak", ".Subcharts.strict")
    (example / "templates" / "second.yaml").write_text(second.replace("name: {{ .Release.Name }}", "name: second", 1))
    rendered = render(
        {"strict": {"mode": "library", "policy": {"inline": 'policy: {name: strict, version: "1"}'}}}, chart=example
    )
    policies = {it["metadata"]["name"] for it in rendered.objects if it["kind"] == "ConfigMap"}
    used = {
        volume["configMap"]["name"]
        for it in rendered.objects
        if it["kind"] == "Deployment"
        for volume in it["spec"]["template"]["spec"]["volumes"]
        if "configMap" in volume
    }
    assert used == policies
    assert len(used) == 2


ENV = 'env: [{name: OPENAI_BASE_URL, value: "https://api.openai.com/v1"}]'
BROKEN: dict[str, tuple[str, dict[str, Any], str]] = {
    "another base URL": (
        f"    {ENV}\n    ports:",
        {},
        'Container "app" sets OPENAI_BASE_URL itself, so its calls would not pass Firebreak',
    ),
    "a proxy": (
        '    env: [{name: HTTP_PROXY, value: "http://proxy"}]\n    ports:',
        {},
        'Container "app" sets HTTP_PROXY, so its calls to the sidecar would go to that proxy: set NO_PROXY',
    ),
    "the wrong mode": ("", {"mode": "gateway"}, "firebreak.mode is gateway, but its sidecar is included"),
    "an unknown container": (
        "",
        {"sidecar": {"containers": ["web"]}},
        'sidecar.containers names "web", but the pod has no such container',
    ),
    "a contradiction": ("", {"policy": {"file": "a"}}, "policy.file names a key of policy.existingConfigMap"),
    "a taken port": (
        "    lifecycle: {}\n    ports:\n      - {containerPort: 15081}",
        {},
        'Container "app" listens on 15081, which is the sidecar\'s: choose another port.',
    ),
    "a reach into it": (
        "    volumeMounts: [{name: firebreak-run, mountPath: /x}]\n    ports:",
        {},
        'Container "app" mounts firebreak-run, which is the sidecar\'s own: remove the mount.',
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_pod_that_it_would_not_work_in_is_refused(name: str, render: Render, example: Path) -> None:
    edit, values, sentence = BROKEN[name]
    if edit:
        change(example, "    ports:", edit)
    with pytest.raises(chart.Refused) as caught:
        render({"firebreak": values}, chart=example)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("hostNetwork: true", "The pod has hostNetwork"),
        ("volumes: [{name: firebreak-run}]", 'The pod has a volume called "firebreak-run"'),
        ("initContainers: [{name: firebreak-engine}]", 'The pod has a container called "firebreak-engine" already'),
        ("a: [", "firebreak.sidecar was given a pod spec that is not YAML"),
    ],
)
def test_a_pod_spec_that_does_not_fit_is_refused(line: str, sentence: str, render: Render, example: Path) -> None:
    change(example, "containers:\n", f"{line}\ncontainers:\n")
    with pytest.raises(chart.Refused) as caught:
        render(chart=example)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("security", "sentence"),
    [
        ("privileged: true", 'Container "app" is privileged, so it could take the egress lock off'),
        ("capabilities: {add: [CAP_NET_ADMIN]}", 'Container "app" adds the capability CAP_NET_ADMIN'),
        ("capabilities: {add: [setuid]}", 'Container "app" adds the capability setuid'),
    ],
)
def test_a_container_that_could_undo_the_lock_is_refused(
    security: str, sentence: str, render: Render, example: Path
) -> None:
    values = {"firebreak": {"sidecar": {"egress": {"lock": True}}}}
    assert names(render(values, chart=example).pod()["initContainers"])[0] == "firebreak-lock"
    change(example, "      capabilities: {drop: [ALL]}", f"      {security}")
    render(chart=example)
    with pytest.raises(chart.Refused) as caught:
        render(values, chart=example)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ('"firebreak" .Subcharts.nothing', "firebreak.sidecar was given no chart: pass .Subcharts.firebreak"),
        ('"fire" .Subcharts.firebreak', "firebreak.sidecar takes (dict"),
    ],
)
def test_a_wrong_call_says_how_to_call(call: str, sentence: str, render: Render, example: Path) -> None:
    change(example, '"firebreak" .Subcharts.firebreak', call)
    with pytest.raises(chart.Refused) as caught:
        render(chart=example)
    assert sentence in str(caught.value)


def test_the_pieces_make_the_same_pod(render: Render, example: Path) -> None:
    whole = render(chart=example, kube=chart.OLD).pod()
    (example / POD).write_text(
        """
apiVersion: apps/v1
kind: Deployment
metadata: {name: pieces}
spec:
  template:
    spec:
      initContainers:
        {{- include "firebreak.sidecar.initContainers" .Subcharts.firebreak | nindent 8 }}
      containers:
        - name: app
          env:
            {{- include "firebreak.sidecar.env" .Subcharts.firebreak | nindent 12 }}
        {{- include "firebreak.sidecar.containers" .Subcharts.firebreak | nindent 8 }}
      volumes:
        {{- include "firebreak.sidecar.volumes" .Subcharts.firebreak | nindent 8 }}
""",
        encoding="utf-8",
    )
    pieces = render(chart=example, kube=chart.OLD).pod()
    assert pieces["initContainers"] == whole["initContainers"]
    assert pieces["containers"][1:] == whole["containers"][1:]
    assert pieces["containers"][0]["env"] == whole["containers"][0]["env"]
    assert pieces["volumes"] == whole["volumes"]
