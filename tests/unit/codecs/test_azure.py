from tests.unit.codecs.exchanges import exchange

from firebreak.codecs.azure import AzureDeployment
from firebreak.codecs.openai_chat import OpenAIChat
from firebreak.model.refusal import Refusal

CODEC = AzureDeployment(OpenAIChat())


def read(body):
    path = "/openai/deployments/prod-4o/chat/completions"
    return CODEC.read(exchange({"messages": [{"role": "user", "content": "x"}], **body}, api="azure_openai", path=path))


def test_the_deployment_is_the_model():
    assert CODEC.surface == "openai.chat"
    assert read({}).model == "prod-4o"
    assert len(read({"model": "prod-4o"}).parts) == 1


def test_a_body_cannot_pretend_another_model():
    conversation = read({"model": "harmless"})
    assert conversation.model == "prod-4o"
    assert conversation.parts[-1].text == "model: harmless\n"


def test_it_refuses_in_openais_form():
    assert b"policy_violation" in CODEC.refuse(Refusal(400, "c", "m", "policy")).body
