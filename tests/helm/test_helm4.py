"""Helm 4's engine makes of the chart what Helm 3's makes of it. One process renders every case."""

import json
import subprocess
from typing import Any

import pytest
import yaml
from tests.helm import chart
from tests.helm.cases import GATEWAY, INJECTOR
from tests.helm.conftest import Render
from tests.helm.install import HELM4, PYTHON
from tests.helm.test_refusals import CONTRADICTIONS

KUBE = {"kubeVersion": chart.NEW}
"""This engine is told no version of Kubernetes."""
WAYS = {f"{mode}: {name}": (mode, values) for mode, cases in (("gateway", GATEWAY), ("injector", INJECTOR)) for name, values in cases.items()}  # fmt: skip


@pytest.fixture(scope="module")
def fourth() -> dict[str, dict[str, Any]]:
    if not HELM4.exists():
        pytest.skip("no helm-python-sdk: run `python -m tests.helm.install`")
    asked = {name: {"mode": mode, **values, **KUBE} for name, (mode, values) in WAYS.items()}
    asked |= {name: {"mode": "gateway", **values, **KUBE} for name, (values, _) in CONTRADICTIONS.items()}
    asked["an unknown value"] = {"nonsense": 1}
    command = [str(PYTHON), str(chart.ROOT / "tests" / "helm" / "helm4.py"), str(chart.CHART)]
    result = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    answers: dict[str, dict[str, Any]] = json.loads(result.stdout)
    return answers


def by_name(objects: tuple[chart.Manifest, ...]) -> dict[tuple[str, str, str], chart.Manifest]:
    return {(it["kind"], it["metadata"].get("namespace", ""), it["metadata"]["name"]): it for it in objects}


@pytest.mark.parametrize("way", WAYS)
def test_both_engines_make_the_same(way: str, fourth: dict[str, dict[str, Any]], render: Render) -> None:
    mode, values = WAYS[way]
    objects = tuple(it for it in yaml.safe_load_all(fourth[way]["objects"]) if it)
    assert by_name(objects) == by_name(render({**values, **KUBE}, mode=mode).objects)
    assert "Know that:" in fourth[way]["notes"]


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_it_refuses_contradictions_with_the_same_sentence(name: str, fourth: dict[str, dict[str, Any]]) -> None:
    assert CONTRADICTIONS[name][1] in fourth[name]["refused"]


def test_it_refuses_what_the_schema_does_not_know(fourth: dict[str, dict[str, Any]]) -> None:
    assert "nonsense" in fourth["an unknown value"]["refused"]
