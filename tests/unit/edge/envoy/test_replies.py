import json

import pytest

from firebreak.edge.envoy.replies import (
    INVALID_ANSWER,
    NO_ANSWER,
    OTHER,
    REPLIES,
    UNCHECKED,
    error_body,
    local_reply_config,
)

ALL = (INVALID_ANSWER, NO_ANSWER, UNCHECKED, *REPLIES, OTHER)


@pytest.mark.parametrize("reply", ALL, ids=lambda reply: reply.reason)
def test_a_body_is_an_error_to_both_families_of_sdks(reply) -> None:
    body = json.loads(error_body(reply))
    assert body["type"] == "error"
    assert body["error"] == {"type": reply.kind, "message": reply.message, "param": None, "code": reply.reason}


@pytest.mark.parametrize("reply", ALL, ids=lambda reply: reply.reason)
def test_a_body_has_nothing_that_envoy_would_fill_in(reply) -> None:
    assert "%" not in error_body(reply)


def test_the_services_own_words_come_before_envoys() -> None:
    bodies = [
        each["body_format_override"]["text_format_source"]["inline_string"] for each in local_reply_config()["mappers"]
    ]
    own = [at for at, body in enumerate(bodies) if body == "%LOCAL_REPLY_BODY%"]
    assert own == [0, 2, 4]
    assert json.loads(bodies[1])["error"]["code"] == "engine_answer"
    assert json.loads(bodies[3])["error"]["code"] == "engine_unavailable"


def test_a_yes_is_never_taken_for_the_services_own_words() -> None:
    filters = local_reply_config()["mappers"][2]["filter"]["and_filter"]["filters"]
    assert filters[0] == {"response_flag_filter": {"flags": ["UAEX"]}}
    assert filters[1]["metadata_filter"]["match_if_key_not_found"] is False


def test_each_of_envoys_own_replies_carries_its_reason() -> None:
    said = [
        each["headers_to_add"][0]["header"]["value"]
        for each in local_reply_config()["mappers"]
        if "headers_to_add" in each
    ]
    assert said == [reply.reason for reply in (INVALID_ANSWER, NO_ANSWER, UNCHECKED, *REPLIES)]


def test_a_status_is_told_apart_by_flags_before_it_is_taken_by_itself() -> None:
    seen: set[int] = set()
    for reply in REPLIES:
        assert reply.status not in seen, f"{reply.reason} is never reached"
        if not reply.flags:
            seen.add(reply.status)
