import json

import pytest
from tests.unit.codecs.exchanges import brief, exchange
from tests.unit.codecs.hearing import said

from firebreak.codecs.gemini_embed import GeminiEmbed
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

PATH = "/v1beta/models/gemini-embedding-001"
CONTENT = {"role": "user", "parts": [{"text": "First"}]}


def test_one_content():
    body = {"model": "models/gemini-embedding-001", "content": CONTENT, "taskType": "RETRIEVAL_QUERY"}
    found = GeminiEmbed().read(exchange(body, path=f"{PATH}:embedContent"))
    assert (found.task, found.model) == ("embedding", "gemini-embedding-001")
    assert brief(found.parts) == [
        ("text", "user", "user", "First"),
        ("metadata", "user", "user", "taskType: RETRIEVAL_QUERY\n"),
    ]


def test_many_contents():
    body = {
        "requests": [{"model": "models/gemini-embedding-001", "content": CONTENT}, {"model": "x", "content": CONTENT}]
    }
    found = GeminiEmbed("b", batch=True).read(exchange(body, path=f"{PATH}:batchEmbedContents"))
    assert [(part.text, part.message) for part in found.parts] == [("First", 0), ("First", 1), ("model: x\n", -1)]


@pytest.mark.parametrize("body", [{}, {"requests": []}, {"requests": [1]}, {"requests": [{}]}])
def test_there_must_be_contents(body):
    with pytest.raises(BadInput):
        GeminiEmbed("b", batch=True).read(exchange(body, path=f"{PATH}:batchEmbedContents"))


def test_an_answer_is_numbers():
    answer = {"embeddings": [{"values": [0.5, 1]}], "usageMetadata": {"promptTokenCount": 3}}
    (heard,) = said(GeminiEmbed().answer(), answer)
    assert (heard.deltas, heard.usage) == ([], Usage(input=3))
    refusal = Refusal(400, "block", "No", "policy")
    assert GeminiEmbed().answer().cut(refusal).startswith(b"data: ")
    assert json.loads(GeminiEmbed().refuse(refusal).body)["error"]["code"] == 400
