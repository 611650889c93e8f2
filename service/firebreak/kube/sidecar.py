"""The containers and volumes that make a pod's sidecar. One contract with the chart and the image."""

from typing import Any

from firebreak.kube.encoder import BUDGET_MS
from firebreak.kube.options import SLEEP_SINCE, InjectOptions
from firebreak.kube.quantities import memory_bytes

USER = 1337
"""Uid and gid of the engine and of Envoy: the unix socket between them belongs to its owner only."""

CONFIG, ENGINE, ENVOY = CONTAINERS = ("firebreak-config", "firebreak-engine", "firebreak-envoy")
LOCK = "firebreak-lock"
RUN, POLICY, AUDIT, NO_TOKEN = VOLUMES = ("firebreak-run", "firebreak-policy", "firebreak-audit", "firebreak-no-token")
JUDGE, CA, CREDENTIALS, TOKEN, ENCODER = CHOSEN_VOLUMES = (
    "firebreak-judge",
    "firebreak-ca",
    "firebreak-credentials",
    "firebreak-token",
    "firebreak-encoder",
)
"""Volumes that a pod has only where it asks for what is in them. Their names are the sidecar's in any case."""
PROXY_PORT, HTTP_PORT, READY_PORT = PORTS = (15080, 15081, 15082)
EGRESS_PORT = 15083
"""On loopback, where egress is locked: what the app sends elsewhere arrives here."""
PORT_NAMES = ("fb-metrics", "fb-ready")

RUN_PATH, POLICY_PATH, AUDIT_PATH = "/run/firebreak", "/etc/firebreak/policy", "/var/lib/firebreak"
JUDGE_PATH, CA_PATH, CREDENTIALS_PATH = "/etc/firebreak/judge", "/etc/firebreak/ca", "/etc/firebreak/credentials"
ENCODER_PATH = "/etc/firebreak/encoder"
TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105 - where Kubernetes' clients look for it
TOKEN_SECONDS = 3607  # what Kubernetes gives its own; the kubelet replaces it well before
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
_UID = ("FIREBREAK_POD_UID", "metadata.uid")

GRACE_S = 30  # Kubernetes' default for a pod that stops
_LEAST_SLEEP_S, _MOST_SLEEP_S, _LAST_SECONDS_S = 5, 25, 5


def volumes(options: InjectOptions) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": RUN, "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}},
        {"name": POLICY, "configMap": {"name": options.policy}},
        {"name": AUDIT, "emptyDir": {"sizeLimit": AUDIT_SIZE}},
        {"name": NO_TOKEN, "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
    ]
    if options.judge_secret:
        only = [{"key": options.judge_secret.key, "path": options.judge_secret.key}]
        found.append({"name": JUDGE, "secret": {"secretName": options.judge_secret.name, "items": only}})
    if options.ca_bundle:
        found.append({"name": CA, "configMap": {"name": options.ca_bundle.name}})
    if options.credentials:
        found.append({"name": CREDENTIALS, "secret": {"secretName": options.credentials}})
    if options.events:
        found.append({"name": TOKEN, "projected": {"sources": _account()}})
    if options.encoder.source:
        found.append({"name": ENCODER, **options.encoder.source})
    return found


def _account() -> list[dict[str, Any]]:
    """What Kubernetes mounts for a service account, for the engine alone."""
    namespace = {"path": "namespace", "fieldRef": {"fieldPath": "metadata.namespace"}}
    return [
        {"serviceAccountToken": {"path": "token", "expirationSeconds": TOKEN_SECONDS}},
        {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
        {"downwardAPI": {"items": [namespace]}},
    ]


def first(options: InjectOptions) -> list[dict[str, Any]]:
    """The init containers that come before the pod's own: the lock, the configuration, and what stays of them."""
    lock = [_lock(options)] if options.locked else []
    return [*lock, setup(options), *(sidecars(options) if options.native else ())]


def _lock(options: InjectOptions) -> dict[str, Any]:
    """Shuts the pod's other ways out and ends. Nothing else in the pod may do so: only root with NET_ADMIN can."""
    security = _security() | {"runAsUser": 0, "runAsGroup": 0, "runAsNonRoot": False}
    security["capabilities"] = {"drop": ["ALL"], "add": ["NET_ADMIN"]}
    return {
        "name": LOCK,
        "image": options.image,
        "args": ["lock"],
        "env": environment(options),
        "resources": options.engine.manifest(),
        "securityContext": security,
        "volumeMounts": [_no_token()],
    }


def setup(options: InjectOptions) -> dict[str, Any]:
    """The init container that writes Envoy's configuration, from the options that the engine gets."""
    return {
        "name": CONFIG,
        "image": options.image,
        "args": ["envoy", "--output", ENVOY_CONFIG],
        "env": environment(options),
        "resources": options.engine.manifest(),
        "securityContext": _security(),
        "volumeMounts": [{"name": RUN, "mountPath": RUN_PATH}, _no_token()],
    }


def sidecars(options: InjectOptions, grace_s: int = GRACE_S) -> list[dict[str, Any]]:
    """The engine and Envoy, in the order in which they must start. `grace_s` is what the pod has when it stops."""
    both = [_engine(options), _envoy(options)]
    if options.native:
        return [{**container, "restartPolicy": "Always"} for container in both]
    return [{**container, **_outlasting(options, grace_s)} for container in both]


def _outlasting(options: InjectOptions, grace_s: int) -> dict[str, Any]:
    """As ordinary containers they are stopped with the app, whose calls in flight are to end first."""
    seconds = min(grace_s - _LAST_SECONDS_S, _MOST_SLEEP_S)
    if options.kubernetes < SLEEP_SINCE or seconds < _LEAST_SLEEP_S:
        return {}
    return {"lifecycle": {"preStop": {"sleep": {"seconds": seconds}}}}


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
        **_chosen(options),
    }
    fields = (*_FIELDS, *((_UID,) if options.events else ()))
    return [
        *({"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in fields),
        *({"name": name, "value": literal(value)} for name, value in values.items()),
    ]


def _chosen(options: InjectOptions) -> dict[str, str]:
    """The engine's options for what only some pods ask for."""
    found = {}
    if options.judge_secret:
        found["FIREBREAK_JUDGE_KEY_FILE"] = f"{JUDGE_PATH}/{options.judge_secret.key}"
    if options.ca_bundle:
        found["FIREBREAK_CA_FILE"] = f"{CA_PATH}/{options.ca_bundle.key}"
    if options.credentials:
        found["FIREBREAK_CREDENTIALS_DIR"] = CREDENTIALS_PATH
    if options.locked:
        found["FIREBREAK_EGRESS_LISTEN"] = f"127.0.0.1:{EGRESS_PORT}"
        found |= options.egress_values()
    if options.events:
        found["FIREBREAK_KUBERNETES_EVENTS"] = "true"
    if options.encoder.source:
        found["FIREBREAK_ENCODER_DIR"] = f"{ENCODER_PATH}/{options.encoder.path}".removesuffix("/")
        if options.encoder.budget_ms != BUDGET_MS:
            found["FIREBREAK_ENCODER_BUDGET_MS"] = str(options.encoder.budget_ms)
    return found


def literal(value: str) -> str:
    """The value as the container sees it: Kubernetes would take `$(NAME)` for a variable."""
    return value.replace("$", "$$")


def _engine(options: InjectOptions) -> dict[str, Any]:
    """Without a `startupProbe`, so that Envoy starts beside it: Envoy's own waits for both."""
    return {
        "name": ENGINE,
        "image": options.image,
        "args": ["serve"],
        "env": environment(options),
        "ports": [{"name": "fb-metrics", "containerPort": HTTP_PORT, "protocol": "TCP"}],
        "readinessProbe": _probe("/readyz", HTTP_PORT, every_s=5, timeout_s=2, failures=3),
        "livenessProbe": _probe("/healthz", HTTP_PORT, every_s=10, timeout_s=5, failures=6),
        "resources": options.engine.manifest_with(options.encoder),
        "securityContext": _security(),
        "volumeMounts": [
            {"name": RUN, "mountPath": RUN_PATH},
            _read_only(POLICY, POLICY_PATH),
            {"name": AUDIT, "mountPath": AUDIT_PATH},
            *([_read_only(JUDGE, JUDGE_PATH)] if options.judge_secret else ()),
            *([_read_only(ENCODER, ENCODER_PATH)] if options.encoder.source else ()),
            _read_only(TOKEN, TOKEN_PATH) if options.events else _no_token(),
        ],
    }


def _envoy(options: InjectOptions) -> dict[str, Any]:
    """Its proxy port is on loopback, so it is none of the pod's ports. Of the networks that no name of a locked pod may
    lead to, it warns one by one at its start that the message to name them with is work in progress.
    """
    return {
        "name": ENVOY,
        "image": options.envoy_image,
        "args": [
            *("-c", ENVOY_CONFIG),
            *("--concurrency", "1"),
            "--disable-hot-restart",
            *("--log-level", "warning"),
            *(("--component-log-level", "misc:error") if options.locked else ()),
            *("--drain-time-s", "5"),
        ],
        "ports": [{"name": "fb-ready", "containerPort": READY_PORT, "protocol": "TCP"}],
        "startupProbe": _probe("/ready", READY_PORT, every_s=1, timeout_s=1, failures=60),
        "readinessProbe": _probe("/ready", READY_PORT, every_s=5, timeout_s=2, failures=3),
        "resources": options.envoy.manifest(),
        "securityContext": _security(),
        "volumeMounts": [
            {"name": RUN, "mountPath": RUN_PATH},
            *([_read_only(CA, CA_PATH)] if options.ca_bundle else ()),
            _no_token(),
            *([_read_only(CREDENTIALS, CREDENTIALS_PATH)] if options.credentials else ()),
        ],
    }


def _no_token() -> dict[str, Any]:
    """The API server gives every container a token of the pod's service account that has nothing mounted there."""
    return _read_only(NO_TOKEN, TOKEN_PATH)


def _read_only(volume: str, path: str) -> dict[str, Any]:
    return {"name": volume, "mountPath": path, "readOnly": True}


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
