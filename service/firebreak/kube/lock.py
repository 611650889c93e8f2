"""The rules that leave a pod no way around its sidecar, as one nftables script.

Rules:
1. Envoy's and the engine's user may go anywhere, everybody may speak to the pod itself, and answers to who called
   the pod may leave. All else is judged packet by packet by who sends it, never by what an earlier packet was allowed.
2. In this order: refused destinations, the pod's resolvers, destinations that are open by port, cloud metadata and
   other name servers (refused), the intercepted ports (to Envoy), open networks, refused.
3. TCP that leads to an intercepted port goes to Envoy's egress listener. A family of addresses on which Envoy does not
   listen is not redirected but refused, so a kernel that cannot redirect it is no hole.
4. Refused means answered: a reset for TCP, `administratively prohibited` for the rest.
5. One transaction that replaces what an earlier run made: all of it stands, or nothing changed and the caller is told.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from firebreak.model.errors import BadConfig
from firebreak.model.networks import METADATA, PRIVATE, Network

USER = 1337
"""The sidecar's, as in `sidecar`, which is not imported: every command's start reads this module."""

TABLE = "firebreak"
WEB, TLS = 80, 443
NAME_SERVERS = (53, 853)
ALL = "all"
PRIVATE_WORD = "private"
MAX_DESTINATIONS = 256
"""More is a generated list, which belongs in a network policy."""

_DESTINATION = re.compile(
    r"(\[(?P<in>[^\]]*)\]|(?P<v4>[0-9./]+)|(?P<v6>[0-9A-Fa-f:./]+))(:(?P<low>\d+)(-(?P<high>\d+))?)?"
)
_LAYERS: dict[type, str] = {IPv4Network: "ip", IPv6Network: "ip6"}


@dataclass(frozen=True, slots=True)
class Destination:
    """A network, and the ports in it; no ports mean all of them."""

    network: Network
    ports: tuple[int, int] | None = None

    @property
    def match(self) -> str:
        where = f"{_LAYERS[type(self.network)]} daddr {self.network}"
        if self.ports is None:
            return where
        low, high = self.ports
        return f"{where} th dport {low if low == high else f'{low}-{high}'}"


@dataclass(frozen=True, slots=True)
class LockOptions:
    """What the rules are made from. `listen` has one port for each family in which Envoy listens on loopback;
    `intercepted` are the ports whose TCP goes to Envoy wherever it leads, `None` all of them; `public` those whose TCP
    goes to Envoy unless it stays in `open`.
    """

    listen: tuple[tuple[str, int], ...]
    intercepted: tuple[int, ...] | None = (TLS,)
    public: tuple[int, ...] = (WEB,)
    open: tuple[Destination, ...] = tuple(Destination(network) for network in PRIVATE)
    refused: tuple[Destination, ...] = ()
    resolvers: tuple[Network, ...] = ()

    def __post_init__(self) -> None:
        if not self.listen:
            raise BadConfig("egress_listen", "it is empty", "write for example 127.0.0.1:15083")
        ports = {port for _, port in self.listen}
        hosts = [host for host, _ in self.listen]
        if not set(hosts) <= {"127.0.0.1", "::1"} or len(set(hosts)) != len(hosts) or not all(ports):
            raise BadConfig("egress_listen", "the rules redirect to 127.0.0.1 and ::1 only", "name each once at most")


def read_destinations(option: str, text: str) -> tuple[Destination, ...]:
    """A comma list of `CIDR`, `CIDR:port`, `CIDR:port-port`, `[v6 CIDR]:port` and `private`. Raises `BadConfig`."""
    words = [word.strip() for word in text.split(",")] if text.strip() else []
    found = tuple(destination for word in words for destination in _destinations(option, word))
    if len(found) > MAX_DESTINATIONS:
        raise BadConfig(option, f"more than {MAX_DESTINATIONS} destinations", "put networks together")
    return found


def read_ports(option: str, text: str) -> tuple[int, ...] | None:
    """A comma list of ports; `None` for `all`. Raises `BadConfig`."""
    if text.strip() == ALL:
        return None
    return tuple(_port(option, word.strip()) for word in text.split(","))


def read_resolvers(resolv_conf: str) -> tuple[Network, ...]:
    """The name servers of a resolv.conf. A line that names none is passed over: it is not our file."""
    found = re.findall(r"^[ \t]*nameserver[ \t]+([0-9A-Fa-f:.]+)", resolv_conf, re.MULTILINE)
    return tuple(dict.fromkeys(network for text in found for network in _address(text)))


def lock_options(
    *,
    listen: tuple[tuple[str, int], ...],
    ports: str,
    networks: str,
    refused: str,
    providers: Iterable[tuple[str, int]],
    resolv_conf: str,
) -> LockOptions:
    """From the options' text. A provider's port is intercepted everywhere, and its address, where it has one instead
    of a name, is refused: neither is a way to the model without the proxy. Raises `BadConfig`.
    """
    asked = read_ports("egress_ports", ports)
    served = tuple(providers)
    addresses = tuple(Destination(network, (port, port)) for host, port in served for network in _address(host))
    return LockOptions(
        listen=listen,
        intercepted=None if asked is None else tuple(dict.fromkeys((TLS, *(port for _, port in served)))),
        public=asked or (),
        open=read_destinations("egress_networks", networks),
        refused=(*read_destinations("egress_refuse", refused), *addresses),
        resolvers=read_resolvers(resolv_conf),
    )


def script(options: LockOptions) -> str:
    """Text for `nft -f`; the same options always give the same bytes."""
    families = [("inet", TABLE), ("ip", TABLE), ("ip6", TABLE)]
    # `add` makes sure that there is one to delete.
    lines = [f"{verb} table {family} {name}" for family, name in families for verb in ("add", "delete")]
    lines += _block("table inet firebreak", [*_way_out(), *_application(options), *_refusal()])
    for host, port in options.listen:
        lines += _block(f"table {'ip6' if ':' in host else 'ip'} firebreak", _redirect(options, host, port))
    return "\n".join(lines) + "\n"


def _way_out() -> list[str]:
    """What has no socket of a process is the kernel's own: the end of a connection, errors, neighbour discovery."""
    neighbours = "nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit"
    listeners = "mld-listener-report, mld-listener-done, mld2-listener-report"
    return _block(
        "chain out",
        [
            "type filter hook output priority filter; policy drop;",
            f"meta skuid {USER} accept",
            'oifname "lo" accept',
            "ip daddr 127.0.0.0/8 accept",
            "ip6 daddr ::1 accept",
            "ct direction reply ct state established accept",
            f"meta skuid != {USER} goto application",
            "ct state { established, related } accept",
            f"icmpv6 type {{ {neighbours} }} ip6 hoplimit 255 accept",
            f"icmpv6 type {{ {listeners} }} accept",
            "goto refusal",
        ],
    )


def _application(options: LockOptions) -> list[str]:
    lines = [f"{_transport(destination)} goto refusal" for destination in options.refused]
    lines += [f"{_transport(destination)} accept" for destination in _by_port(options)]
    lines += [f"{match} goto refusal" for match in _either(METADATA)]
    lines.append(f"meta l4proto {{ tcp, udp }} th dport {_set(NAME_SERVERS)} goto refusal")
    if options.intercepted is None:
        lines.append("meta l4proto tcp goto refusal")
    else:
        lines.append(f"meta l4proto {{ tcp, udp }} th dport {_set(options.intercepted)} goto refusal")
    lines += [f"{match} meta l4proto {{ tcp, udp }} accept" for match in _either(_open_networks(options))]
    return _block("chain application", [*lines, "goto refusal"])


def _refusal() -> list[str]:
    return _block(
        "chain refusal",
        [
            "meta l4proto tcp counter reject with tcp reset",
            "udp dport 443 counter reject with icmpx admin-prohibited",
            "counter reject with icmpx admin-prohibited",
        ],
    )


def _redirect(options: LockOptions, host: str, port: int) -> list[str]:
    """Only a connection's first packet comes by here. What is not redirected is judged by the other table."""
    family = IPv6Network if ":" in host else IPv4Network
    named = [*options.refused, *_by_port(options)]
    lines = [
        "type nat hook output priority -100; policy accept;",
        f"meta skuid {USER} accept",
        'oifname "lo" accept',
        f"{_LAYERS[family]} daddr {'::1' if family is IPv6Network else '127.0.0.0/8'} accept",
        *(f"{_transport(destination)} accept" for destination in named if isinstance(destination.network, family)),
    ]
    way = f"redirect to :{port}"
    if options.intercepted is None:
        return _block("chain to_envoy", [*lines, f"meta l4proto tcp {way}"])
    lines.append(f"tcp dport {_set(options.intercepted)} {way}")
    within = [network for network in _open_networks(options) if isinstance(network, family)]
    lines += [f"{match} accept" for match in _either(within)]
    return _block("chain to_envoy", [*lines, *_web(options, way)])


def _web(options: LockOptions, way: str) -> list[str]:
    return [f"tcp dport {_set(options.public)} {way}"] if options.public else []


def _by_port(options: LockOptions) -> list[Destination]:
    servers = [Destination(network, (NAME_SERVERS[0],) * 2) for network in options.resolvers]
    return [*servers, *(destination for destination in options.open if destination.ports is not None)]


def _open_networks(options: LockOptions) -> list[Network]:
    return [destination.network for destination in options.open if destination.ports is None]


def _transport(destination: Destination) -> str:
    where, _, port = destination.match.partition(" th ")
    return f"{where} meta l4proto {{ tcp, udp }} th {port}" if port else where


def _either(networks: Iterable[Network]) -> Iterator[str]:
    """One match for each family; networks that overlap are put together, as nft asks."""
    listed = list(networks)
    v4 = [network for network in listed if isinstance(network, IPv4Network)]
    v6 = [network for network in listed if isinstance(network, IPv6Network)]
    if v4:
        yield f"ip daddr {_set(collapse_addresses(v4))}"
    if v6:
        yield f"ip6 daddr {_set(collapse_addresses(v6))}"


def _set(values: Iterable[object]) -> str:
    return "{ " + ", ".join(str(value) for value in dict.fromkeys(values)) + " }"


def _block(head: str, lines: list[str]) -> list[str]:
    return [f"{head} {{", *(f"    {line}" for line in lines), "}"]


def _address(host: str) -> tuple[Network, ...]:
    """The host, where it is an address."""
    try:
        return (ip_network(host),)
    except ValueError:
        return ()


def _destinations(option: str, word: str) -> tuple[Destination, ...]:
    name, colon, port = word.partition(":")
    if name == PRIVATE_WORD:
        ports = _range(option, port) if colon else None
        return tuple(Destination(network, ports) for network in PRIVATE)
    found = _DESTINATION.fullmatch(word)
    if found is None:
        raise BadConfig(option, f"{word!r} is not a network", "write for example 10.0.0.0/8 or 10.96.0.1/32:443")
    try:
        network = ip_network(found["in"] or found["v4"] or found["v6"] or "")
    except ValueError as error:
        raise BadConfig(option, f"{word!r}: {error}", "give the network's first address") from error
    if network.prefixlen == 0 and found["low"] is None:
        raise BadConfig(option, f"{word!r} is everything", "name networks, or ports")
    return (Destination(network, _range(option, word.rpartition(":")[2]) if found["low"] else None),)


def _range(option: str, text: str) -> tuple[int, int]:
    low, dash, high = text.partition("-")
    ports = (_port(option, low), _port(option, high) if dash else _port(option, low))
    if ports[0] > ports[1]:
        raise BadConfig(option, f"the ports {text} run backwards", "write the lower one first")
    return ports


def _port(option: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65536:
        raise BadConfig(option, f"{text!r} is not a port", "write for example 80,443")
    return int(text)
