"""What the chart does not take, and the sentence it says instead."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from tests.helm import chart
from tests.helm.cases import FROM_IMAGE, POLICY
from tests.helm.conftest import Render

from firebreak.settings import KNOWN_PROVIDERS, Settings, load

SCHEMA = json.loads((chart.CHART / "values.schema.json").read_text(encoding="utf-8"))
VALUES = yaml.safe_load((chart.CHART / "values.yaml").read_text(encoding="utf-8"))
SETTINGS = load({})
SET_BY_THE_CHART = {
    *("policy_dir", "policy_file", "audit_dir", "listen", "http_listen", "providers", "judge_key_file", "ca_file"),
    "encoder_dir",
    *("pod_name", "pod_namespace", "pod_uid", "service_account", "kubernetes_events", "kubernetes_dir"),
    "credentials_dir",
    *("egress_listen", "egress_allow", "egress_networks", "egress_refuse", "gateway_tls_dir", "caller_token_header"),
    *("envoy_listen", "envoy_status_listen", "envoy_admin", "envoy_access_log"),
}


def provider(**changes: Any) -> dict[str, Any]:
    return {"name": "llm", "api": "openai", "host": "llm.ai", **changes}


CONTRADICTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "two policies": (
        {"policy": {"inline": POLICY, "existingConfigMap": "mine"}},
        "policy.inline and policy.existingConfigMap are both set, and only one can be in force: keep one of them.",
    ),
    "a file without its ConfigMap": (
        {"policy": {"file": "a.yaml"}},
        "policy.file names a key of policy.existingConfigMap, which is not set",
    ),
    "a policy that is none": ({"policy": {"inline": "hello"}}, "policy.inline is not a policy in YAML"),
    "a policy that is not YAML": ({"policy": {"inline": "policy: {"}}, "policy.inline is not a policy in YAML"),
    "two destinations of one name": (
        {"providers": ["openai", provider(name="openai")]},
        'Two providers are called "openai": give each its own name.',
    ),
    "two destinations at one prefix": (
        {"providers": ["openai", provider(prefix="/openai")]},
        'Two providers have the prefix "/openai": give each its own.',
    ),
    "a destination in the gateway's own pod": (
        {"providers": [provider(host="127.0.0.1", tls=False)]},
        'Provider "llm" is at 127.0.0.1, but nothing else runs in the gateway\'s pod',
    ),
    "a bundle that is not mounted": (
        {"providers": [provider(ca_file="/etc/firebreak/ca/ca.crt")]},
        'Provider "llm" wants /etc/firebreak/ca/ca.crt, but no bundle is mounted there: set caBundle.configMap.name.',
    ),
    "more workers than memory": (
        {"options": {"workers": 4}, "audit": {"sizeLimit": "4Gi"}},
        "engine.resources.limits.memory is 384Mi, too little for 4 workers: give at least 640Mi",
    ),
    "an Envoy that is killed before it sheds": (
        {"options": {"envoy_memory_bytes": 335544320}},
        "options.envoy_memory_bytes is 335544320, not below envoy.resources.limits.memory (320Mi)",
    ),
    "records that fill the volume": (
        {"options": {"audit_keep_files": 0}},
        "options.audit_keep_files is 0, which keeps all, on a volume of 1Gi",
    ),
    "more records than the volume holds": (
        {"options": {"audit_keep_files": 16}},
        "The audit log may grow to 1140850688 bytes, more than audit.sizeLimit (1Gi)",
    ),
    "a variable set twice": (
        {
            "engine": {
                "extraEnv": [{"name": "FIREBREAK_LISTEN", "secretKeyRef": {"name": "a", "key": "b"}}],
            }
        },
        "engine.extraEnv sets FIREBREAK_LISTEN, which is set already",
    ),
    "fewest above most": (
        {"gateway": {"autoscaling": {"minReplicas": 9}}},
        "gateway.autoscaling.minReplicas is larger than maxReplicas: swap them.",
    ),
    "one node's claim for several": (
        {"audit": {"persistence": {"enabled": True, "accessMode": "ReadWriteOnce"}}},
        "audit.persistence.accessMode is ReadWriteOnce, but there may be 6 pods on several nodes",
    ),
    "limits that limit nothing": (
        {"gateway": {"networkPolicy": {"enabled": False, "allowedNamespaces": ["shop"]}}},
        "gateway.networkPolicy.enabled is false, so allowedNamespaces and extraEgress limit nothing",
    ),
    "no account": (
        {"gateway": {"serviceAccount": {"create": False}}},
        "gateway.serviceAccount.create is false and no name is given",
    ),
    "a label of the chart's": (
        {"gateway": {"podLabels": {"app.kubernetes.io/name": "mine"}}},
        "gateway.podLabels sets app.kubernetes.io/name, by which the chart finds its pods",
    ),
    "namespaces without an injector": (
        {"policy": {"namespaces": ["shop"]}},
        "policy.namespaces is for the injector, whose pods are in many namespaces",
    ),
    "a sidecar's values for the gateway": (
        {"sidecar": {"events": True}},
        "sidecar and eventsRole are for sidecars, and the mode is gateway",
    ),
    "hosts that nothing shuts": (
        {"mode": "library", "sidecar": {"egress": {"allow": ["pypi.org"]}}},
        "sidecar.egress.allow names hosts that stay open, but sidecar.egress.lock is false",
    ),
    "networks that nothing shuts": (
        {"mode": "library", "sidecar": {"egress": {"networks": []}}},
        "sidecar.egress.networks and sidecar.egress.refuse say where a locked pod may go, but sidecar.egress.lock is false",
    ),
    "rights for nobody": (
        {"mode": "injector", "eventsRole": {"create": True}},
        "eventsRole.create is true, but eventsRole.namespaces is empty",
    ),
    "one policy for all that are injected": (
        {"mode": "injector", "policy": {"existingConfigMap": "mine"}},
        "an injected pod takes the ConfigMap of its own namespace that injector.policyConfigMap names",
    ),
    "a policy for no namespace": (
        {"mode": "injector", "policy": {"inline": POLICY}},
        "policy.inline is set, but policy.namespaces is empty",
    ),
    "a policy twice in a namespace": (
        {"mode": "injector", "policy": {"namespaces": ["shop", {"name": "shop", "inline": POLICY}]}},
        'policy.namespaces names "shop" twice',
    ),
    "a policy where nothing is injected": (
        {"mode": "injector", "policy": {"namespaces": ["llm"]}},
        'policy.namespaces names "llm", where the webhook leaves all pods alone',
    ),
    "an option that reaches nobody": (
        {"mode": "injector", "options": {"workers": 2}},
        "options.workers does not reach injected pods: see docs/inject.md",
    ),
    "a size that reaches nobody": (
        {"mode": "injector", "engine": {"resources": {"limits": {"memory": "1Gi"}}}},
        "engine.resources does not reach injected pods",
    ),
    "variables that reach nobody": (
        {"mode": "injector", "sidecar": {"containers": ["app"]}},
        "engine.extraEnv and sidecar.containers do not reach injected pods",
    ),
    "records of injected pods on a claim": (
        {"mode": "injector", "audit": {"persistence": {"enabled": True}}},
        "audit.persistence is the gateway's",
    ),
    "an injector without an account": (
        {"mode": "injector", "injector": {"serviceAccount": {"create": False}}},
        "injector.serviceAccount.create is false and no name is given",
    ),
    "a label of the injector's": (
        {"mode": "injector", "injector": {"podLabels": {"app.kubernetes.io/name": "mine"}}},
        "injector.podLabels sets app.kubernetes.io/name",
    ),
    "an issuer that nobody makes": (
        {"mode": "injector", "injector": {"certificates": {"issuer": {"kind": "ClusterIssuer"}}}},
        "injector.certificates.issuer.kind is ClusterIssuer, but no name is given",
    ),
    "encoders in two places": (
        {"encoder": {"claim": "encoders", "volume": {"nfs": {"server": "s", "path": "/"}}}},
        "The encoders cannot be in several volumes, which encoder.claim and encoder.volume.nfs say: keep one of them.",
    ),
    "encoders where nothing can be": (
        {"encoder": {"volume": {"emptyDir": {}}}},
        "encoder.volume says emptyDir, and no volume of that kind can hold encoders: write one of awsElasticBlockStore,",
    ),
    "encoders in an image that the cluster does not mount": (
        {**FROM_IMAGE, "kubeVersion": "1.32.9"},
        "encoder.image.reference is a volume from an image, which needs Kubernetes 1.33, and this is 1.32.9: use",
    ),
    "the same by its own name": (
        {"encoder": {"volume": {"image": {"reference": "e:1"}}}, "kubeVersion": "1.32.9"},
        "encoder.volume.image is a volume from an image, which needs Kubernetes 1.33",
    ),
    "a path in no volume": (
        {"encoder": {"path": "en"}},
        "encoder.path says where in a volume the encoders are, but there is none: set encoder.claim,",
    ),
    "an option of no encoder": (
        {"options": {"encoder_budget_ms": 300}},
        "options.encoder_budget_ms is set, but there is no encoder: set encoder.claim,",
    ),
    "a budget that Envoy does not wait for": (
        {"encoder": {"claim": "encoders"}, "options": {"check_timeout_ms": SETTINGS.encoder_budget_ms}},
        "options.encoder_budget_ms is 400, not below options.check_timeout_ms (400), at which Envoy refuses",
    ),
    "a budget that Envoy does not wait for by default": (
        {"encoder": {"claim": "encoders"}, "options": {"encoder_budget_ms": SETTINGS.check_timeout_ms}},
        "options.encoder_budget_ms is 1000, not below options.check_timeout_ms (1000), at which Envoy refuses",
    ),
    "too little for any encoder": (
        {"encoder": {"claim": "encoders", "resources": {"memory": "32Mi"}}},
        "encoder.resources.memory is 32Mi, and no encoder runs in less than 64Mi",
    ),
    "an encoder's option that reaches nobody": (
        {"mode": "injector", "encoder": {"claim": "encoders"}, "options": {"encoder_threads": 2}},
        "options.encoder_threads does not reach injected pods",
    ),
    "a claim for sidecars": (
        {"mode": "library", "audit": {"persistence": {"enabled": True}}},
        "audit.persistence is the gateway's",
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_contradiction_ends_rendering_with_a_sentence_that_says_the_mend(name: str, render: Render) -> None:
    values, sentence = CONTRADICTIONS[name]
    with pytest.raises(chart.Refused) as caught:
        render(values)
    assert sentence in str(caught.value)


def objects(schema: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every mapping that the schema describes by its keys, with the way to it."""
    if "properties" in schema:
        yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from objects(inner, (*path, name))


def leaves(values: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(values, dict) and values:
        for name, inner in values.items():
            yield from leaves(inner, (*path, name))
    else:
        yield path


def at(path: tuple[str, ...], value: Any) -> Any:
    for name in reversed(path):
        value = {name: value}
    return value


@pytest.mark.parametrize("path", [path for path, _ in objects(SCHEMA)], ids=lambda path: ".".join(path) or "top")
def test_an_unknown_value_is_refused(path: tuple[str, ...], render: Render) -> None:
    with pytest.raises(chart.Refused, match="Additional property nonsense is not allowed"):
        render(at((*path, "nonsense"), 1))


@pytest.mark.parametrize("path", list(leaves(VALUES)), ids=".".join)
def test_a_value_of_a_wrong_type_is_refused(path: tuple[str, ...], render: Render) -> None:
    with pytest.raises(chart.Refused, match="values don't meet the specifications of the schema"):
        render(at(path, 1.5))


@pytest.mark.parametrize(
    "values",
    [
        {"providers": []},
        {"providers": ["teapot"]},
        {"providers": [provider(api="teapot")]},
        {"providers": [provider(nonsense=1)]},
        {"providers": [{"name": "llm"}]},
        {"image": {"digest": "sha256:short"}},
        {"imagePullSecrets": [{"name": "registry"}]},
        {"engine": {"extraEnv": [{"name": "KEY", "value": "literal"}]}},
        {"engine": {"extraEnv": [{"name": "KEY"}]}},
        {"engine": {"resources": {"limits": None}}},
        {"options": {"workers": 0}},
        {"options": {"log_level": "loud"}},
        {"options": {"policy_dir": "/elsewhere"}},
        {"options": {"otlp_endpoint": "$(HOME)"}},
        {"gateway": {"tolerations": [{"nonsense": 1}]}},
        {"gateway": {"drainSeconds": 5}},
        {"mode": "sidecar"},
        {"policy": {"namespaces": [{"name": "shop"}]}},
        {"injector": {"withoutSidecar": "Ignore"}},
        {"injector": {"certificates": {"source": "vault"}}},
        {"sidecar": {"egress": {"allow": ["https://api.openai.com"]}}},
        {"sidecar": {"egress": {"networks": ["db.internal"]}}},
        {"sidecar": {"egress": {"refuse": ["10.0.0.0/8,10.1.0.0/16"]}}},
        {"encoder": {"claim": "No Name"}},
        {"encoder": {"path": "up/../and/away"}},
        {"encoder": {"path": "/etc"}},
        {"encoder": {"volume": {"nfs": "nas:/encoders"}}},
        {"encoder": {"image": {"reference": "two words"}}},
        {"encoder": {"resources": {"memory": "lots"}}},
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_refused(values: dict[str, Any], render: Render) -> None:
    with pytest.raises(chart.Refused, match="values don't meet the specifications of the schema"):
        render(values)


def test_every_mapping_in_the_schema_is_closed() -> None:
    def closed(schema: Any) -> Iterator[bool]:
        if isinstance(schema, dict):
            if "properties" in schema:
                yield schema.get("additionalProperties") is False
            for inner in schema.values():
                yield from closed(inner)
        elif isinstance(schema, list):
            for inner in schema:
                yield from closed(inner)

    assert all(closed(SCHEMA))


def test_every_value_has_its_schema_and_its_default() -> None:
    described = {path for path, schema in objects(SCHEMA) if path[:1] != ("options",)}
    wanted = {
        (*path, name) for path, schema in objects(SCHEMA) if path in described for name in schema["properties"]
    } - {("global",)}

    def present(path: tuple[str, ...]) -> bool:
        values = VALUES
        for name in path:
            if name not in values:
                return bool({"resources", "affinity"} & set(path))  # what stands in them is the user's to choose
            values = values[name]
        return True

    assert [path for path in wanted if not present(path)] == []


def test_the_chart_offers_every_option_that_it_does_not_set_itself() -> None:
    offered = set(SCHEMA["properties"]["options"]["properties"])
    assert offered == set(Settings.model_fields) - SET_BY_THE_CHART


def test_the_options_have_the_programs_own_bounds() -> None:
    real = Settings.model_json_schema()["properties"]
    for name, schema in SCHEMA["properties"]["options"]["properties"].items():
        for bound in ("minimum", "maximum", "exclusiveMinimum", "enum"):
            assert schema.get(bound) == real[name].get(bound), name


def test_built_in_destinations_are_the_programs_own(render: Render) -> None:
    names = [known.name for known in KNOWN_PROVIDERS]
    spec = render({"providers": names}).pod()
    rendered = json.loads(chart.environment(chart.container(spec, "firebreak-engine"))["FIREBREAK_PROVIDERS"])
    assert rendered == [known.model_dump(include={"name", "api", "host"}) for known in KNOWN_PROVIDERS]
