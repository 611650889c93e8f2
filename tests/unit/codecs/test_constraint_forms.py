import pytest

from firebreak.codecs.constraint_forms import Asked, form_of
from firebreak.codecs.routes import ROUTES, PassThrough

UNCONSTRAINED = {
    "anthropic.batches",
    "generic",
    "openai.batches",
    "openai.files",
    "openai.uploads",
    "openai.images",
    "openai.image_edits",
    "openai.image_variations",
    "openai.speech",
    "openai.transcriptions",
    "openai.translations",
}
"""Pictures, sound and bodies with several requests: refused where something is to be constrained."""


def test_every_api_that_gives_text_has_a_form():
    read = {route.target.surface for route in ROUTES if not isinstance(route.target, PassThrough)}
    body = {"anthropic_version": "x"}
    known = {name for name in read if form_of(Asked(name, model="anthropic.claude-3"), body)}
    assert read - known == UNCONSTRAINED


def test_a_list_of_definitions_comes_with_a_place_to_cap():
    for route in ROUTES:
        form = form_of(Asked(route.target.surface, model="amazon.nova-lite-v1:0"), {})
        if form is not None and form.tools and form.asks and "count" not in route.target.surface:
            assert form.caps


@pytest.mark.parametrize(
    ("model", "body", "first"),
    [
        ("us.anthropic.claude-sonnet-4", {"messages": []}, "max_tokens"),
        ("deepseek.r1-v1:0", {"prompt": ""}, "max_tokens"),
        ("openai.gpt-oss-20b-1:0", {"messages": []}, "max_completion_tokens"),
        ("arn:aws:bedrock:us-east-1::foundation-model/openai.gpt-oss-20b-1:0", {}, "max_completion_tokens"),
        (
            "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/x",
            {"inputText": ""},
            "textGenerationConfig",
        ),
    ],
)
def test_bedrocks_forms_are_the_vendors(model, body, first):
    form = form_of(Asked("bedrock.invoke", "bedrock", model), body)
    assert form is not None
    assert form.caps[0][0] == first


def test_nothing_is_guessed():
    profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/x"
    assert form_of(Asked("bedrock.invoke", "bedrock", profile), {"messages": []}) is None
    assert form_of(Asked("bedrock.converse", "bedrock", "arn:aws:bedrock:us-east-1:1:prompt/X"), {}) is None
    assert form_of(Asked("new.api"), {}) is None
