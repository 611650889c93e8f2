from firebreak.edge.envoy.extension import Json
from firebreak.edge.envoy.options import UNKNOWN, EnvoyOptions, Provider
from firebreak.edge.envoy.routes import route_config

OPENAI = Provider("openai", "openai", "api.openai.com", "/openai")
NESTED = Provider("azure", "azure_openai", "x.openai.azure.com", "/openai/azure", 8443, "/base/")
V6 = Provider("six", "anthropic", "::1", "/six", 80, tls=False)


def routes(*providers: Provider) -> list[Json]:
    config = route_config(EnvoyOptions(providers=providers))
    found: list[Json] = config["virtual_hosts"][0]["routes"]
    return found


def test_the_longer_prefix_is_tried_first() -> None:
    names = [route["name"] for route in routes(OPENAI, NESTED)]
    assert names == ["azure/encoded", "azure", "openai/encoded", "openai", UNKNOWN]


def test_each_route_says_to_the_service_where_it_leads() -> None:
    said = [_extensions(route) for route in routes(NESTED)]
    azure = {"provider": "azure", "api": "azure_openai", "prefix": "/openai/azure"}
    assert said == [azure, azure, {"provider": UNKNOWN, "api": UNKNOWN, "prefix": ""}]


def test_no_route_turns_the_check_or_its_body_off() -> None:
    for route in routes(OPENAI, NESTED, V6):
        per_route = route["typed_per_filter_config"]["envoy.filters.http.ext_authz"]
        assert set(per_route) == {"@type", "check_settings"}
        assert set(per_route["check_settings"]) == {"context_extensions"}


def test_an_encoded_body_is_refused_before_the_route_that_would_send_it() -> None:
    encoded, plain, _ = routes(OPENAI)
    assert encoded["direct_response"] == {"status": 415}
    assert encoded["match"]["headers"] == [{"name": "content-encoding", "present_match": True}]
    assert encoded["match"]["prefix"] == plain["match"]["prefix"] == "/openai/"


def test_everything_else_leads_nowhere() -> None:
    last = routes(OPENAI)[-1]
    assert (last["match"], last["direct_response"]) == ({"prefix": "/"}, {"status": 403})


def test_host_and_path_are_the_configured_ones() -> None:
    hosts = [route["route"]["host_rewrite_literal"] for route in routes(OPENAI, NESTED, V6) if "route" in route]
    assert hosts == ["x.openai.azure.com:8443", "api.openai.com", "[::1]"]
    assert routes(NESTED)[1]["route"]["prefix_rewrite"] == "/base/"


def test_an_answer_may_take_its_time_but_not_fall_silent() -> None:
    route = routes(OPENAI)[1]["route"]
    assert (route["timeout"], route["idle_timeout"]) == ("0s", "300s")


def _extensions(route: Json) -> Json:
    settings: Json = route["typed_per_filter_config"]["envoy.filters.http.ext_authz"]["check_settings"]
    extensions: Json = settings["context_extensions"]
    return extensions
