"""Networks that the egress lock treats as one: a cluster's own, and those that nothing in a pod should be led to."""

from ipaddress import IPv4Address, IPv4Network, IPv6Network, collapse_addresses, ip_network

Network = IPv4Network | IPv6Network

_NAT64 = 0x0064FF9B << 96
"""64:ff9b::/96 (RFC 6052): the last four bytes are an IPv4 address, which a gateway connects to."""


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)


PRIVATE = _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""Pods, Services and nodes have their addresses here as a rule (RFC 1918, 6598, 4193)."""

METADATA = _networks(
    "169.254.0.0/16",
    "fe80::/10",
    "100.100.100.200/32",  # Alibaba Cloud
    "168.63.129.16/32",  # Azure
    "fd00:ec2::/32",  # AWS
    "fd20:ce::254/128",  # Google Cloud
)
"""Link-local, and where clouds hand out a machine's credentials."""

_NOWHERE = _networks(
    *("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4"),
    *("::/128", "::1/128", "::ffff:0:0/96", "fec0::/10", "ff00::/8"),
)


def _through_nat64(network: Network) -> tuple[Network, ...]:
    if isinstance(network, IPv6Network):
        return (network,)
    return (network, IPv6Network((_NAT64 | int(IPv4Address(network.network_address)), 96 + network.prefixlen)))


def _everywhere(networks: tuple[Network, ...]) -> tuple[Network, ...]:
    forms = [form for network in networks for form in _through_nat64(network)]
    v4 = collapse_addresses(form for form in forms if isinstance(form, IPv4Network))
    v6 = collapse_addresses(form for form in forms if isinstance(form, IPv6Network))
    return (*v4, *v6)


FORBIDDEN = _everywhere((*_NOWHERE, *METADATA))
"""Where no name may lead: the pod itself, everybody at once, and the machine's credentials."""

NOT_PUBLIC = _everywhere((*_NOWHERE, *METADATA, *PRIVATE))
"""Where a name that nobody wrote down may not lead either."""
