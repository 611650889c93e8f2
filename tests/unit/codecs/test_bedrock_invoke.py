import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs.bedrock_invoke import BedrockInvoke
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal

UNTOLD = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc"
CLAUDE = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
NOVA = {"schemaVersion": "messages-v1", "messages": [{"role": "user", "content": [{"text": "hi"}]}]}


def read(model, body, verb="invoke"):
    path = f"/model/{model.replace(':', '%3A').replace('/', '%2F')}/{verb}"
    return BedrockInvoke().read(exchange(body, api="bedrock", path=path, headers={}))


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("anthropic.claude-3-haiku-20240307-v1:0", CLAUDE),
        ("anthropic.claude-v2:1", {"prompt": "hi", "max_tokens_to_sample": 9}),
        ("amazon.titan-text-express-v1", {"inputText": "hi"}),
        ("amazon.titan-embed-text-v2:0", {"inputText": "hi"}),
        ("amazon.nova-lite-v1:0", NOVA),
        ("us.meta.llama3-1-8b-instruct-v1:0", {"prompt": "hi", "max_gen_len": 9}),
        ("mistral.mistral-7b-instruct-v0:2", {"prompt": "hi"}),
        ("mistral.mistral-large-2407-v1:0", {"messages": [{"role": "user", "content": "hi"}]}),
        (UNTOLD, CLAUDE),
        (UNTOLD, NOVA),
        (UNTOLD, {"inputText": "hi"}),
        (UNTOLD, {"prompt": "hi"}),
        (UNTOLD, {"messages": [{"role": "user", "content": "hi"}]}),
    ],
)
def test_each_vendors_body(model, body):
    found = read(model, body, "invoke-with-response-stream")
    assert (found.surface, found.model, found.stream) == ("bedrock.invoke", model, True)
    assert brief(found.parts)[0] == ("text", "user", "user", "hi")
    assert found.task == ("embedding" if "embed" in model else "")


def test_options_and_what_is_left():
    config = {"maxTokenCount": 9, "temperature": 0, "stopSequences": ["END"]}
    found = read("amazon.titan-text-express-v1", {"inputText": "hi", "textGenerationConfig": config, "x": "left"})
    assert found.parameters == {"max_tokens": 9, "temperature": 0}
    assert found.parts[-1].text == "textGenerationConfig:\nstopSequences:\nEND\nx: left\n"
    only = {"inputText": "hi", "textGenerationConfig": {"maxTokenCount": 9}}
    assert len(read("amazon.titan-text-express-v1", only).parts) == 1


def test_pictures_beside_a_prompt():
    found = read("meta.llama3-2-11b-instruct-v1:0", {"prompt": "hi", "images": ["iVBORw0KGgo="]})
    assert [part.kind.value for part in found.parts] == ["text", "image"]


@pytest.mark.parametrize(
    ("model", "body", "reason"),
    [
        ("amazon.nova-canvas-v1:0", {}, Reason.UNKNOWN_ROUTE),
        ("amazon.titan-text-express-v1", {"prompt": "hi"}, Reason.FIELD_MISSING),
        ("meta.llama3-1-8b-instruct-v1:0", {"prompt": ["hi"]}, Reason.FIELD_TYPE),
        ("anthropic.claude-v2:1", {"messages": []}, Reason.FIELD_VALUE),
        (UNTOLD, {}, Reason.FIELD_MISSING),
    ],
)
def test_wrong_shapes(model, body, reason):
    with pytest.raises(BadInput) as caught:
        read(model, body)
    assert caught.value.reason is reason


def test_it_refuses_in_awss_form():
    assert b"ValidationException" in BedrockInvoke().refuse(Refusal(400, "c", "m", "policy")).body
    assert BedrockInvoke().answer().framer("application/json", 64)
