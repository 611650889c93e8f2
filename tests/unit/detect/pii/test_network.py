from ipaddress import ip_address

import pytest

from firebreak.detect.engine import Engine
from firebreak.detect.pii.network import RULES, is_inside, is_interface, is_public, may_be_inside, may_be_public

ENGINE = Engine([rule.compiled for rule in RULES])


def found(text):
    return [(RULES[m.pattern].id, text[m.start : m.end]) for m in ENGINE.scan(text)]


@pytest.mark.parametrize("text", ["93.184.216.34", "81.2.69.142", "2a00:1450:4001:81b::200e"])
def test_addresses_of_the_internet(text):
    assert is_public(text)
    assert not is_inside(text)
    assert found(f"from {text}, port 80") == [("ip-address", text)]


@pytest.mark.parametrize("text", ["10.12.40.5", "192.168.7.20", "203.0.113.7", "fd00:12:ab::7:12"])
def test_addresses_inside_and_of_documents(text):
    assert is_inside(text)
    assert not is_public(text)


@pytest.mark.parametrize(
    "text",
    [
        "2.5.29.15",
        "130.0.0.0",
        "10.2.3.4",
        "127.0.0.1",
        "8.8.8.8",
        "1.2.3.4.5.6",
        "12:30:45",
        "0::2",
        "300.1.1.1",
        "std::map",
    ],
)
def test_versions_objects_and_everybodys_addresses_are_none(text):
    assert found(f"see {text} there") == []


def test_an_address_ends_before_its_port():
    assert found("93.184.216.34:443") == [("ip-address", "93.184.216.34")]


def test_interfaces():
    assert is_interface("3c:22:fb:9a:4e:01")
    assert not is_interface("ff:ff:ff:ff:ff:ff")
    assert not is_interface("00-11-22-33-44-55")


def test_what_is_told_by_the_first_number_is_what_the_registry_says():
    for first in range(256):
        for rest in ("131.37.99", "168.37.99", "254.255.255"):
            text = f"{first}.{rest}"
            address = ip_address(text)
            assert is_public(text) == (address.is_global and not address.is_multicast), text
            assert may_be_public(text.encode(), text.encode().rindex(b".") + 2) or not is_public(text), text
            assert may_be_inside(text.encode(), text.encode().rindex(b".") + 2) or not is_inside(text), text


def test_a_time_of_day_is_not_read_as_an_address():
    line = b" at 12:30:45 from"
    assert not may_be_public(line, line.index(b"30:") + 3)
    assert not may_be_inside(line, line.index(b"30:") + 3)


@pytest.mark.parametrize(
    "text", ["2a00:1450::200e", "2a00:1450:4001:81b:0:0:77:200e", "fd00:12:ab:0:0:1:2:7", "fd00:12::7:12"]
)
def test_what_is_written_in_colons_is_read(text):
    assert [line for _, line in found(f"12:30:45 {text} 12:31:07")] == [text]


def test_addresses_in_a_row_of_times_are_all_found():
    line = "12:30:45 81.2.69.142,10.12.40.5:443 12:31:07 [2a00:1450:4001:81b::200e]"
    assert [rule for rule, _ in found(line)] == ["ip-address", "ip-address", "ip-address-inside"]
