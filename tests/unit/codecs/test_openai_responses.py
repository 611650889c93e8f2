import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.openai_responses import OpenAIResponses
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal


def read(**body):
    return OpenAIResponses().read(exchange(body, path="/v1/responses"))


def refused(reason, where, **body):
    with pytest.raises(BadInput) as caught:
        read(**body)
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_a_string_and_instructions():
    conversation = read(model="m", input="ask", instructions="be kind", stream=True, max_output_tokens=5)
    assert brief(conversation.parts) == [("text", "system", "system", "be kind"), ("text", "user", "user", "ask")]
    assert (conversation.surface, conversation.stream) == ("openai.responses", True)
    assert conversation.parameters == {"max_output_tokens": 5}


def test_text_that_is_elsewhere_is_named():
    parts = brief(read(model="m", previous_response_id="resp_1", conversation={"id": "c1"}).parts)
    assert parts == [
        ("other", "user", "user", "previous_response_id: resp_1\n"),
        ("other", "user", "user", "conversation:\nid: c1\n"),
    ]


def test_a_template_may_stand_for_model_and_input():
    conversation = read(prompt={"id": "p1", "variables": {"name": "Ada"}})
    assert conversation.model == ""
    assert brief(conversation.parts) == [("other", "user", "user", "prompt:\nid: p1\nvariables:\nname: Ada\n")]


def test_tools_and_settings_are_read():
    conversation = read(model="m", input=[], tools=[{"type": "function", "name": "f"}], text={"verbosity": "low"})
    assert conversation.tools == ("f",)
    assert conversation.parts[-1].text == "text:\nverbosity: low\n"


def test_wrong_shapes():
    refused(Reason.FIELD_MISSING, "/input", model="m")
    refused(Reason.FIELD_MISSING, "/model", input="x")
    refused(Reason.FIELD_TYPE, "/input", model="m", input={"role": "user"})
    refused(Reason.FIELD_TYPE, "/input/0", model="m", input=["x"])
    refused(Reason.FIELD_TYPE, "/instructions", model="m", input="x", instructions=["x"])
    refused(Reason.FIELD_TYPE, "/tools", model="m", input="x", tools="x")


def test_it_refuses_in_openais_form():
    assert b"policy_violation" in OpenAIResponses().refuse(Refusal(400, "c", "m", "policy")).body
