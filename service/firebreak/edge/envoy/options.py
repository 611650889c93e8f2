"""What an Envoy configuration is made from: frozen values that are checked when they are built."""

import re
from dataclasses import dataclass, field

from firebreak.codecs.registry import APIS
from firebreak.edge.envoy.egress_options import Egress
from firebreak.model.errors import BadConfig

DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024
"""Coding agents send about 1 MB a turn, images more; what is read must be held, so there is a limit."""

MESSAGE_ROOM_BYTES = 1024 * 1024
"""What a check request needs besides the body. Envoy caps the headers at 60 KiB."""

UNKNOWN = "unknown"
"""What the service is told as provider and API on a path that leads nowhere."""

MAX_SOCKET_PATH_BYTES = 107
"""Linux keeps a unix socket's path in 108 bytes, the last one zero."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:]{2,39}")
_PREFIX = re.compile(r"(/[A-Za-z0-9_-]+)+")
_TOKEN_HEADER = re.compile(r"x-firebreak-[a-z0-9-]{1,50}")
_REWRITE = re.compile(r"/([A-Za-z0-9._-]+/)*")


@dataclass(frozen=True, slots=True)
class Provider:
    """One destination. `prefix` is where the application finds it on the sidecar, `path_rewrite` what replaces
    `prefix` and its slash on the way out, `host` the only name that its certificate may carry.
    """

    name: str
    api: str
    host: str
    prefix: str
    port: int = 443
    path_rewrite: str = "/"
    tls: bool = True
    ca_file: str = "/etc/ssl/certs/ca-certificates.crt"

    def __post_init__(self) -> None:
        place = f"provider {self.name!r}"
        _need(_NAME.fullmatch(self.name), place, "the name is not one word", "use a-z, 0-9, - and _")
        _need(self.name != UNKNOWN, place, "the name stands for a path that leads nowhere", "choose another")
        _need(self.api in APIS, place, f"no such api {self.api!r}", f"use one of {', '.join(APIS)}")
        _need(_HOST.fullmatch(self.host), place, f"{self.host!r} is not a host name", "give the name without a scheme")
        _need(_PREFIX.fullmatch(self.prefix), place, f"the prefix {self.prefix!r} is not a path", "use /name")
        _need(_REWRITE.fullmatch(self.path_rewrite), place, f"path_rewrite {self.path_rewrite!r}", "start and end in /")
        _need(".." not in self.path_rewrite, place, "path_rewrite climbs", "leave out the dots")
        _need(0 < self.port < 65536, place, f"no such port {self.port}")
        _need(not self.tls or self.ca_file.startswith("/"), place, "TLS without a ca_file", "give an absolute path")


@dataclass(frozen=True, slots=True)
class Overload:
    """When Envoy begins to refuse rather than to run out. `max_heap_bytes` belongs below the container's limit."""

    max_heap_bytes: int = 256 * 1024 * 1024
    max_connections: int = 1024

    def __post_init__(self) -> None:
        _need(self.max_heap_bytes >= 64 * 1024 * 1024, "max_heap_bytes", "less than 64 MiB is less than Envoy needs")
        _need(self.max_connections > 0, "max_connections", "not a positive number")


@dataclass(frozen=True, slots=True)
class EnvoyOptions:
    """Everything the generator looks at.

    `engine` lists the service's workers: absolute paths of unix sockets (with or without `unix:`) or `host:port`.
    `otlp` is `host:port` of a collector that speaks OTLP over gRPC; empty turns traces and the log's copy off.
    `credentials_dir` holds a file with the key of each provider, by its name; empty: the application sends them.
    `tls_dir` holds tls.crt, tls.key and ca.crt: clients need a certificate; empty: the listener speaks in clear.
    `token_header` is where a client sends its service account's token; empty: it sends none.
    `listen_port` 0 takes a free port. `status_port` 0 leaves the status listener out.
    """

    providers: tuple[Provider, ...]
    engine: tuple[str, ...] = ("/run/firebreak/engine.sock",)
    admin_socket: str = "/run/envoy/admin.sock"
    listen_host: str = "127.0.0.1"
    listen_port: int = 15080
    status_host: str = "127.0.0.1"
    status_port: int = 0
    max_body_bytes: int = DEFAULT_MAX_BODY_BYTES
    engine_timeout_s: float = 1.0
    connect_timeout_s: float = 5.0
    stream_idle_timeout_s: float = 300.0
    """The longest silence within a response; a model that thinks sends nothing meanwhile."""
    request_timeout_s: float = 30.0
    """For receiving the whole request; the answer may take as long as it likes."""
    health_interval_s: float = 1.0
    access_log: str = "/dev/stdout"
    otlp: str = ""
    credentials_dir: str = ""
    tls_dir: str = ""
    token_header: str = ""
    node_id: str = "firebreak-sidecar"
    node_cluster: str = "firebreak-envoy"
    overload: Overload = field(default_factory=Overload)
    egress: Egress | None = None
    """What is redirected to Envoy and may pass around the proxy; `None`: there is no such listener."""

    def __post_init__(self) -> None:
        _need(self.providers, "providers", "there is none", "name at least one destination")
        for what in ("name", "prefix"):
            values = [getattr(provider, what) for provider in self.providers]
            _need(len(set(values)) == len(values), "providers", f"two have the same {what}")
        _need(self.engine, "engine", "there is no address", "give the service's socket")
        for address in (*self.engine, f"unix:{self.admin_socket}", *filter(None, [self.otlp])):
            parse_address(address)
        for name in ("listen", "status"):
            host, port = getattr(self, f"{name}_host"), getattr(self, f"{name}_port")
            _need(_HOST.fullmatch(host), f"{name}_host", f"{host!r} is not an address")
            _need(0 <= port < 65536, f"{name}_port", f"no such port {port}")
        _need(self.status_port != self.listen_port or not self.status_port, "status_port", "the same as listen_port")
        _need(1 <= self.max_body_bytes <= 1 << 30, "max_body_bytes", "outside 1 byte to 1 GiB")
        for name in ("engine_timeout", "connect_timeout", "stream_idle_timeout", "request_timeout", "health_interval"):
            _need(0.01 <= getattr(self, f"{name}_s") <= 86400, f"{name}_s", "outside 10 ms to a day")
        _need(self.access_log.startswith("/"), "access_log", "not an absolute path", "use /dev/stdout or a file")
        for name in ("credentials_dir", "tls_dir"):
            folder = getattr(self, name)
            good = not folder or (folder.startswith("/") and not folder.endswith("/"))
            _need(good, name, f"{folder!r} is not an absolute path", "write for example /etc/keys")
        good = not self.token_header or _TOKEN_HEADER.fullmatch(self.token_header)
        _need(good, "token_header", "not a header of ours", "write for example x-firebreak-caller-token")

    @property
    def engine_message_bytes(self) -> int:
        """The least that the service's gRPC server must be willing to receive."""
        return self.max_body_bytes + MESSAGE_ROOM_BYTES


@dataclass(frozen=True, slots=True)
class Address:
    """Where a peer listens: a unix socket when `path` is set, else `host` and `port`."""

    path: str = ""
    host: str = ""
    port: int = 0


def parse_address(text: str) -> Address:
    """An address as gRPC writes it. Raises `BadConfig`."""
    path = text.removeprefix("unix:").replace("///", "/", 1) if text.startswith("unix:") else text
    if path.startswith("/"):
        size = len(path.encode())
        _need(size <= MAX_SOCKET_PATH_BYTES, path, f"a socket's path of {size} bytes", "107 is the most Linux takes")
        _need("\0" not in path, "socket", "a zero byte in the path")
        return Address(path=path)
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    good = _HOST.fullmatch(host) and re.fullmatch(r"[0-9]{1,5}", port) and 0 < int(port) < 65536
    _need(good, "address", f"{text!r} is neither host:port nor the path of a socket")
    return Address(host=host, port=int(port))


def _need(holds: object, place: str, problem: str, mend: str = "") -> None:
    if not holds:
        raise BadConfig(place, problem, mend)
