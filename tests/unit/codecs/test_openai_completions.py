import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.openai_completions import OpenAICompletions
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal


def read(**body):
    return OpenAICompletions().read(exchange({"model": "m", **body}, path="/v1/completions"))


def test_prompt_suffix_and_options():
    conversation = read(prompt="once", suffix="end", max_tokens=3, logprobs=2)
    assert brief(conversation.parts) == [("text", "user", "user", "once"), ("text", "user", "user", "end")]
    assert (conversation.surface, conversation.task) == ("openai.completions", "")
    assert conversation.parameters == {"max_tokens": 3, "logprobs": 2}


def test_the_prompt_may_be_absent_but_not_of_another_type():
    assert read().parts == ()
    bodies: list[dict] = [{"prompt": {}}, {"suffix": 1}]
    for body in bodies:
        with pytest.raises(BadInput):
            read(**body)


def test_it_refuses_in_openais_form():
    assert b"policy_violation" in OpenAICompletions().refuse(Refusal(400, "c", "m", "policy")).body
