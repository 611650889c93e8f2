from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from firebreak.model.networks import FORBIDDEN, NOT_PUBLIC, PRIVATE

Address = IPv4Address | IPv6Address


def within(text: str, networks: tuple) -> bool:
    address = ip_address(text)
    return any(address in network for network in networks if network.version == address.version)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "0.0.0.0",
            "169.254.169.254",
            "224.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "100.100.100.200",
        ),
        *("::", "::1", "fe80::1", "ff02::1", "::ffff:127.0.0.1", "fd00:ec2::254", "fd20:ce::254"),
        *("64:ff9b::169.254.169.254", "64:ff9b::127.0.0.1"),
    ],
)
def test_no_name_may_lead_there(address: str) -> None:
    assert within(address, FORBIDDEN)
    assert within(address, NOT_PUBLIC)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "fd12::1", "64:ff9b::10.1.2.3"]
)
def test_a_private_address_is_for_names_that_were_written_down(address: str) -> None:
    assert not within(address, FORBIDDEN)
    assert within(address, NOT_PUBLIC)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.0.113.1", "172.32.0.1", "2001:db8::1", "64:ff9b::8.8.8.8"])
def test_the_public_is_public(address: str) -> None:
    assert not within(address, NOT_PUBLIC)
    assert not within(address, PRIVATE)
