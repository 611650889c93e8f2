from ipaddress import ip_network

import pytest
from tests.tools.golden_lock import CASES, GOLDEN, rules

from firebreak.kube.lock import (
    USER,
    Destination,
    LockOptions,
    lock_options,
    read_destinations,
    read_ports,
    read_resolvers,
    script,
)
from firebreak.kube.sidecar import USER as SIDECARS_USER
from firebreak.model.errors import BadConfig
from firebreak.model.networks import PRIVATE

V4, V6 = ("127.0.0.1", 15083), ("::1", 15084)


@pytest.mark.parametrize("case", CASES)
def test_the_rules_are_the_reviewed_ones(case: str) -> None:
    assert rules(case) == (GOLDEN / f"{case}.nft").read_text(encoding="utf-8"), "make golden, and review the diff"


def test_every_golden_file_has_a_case() -> None:
    assert {file.stem for file in GOLDEN.iterdir()} == set(CASES)


def test_what_an_earlier_run_made_goes_in_the_same_transaction() -> None:
    lines = script(LockOptions((V4,))).splitlines()
    assert lines[:6] == [
        f"{verb} table {family} firebreak" for family in ("inet", "ip", "ip6") for verb in ("add", "delete")
    ]


def test_only_the_sidecars_user_is_free_and_the_last_word_is_no() -> None:
    assert USER == SIDECARS_USER
    text = script(LockOptions((V4, V6)))
    assert text.count(f"meta skuid {USER} accept") == 3
    assert "hook output priority filter; policy drop;" in text
    assert "chain application" in text
    assert text.count("goto refusal\n    }") == 2
    assert "drop" not in text.replace("policy drop", "")


def test_a_family_on_which_envoy_does_not_listen_is_not_redirected() -> None:
    only = script(LockOptions((V4,)))
    assert "redirect to :15083" in only
    assert "table ip6 firebreak {" not in only
    assert "redirect to :15084" in script(LockOptions((V6,)))
    assert "table ip firebreak {" not in script(LockOptions((V6,)))


def test_no_port_of_its_own_is_opened_by_a_network_of_all_ports() -> None:
    """TLS and the providers' ports are judged before the networks that are open."""
    text = script(LockOptions((V4,), intercepted=(443, 8000)))
    application = text[text.index("chain application") : text.index("chain refusal")]
    assert application.index("th dport { 443, 8000 } goto refusal") < application.index("ip daddr { 10.0.0.0/8")
    redirect = text[text.index("chain to_envoy") :]
    assert redirect.index("tcp dport { 443, 8000 } redirect") < redirect.index("ip daddr { 10.0.0.0/8")


def test_all_ports_leave_no_tcp_to_open_networks() -> None:
    text = script(LockOptions((V4,), intercepted=None))
    assert "        meta l4proto tcp redirect to :15083" in text
    application = text[text.index("chain application") :]
    assert application.index("meta l4proto tcp goto refusal") < application.index("ip daddr { 10.0.0.0/8")


def test_networks_that_overlap_are_put_together() -> None:
    given = tuple(Destination(ip_network(text)) for text in ("10.0.0.0/8", "10.1.0.0/16", "fd00::/8", "fd00:1::/32"))
    text = script(LockOptions((V4,), open=given))
    assert "ip daddr { 10.0.0.0/8 }" in text
    assert "ip6 daddr { fd00::/8 }" in text


def test_without_networks_and_web_ports_there_are_no_empty_sets() -> None:
    assert "{  }" not in script(LockOptions((V4, V6), open=(), public=()))


@pytest.mark.parametrize("listen", [(), (("10.0.0.1", 1),), (V4, V4), (("127.0.0.1", 0),)])
def test_it_leads_to_loopback_only(listen: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(BadConfig, match="egress_listen"):
        LockOptions(listen)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("10.0.0.0/8", [("10.0.0.0/8", None)]),
        ("10.1.2.3", [("10.1.2.3/32", None)]),
        ("10.96.0.1/32:443", [("10.96.0.1/32", (443, 443))]),
        ("0.0.0.0/0:22", [("0.0.0.0/0", (22, 22))]),
        (" 10.0.0.0/8 , fd00::/8", [("10.0.0.0/8", None), ("fd00::/8", None)]),
        ("[fd00::1]:1-5", [("fd00::1/128", (1, 5))]),
        ("[fd00::/8]", [("fd00::/8", None)]),
        ("fd00::1", [("fd00::1/128", None)]),
    ],
)
def test_destinations_are_read(text: str, expected: list[tuple[str, tuple[int, int] | None]]) -> None:
    assert read_destinations("x", text) == tuple(Destination(ip_network(net), ports) for net, ports in expected)


def test_private_stands_for_a_clusters_networks() -> None:
    assert read_destinations("x", "private") == tuple(Destination(network) for network in PRIVATE)
    assert {found.ports for found in read_destinations("x", "private:5432")} == {(5432, 5432)}


@pytest.mark.parametrize(
    "text",
    [
        *("10.0.0.1/8", "0.0.0.0/0", "::/0", "host.example", "10.0.0.0/33", "10.0.0.0/8:", "10.0.0.0/8:0", ","),
        *(
            "10.0.0.0/8:70000",
            "10.0.0.0/8:9-1",
            "10.0.0.0/8:1-2-3",
            "[10.0.0.0/8",
            "private:",
            "private:x",
            "10.0.0.0/8;",
        ),
        *("10.0.0.0/8 accept", "fe80::1%eth0", "\u0661\u0660.0.0.0/8", "10.0.0.0/8:\u0664"),
    ],
)
def test_what_is_no_destination_is_said(text: str) -> None:
    with pytest.raises(BadConfig, match="egress_networks"):
        read_destinations("egress_networks", text)


def test_there_is_an_end_to_destinations() -> None:
    with pytest.raises(BadConfig, match="more than"):
        read_destinations("x", ",".join(["10.0.0.0/8"] * 257))


@pytest.mark.parametrize(("text", "expected"), [("80,443", (80, 443)), (" 25 ", (25,)), ("all", None)])
def test_ports_are_read(text: str, expected: tuple[int, ...] | None) -> None:
    assert read_ports("x", text) == expected


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "80;443", "80-90"])
def test_what_is_no_port_is_said(text: str) -> None:
    with pytest.raises(BadConfig, match="egress_ports"):
        read_ports("egress_ports", text)


def test_name_servers_are_read_and_other_lines_passed_over() -> None:
    text = (
        "# nameserver 1.1.1.1\nsearch a b\n nameserver\t10.0.0.1 # ours\nnameserver fe80::1%eth0\nnameserver nonsense\n"
    )
    found = read_resolvers(text + "nameserver 10.0.0.1\nnameserver fd00::a\nnameserver 1.2.3.4.5\n")
    assert found == tuple(map(ip_network, ("10.0.0.1", "fe80::1", "fd00::a")))


def test_a_providers_port_is_intercepted_and_its_address_refused() -> None:
    options = lock_options(
        listen=(V4,),
        ports="80,443",
        networks="private",
        refused="",
        providers=[("api.openai.com", 443), ("vllm.llm.svc", 8000), ("10.0.0.9", 11434), ("fd00::9", 80)],
        resolv_conf="",
    )
    assert options.intercepted == (443, 8000, 11434, 80)
    assert [destination.match for destination in options.refused] == [
        "ip daddr 10.0.0.9/32 th dport 11434",
        "ip6 daddr fd00::9/128 th dport 80",
    ]
