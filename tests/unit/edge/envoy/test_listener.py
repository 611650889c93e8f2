from firebreak.edge.envoy.extension import Json
from firebreak.edge.envoy.listener import listener
from firebreak.edge.envoy.options import EnvoyOptions, Provider


def manager(**changes) -> Json:
    options = EnvoyOptions(providers=(Provider("openai", "openai", "api.openai.com", "/openai"),), **changes)
    found: Json = listener(options)["filter_chains"][0]["filters"][0]["typed_config"]
    return found


def test_a_path_has_one_reading() -> None:
    built = manager()
    assert built["normalize_path"] is built["merge_slashes"] is True
    assert built["path_with_escaped_slashes_action"] == "REJECT_REQUEST"
    assert built["common_http_protocol_options"]["headers_with_underscores_action"] == "REJECT_REQUEST"


def test_the_arns_of_bedrock_keep_their_escaped_slashes() -> None:
    bedrock = Provider("bedrock", "bedrock", "bedrock-runtime.us-east-1.amazonaws.com", "/bedrock")
    built = listener(EnvoyOptions(providers=(bedrock,)))["filter_chains"][0]["filters"][0]["typed_config"]
    assert built["path_with_escaped_slashes_action"] == "KEEP_UNCHANGED"


def test_only_http1_is_spoken_and_nothing_is_upgraded() -> None:
    assert manager()["codec_type"] == "HTTP1"
    assert "upgrade_configs" not in manager()
    assert "http2_protocol_options" not in manager()


def test_no_client_is_taken_for_a_trusted_peer() -> None:
    built = manager()
    assert built["use_remote_address"] is built["generate_request_id"] is True
    assert built["preserve_external_request_id"] is False
    assert "internal_address_config" not in built


def test_a_request_must_arrive_in_time_and_an_answer_must_not_fall_silent() -> None:
    built = manager(request_timeout_s=7, stream_idle_timeout_s=60)
    assert (built["request_timeout"], built["stream_idle_timeout"]) == ("7s", "60s")
    assert built["request_headers_timeout"] == "10s"


def test_every_request_is_traced_when_there_is_a_collector() -> None:
    assert "tracing" not in manager()
    assert manager(otlp="collector:4317")["tracing"]["random_sampling"] == {"value": 100}


def test_it_listens_where_the_options_say() -> None:
    options = EnvoyOptions(providers=(Provider("a", "openai", "h", "/a"),), listen_host="0.0.0.0", listen_port=8080)
    assert listener(options)["address"]["socket_address"] == {"address": "0.0.0.0", "port_value": 8080}
