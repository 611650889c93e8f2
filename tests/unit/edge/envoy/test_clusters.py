from firebreak.edge.envoy.clusters import ENGINE, HTTP_OPTIONS, OTLP, clusters, provider_cluster
from firebreak.edge.envoy.extension import Json
from firebreak.edge.envoy.options import EnvoyOptions, Provider

OPENAI = Provider("openai", "openai", "api.openai.com", "/openai", ca_file="/ca.pem")
LOCAL = Provider("local", "openai", "llm", "/local", 8080, tls=False)


def built(**changes) -> dict[str, Json]:
    options = EnvoyOptions(providers=(OPENAI, LOCAL), **changes)
    return {cluster["name"]: cluster for cluster in clusters(options)}


def test_every_provider_has_a_cluster_of_its_own() -> None:
    assert list(built()) == [ENGINE, provider_cluster(OPENAI), provider_cluster(LOCAL)]
    assert OTLP in built(otlp="collector:4317")


def test_the_name_in_the_certificate_is_the_configured_hosts() -> None:
    cluster = built()[provider_cluster(OPENAI)]
    tls = cluster["transport_socket"]["typed_config"]
    assert tls["auto_host_sni"] is tls["auto_sni_san_validation"] is True
    assert tls["common_tls_context"]["validation_context"] == {"trusted_ca": {"filename": "/ca.pem"}}
    endpoint = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
    assert endpoint["hostname"] == endpoint["address"]["socket_address"]["address"] == "api.openai.com"


def test_only_a_provider_that_says_so_is_spoken_to_in_clear() -> None:
    assert "transport_socket" not in built()[provider_cluster(LOCAL)]
    protocol = built()[provider_cluster(LOCAL)]["typed_extension_protocol_options"][HTTP_OPTIONS]
    assert protocol["explicit_http_config"] == {"http_protocol_options": {}}


def test_our_headers_are_taken_off_on_the_providers_side_in_both_directions() -> None:
    for provider in (OPENAI, LOCAL):
        protocol = built()[provider_cluster(provider)]["typed_extension_protocol_options"][HTTP_OPTIONS]
        mutation, codec = protocol["http_filters"]
        mutations = mutation["typed_config"]["mutations"]
        for direction in ("request_mutations", "response_mutations"):
            prefixes = [each["remove_on_match"]["key_matcher"]["prefix"] for each in mutations[direction]]
            assert prefixes == ["x-firebreak-", "x-envoy-"]
        assert codec["name"] == "envoy.filters.http.upstream_codec"


def test_workers_on_sockets_need_no_name_service() -> None:
    engine = built(engine=("/run/a.sock", "unix:/run/b.sock"))[ENGINE]
    assert engine["type"] == "STATIC"
    assert [each["endpoint"]["address"]["pipe"]["path"] for each in _endpoints(engine)] == [
        "/run/a.sock",
        "/run/b.sock",
    ]
    remote = built(engine=("firebreak:9000",))[ENGINE]
    assert remote["type"] == "STRICT_DNS"
    assert _endpoints(remote)[0]["endpoint"]["address"]["socket_address"] == {
        "address": "firebreak",
        "port_value": 9000,
    }


def test_when_every_worker_is_down_none_is_asked() -> None:
    engine = built()[ENGINE]
    assert engine["common_lb_config"] == {"healthy_panic_threshold": {"value": 0}}
    check = engine["health_checks"][0]
    assert check["grpc_health_check"] == {"service_name": ""}
    assert check["interval"] == check["no_traffic_healthy_interval"] == "1s"
    assert check["unhealthy_interval"] == check["no_traffic_interval"] == "0.1s"


def test_a_refusing_worker_is_set_aside_but_never_all_of_them() -> None:
    outliers = built()[ENGINE]["outlier_detection"]
    assert outliers["max_ejection_percent"] == 50
    assert outliers["split_external_local_origin_errors"] is True
    assert outliers["enforcing_consecutive_5xx"] == outliers["enforcing_consecutive_gateway_failure"] == 0


def _endpoints(cluster: Json) -> list[Json]:
    found: list[Json] = cluster["load_assignment"]["endpoints"][0]["lb_endpoints"]
    return found
