"""Where the engine's encoders are mounted from, and what they take (docs/encoder.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from firebreak.kube.quantities import CPU, memory_bytes
from firebreak.model.errors import BadConfig

SOURCES = (
    *("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "ephemeral", "fc", "flexVolume"),
    *("gcePersistentDisk", "glusterfs", "hostPath", "image", "iscsi", "nfs", "persistentVolumeClaim"),
    *("portworxVolume", "rbd", "vsphereVolume"),
)
"""Volumes of a pod that something as large as an encoder can lie in before the pod starts."""

IMAGE, CLAIM = "image", "persistentVolumeClaim"
IMAGE_SINCE = (1, 33)
"""The first Kubernetes whose volumes may be images in beta: behind the gate ImageVolume, which is on from 1.35."""

CPU_MORE, MEMORY_MORE = "200m", "256Mi"
"""What the engine gets on top: each encoder of 24 MB takes about 80 MB of memory, and there are up to three."""
LEAST_MEMORY = 64 * 1024 * 1024
BUDGET_MS, CHECK_TIMEOUT_MS = 400, 1000
"""The engine's own defaults: how long an encoder may take, and when Envoy gives up on the engine."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_PATH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_FORM = "write the name of a claim, or a volume as a pod has it: {nfs: {server: s, path: /encoders}}"


@dataclass(frozen=True, slots=True)
class Encoder:
    """`source` is a pod's volume without its name; empty: there is no encoder, and the rest does not count.

    `path` is where in the volume the encoders are; empty: at its top. `cpu` and `memory` come on top of what the engine
    has without them.
    """

    source: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    cpu: str = CPU_MORE
    memory: str = MEMORY_MORE
    budget_ms: int = BUDGET_MS

    def __post_init__(self) -> None:
        if self.source:
            _check_source(self.source)
        if self.path and (len(self.path) > 253 or not _PATH.fullmatch(self.path)):
            raise BadConfig("encoder path", "it is no path below the volume's top", "write for example encoders/en")
        if not CPU.fullmatch(self.cpu):
            raise BadConfig("encoder cpu", "the quantity cannot be read", "write for example 200m")
        if memory_bytes("encoder memory", self.memory) < LEAST_MEMORY:
            raise BadConfig("encoder memory", "no encoder runs in less than 64Mi", "write for example 256Mi")
        if not 1 <= self.budget_ms < CHECK_TIMEOUT_MS:
            problem = f"Envoy refuses what takes {CHECK_TIMEOUT_MS} ms, so the budget must be under it"
            raise BadConfig("encoder budget", problem, f"write for example {BUDGET_MS}")

    def from_claim(self, place: str, text: str) -> "Encoder":
        """The same from `claim` or `claim/path` of the pod's namespace; empty is none. Raises `BadConfig`."""
        name, slash, path = text.partition("/")
        if not text:
            return replace(self, source={}, path="")
        if len(name) > 253 or not _NAME.fullmatch(name):
            raise BadConfig(place, "it does not begin with the name of a claim", "write `claim` or `claim/path`")
        if slash and (len(path) > 253 or not _PATH.fullmatch(path)):
            raise BadConfig(place, "what follows the slash is no path in the claim", "write for example claim/encoders")
        return replace(self, source={CLAIM: {"claimName": name, "readOnly": True}}, path=path)

    def refuse_below(self, kubernetes: tuple[int, int]) -> None:
        """Raises `BadConfig` where the cluster would take the volume away in silence."""
        if IMAGE in self.source and kubernetes < IMAGE_SINCE:
            raise BadConfig("encoder volume", "a volume that is an image needs Kubernetes 1.33", "use a claim")


def _check_source(source: Mapping[str, Any]) -> None:
    if len(source) != 1:
        raise BadConfig("encoder volume", f"it has {len(source)} sources, and a volume has one", _FORM)
    ((kind, said),) = source.items()
    if kind not in SOURCES:
        raise BadConfig("encoder volume", f"no volume of the kind {kind[:64]!r} can hold encoders", _FORM)
    if not isinstance(said, Mapping):
        raise BadConfig("encoder volume", f"what {kind} says is not a mapping", _FORM)
