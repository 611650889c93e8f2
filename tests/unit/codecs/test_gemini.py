import json

import pytest
from tests.unit.codecs.exchanges import brief, exchange

from firebreak.codecs import registry
from firebreak.codecs.gemini import GeminiCount, GeminiGenerate, model_of
from firebreak.codecs.gemini_answer import GeminiAnswer
from firebreak.codecs.routes import PassThrough
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason
from firebreak.model.refusal import Refusal

GENERATE = "/v1beta/models/gemini-2.5-flash:generateContent"
COUNT = "/v1beta/models/gemini-2.5-flash:countTokens"
HELLO = [{"parts": [{"text": "Hello"}]}]


def read(body, path=GENERATE, **how):
    asked = exchange(body, api="gemini", path=path, **how)
    codec = registry.pick(asked)
    assert not isinstance(codec, PassThrough)
    return codec.read(asked)


@pytest.mark.parametrize(
    "path",
    [
        "/v1beta/models/gemini-2.5-flash:generateContent",
        "/v1beta/models/gemini-2.5-flash%3AgenerateContent",
        "/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash%3agenerateContent",
    ],
)
def test_the_model_stands_in_the_path(path):
    assert model_of(path) == "gemini-2.5-flash"


def test_both_spellings_are_read():
    told = {"parts": [{"text": "Be terse."}]}
    for key, config in (("systemInstruction", "generationConfig"), ("system_instruction", "generation_config")):
        found = read({"contents": HELLO, key: told, config: {"topK": 3, "stopSequences": ["END"]}})
        assert brief(found.parts) == [
            ("text", "system", "system", "Be terse."),
            ("text", "user", "user", "Hello"),
            ("metadata", "user", "user", "stopSequences:\nEND\n"),
        ]
        assert found.parameters == {"top_k": 3}
        assert found.model == "gemini-2.5-flash"


def test_the_path_says_whether_it_streams():
    path = GENERATE.replace("generateContent", "streamGenerateContent")
    assert read({"contents": HELLO}, path, query="alt=sse").stream
    assert not read({"contents": HELLO}).stream
    assert GeminiGenerate("s", streamed=True).answer().cut(Refusal(400, "c", "m", "policy")).startswith(b"data: ")


def test_a_model_in_the_body_that_repeats_the_path_says_nothing():
    for named in ("gemini-2.5-flash", "models/gemini-2.5-flash"):
        assert len(read({"contents": HELLO, "model": named}).parts) == 1
    assert read({"contents": HELLO, "model": "models/other"}).parts[-1].text == "model: models/other\n"


def test_a_cache_stands_for_text_that_nobody_has_read():
    found = read({"contents": HELLO, "cachedContent": "cachedContents/c1"})
    assert brief(found.parts)[-1] == ("other", "user", "user", "cachedContent: cachedContents/c1\n")


@pytest.mark.parametrize(
    ("body", "reason", "where"),
    [
        ({}, Reason.FIELD_MISSING, "/contents"),
        ({"contents": []}, Reason.FIELD_VALUE, "/contents"),
        ({"contents": "Hello"}, Reason.FIELD_TYPE, "/contents"),
        ({"contents": HELLO, "generationConfig": []}, Reason.FIELD_TYPE, "/generationConfig"),
        ({"contents": HELLO, "tools": {}}, Reason.FIELD_TYPE, "/tools"),
        ({"contents": HELLO, "systemInstruction": "x"}, Reason.FIELD_TYPE, "/systemInstruction"),
    ],
)
def test_what_has_the_wrong_shape_is_refused(body, reason, where):
    with pytest.raises(BadInput) as caught:
        read(body)
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_a_whole_request_can_be_counted():
    inner = {
        "model": "models/gemini-2.5-flash",
        "contents": HELLO,
        "systemInstruction": {"parts": [{"text": "Brief."}]},
    }
    found = read({"generateContentRequest": inner}, COUNT)
    assert [part.text for part in found.parts] == ["Brief.", "Hello"]
    assert read({"contents": HELLO}, COUNT).surface == "gemini.count_tokens"
    with pytest.raises(BadInput):
        read({}, COUNT)
    assert isinstance(GeminiCount().answer(), GeminiAnswer)


def test_a_refusal_is_googles_error():
    for codec in (GeminiGenerate(), GeminiCount()):
        rendered = codec.refuse(Refusal(400, "block", "No", "policy"))
        assert json.loads(rendered.body)["error"]["status"] == "INVALID_ARGUMENT"
