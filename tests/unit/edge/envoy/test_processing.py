import json

from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.edge.envoy.processing import CHANGES, CHECK, HANDED_OVER, HEADERS, processing

OPTIONS = EnvoyOptions(
    (Provider("openai", "openai", "api.openai.com", "/openai", 443),), ("unix:/run/e.sock",), "/run/admin.sock"
)


def filters():
    """The two processors, by the metadata key at which each is chosen."""
    matchers = processing(OPTIONS)["typed_config"]["xds_matcher"]["matcher_list"]["matchers"]
    chosen = {}
    for matcher in matchers:
        single = matcher["predicate"]["single_predicate"]
        where = single["input"]["typed_config"]
        assert where["filter"] == CHECK
        filter_ = matcher["on_match"]["action"]["typed_config"]["typed_config"]
        chosen[where["path"][0]["key"]] = filter_["typed_config"]
    return chosen


def test_changes_are_asked_for_first():
    assert list(filters()) == [CHANGES, HANDED_OVER]


def test_both_fail_closed_and_hold_answers_back():
    for one in filters().values():
        assert one["failure_mode_allow"] is False
        assert "allow_mode_override" not in one
        mode = one["processing_mode"]
        assert mode["request_header_mode"] == "SEND", "a service that is gone must cost no prompt"
        assert mode["response_header_mode"] == "SEND"
        assert mode["response_body_mode"] == "FULL_DUPLEX_STREAMED"
        assert mode["response_trailer_mode"] == "SEND"
        assert "timeout" not in one["grpc_service"], "a long answer must not end by it"


def test_only_a_body_that_is_to_change_is_sent():
    modes = {key: one["processing_mode"]["request_body_mode"] for key, one in filters().items()}
    assert modes == {CHANGES: "BUFFERED", HANDED_OVER: "NONE"}


def test_the_service_changes_no_header_but_its_own_answers_form_and_a_length_that_it_must():
    for key, one in filters().items():
        rules = one["mutation_rules"]
        assert rules["disallow_all"]
        assert rules["disallow_is_error"]
        allowed = rules["allow_expression"]["regex"].split("|")
        assert "content-type" in allowed
        assert ("content-length" in allowed) == (key == CHANGES)
        assert one["allow_content_length_header"] == (key == CHANGES)


def test_it_sees_no_credential():
    for one in filters().values():
        names = [pattern["exact"] for pattern in one["forward_rules"]["allowed_headers"]["patterns"]]
        assert tuple(names) == HEADERS
        assert "authorization" not in json.dumps(one)


def test_where_an_answer_comes_from_is_told():
    assert all(one["response_attributes"] == ["response.code_details"] for one in filters().values())
