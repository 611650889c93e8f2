"""The chart's template and `firebreak inject` make the same sidecar; where they differ on purpose is listed here."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.helm import chart
from tests.helm.cases import FROM_IMAGE, ISCSI
from tests.helm.conftest import Render
from tests.unit.kube.pods import options

from firebreak.kube import sidecar
from firebreak.kube.base_urls import values
from firebreak.kube.encoder import Encoder
from firebreak.kube.options import Destination, Egress, InjectOptions, Reference
from firebreak.settings import KNOWN_PROVIDERS, ProviderOption

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


ALIKE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "defaults": ({}, {}),
    "no way around but to named networks": (
        {
            "sidecar": {
                "egress": {"lock": True, "networks": ["10.1.0.0/16", "10.96.0.1/32:443"], "refuse": ["10.1.2.3/32"]}
            }
        },
        {
            "egress": Egress.LOCKED,
            "egress_networks": "10.1.0.0/16,10.96.0.1/32:443",
            "egress_refuse": "10.1.2.3/32",
        },
    ),
    "no way around": (
        {"sidecar": {"egress": {"lock": True, "allow": ["db.internal", "*.pypi.org"]}}},
        {"egress": Egress.LOCKED, "egress_allow": "db.internal,*.pypi.org"},
    ),
    "keys that Envoy puts in": ({"credentials": {"secret": "provider-keys"}}, {"credentials": "provider-keys"}),
    "Events": ({"sidecar": {"events": True}}, {"events": True}),
    "encoders on a claim": (
        {"encoder": {"claim": "encoders", "path": "en/v2"}, "options": {"encoder_budget_ms": 300}},
        {"encoder": Encoder(budget_ms=300).from_claim("", "encoders/en/v2")},
    ),
    "encoders on a volume of one's own": (
        {"encoder": {"volume": {"iscsi": ISCSI}, "resources": {"cpu": "1", "memory": "1G"}}},
        {"encoder": Encoder({"iscsi": ISCSI}, cpu="1", memory="1G")},
    ),
    "encoders in an image": (
        FROM_IMAGE,
        {
            "encoder": Encoder({"image": {**FROM_IMAGE["encoder"]["image"], "pullPolicy": "IfNotPresent"}}),
            "kubernetes": (1, 34),
        },
    ),
    "secrets by reference": (
        {"judge": {"secret": {"name": "judge"}}, "caBundle": {"configMap": {"name": "company-ca"}}},
        {"judge_secret": Reference("judge", "api-key"), "ca_bundle": Reference("company-ca", "ca.crt")},
    ),
}
"""The chart's values and the injector's options that ask for the same."""


@pytest.mark.parametrize(
    "api", ["openai", "azure_openai", "anthropic", "gemini", "vertex", "ollama", "mistral", "cohere"]
)
def test_each_api_has_the_same_variable(api: str, render: Render, example: Path) -> None:
    provider = {"name": "mine", "api": api, "host": "llm.example"}
    spec = render({"firebreak": {"providers": [provider]}}, chart=example).pod()
    assert chart.environment(chart.container(spec, "app")) == values((Destination("mine", api, "/mine"),))


@pytest.mark.parametrize("known", KNOWN_PROVIDERS, ids=lambda known: known.name)
def test_a_name_stands_for_the_same_destination(known: ProviderOption, render: Render, example: Path) -> None:
    spec = render({"firebreak": {"providers": [known.name]}}, chart=example).pod()
    (given,) = json.loads(chart.environment(chart.container(spec, "firebreak-engine"))["FIREBREAK_PROVIDERS"])
    assert given == {"name": known.name, "api": known.api, "host": known.host}


@pytest.fixture(params=ALIKE)
def both(request: pytest.FixtureRequest, render: Render, example: Path) -> tuple[chart.Manifest, InjectOptions]:
    values, wanted = ALIKE[request.param]
    return render({"firebreak": values}, chart=example).pod(), options(**wanted)


def test_the_containers_are_the_same(both: tuple[chart.Manifest, InjectOptions]) -> None:
    spec, wanted = both
    ours = {it["name"]: it for it in sidecar.first(wanted)}
    assert [it["name"] for it in spec["initContainers"]] == list(ours)
    for name, container in ours.items():
        assert bare(chart.container(spec, name)) == bare(container)


def test_the_volumes_are_the_same(both: tuple[chart.Manifest, InjectOptions]) -> None:
    spec, wanted = both
    theirs, ours = bare(spec["volumes"]), bare(sidecar.volumes(wanted))
    for volumes in (theirs, ours):
        volumes[sidecar.POLICY]["configMap"].pop("name")
    assert theirs == ours
