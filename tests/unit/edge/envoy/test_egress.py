import re
from typing import Any

import pytest

from firebreak.edge.envoy.config import config, render
from firebreak.edge.envoy.egress import egress_clusters, egress_listener, egress_tags
from firebreak.edge.envoy.egress_options import Egress
from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.local import envoy_binary

BOTH = (("127.0.0.1", 15083), ("::1", 15083))
OPTIONS = EnvoyOptions(providers=(Provider("openai", "openai", "api.openai.com", "/openai"),))
REFUSING = {"llm_host", "not_allowed", "no_name", "unreadable"}


def listener(**options: Any) -> dict[str, Any]:
    return egress_listener(OPTIONS, Egress(BOTH, **options))


def chains(found: dict[str, Any]) -> dict[str, Any]:
    return {chain["name"]: chain["filters"] for chain in found["filter_chains"]}


def chosen(node: Any) -> set[str]:
    """Every chain that some connection can get."""
    if isinstance(node, list):
        return {name for each in node for name in chosen(each)}
    if isinstance(node, dict):
        own = {node["action"]["typed_config"]["value"]} if "action" in node else set()
        return own | {name for each in node.values() for name in chosen(each)}
    return set()


@pytest.mark.parametrize(
    ("options", "passing"),
    [
        ({}, set()),
        ({"names": ("pypi.org",)}, {"egress_named"}),
        ({"anywhere": True}, {"egress_any"}),
        ({"names": ("pypi.org",), "anywhere": True}, {"egress_named", "egress_any"}),
    ],
)
def test_there_is_a_way_out_only_for_what_is_allowed(options: dict[str, Any], passing: set[str]) -> None:
    found = listener(**options)
    assert set(chains(found)) == REFUSING | passing | {"plain_http"}
    assert chosen(found["filter_chain_matcher"]) <= set(chains(found))
    assert {cluster["name"] for cluster in egress_clusters(OPTIONS, Egress(BOTH, **options))} == passing
    assert (passing == set()) == ("cluster" not in str(found["filter_chains"]))


def test_a_refusing_chain_has_no_way_to_anywhere() -> None:
    for reason in REFUSING:
        gate, end = chains(listener(anywhere=True))[reason]
        assert gate["typed_config"]["rules"] == {"action": "ALLOW"}
        assert gate["typed_config"]["stat_prefix"] == f"egress.{reason}."
        assert end["name"] == "envoy.filters.network.echo"


def test_models_come_first_and_a_name_that_is_none_last() -> None:
    matcher = listener(names=("*.openai.com",), anywhere=True)["filter_chain_matcher"]
    by_name = matcher["matcher_list"]["matchers"][0]["on_match"]["matcher"]
    order = [next(iter(chosen(each["on_match"]))) for each in by_name["matcher_list"]["matchers"]]
    assert order == ["llm_host", "egress_named", "egress_any"]
    assert chosen(by_name["on_no_match"]) == {"no_name"}
    assert chosen(matcher["on_no_match"]) == {"unreadable"}


def test_plain_http_never_passes_by_any() -> None:
    (manager,) = chains(listener(anywhere=True))["plain_http"]
    (route,) = manager["typed_config"]["route_config"]["virtual_hosts"][0]["routes"]
    assert route["direct_response"] == {"status": 403}
    reasons = [each["name"] for each in manager["typed_config"]["http_filters"]]
    assert reasons[:3] == [f"firebreak.egress.{reason}" for reason in ("no_name", "llm_host", "not_allowed")]


def test_a_name_that_nobody_wrote_down_leads_to_no_private_address() -> None:
    named, anywhere = egress_clusters(OPTIONS, Egress(BOTH, ("pypi.org",), anywhere=True))
    ranges = [
        {
            f"{net['address_prefix']}/{net['prefix_len']}"
            for net in cluster["cluster_type"]["typed_config"]["dns_cache_config"]["resolved_address_filter"]["ranges"]
        }
        for cluster in (named, anywhere)
    ]
    for network in ("127.0.0.0/8", "169.254.0.0/16", "::ffff:0:0/96"):
        assert all(network in found for found in ranges)
    assert "10.0.0.0/8" in ranges[1] - ranges[0]


def test_the_reason_becomes_a_label() -> None:
    first, second = (re.compile(tag["regex"]) for tag in egress_tags())
    network, request = first.match("egress.llm_host.rbac.denied"), second.match("http.egress.rbac.no_name.denied")
    assert network is not None
    assert request is not None
    assert (network[2], request[2]) == ("llm_host", "no_name")


def test_without_an_egress_lock_nothing_of_it_is_there() -> None:
    assert "egress" not in render(OPTIONS)
    assert "stats_config" not in config(OPTIONS)


@pytest.mark.contract
@pytest.mark.parametrize("options", [{}, {"names": ("pypi.org", "*.example.com")}, {"anywhere": True}])
def test_envoy_takes_it(options: dict[str, Any]) -> None:
    envoy_binary.validate(render(EnvoyOptions(providers=OPTIONS.providers, egress=Egress(BOTH, **options))))
