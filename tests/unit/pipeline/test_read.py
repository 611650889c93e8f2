from dataclasses import replace

from firebreak.model.exchange import Caller, Exchange
from firebreak.model.reason import Reason
from firebreak.pipeline.read import read

BODY = b'{"model":"m","messages":[{"role":"user","content":"hi"}]}'


def exchange(**changes):
    headers = {"content-type": "application/json"}
    plain = Exchange("e", "POST", "/v1/chat/completions", "", "", headers, BODY, "openai", "openai", Caller())
    return replace(plain, **changes)


def test_a_body_is_read_by_the_codec_of_its_route():
    reading = read(exchange())
    assert reading.conversation is not None
    assert (reading.surface, reading.reason, reading.inspected) == ("openai.chat", None, "request")


def test_a_reason_takes_the_place_of_a_conversation():
    reading = read(exchange(body=BODY[:-1]))
    assert reading.conversation is None
    assert reading.reason is Reason.NOT_JSON
    assert reading.inspected == "skipped:not_json"


def test_a_fault_goes_before_everything():
    assert read(exchange(fault=Reason.BODY_TOO_LARGE)).reason is Reason.BODY_TOO_LARGE


def test_a_listed_route_has_neither():
    reading = read(exchange(method="GET", path="/v1/models", body=b"", headers={}))
    assert (reading.conversation, reading.reason, reading.inspected) == (None, None, "skipped:listed_route")


def test_an_api_nobody_knows_is_refused_in_some_form():
    reading = read(exchange(api="carrier-pigeon"))
    assert reading.reason is Reason.UNKNOWN_DESTINATION
    assert reading.refuser is not None
