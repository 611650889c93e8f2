"""Options of the service and of the sidecar's Envoy: from the environment and one file, read once at start.

Rules:
1. An environment variable (`FIREBREAK_WORKERS`) goes before the file's key (`workers`), which goes before the default.
2. An unknown key or an unknown `FIREBREAK_` variable is an error: a misspelt limit must not be a missing limit.
   Only what Kubernetes itself sets for a Service called `firebreak...` is passed over.
3. Defaults are the safe ones. What changes while running is the policy, and nothing else.
"""

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from firebreak.edge.envoy.egress_options import Egress, read_allow, read_listen
from firebreak.edge.envoy.options import EnvoyOptions, Overload, Provider, parse_address
from firebreak.kube.lock import LockOptions, lock_options
from firebreak.model.errors import BadConfig
from firebreak.model.exchange import Caller
from firebreak.policy import strict_yaml

PREFIX = "FIREBREAK_"
CONFIG_VARIABLE = "FIREBREAK_CONFIG"
"""Names the options' file; it is not an option itself."""

WORKER_VARIABLE = "FIREBREAK_WORKER"
"""Set by the supervisor for each worker it starts: the worker's number."""

METRICS_VARIABLE = "FIREBREAK_METRICS_DIR"
"""Set by the supervisor for its workers: where their metrics are put together."""

_SERVICE_LINK = re.compile(
    r"FIREBREAK(_[A-Z0-9]+)*_"
    r"(SERVICE_HOST=.*|SERVICE_PORT(_[A-Z0-9_]+)?=[0-9]+|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?=.*"
    r"|PORT=(tcp|udp|sctp)://.*)"
)
"""Variables of a Service's address, with their values (Kubernetes documentation, Service, "Environment variables")."""


_Known = Literal[
    "openai", "azure_openai", "anthropic", "gemini", "vertex", "ollama", "mistral", "cohere", "bedrock", "mcp"
]


class ProviderOption(BaseModel):
    """One destination."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9_-]{0,40}[a-z0-9])?$")]
    api: Literal[_Known, "generic"]
    host: Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:-]+$")]
    port: Annotated[int, Field(ge=1, le=65535)] = 443
    tls: bool = True
    ca_file: str = ""
    prefix: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9_-]+)*$")] = ""
    path_rewrite: str = "/"


KNOWN_PROVIDERS = (
    ProviderOption(name="openai", api="openai", host="api.openai.com"),
    ProviderOption(name="anthropic", api="anthropic", host="api.anthropic.com"),
    ProviderOption(name="gemini", api="gemini", host="generativelanguage.googleapis.com"),
    ProviderOption(name="mistral", api="mistral", host="api.mistral.ai"),
    ProviderOption(name="cohere", api="cohere", host="api.cohere.com"),
)

DEFAULT_PROVIDERS = KNOWN_PROVIDERS[:2]


class Settings(BaseModel):
    """Every option, with its unit in its name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    policy_dir: Annotated[Path, Field(description="Directory with the policy, mounted from a ConfigMap.")] = Path(
        "/etc/firebreak/policy"
    )
    policy_file: Annotated[
        str, Field(description="Name of the policy in that directory; empty: the only `*.yaml` in it.")
    ] = ""
    policy_poll_s: Annotated[
        float, Field(gt=0, le=60, description="How often the directory is looked at for a new policy, seconds.")
    ] = 1.0
    audit_dir: Annotated[Path, Field(description="Directory of the audit log; must be writable.")] = Path(
        "/var/lib/firebreak/audit"
    )
    audit_sync: Annotated[
        Literal["fdatasync", "write"],
        Field(description="`fdatasync`: a record survives a power cut. `write`: it survives a kill of the process."),
    ] = "fdatasync"
    audit_rotate_bytes: Annotated[
        int, Field(ge=4096, description="Size at which a new audit file is begun, bytes.")
    ] = 64 * 1024 * 1024
    audit_keep_files: Annotated[int, Field(ge=0, description="Audit files kept per worker; 0 keeps all.")] = 0
    listen: Annotated[
        str,
        Field(
            description="Where Envoy reaches the service: `unix:/path` or `host:port`. With several workers, `unix:` "
            "sockets get the worker's number before the suffix; a TCP port is shared by SO_REUSEPORT."
        ),
    ] = "unix:/run/firebreak/engine.sock"
    http_listen: Annotated[str, Field(description="`host:port` of /metrics, /healthz and /readyz.")] = "127.0.0.1:15081"
    workers: Annotated[int, Field(ge=1, le=64, description="Worker processes, about one a core.")] = 1
    drain_s: Annotated[
        float, Field(ge=0, le=3600, description="How long calls in flight may take to finish on SIGTERM, seconds.")
    ] = 30.0
    max_body_bytes: Annotated[
        int,
        Field(
            ge=1024, le=64 * 1024 * 1024, description="Largest request body, for Envoy and the service alike, bytes."
        ),
    ] = 8 * 1024 * 1024
    memory_entries: Annotated[
        int, Field(ge=0, le=1_000_000, description="Screened parts remembered per policy and worker.")
    ] = 8192
    detector_budget_ms: Annotated[
        int,
        Field(ge=1, le=60_000, description="A detector that took longer on one part counts as absent, milliseconds."),
    ] = 500
    judge_key_file: Annotated[
        str, Field(description="File with the API key of the policy's LLM judge; empty: the judge needs none.")
    ] = ""
    encoder_dir: Annotated[
        str, Field(pattern=r"^(/.*)?$", description="Directory with encoders in ONNX (docs/encoder.md); empty: none.")
    ] = ""
    encoder_threads: Annotated[int, Field(ge=1, le=64, description="Threads that an encoder's run may use.")] = 1
    encoder_budget_ms: Annotated[
        int, Field(ge=1, le=60_000, description="How long an encoder may take for a request, milliseconds.")
    ] = 400
    otlp_endpoint: Annotated[
        str, Field(description="`host:port` of an OTLP/gRPC collector for spans; empty: no spans.")
    ] = ""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="Least level logged.")] = (
        "info"
    )
    pod_name: Annotated[str, Field(description="From the downward API; the caller's pod.")] = ""
    pod_namespace: Annotated[str, Field(description="From the downward API; the caller's namespace.")] = ""
    service_account: Annotated[str, Field(description="From the downward API; the caller's service account.")] = ""
    pod_uid: Annotated[str, Field(description="From the downward API; what Events are about.")] = ""
    kubernetes_events: Annotated[
        bool,
        Field(
            description="Events on the pod for refused rules and for policies, and its annotation "
            "`firebreak.dev/policy-digest`; needs `pod_name`, `pod_namespace`, `pod_uid` and a token."
        ),
    ] = False
    kubernetes_dir: Annotated[
        str, Field(description="Directory with `token` and `ca.crt` for the Kubernetes API, read at each call.")
    ] = "/var/run/secrets/kubernetes.io/serviceaccount"
    gateway_tls_dir: Annotated[
        str,
        Field(
            pattern=r"^(/.*[^/])?$",
            description="Directory with `tls.crt`, `tls.key` and `ca.crt`: Envoy takes TLS only, from clients whose "
            "certificate `ca.crt` has signed and names a workload (SPIFFE id); empty: it speaks in clear.",
        ),
    ] = ""
    caller_token_header: Annotated[
        str,
        Field(
            pattern=r"^(x-firebreak-[a-z0-9-]{1,50})?$",
            description="Header with the caller's service account token of audience `firebreak`, such as "
            "`x-firebreak-caller-token`; checked by the Kubernetes API, never sent on; empty: no token is asked for.",
        ),
    ] = ""
    providers: Annotated[
        tuple[ProviderOption, ...],
        Field(min_length=1, description="Destinations; in the environment a YAML list or names of the built-in ones."),
    ] = DEFAULT_PROVIDERS
    envoy_listen: Annotated[str, Field(description="`host:port` where the workload reaches Envoy.")] = "127.0.0.1:15080"
    envoy_status_listen: Annotated[
        str,
        Field(description="`host:port` where Envoy answers GET /ready and GET /stats/prometheus; empty: nowhere."),
    ] = ""
    envoy_admin: Annotated[str, Field(description="Unix socket of Envoy's admin interface.")] = (
        "/run/firebreak/admin.sock"
    )
    envoy_access_log: Annotated[str, Field(description="Envoy's JSON access log.")] = "/dev/stdout"
    ca_file: Annotated[str, Field(description="Certificates that providers' certificates are checked against.")] = (
        "/etc/ssl/certs/ca-certificates.crt"
    )
    credentials_dir: Annotated[
        str,
        Field(
            description="Directory with the providers' keys, a file for each by its name, which Envoy puts into "
            "requests in place of what the application sent; empty: the application has them."
        ),
    ] = ""
    egress_listen: Annotated[
        str, Field(description="Where Envoy takes what `firebreak lock` redirects: ports of `127.0.0.1` and `[::1]`.")
    ] = ""
    egress_allow: Annotated[
        str, Field(description="Names that may be reached around the proxy: full ones, `*.suffix`, `any`; comma list.")
    ] = ""
    egress_networks: Annotated[
        str, Field(description="Networks that may be reached: `CIDR`, `CIDR:port`, `CIDR:port-port`, `private`.")
    ] = "private"
    egress_refuse: Annotated[
        str, Field(description="Networks in the same form that may not be reached, whatever else is said.")
    ] = ""
    egress_ports: Annotated[
        str, Field(description="TCP ports that go to Envoy where `egress_networks` opens nothing; `all`: every one.")
    ] = "80,443"
    egress_dns: Annotated[bool, Field(description="Whether the application may ask the pod's name servers.")] = True
    check_timeout_ms: Annotated[
        int,
        Field(ge=50, le=60_000, description="Envoy refuses when the service has not answered by then, milliseconds."),
    ] = 1000
    stream_idle_timeout_s: Annotated[
        int, Field(ge=1, le=3600, description="Longest silence on an answer before Envoy ends it, seconds.")
    ] = 300
    max_connections: Annotated[int, Field(ge=1, description="Connections from the workload at once.")] = 1024
    envoy_memory_bytes: Annotated[
        int, Field(ge=64 * 1024 * 1024, description="Memory at which Envoy sheds load, bytes.")
    ] = 256 * 1024 * 1024

    def engine_addresses(self) -> tuple[str, ...]:
        """Where each worker listens, in worker order; one address when they share a TCP port or there is one."""
        if self.workers == 1 or not self.listen.startswith("unix:"):
            return (self.listen,)
        path = PurePosixPath(self.listen.removeprefix("unix:"))
        return tuple(f"unix:{path.with_stem(f'{path.stem}-{worker}')}" for worker in range(self.workers))

    def envoy_options(self) -> EnvoyOptions:
        """What the sidecar's configuration is generated from."""
        host, port = host_port("envoy_listen", self.envoy_listen)
        status = self.envoy_status_listen
        status_host, status_port = host_port("envoy_status_listen", status) if status else ("127.0.0.1", 0)
        return EnvoyOptions(
            providers=tuple(self._provider(option) for option in self.providers),
            engine=self.engine_addresses(),
            admin_socket=self.envoy_admin,
            listen_host=host,
            listen_port=port,
            status_host=status_host,
            status_port=status_port,
            max_body_bytes=self.max_body_bytes,
            engine_timeout_s=self.check_timeout_ms / 1000,
            stream_idle_timeout_s=self.stream_idle_timeout_s,
            access_log=self.envoy_access_log,
            otlp=self.otlp_endpoint,
            credentials_dir=self.credentials_dir,
            tls_dir=self.gateway_tls_dir,
            token_header=self.caller_token_header,
            overload=Overload(self.envoy_memory_bytes, self.max_connections),
            egress=self._egress(),
        )

    def lock_options(self, resolv_conf: str) -> LockOptions:
        """What the egress lock's rules are made from. Raises `BadConfig` where there is no `egress_listen`."""
        return lock_options(
            listen=read_listen(self.egress_listen),
            ports=self.egress_ports,
            networks=self.egress_networks,
            refused=self.egress_refuse,
            providers=tuple((option.host, option.port) for option in self.providers),
            resolv_conf=resolv_conf if self.egress_dns else "",
        )

    def _egress(self) -> Egress | None:
        if not self.egress_listen:
            return None
        names, anywhere = read_allow(self.egress_allow)
        hosts = tuple(dict.fromkeys(option.host.lower() for option in self.providers))
        return Egress(read_listen(self.egress_listen), names, anywhere=anywhere, refused=hosts)

    def _provider(self, option: ProviderOption) -> Provider:
        return Provider(
            name=option.name,
            api=option.api,
            host=option.host,
            prefix=option.prefix or f"/{option.name}",
            port=option.port,
            tls=option.tls,
            ca_file=option.ca_file or self.ca_file,
            path_rewrite=option.path_rewrite,
        )

    def caller(self) -> Caller:
        return Caller(pod=self.pod_name, namespace=self.pod_namespace, service_account=self.service_account)


def load(environment: Mapping[str, str], config_file: str = "") -> Settings:
    """Options from `environment` and the file it or `config_file` names. Raises `BadConfig` that names the option."""
    path = config_file or environment.get(CONFIG_VARIABLE, "")
    values, places = _from_file(path) if path else ({}, {})
    for name, text in environment.items():
        if name.startswith(PREFIX) and name not in (CONFIG_VARIABLE, WORKER_VARIABLE, METRICS_VARIABLE):
            option = name.removeprefix(PREFIX).lower()
            if option not in Settings.model_fields and _SERVICE_LINK.fullmatch(f"{name}={text}"):
                continue
            values[option] = _from_text(option, text, name)
            places[option] = name
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise _translate(error, places, path) from error
    _prove(settings, places, path)
    return settings


def host_port(option: str, value: str) -> tuple[str, int]:
    """`host:port`, `[v6]:port`. Raises `BadConfig`."""
    host, colon, port = value.rpartition(":")
    if not colon or not host or not (port.isascii() and port.isdecimal()) or len(port) > 5 or int(port) > 65535:
        raise BadConfig(option, "not of the form host:port", "write for example 127.0.0.1:15081")
    return host.strip("[]"), int(port)


def _prove(settings: Settings, places: Mapping[str, str], path: str) -> None:
    """Addresses and destinations are right before anything starts, whoever is the first to use them."""
    checks: dict[str, Callable[[], object]] = {
        "listen": lambda: _service_address(settings.listen),
        "http_listen": lambda: host_port("http_listen", settings.http_listen),
        "otlp_endpoint": lambda: _collector(settings.otlp_endpoint),
        "envoy_listen": lambda: host_port("envoy_listen", settings.envoy_listen),
        "egress_listen": lambda: settings.egress_listen and settings.lock_options(""),
        "envoy_admin": lambda: parse_address(f"unix:{settings.envoy_admin}"),
        "workers": lambda: [parse_address(address) for address in settings.engine_addresses()],
        "providers": settings.envoy_options,
        "kubernetes_events": lambda: _known_pod(settings),
    }
    for option, check in checks.items():
        try:
            check()
        except BadConfig as error:
            named = error.place if error.place in Settings.model_fields else option
            inner = "" if error.place == named else f"{error.place}: "
            place = places.get(named, path or "settings")
            raise BadConfig(place, f"{named}: {inner}{error.problem}", error.mend) from error


def _service_address(value: str) -> None:
    """GRPC takes more forms than Envoy does, and reads some of them as another port."""
    path = value.removeprefix("unix:")
    if value.startswith("unix:") and not (path.startswith("/") and PurePosixPath(path).name):
        raise BadConfig("listen", "not the absolute path of a socket", "write for example unix:/run/firebreak/e.sock")
    if path.startswith("/") and not value.startswith("unix:"):
        raise BadConfig("listen", "a path without `unix:` before it", f"write unix:{value}")
    parse_address(value)


def _known_pod(settings: Settings) -> None:
    """An Event is about one pod, which must be known by all its names."""
    absent = [name for name in ("pod_name", "pod_namespace", "pod_uid") if not getattr(settings, name)]
    if settings.kubernetes_events and absent:
        raise BadConfig("kubernetes_events", f"{absent[0]} is not set", "set it from the downward API")


def _collector(value: str) -> None:
    """A URL, which the exporter would take, is none of Envoy's forms."""
    if value and ("/" in value or not host_port("otlp_endpoint", value)[1]):
        raise BadConfig("otlp_endpoint", "not of the form host:port", "leave out the scheme and the path")


def _from_file(path: str) -> tuple[dict[str, Any], dict[str, str]]:
    try:
        with Path(path).open(encoding="utf-8") as file:
            text = file.read(strict_yaml.MAX_CHARACTERS + 1)  # one too many, and it is refused
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(path, "the options' file cannot be read", "check its path and that it is UTF-8 text") from error
    root = strict_yaml.read(text, path)
    if not isinstance(root.value, dict):
        raise BadConfig(f"{path}:{root.line}", "the file is not a mapping of options", "write `option: value` lines")
    values = {key: strict_yaml.to_plain(node) for key, node in root.value.items()}
    return values, {key: f"{path}:{node.line}" for key, node in root.value.items()}


def _from_text(option: str, text: str, name: str) -> Any:
    """Scalars are taken as text, which pydantic reads; `providers` is a YAML list or names of built-in ones."""
    if option != "providers":
        return text
    node = strict_yaml.read(text, name)
    if isinstance(node.value, list):
        return strict_yaml.to_plain(node)
    known = {provider.name: provider for provider in KNOWN_PROVIDERS}
    names = [word.strip() for word in text.split(",")]
    for word in names:
        if word not in known:
            raise BadConfig(name, f"no built-in provider is called {word!r}", f"known: {', '.join(known)}")
    return tuple(known[word] for word in names)


def _translate(error: ValidationError, places: Mapping[str, str], path: str) -> BadConfig:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    option = str(first["loc"][0]) if first["loc"] else ""
    place = places.get(option, path or "settings")
    inner = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden" and inner == option:
        near = get_close_matches(option, Settings.model_fields, n=1)
        mend = f"did you mean {near[0]!r}?" if near else "see docs/configuration.md for the options"
        return BadConfig(place, f"unknown option {option!r}", mend)
    return BadConfig(place, f"{inner}: {first['msg'][:1].lower()}{first['msg'][1:]}")
