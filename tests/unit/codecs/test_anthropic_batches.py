import json

import pytest
from tests.unit.codecs.exchanges import brief, exchange
from tests.unit.codecs.hearing import everything, kinds, said

from firebreak.codecs.anthropic_batches import AnthropicBatches, anthropic_line, results
from firebreak.codecs.locate import Locator
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal


def params(text, model="claude-sonnet-5", **more):
    return {"model": model, "max_tokens": 5, "messages": [{"role": "user", "content": text}], **more}


def asked(text, custom_id="one", **more):
    return {"custom_id": custom_id, "params": params(text, **more)}


def request(*requests, **more):
    return exchange({"requests": list(requests), **more}, api="anthropic", path="/v1/messages/batches")


def refused(reason, where, *requests):
    with pytest.raises(BadInput) as caught:
        AnthropicBatches().read(request(*requests))
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_each_request_is_one_for_a_message():
    found = AnthropicBatches().read(
        request(asked("Hi", system="Be kind"), asked("there", "two", model="claude-opus-5"), x="beside")
    )
    assert [(one.surface, one.model) for one in found.requests] == [
        ("anthropic.messages", "claude-sonnet-5"),
        ("anthropic.messages", "claude-opus-5"),
    ]
    assert brief(found.parts)[0] == ("metadata", "user", "user", "x: beside\n")
    assert brief(found.requests[0].parts) == [
        ("text", "system", "system", "Be kind"),
        ("text", "user", "user", "Hi"),
        ("metadata", "user", "user", "custom_id: one\n"),
    ]
    assert (found.surface, found.model) == ("anthropic.batches", "")


def test_a_text_has_its_place_in_the_whole_body():
    one = request(asked("first"), asked("sécond"))
    found = AnthropicBatches().read(one)
    (row,) = (index for index, part in enumerate(found.parts) if part.text == "sécond")
    span = Locator(one.body, found.parts).span(row, 0, 6)
    assert one.body[span.start : span.end].decode() == "sécond"


@pytest.mark.parametrize(
    ("item", "reason", "where"),
    [
        ({"custom_id": "a"}, Reason.FIELD_MISSING, "/requests/1/params"),
        ({"custom_id": "a", "params": {"model": "m"}}, Reason.FIELD_MISSING, "/requests/1/params/messages"),
        ({"params": params("x"), "Params": params("y")}, Reason.DUPLICATE_KEY, "/requests/1"),
        ({"params": {**params("x"), "Messages": []}}, Reason.DUPLICATE_KEY, "/requests/1/params"),
        ({"params": "x"}, Reason.NOT_AN_OBJECT, "/requests/1/params"),
        ("x", Reason.NOT_AN_OBJECT, "/requests/1"),
    ],
)
def test_what_is_no_request_is_refused_and_named(item, reason, where):
    refused(reason, where, asked("fine"), item)


def test_a_batch_of_nothing_is_refused():
    refused(Reason.FIELD_VALUE, "/requests")


def test_its_answer_is_an_object_and_its_refusal_anthropics():
    assert isinstance(AnthropicBatches().answer(), PlainAnswer)
    assert json.loads(AnthropicBatches().refuse(Refusal(400, "c", "m", "invalid")).body)["type"] == "error"


def result(text):
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": [{"type": "text", "text": text}]}
    return {"custom_id": "one", "result": {"type": "succeeded", "message": message}}


def test_results_are_answers_of_their_own():
    (heard,) = said(results(), result("Hello"))
    assert ("text", "Hello") in kinds(heard)


@pytest.mark.parametrize(
    "found",
    [
        {"type": "errored", "error": {"type": "error", "error": {"message": "words"}}},
        {"type": "succeeded", "message": {"type": "other", "content": "words"}},
        {"type": "succeeded", "message": "words"},
        "words",
    ],
)
def test_every_string_of_any_result_is_read(found):
    assert "words" in everything(said(results(), {"custom_id": "one", "result": found}))


def test_a_cut_is_a_result_with_an_error():
    line = results().cut(Refusal(400, "c", "Response blocked", "policy"))
    assert line == anthropic_line(Refusal(400, "c", "Response blocked", "policy"))
    found = json.loads(line)
    assert found["result"]["type"] == "errored"
    assert found["result"]["error"]["error"]["message"] == "Response blocked"
