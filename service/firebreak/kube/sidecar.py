"""The containers and volumes that make a pod's sidecar. One contract with the chart and the image."""

from typing import Any

from firebreak.kube.options import InjectOptions, memory_bytes

USER = 1337
"""Uid and gid of the engine and of Envoy: the unix socket between them belongs to its owner only."""

CONFIG, ENGINE, ENVOY = CONTAINERS = ("firebreak-config", "firebreak-engine", "firebreak-envoy")
RUN, POLICY, AUDIT = VOLUMES = ("firebreak-run", "firebreak-policy", "firebreak-audit")
PROXY_PORT, HTTP_PORT, READY_PORT = PORTS = (15080, 15081, 15082)
PORT_NAMES = ("fb-metrics", "fb-ready")

RUN_PATH, POLICY_PATH, AUDIT_PATH = "/run/firebreak", "/etc/firebreak/policy", "/var/lib/firebreak"
ENVOY_CONFIG = f"{RUN_PATH}/envoy.yaml"
AUDIT_SIZE, AUDIT_FILES = "1Gi", "8"
"""Files of 64 MiB, which the service deletes in time: a volume that is full evicts its pod."""
ENVOY_HEAP_SHARE = (8, 10)
"""Envoy begins to shed load at this share of its container's limit."""

_FIELDS = (
    ("FIREBREAK_POD_NAME", "metadata.name"),
    ("FIREBREAK_POD_NAMESPACE", "metadata.namespace"),
    ("FIREBREAK_SERVICE_ACCOUNT", "spec.serviceAccountName"),
)


def volumes(options: InjectOptions) -> list[dict[str, Any]]:
    return [
        {"name": RUN, "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}},
        {"name": POLICY, "configMap": {"name": options.policy}},
        {"name": AUDIT, "emptyDir": {"sizeLimit": AUDIT_SIZE}},
    ]


def setup(options: InjectOptions) -> dict[str, Any]:
    """The init container that writes Envoy's configuration, from the options that the engine gets."""
    return {
        "name": CONFIG,
        "image": options.image,
        "args": ["envoy", "--output", ENVOY_CONFIG],
        "env": environment(options),
        "resources": options.engine.manifest(),
        "securityContext": _security(),
        "volumeMounts": [{"name": RUN, "mountPath": RUN_PATH}],
    }


def sidecars(options: InjectOptions) -> list[dict[str, Any]]:
    """The engine and Envoy, in the order in which they must start."""
    both = [_engine(options), _envoy(options)]
    return [{**container, "restartPolicy": "Always"} for container in both] if options.native else both


def environment(options: InjectOptions) -> list[dict[str, Any]]:
    heap = memory_bytes("memory-limit", options.envoy.memory_limit) * ENVOY_HEAP_SHARE[0] // ENVOY_HEAP_SHARE[1]
    values = {
        "FIREBREAK_POLICY_DIR": POLICY_PATH,
        "FIREBREAK_AUDIT_DIR": f"{AUDIT_PATH}/audit",
        "FIREBREAK_AUDIT_KEEP_FILES": AUDIT_FILES,
        "FIREBREAK_LISTEN": f"unix:{RUN_PATH}/engine.sock",
        "FIREBREAK_HTTP_LISTEN": f"0.0.0.0:{HTTP_PORT}",
        "FIREBREAK_ENVOY_ADMIN": f"{RUN_PATH}/admin.sock",
        "FIREBREAK_ENVOY_LISTEN": f"127.0.0.1:{PROXY_PORT}",
        "FIREBREAK_ENVOY_STATUS_LISTEN": f"0.0.0.0:{READY_PORT}",
        "FIREBREAK_ENVOY_MEMORY_BYTES": str(heap),
        "FIREBREAK_PROVIDERS": options.providers,
        "FIREBREAK_LOG_LEVEL": options.log_level,
    }
    return [
        *({"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in _FIELDS),
        *({"name": name, "value": literal(value)} for name, value in values.items()),
    ]


def literal(value: str) -> str:
    """The value as the container sees it: Kubernetes would take `$(NAME)` for a variable."""
    return value.replace("$", "$$")


def _engine(options: InjectOptions) -> dict[str, Any]:
    return {
        "name": ENGINE,
        "image": options.image,
        "args": ["serve"],
        "env": environment(options),
        "ports": [{"name": "fb-metrics", "containerPort": HTTP_PORT, "protocol": "TCP"}],
        "startupProbe": _probe("/readyz", HTTP_PORT, every_s=1, timeout_s=1, failures=60),
        "readinessProbe": _probe("/readyz", HTTP_PORT, every_s=5, timeout_s=2, failures=3),
        "livenessProbe": _probe("/healthz", HTTP_PORT, every_s=10, timeout_s=5, failures=6),
        "resources": options.engine.manifest(),
        "securityContext": _security(),
        "volumeMounts": [
            {"name": RUN, "mountPath": RUN_PATH},
            {"name": POLICY, "mountPath": POLICY_PATH, "readOnly": True},
            {"name": AUDIT, "mountPath": AUDIT_PATH},
        ],
    }


def _envoy(options: InjectOptions) -> dict[str, Any]:
    """Its proxy port is on loopback, so it is none of the pod's ports."""
    return {
        "name": ENVOY,
        "image": options.envoy_image,
        "args": [
            *("-c", ENVOY_CONFIG),
            *("--concurrency", "1"),
            "--disable-hot-restart",
            *("--log-level", "warning"),
            *("--drain-time-s", "5"),
        ],
        "ports": [{"name": "fb-ready", "containerPort": READY_PORT, "protocol": "TCP"}],
        "startupProbe": _probe("/ready", READY_PORT, every_s=1, timeout_s=1, failures=60),
        "readinessProbe": _probe("/ready", READY_PORT, every_s=5, timeout_s=2, failures=3),
        "resources": options.envoy.manifest(),
        "securityContext": _security(),
        "volumeMounts": [{"name": RUN, "mountPath": RUN_PATH}],
    }


def _probe(path: str, port: int, *, every_s: int, timeout_s: int, failures: int) -> dict[str, Any]:
    return {
        "httpGet": {"path": path, "port": port},
        "periodSeconds": every_s,
        "timeoutSeconds": timeout_s,
        "failureThreshold": failures,
    }


def _security() -> dict[str, Any]:
    """What the restricted Pod Security Standard asks for, and a root that cannot be written."""
    return {
        "runAsUser": USER,
        "runAsGroup": USER,
        "runAsNonRoot": True,
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
    }
