import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.openai_moderations import OpenAIModerations
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal


def read(**body):
    return OpenAIModerations().read(exchange(body, path="/v1/moderations"))


def test_the_model_is_optional_and_the_task_known():
    conversation = read(input="text")
    assert (conversation.surface, conversation.task, conversation.model) == ("openai.moderations", "moderation", "")
    assert brief(conversation.parts) == [("text", "user", "user", "text")]


def test_texts_and_images():
    items = [{"type": "text", "text": "t", "x": "y"}, {"type": "image_url", "image_url": {"url": "https://i"}}]
    assert [part[0] for part in brief(read(input=items).parts)] == ["text", "metadata", "image"]


def test_an_input_is_required():
    bodies: list[dict] = [{}, {"input": []}, {"input": {"type": "text"}}]
    for body in bodies:
        with pytest.raises(BadInput):
            read(**body)


def test_it_refuses_in_openais_form():
    assert b"policy_violation" in OpenAIModerations().refuse(Refusal(400, "c", "m", "policy")).body
