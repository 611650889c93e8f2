import pytest

from firebreak.edge.envoy.credentials import CREDENTIAL_HEADERS
from firebreak.edge.envoy.extension import Json
from firebreak.edge.envoy.filters import CHECK, http_filters
from firebreak.edge.envoy.options import EnvoyOptions, Provider

OPTIONS = EnvoyOptions(providers=(Provider("openai", "openai", "api.openai.com", "/openai"),), max_body_bytes=12345)


@pytest.fixture
def filters() -> dict[str, Json]:
    return {each["name"].rpartition(".")[2]: each["typed_config"] for each in http_filters(OPTIONS)}


def test_size_and_headers_come_before_the_check_and_the_check_before_the_way_out(filters: dict[str, Json]) -> None:
    assert list(filters) == ["body_size_limit", "header_mutation", "ext_authz", "rbac", "processing", "router"]


def test_one_limit_holds_in_both_places(filters: dict[str, Json]) -> None:
    assert filters["body_size_limit"]["max_request_bytes"] == 12345
    body = filters["ext_authz"]["with_request_body"]
    assert body == {"max_request_bytes": 12345, "allow_partial_message": False, "pack_as_bytes": True}


def test_no_answer_is_a_no(filters: dict[str, Json]) -> None:
    check = filters["ext_authz"]
    assert check["failure_mode_allow"] is False
    assert check["status_on_error"] == {"code": "ServiceUnavailable"}
    assert check["grpc_service"]["timeout"] == "1s"
    assert not {"failure_mode_allow_header_add", "shadow_mode", "filter_enabled"} & set(check)


def test_the_service_is_asked_once(filters: dict[str, Json]) -> None:
    assert "retry_policy" not in filters["ext_authz"]["grpc_service"]


def test_the_service_may_not_change_the_request(filters: dict[str, Json]) -> None:
    check = filters["ext_authz"]
    assert check["decoder_header_mutation_rules"] == {"disallow_all": True, "disallow_is_error": True}
    assert check["validate_mutations"] is True
    assert check["clear_route_cache"] is False


def test_the_service_sees_every_header_but_the_credentials(filters: dict[str, Json]) -> None:
    check = filters["ext_authz"]
    assert check["encode_raw_headers"] is True
    assert "allowed_headers" not in check
    patterns = check["disallowed_headers"]["patterns"]
    assert [pattern["exact"] for pattern in patterns if "exact" in pattern] == list(CREDENTIAL_HEADERS)
    assert all(pattern["ignore_case"] for pattern in patterns)


@pytest.mark.parametrize(
    "name", ["authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "proxy-authorization"]
)
def test_the_known_credentials_are_listed(name: str) -> None:
    assert name in CREDENTIAL_HEADERS


def test_headers_that_are_ours_are_taken_off_first(filters: dict[str, Json]) -> None:
    accept, *prefixes = filters["header_mutation"]["mutations"]["request_mutations"]
    assert accept == {"remove": "accept-encoding"}
    assert [each["remove_on_match"]["key_matcher"]["prefix"] for each in prefixes] == ["x-firebreak-", "x-envoy-"]


def test_what_passes_has_a_record(filters: dict[str, Json]) -> None:
    rules = filters["rbac"]["rules"]
    assert rules["action"] == "ALLOW"
    (policy,) = rules["policies"].values()
    (principal,) = policy["principals"]
    matcher = principal["sourced_metadata"]["metadata_matcher"]
    assert matcher == {"filter": CHECK, "path": [{"key": "surface"}], "value": {"present_match": True}}
