"""What the injector says: one table of machine codes and sentences, for metrics, Events and people alike."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Kind(StrEnum):
    """A pod is left alone because nobody asked (skipped), or although somebody did (refused)."""

    INJECTED = "injected"
    SKIPPED = "skipped"
    REFUSED = "refused"


class Code(Enum):
    """What became of a pod."""

    INJECTED = ("injected", Kind.INJECTED, "the sidecar was added")

    NOT_OPTED_IN = ("not-opted-in", Kind.SKIPPED, "nothing asks for the sidecar")
    OPTED_OUT = ("opted-out", Kind.SKIPPED, "an annotation declines the sidecar")
    ALREADY_INJECTED = ("already-injected", Kind.SKIPPED, "the pod has the sidecar already")

    MALFORMED = ("malformed", Kind.REFUSED, "the pod is not of the form that Kubernetes takes")
    UNKNOWN_KIND = ("unknown-kind", Kind.REFUSED, "it opts in, but where its pods stand is not known for this kind")
    MISPLACED = ("misplaced", Kind.REFUSED, "an annotation for the pod stands where pods do not get it")
    UNKNOWN_ANNOTATION = ("unknown-annotation", Kind.REFUSED, "the injector has no such annotation")
    BAD_ANNOTATION = ("bad-annotation", Kind.REFUSED, "an annotation has a value that cannot be taken")
    STALE_STATUS = ("stale-status", Kind.REFUSED, "the status annotation tells of a sidecar that is not there")
    NO_CONTAINERS = ("no-containers", Kind.REFUSED, "the pod has no containers")
    WINDOWS = ("windows", Kind.REFUSED, "the sidecar runs on Linux only")
    HOST_NETWORK = ("host-network", Kind.REFUSED, "on its node's network the sidecar would serve the whole node")
    SHARED_PROCESSES = ("shared-processes", Kind.REFUSED, "with shared processes the app could reach into the sidecar")
    UID_TAKEN = ("uid-taken", Kind.REFUSED, "a container runs as the sidecar's user, so it could act as the sidecar")
    CONTAINER_NAME = ("container-name", Kind.REFUSED, "a container has a name that the sidecar needs")
    VOLUME_NAME = ("volume-name", Kind.REFUSED, "a volume or a mount has a name that the sidecar needs")
    PORT_CONFLICT = ("port-conflict", Kind.REFUSED, "a container has a port, or a port's name, that the sidecar needs")
    NEVER_ENDS = ("never-ends", Kind.REFUSED, "as ordinary containers the sidecar would keep this pod from ending")

    LOCK_BREAKER = ("lock-breaker", Kind.REFUSED, "a container has the power to take the egress lock off")

    NOT_A_POD = ("not-a-pod", Kind.REFUSED, "the webhook is for pods that are created, and for nothing else")

    def __init__(self, code: str, kind: Kind, sentence: str) -> None:
        self.code = code
        self.kind = kind
        self.sentence = sentence


class Remark(Enum):
    """What somebody should know about a pod that was injected."""

    BASE_URL_KEPT = ("base-url-kept", "a container sets a base URL itself and keeps it, so its calls pass by")
    ENV_FROM = ("env-from", "a container takes variables from elsewhere; a base URL among them is overruled")
    HTTP_PROXY = ("http-proxy", "a container has an HTTP proxy; NO_PROXY must name 127.0.0.1")
    INIT_CONTAINERS = ("init-containers", "init containers get no base URLs, so their calls pass by")
    SEVERAL_PROVIDERS = ("several-providers", "several providers share an api and its variable leads to one of them")
    STARTS_BESIDE = ("starts-beside", "the app starts beside the sidecar; its first calls may find it not ready")
    LOCK_ESCAPE = ("lock-escape", "a container could become the sidecar's user, whom the egress lock lets out")
    LOCKED_EARLY = ("locked-early", "init containers run after the egress lock and before what it leads to")

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Note:
    """A remark and which part of the pod it is about."""

    remark: Remark
    detail: str

    @property
    def code(self) -> str:
        return self.remark.code

    @property
    def sentence(self) -> str:
        return f"{self.remark.sentence}: {self.detail}" if self.detail else self.remark.sentence


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one pod and why; `detail` names the place and the mend."""

    outcome: Code
    detail: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def injected(self) -> bool:
        return self.outcome.kind is Kind.INJECTED

    @property
    def refused(self) -> bool:
        return self.outcome.kind is Kind.REFUSED

    @property
    def code(self) -> str:
        return self.outcome.code

    @property
    def sentence(self) -> str:
        return f"{self.outcome.sentence}: {self.detail}" if self.detail else self.outcome.sentence


class Refused(Exception):
    """Inside this package only: how a check ends the work on one pod. `patch` turns it into a report."""

    def __init__(self, outcome: Code, detail: str = "") -> None:
        super().__init__(outcome.code)
        self.report = Report(outcome, detail)
