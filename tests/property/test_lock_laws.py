"""Laws of the egress lock's rules: the script, run line by line as nft would, against what the page says in words."""

import contextlib
import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from hypothesis import given
from hypothesis import strategies as st

from firebreak.kube.lock import (
    Destination,
    LockOptions,
    read_destinations,
    read_ports,
    read_resolvers,
    script,
)
from firebreak.model.errors import BadConfig
from firebreak.model.networks import METADATA, PRIVATE

HOSTS = ("10.0.0.5", "10.96.0.10", "203.0.113.9", "169.254.169.254", "100.100.100.200", "2001:db8::9", "fd00::5")
NETWORKS = (
    "10.0.0.0/8",
    "10.0.0.5/32",
    "10.0.0.0/30",
    "203.0.113.0/24",
    "100.64.0.0/10",
    "fd00::/8",
    "2001:db8::9/128",
)
PORTS = (22, 53, 80, 443, 853, 5432, 8000)
networks = st.sampled_from(NETWORKS).map(ip_network)
ranges = st.tuples(st.sampled_from(PORTS), st.sampled_from(PORTS)).map(lambda pair: (min(pair), max(pair)))
destinations = st.lists(st.builds(Destination, networks, st.none() | ranges), max_size=4).map(tuple)
listens = st.sampled_from(((("127.0.0.1", 1),), (("::1", 2),), (("127.0.0.1", 1), ("::1", 2))))
options_of = st.builds(
    LockOptions,
    listen=listens,
    intercepted=st.none() | st.lists(st.sampled_from(PORTS), max_size=2).map(lambda more: (443, *more)),
    public=st.lists(st.sampled_from(PORTS), max_size=3).map(tuple),
    open=destinations,
    refused=destinations,
    resolvers=st.lists(st.sampled_from(HOSTS).map(ip_network), max_size=2).map(tuple),
)


@dataclass(frozen=True)
class Packet:
    """The first of a connection of the application's."""

    address: IPv4Address | IPv6Address
    protocol: str
    port: int


packets = st.builds(
    Packet, st.sampled_from(HOSTS).map(ip_address), st.sampled_from(("tcp", "udp", "icmp")), st.sampled_from(PORTS)
)


def within(packet: Packet, found: object) -> bool:
    network = ip_network(str(found))
    return network.version == packet.address.version and packet.address in network


def meets(packet: Packet, destination: Destination) -> bool:
    """A destination with ports is about TCP and UDP."""
    if destination.ports is None:
        return within(packet, destination.network)
    low, high = destination.ports
    return within(packet, destination.network) and packet.protocol in {"tcp", "udp"} and low <= packet.port <= high


def said(options: LockOptions, packet: Packet) -> str:
    """What the documentation says becomes of it."""
    if any(meets(packet, one) for one in options.refused):
        return "refused"
    resolvers = [Destination(network, (53, 53)) for network in options.resolvers]
    exact = [one for one in options.open if one.ports]
    if any(meets(packet, one) for one in (*resolvers, *exact)):
        return "passes"
    within_open = any(within(packet, one.network) for one in options.open if not one.ports)
    taken = options.intercepted is None or packet.port in options.intercepted
    listened = any((":" in host) == (packet.address.version == 6) for host, _ in options.listen)
    if packet.protocol == "tcp" and listened and (taken or (packet.port in options.public and not within_open)):
        return "envoy"
    if packet.protocol == "icmp" or any(within(packet, one) for one in METADATA) or packet.port in {53, 853}:
        return "refused"
    if packet.port in (options.intercepted or ()) or (options.intercepted is None and packet.protocol == "tcp"):
        return "refused"
    return "passes" if within_open else "refused"


def chain(text: str, table: str, name: str) -> list[str]:
    """Its lines; none where the table has no such chain."""
    found = re.search(rf"^table {table} firebreak \{{\n(.*?)^\}}", text, re.MULTILINE | re.DOTALL)
    inner = found and re.search(rf"^    chain {name} \{{\n(.*?)^    \}}", found[1], re.MULTILINE | re.DOTALL)
    return [line.strip() for line in inner[1].splitlines()] if inner else []


def holds(line: str, packet: Packet) -> bool:
    """Whether every match of the line is true; an unknown one is an error of this test."""
    rest = re.sub(r"(goto \w+|accept|redirect to :\d+)$", "", line).strip()
    if rest in {'oifname "lo"', "meta skuid 1337", "ip daddr 127.0.0.0/8", "ip6 daddr ::1"}:
        return False
    while rest:
        found = re.match(r"(ip6? daddr|meta l4proto|th dport|tcp dport) (\{[^}]*\}|\S+) ?", rest)
        assert found, rest
        values = found[2].strip("{} ").split(", ")
        rest = rest[found.end() :]
        if found[1].endswith("daddr"):
            true = any(within(packet, value) for value in values)
        elif found[1] == "meta l4proto":
            true = packet.protocol in values
        else:
            true = found[1] == "th dport" or packet.protocol == "tcp"
            true = true and any(packet.port in span(value) for value in values)
        if not true:
            return False
    return True


def span(text: str) -> range:
    low, _, high = text.partition("-")
    return range(int(low), int(high or low) + 1)


def run(text: str, packet: Packet) -> str:
    """What the script makes of it: first the redirection, then the judgement."""
    family = "ip6" if packet.address.version == 6 else "ip"
    for line in chain(text, family, "to_envoy")[1:]:
        if holds(line, packet):
            if "redirect" in line:
                return "envoy"
            break
    for line in chain(text, "inet", "application"):
        if holds(line, packet):
            return "passes" if line.endswith("accept") else "refused"
    raise AssertionError("no line decides")


@given(options_of, packets)
def test_the_rules_do_what_the_page_says(options: LockOptions, packet: Packet) -> None:
    assert run(script(options), packet) == said(options, packet)


@given(options_of)
def test_the_sidecar_is_let_out_first_and_nothing_by_default(options: LockOptions) -> None:
    lines = chain(script(options), "inet", "out")
    assert lines[:2] == ["type filter hook output priority filter; policy drop;", "meta skuid 1337 accept"]
    assert lines[-1] == chain(script(options), "inet", "application")[-1] == "goto refusal"


@given(options_of)
def test_no_open_network_opens_tls(options: LockOptions) -> None:
    """Only a destination with its port does."""
    for host in HOSTS:
        packet = Packet(ip_address(host), "tcp", 443)
        if run(script(options), packet) == "passes":
            assert any(one.ports and meets(packet, one) for one in options.open)


@given(st.text())
def test_text_is_read_or_refused(text: str) -> None:
    """Contract: a value or `BadConfig`."""
    for read in (read_destinations, read_ports):
        with contextlib.suppress(BadConfig):
            read("option", text)
    read_resolvers(text)


@given(st.lists(st.sampled_from((*NETWORKS, "private", "10.0.0.5:22", "203.0.113.0/24:1-80", "[fd00::/8]:443"))))
def test_destinations_come_back_as_they_were_written(words: list[str]) -> None:
    found = read_destinations("option", ",".join(words))
    assert len(found) == sum(len(PRIVATE) if word == "private" else 1 for word in words)
