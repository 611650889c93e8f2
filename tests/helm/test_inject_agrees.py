"""The chart's template and `firebreak inject` make the same sidecar; where they differ on purpose is listed here."""

from pathlib import Path
from typing import Any

import pytest
from tests.helm import chart
from tests.helm.conftest import Render
from tests.unit.kube.pods import options

from firebreak.kube import sidecar

OPEN = {
    "image": "each knows its own default tag or digest",
    "imagePullPolicy": "a value of the chart",
    "restartPolicy": "compared by the tests of each",
    "terminationGracePeriodSeconds": "the chart shortens the wait for a container that has failed its probe",
    "port": "by name in the chart, by number in the injector",
}
DEFAULTS = {"failureThreshold": 3, "timeoutSeconds": 1}
"""Kubernetes' own, which only one of the two may write out."""
VALUES = {"FIREBREAK_PROVIDERS", "FIREBREAK_LOG_LEVEL"}
"""What the user chooses in either."""


def bare(value: Any) -> Any:
    """Without what may differ, and with lists of named things by name."""
    if isinstance(value, dict):
        kept = {key: bare(inner) for key, inner in value.items() if key not in OPEN}
        return {key: inner for key, inner in kept.items() if DEFAULTS.get(key) != inner}
    if isinstance(value, list) and all(isinstance(item, dict) and "name" in item for item in value):
        return {item["name"]: bare(item) for item in value if item["name"] not in VALUES}
    return [bare(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", sidecar.CONTAINERS)
def test_a_container_of_the_chart_is_the_injectors(name: str, render: Render, example: Path) -> None:
    ours = {it["name"]: it for it in [sidecar.setup(options()), *sidecar.sidecars(options())]}
    assert bare(chart.container(render(chart=example).pod(), name)) == bare(ours[name])


def test_the_volumes_are_the_same(render: Render, example: Path) -> None:
    theirs = bare(render(chart=example).pod()["volumes"])
    ours = bare(sidecar.volumes(options()))
    for volumes in (theirs, ours):
        volumes[sidecar.POLICY]["configMap"].pop("name")
    assert theirs == ours
