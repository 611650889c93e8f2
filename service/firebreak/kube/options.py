"""What the injector adds, as frozen values that are checked when they are built."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from firebreak.kube.encoder import Encoder
from firebreak.kube.quantities import CPU, memory_bytes, sum_of_cpu, sum_of_memory
from firebreak.model.errors import BadConfig

DEFAULT_IMAGE = "ghcr.io/firebreak/firebreak"
DEFAULT_ENVOY_IMAGE = "docker.io/envoyproxy/envoy:distroless-v1.40.0"
DEFAULT_POLICY = "firebreak-policy"
DEFAULT_PROVIDERS = "openai,anthropic"
DEFAULT_NETWORKS = "private"
JUDGE_KEY, CA_KEY = "api-key", "ca.crt"
"""Keys in the judge's Secret and in the ConfigMap of certificates, where none is named."""
LOG_LEVELS = ("debug", "info", "warning", "error")

NATIVE_SINCE = (1, 29)
"""The first Kubernetes that runs an init container with `restartPolicy: Always` beside the app by default."""

LEAST_ENGINE_MEMORY = 192 * 1024 * 1024
"""The engine at rest takes up to 150 MB; below this limit it would be killed under its first load."""

LEAST_ENVOY_MEMORY = 80 * 1024 * 1024
"""Envoy sheds load at 80 % of its limit, and it takes no threshold below 64 MiB."""

SLEEP_SINCE = (1, 30)
"""The first Kubernetes whose `preStop` may be `sleep` by default. Envoy's image has nothing else to run."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,252}")
_IMAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:-]*(@sha256:[0-9a-f]{64})?")


class Mode(StrEnum):
    """How the sidecar runs: as init containers that stay, or as ordinary containers."""

    NATIVE = "native"
    CONTAINERS = "containers"


class Egress(StrEnum):
    """Whether the pod's other ways to the internet stay open."""

    OPEN = "open"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Reference:
    """A Secret or a ConfigMap in the pod's namespace, and the key in it."""

    name: str
    key: str

    @classmethod
    def read(cls, place: str, text: str, key: str) -> "Reference | None":
        """`name` or `name/key`; empty is none. Raises `BadConfig`."""
        if not text:
            return None
        name, slash, given = text.partition("/")
        if len(name) > 253 or not _NAME.fullmatch(name):
            raise BadConfig(place, "it does not begin with the name of an object", "write `name` or `name/key`")
        if slash and not _KEY.fullmatch(given):
            raise BadConfig(place, "what follows the slash is not a key", "use letters, digits, -, _ and .")
        return cls(name, given or key)


@dataclass(frozen=True, slots=True)
class Destination:
    """What a workload must know of a provider: its wire format and where it is found on the sidecar."""

    name: str
    api: str
    prefix: str


ProvidersReader = Callable[[str], tuple[Destination, ...]]
"""Reads the value of FIREBREAK_PROVIDERS exactly as the engine will. Raises `BadConfig`."""

EgressProof = Callable[[Mapping[str, str]], None]
"""Reads options for a locked pod, FIREBREAK_PROVIDERS among them, as the engine will. Raises `BadConfig`."""


@dataclass(frozen=True, slots=True)
class Resources:
    """Requests of cpu and memory and a limit of memory, in Kubernetes' quantities. Errors are placed as annotations
    name them: `cpu`, `memory`, `memory-limit`.
    """

    cpu: str
    memory: str
    memory_limit: str
    least_limit: int = 0

    def __post_init__(self) -> None:
        if not CPU.fullmatch(self.cpu):
            raise BadConfig("cpu", "the quantity cannot be read", "write for example 100m or 1")
        request, limit = memory_bytes("memory", self.memory), memory_bytes("memory-limit", self.memory_limit)
        if limit < self.least_limit:
            raise BadConfig("memory-limit", f"less than {self.least_limit // 2**20}Mi is not enough to run")
        if request > limit:
            problem = f"the request {self.memory} is above the limit {self.memory_limit}"
            raise BadConfig("memory", problem, "raise the limit or lower the request")

    def manifest(self) -> dict[str, dict[str, str]]:
        return {"requests": {"cpu": self.cpu, "memory": self.memory}, "limits": {"memory": self.memory_limit}}

    def manifest_with(self, encoder: Encoder) -> dict[str, dict[str, str]]:
        """What an encoder takes comes on top, of the limit too."""
        if not encoder.source:
            return self.manifest()
        cpu = sum_of_cpu(self.cpu, encoder.cpu)
        memory, limit = (sum_of_memory(each, encoder.memory) for each in (self.memory, self.memory_limit))
        return {"requests": {"cpu": cpu, "memory": memory}, "limits": {"memory": limit}}


ENGINE_RESOURCES = Resources("100m", "192Mi", "384Mi", LEAST_ENGINE_MEMORY)
ENVOY_RESOURCES = Resources("50m", "64Mi", "320Mi", LEAST_ENVOY_MEMORY)


@dataclass(frozen=True, slots=True)
class InjectOptions:
    """Everything the injector looks at besides the pod. A pod's annotations replace some of it for that pod.

    `providers` is the text of FIREBREAK_PROVIDERS and `read_providers` what it means. `everything` treats a pod
    without the annotation as opted in. `mode` empty takes the one that suits `kubernetes`. `egress_allow`,
    `egress_networks` and `egress_refuse` are the texts of FIREBREAK_EGRESS_ALLOW and so on, and count only where egress
    is locked. `credentials` is a Secret with a provider's key
    under each provider's name; empty: the app has its keys. `events` lets the engine post Events. `encoder` says where
    its encoders are, and what they take.
    """

    image: str
    read_providers: ProvidersReader
    prove_egress: EgressProof
    providers: str = DEFAULT_PROVIDERS
    policy: str = DEFAULT_POLICY
    envoy_image: str = DEFAULT_ENVOY_IMAGE
    kubernetes: tuple[int, int] = NATIVE_SINCE
    mode: Mode | None = None
    log_level: str = "info"
    engine: Resources = ENGINE_RESOURCES
    envoy: Resources = ENVOY_RESOURCES
    everything: bool = False
    egress: Egress = Egress.OPEN
    egress_allow: str = ""
    egress_networks: str = DEFAULT_NETWORKS
    egress_refuse: str = ""
    judge_secret: Reference | None = None
    ca_bundle: Reference | None = None
    credentials: str = ""
    events: bool = False
    encoder: Encoder = field(default_factory=Encoder)
    destinations: tuple[Destination, ...] = field(init=False)

    def __post_init__(self) -> None:
        for place, name in (("image", self.image), ("envoy image", self.envoy_image)):
            if not _IMAGE.fullmatch(name):
                raise BadConfig(place, "it is not the name of an image", "write for example registry/name:tag")
        if len(self.policy) > 253 or not _NAME.fullmatch(self.policy):
            raise BadConfig("policy", "it is not the name of a ConfigMap", "use a-z, 0-9, - and .")
        if len(self.credentials) > 253 or not (self.credentials == "" or _NAME.fullmatch(self.credentials)):
            raise BadConfig("credentials", "it is not the name of a Secret", "use a-z, 0-9, - and .")
        if self.mode is Mode.NATIVE and self.kubernetes < NATIVE_SINCE:
            raise BadConfig("mode", "native sidecars need Kubernetes 1.29", f"use {Mode.CONTAINERS.value}")
        self.encoder.refuse_below(self.kubernetes)
        if self.log_level not in LOG_LEVELS:
            raise BadConfig("log level", "there is no such level", f"use one of {', '.join(LOG_LEVELS)}")
        if self.locked or self.egress_allow or self.egress_refuse or self.egress_networks != DEFAULT_NETWORKS:
            self.prove_egress({"FIREBREAK_PROVIDERS": self.providers, **self.egress_values()})
        object.__setattr__(self, "destinations", self.read_providers(self.providers))

    @property
    def native(self) -> bool:
        return self.kubernetes >= NATIVE_SINCE if self.mode is None else self.mode is Mode.NATIVE

    def egress_values(self) -> dict[str, str]:
        """The engine's options for what stays open in a locked pod."""
        return {
            "FIREBREAK_EGRESS_ALLOW": self.egress_allow,
            "FIREBREAK_EGRESS_NETWORKS": self.egress_networks,
            "FIREBREAK_EGRESS_REFUSE": self.egress_refuse,
        }

    @property
    def locked(self) -> bool:
        return self.egress is Egress.LOCKED
