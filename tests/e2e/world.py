"""What is put into the cluster beside the chart: a provider, a workload, a policy."""

import os
from pathlib import Path

from tests.e2e.cluster import Manifest

SYSTEM, SHOP, OTHER, OUTSIDE = "firebreak-e2e-system", "firebreak-e2e-shop", "firebreak-e2e-other", "firebreak-e2e-llm"
LOCKED = "firebreak-e2e-locked"
"""Namespaces: the chart's, one that is opted in, one that is not, the provider's, and one for locked egress."""
OURS = (SYSTEM, SHOP, OTHER, OUTSIDE, LOCKED)
RELEASE = "firebreak-e2e"
OPTED_IN = {"firebreak.dev/inject": "enabled"}

IMAGE = os.environ.get("FIREBREAK_E2E_IMAGE") or "ghcr.io/firebreak/firebreak:0.1.0"
ENVOY_IMAGE = os.environ.get("FIREBREAK_E2E_ENVOY_IMAGE") or "docker.io/envoyproxy/envoy:distroless-v1.40.0"
PULL = os.environ.get("FIREBREAK_E2E_PULL_POLICY") or "IfNotPresent"
"""Names as the nodes pull them, or as they were loaded onto them."""

APP_USER = 10001
PROGRAMS = Path(__file__).with_name("programs")
PROVIDERS = f"[{{name: fake, api: openai, host: provider.{OUTSIDE}.svc.cluster.local, port: 8080, tls: false}}]"
SECRET = "Why does AWS_ACCESS_KEY_ID=AKIAQ3EGRZ5XWY7TNBMK fail?"
HARMLESS = "What is the capital of France?"

POLICY = """\
policy: {{name: e2e, version: "{version}"}}
defaults: {{intent: ALLOW, finding: ALLOW, unavailable: BLOCK}}
rules:
  - id: {rule}
    description: "Keys stay inside"
    match: {{findings: [{{kind: secret}}]}}
    decision: {decision}
"""


def policy(version: str = "1.0", rule: str = "block-secrets", decision: str = "BLOCK") -> str:
    return POLICY.format(version=version, rule=rule, decision=decision)


def namespace(name: str, labels: dict[str, str] | None = None) -> Manifest:
    """`restricted`: what the chart and the injector add must pass the strictest of Kubernetes' own standards, but for
    the container that locks egress.
    """
    set_by_kubernetes = {"kubernetes.io/metadata.name": name}  # since 1.21; an older one must be told
    standard = "privileged" if name == LOCKED else "restricted"
    enforced = {"pod-security.kubernetes.io/enforce": standard, **set_by_kubernetes}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": enforced | (labels or {})}}


def configmap(name: str, namespace: str, data: dict[str, str]) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}, "data": data}


def programs(namespace: str) -> Manifest:
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(PROGRAMS.glob("*.py"))}
    return configmap("programs", namespace, files)


def container(*command: str) -> Manifest:
    return {
        "name": "app",
        "image": IMAGE,
        "imagePullPolicy": PULL,
        "command": ["python3", *command],
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        "volumeMounts": [{"name": "programs", "mountPath": "/programs", "readOnly": True}],
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": APP_USER,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }


def pod_spec(*command: str, **more: object) -> Manifest:
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "containers": [container(*command)],
        "volumes": [{"name": "programs", "configMap": {"name": "programs"}}],
        **more,
    }


IDLE = ("-c", "import signal; signal.signal(signal.SIGTERM, lambda *_: exit(0)); signal.pause()")


def pod(
    name: str, namespace: str, *command: str, annotations: dict[str, str] | None = None, **more: object
) -> Manifest:
    metadata = {"name": name, "namespace": namespace, "annotations": annotations or {}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod_spec(*(command or IDLE), **more)}


def deployment(
    name: str, namespace: str, *command: str, annotations: dict[str, str] | None = None, **more: object
) -> Manifest:
    labels = {"app": name}
    template = {"metadata": {"labels": labels, "annotations": annotations or {}}, "spec": pod_spec(*command, **more)}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    metadata = {"name": name, "namespace": namespace}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def provider() -> list[Manifest]:
    metadata = {"name": "provider", "namespace": OUTSIDE}
    spec = {"selector": {"app": "provider"}, "ports": [{"port": 8080}]}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
    return [programs(OUTSIDE), service, deployment("provider", OUTSIDE, "/programs/provider.py")]
