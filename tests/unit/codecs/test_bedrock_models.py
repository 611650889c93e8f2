import pytest

from firebreak.codecs.bedrock_models import Family, family_of, model_of
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

PROFILE = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0"


@pytest.mark.parametrize(
    "model",
    [
        "anthropic.claude-3-5-sonnet-20240620-v1:0",
        "us.amazon.nova-lite-v1:0",
        PROFILE,
        "arn:aws:bedrock:us-east-1::foundation-model/meta.llama3-1-8b-instruct-v1:0",
        "arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:application-inference-profile/abc123",
        "arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.titan-text-lite-v1:0:4k/abcdefghijkl",
        "arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1",
    ],
)
def test_names_in_paths(model):
    for colon, slash in ((":", "%2F"), ("%3A", "%2F"), ("%3a", "%2f")):
        path = f"/model/{model.replace(':', colon).replace('/', slash)}/invoke"
        assert model_of(path) == model


@pytest.mark.parametrize(
    "path",
    [
        "/model//invoke",
        "/model/a/b/invoke",
        "/model/a%2Fb/invoke",
        "/model/a%2F..%2Fb/invoke",
        "/model/.a/invoke",
        "/model/a./invoke",
        "/model/a%20b/invoke",
        "/model/a%253A0/invoke",
        "/model/arn%3Aaws%3As3%3A%3A%3Abucket%2Fkey/invoke",
        f"/model/{'a' * 600}/invoke",
        "/other/a/invoke",
        "",
    ],
)
def test_what_is_no_name(path):
    with pytest.raises(BadInput) as caught:
        model_of(path)
    assert caught.value.reason is Reason.UNKNOWN_ROUTE


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("anthropic.claude-v2:1", Family.ANTHROPIC),
        ("us-gov.anthropic.claude-3-haiku-20240307-v1:0", Family.ANTHROPIC),
        (PROFILE, Family.ANTHROPIC),
        ("amazon.titan-text-express-v1", Family.TITAN),
        ("amazon.titan-embed-text-v2:0", Family.EMBEDDING),
        ("eu.amazon.nova-pro-v1:0", Family.NOVA),
        ("us.meta.llama4-scout-17b-instruct-v1:0", Family.PROMPT),
        ("mistral.mistral-large-2407-v1:0", Family.CHAT),
        ("openai.gpt-oss-120b-1:0", Family.CHAT),
        ("arn:aws:bedrock:us-east-1::foundation-model/mistral.mistral-7b-instruct-v0:2", Family.CHAT),
        ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc", Family.UNTOLD),
        ("arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdefghijkl", Family.UNTOLD),
    ],
)
def test_whose_body_a_model_takes(model, family):
    assert family_of(model) is family


@pytest.mark.parametrize(
    "model",
    ["amazon.nova-canvas-v1:0", "amazon.titan-image-generator-v2:0", "stability.sd3-5-large-v1:0", "claude", "twelvelabs.x"],
)  # fmt: skip
def test_bodies_that_no_codec_reads(model):
    with pytest.raises(BadInput) as caught:
        family_of(model)
    assert caught.value.reason is Reason.UNKNOWN_ROUTE
