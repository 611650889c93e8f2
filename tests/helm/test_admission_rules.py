"""The expressions that the API server is given, evaluated: which pods ask the webhook, and which are denied."""

import json
import subprocess
from typing import Any

import pytest
from tests.helm import chart
from tests.helm.conftest import Render
from tests.helm.install import CEL, PYTHON

SIDECAR = [{"name": "firebreak-config"}, {"name": "firebreak-engine"}, {"name": "firebreak-envoy"}]
IN, OUT = {"firebreak.dev/inject": "true"}, {"firebreak.dev/inject": "false"}


def pod(annotations: dict[str, str] | None = None, *, init: Any = None, more: Any = ()) -> dict[str, Any]:
    metadata = {"annotations": annotations} if annotations is not None else {}
    spec = {"containers": [{"name": "app"}, *more]} | ({"initContainers": init} if init else {})
    return {"metadata": metadata, "spec": spec}


def namespace(labels: dict[str, str] | None = None) -> dict[str, Any]:
    return {"metadata": {"name": "shop"} | ({"labels": labels} if labels is not None else {})}


def values(policy: chart.Manifest | None, expression: str, cases: list[dict[str, Any]]) -> list[bool]:
    if not CEL.exists():
        pytest.skip("no cel-python: run `python -m tests.helm.install`")
    variables = policy["spec"]["variables"] if policy else []
    asked = [{"variables": variables, "expression": expression, "values": case} for case in cases]
    command = [str(PYTHON), str(chart.ROOT / "tests" / "helm" / "cel.py")]
    result = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    found: list[bool] = json.loads(result.stdout)
    return found


def test_a_pod_asks_by_any_annotation_of_ours_even_a_misspelt_one(render: Render) -> None:
    webhook = render(mode="injector").one("MutatingWebhookConfiguration")["webhooks"][1]
    (condition,) = webhook["matchConditions"]
    marks: list[dict[str, str] | None] = [None, {}, {"team": "shop"}, IN, {"firebreak.dev/injct": "true"}]
    found = values(None, condition["expression"], [{"object": pod(it)} for it in marks])
    assert found == [False, False, False, True, True]


LABELLED, ODD, UNLABELLED = (
    namespace({"firebreak.dev/inject": "enabled"}),
    namespace({"firebreak.dev/inject": "yes"}),
    namespace(),
)
NATIVE = pod(init=SIDECAR)
ORDINARY = pod(init=SIDECAR[:1], more=SIDECAR[1:])
FATES = [
    (LABELLED, pod(), False),
    (LABELLED, pod({"team": "shop"}), False),
    (LABELLED, pod(OUT), True),
    (LABELLED, NATIVE, True),
    (LABELLED, ORDINARY, True),
    (LABELLED, pod(init=SIDECAR[:2]), False),
    (LABELLED, pod(init=[{"name": "migrate"}]), False),
    (ODD, pod(), False),
    (UNLABELLED, pod(), True),
    (namespace({"team": "shop"}), pod(), True),
    (UNLABELLED, pod(IN), False),
    (UNLABELLED, pod({"firebreak.dev/inject": "yes"}), False),
    (UNLABELLED, pod(IN, init=SIDECAR), True),
]
"""A namespace, a pod as it comes out of all webhooks, and whether it may be made."""


def test_a_pod_that_asks_and_has_no_sidecar_is_denied(render: Render) -> None:
    policy = render(mode="injector").one("ValidatingAdmissionPolicy")
    (validation,) = policy["spec"]["validations"]
    cases = [{"namespaceObject": space, "object": it} for space, it, _ in FATES]
    assert values(policy, validation["expression"], cases) == [allowed for *_, allowed in FATES]


@pytest.mark.parametrize("action", ["Deny", "Warn", "Audit"])
def test_what_happens_then_is_a_value(action: str, render: Render) -> None:
    rendered = render({"injector": {"withoutSidecar": action}}, mode="injector")
    binding = rendered.one("ValidatingAdmissionPolicyBinding")["spec"]
    policy = rendered.one("ValidatingAdmissionPolicy")
    assert binding == {"policyName": policy["metadata"]["name"], "validationActions": [action]}
    assert "Policy" not in "".join(it for it in render({"injector": {"withoutSidecar": "Off"}}, mode="injector").kinds() if it.startswith("Validating"))  # fmt: skip
