"""`deploy/kind` fits the chart: its values render, and its demo is what they speak of."""

import shutil
import subprocess

import pytest
import yaml
from tests.helm.chart import ROOT
from tests.helm.conftest import Render

KIND = ROOT / "deploy" / "kind"
VALUES = yaml.safe_load((KIND / "firebreak.yaml").read_text(encoding="utf-8"))


def demo() -> list[dict]:
    if not shutil.which("kubectl"):
        pytest.skip("no kubectl on PATH")
    command = ["kubectl", "kustomize", str(KIND / "demo")]
    return list(yaml.safe_load_all(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def test_the_values_put_a_policy_where_the_demo_runs(render: Render) -> None:
    policies = [it for it in render(VALUES).objects if it["metadata"]["name"] == "firebreak-policy"]
    assert [it["metadata"]["namespace"] for it in policies] == ["shop"]


def test_the_values_bring_dashboards_alerts_and_what_is_scraped(render: Render) -> None:
    kinds = render(VALUES).kinds()
    assert {"PodMonitor", "PrometheusRule"} <= set(kinds)
    assert kinds.count("ConfigMap") >= 4


def test_the_demo_runs_in_the_namespaces_that_are_made_for_it() -> None:
    made = {it["metadata"]["name"]: it["metadata"]["labels"] for it in yaml.safe_load_all(namespaces())}
    assert {it["metadata"]["namespace"] for it in demo()} == set(made)
    assert made["shop"]["firebreak.dev/inject"] == "enabled"


def namespaces() -> str:
    return (KIND / "demo" / "namespaces.yaml").read_text(encoding="utf-8")


def test_the_provider_of_the_values_is_the_demos_service() -> None:
    (service,) = [it for it in demo() if it["kind"] == "Service"]
    (provider,) = VALUES["providers"]
    place = f"{service['metadata']['name']}.{service['metadata']['namespace']}.svc.cluster.local"
    assert (provider["host"], provider["port"]) == (place, service["spec"]["ports"][0]["port"])


def test_the_script_is_sound() -> None:
    if not shutil.which("shellcheck"):
        pytest.skip("no shellcheck on PATH")
    subprocess.run(["shellcheck", str(KIND / "up.sh")], check=True)
