import json

import pytest
from tests.unit.codecs.exchanges import brief, exchange
from tests.unit.codecs.hearing import said

from firebreak.codecs.cohere import CohereChat, CohereEmbed, CohereRerank
from firebreak.codecs.cohere_answer import CohereAnswer, CohereRanks
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal

IMAGE = "data:image/png;base64,iVBORw0KGgo="


def chat(*messages, **body):
    return CohereChat().read(exchange({"model": "command-a", "messages": list(messages), **body}))


def embed(**body):
    return CohereEmbed().read(exchange({"model": "embed-v4.0", **body}))


def test_a_conversation_with_documents_and_tools():
    call = {"id": "c1", "type": "function", "function": {"name": "rm", "arguments": '{"a":1}'}}
    found = chat(
        {"role": "system", "content": "Brief."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Hi"}, {"type": "image_url", "image_url": {"url": IMAGE}}],
        },
        {"role": "assistant", "tool_plan": "I look.", "tool_calls": [call]},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "hologram", "x": "y"}]},
        {
            "role": "tool",
            "tool_call_id": "c1",
            "content": [{"type": "document", "document": {"data": {"sky": "grey"}}}],
        },
        documents=["A text", {"data": {"title": "T"}}],
        k=3,
        p=0.5,
    )
    assert brief(found.parts) == [
        ("text", "system", "system", "Brief."),
        ("text", "user", "user", "Hi"),
        ("image", "user", "user", "type: image_url\nimage_url:\nurl: data:image/png;base64\n"),
        ("reasoning", "assistant", "assistant", "I look."),
        ("tool_call", "assistant", "assistant", 'rm\n{"a":1}'),
        ("metadata", "assistant", "assistant", "id: c1\ntype: function\n"),
        ("reasoning", "assistant", "assistant", "Hm."),
        ("other", "assistant", "assistant", "type: hologram\nx: y\n"),
        ("tool_result", "tool", "tool", "type: document\ndocument:\ndata:\nsky: grey\n"),
        ("metadata", "tool", "tool", "tool_call_id: c1\n"),
        ("text", "tool", "retrieval", "A text\n"),
        ("text", "tool", "retrieval", "data:\ntitle: T\n"),
    ]
    assert found.parameters == {"top_k": 3, "top_p": 0.5}


@pytest.mark.parametrize(
    "message",
    [
        {"content": "x"},
        {"role": "nobody", "content": "x"},
        {"role": "user"},
        {"role": "user", "content": [1]},
        {"role": "user", "content": [{"text": "x"}]},
        {"role": "user", "content": [{"type": "text"}]},
        {"role": "assistant", "tool_plan": 1},
        {"role": "assistant", "tool_calls": [{"function": {"name": "a", "arguments": {}}}]},
    ],
)
def test_what_has_the_wrong_shape_is_refused(message):
    with pytest.raises(BadInput):
        chat(message)


@pytest.mark.parametrize("body", [{"messages": []}, {"messages": [{"role": "user", "content": "x"}], "documents": [1]}])
def test_so_is_the_rest_of_a_request(body):
    with pytest.raises(BadInput):
        CohereChat().read(exchange({"model": "command-a", **body}))


def test_texts_images_and_both_together_are_embedded():
    found = embed(texts=["a"], images=[IMAGE], inputs=[{"content": [{"type": "text", "text": "b"}]}], truncate="END")
    assert brief(found.parts) == [
        ("text", "user", "user", "a"),
        ("image", "user", "user", "data:image/png;base64"),
        ("text", "user", "user", "b"),
        ("metadata", "user", "user", "truncate: END\n"),
    ]
    assert found.task == "embedding"
    with pytest.raises(BadInput):
        embed(texts=[1])


def test_a_question_and_what_is_to_be_ranked():
    found = CohereRerank().read(
        exchange({"model": "rerank-v3.5", "query": "Which?", "documents": ["a", {"text": "b"}]})
    )
    assert brief(found.parts) == [
        ("text", "user", "user", "Which?"),
        ("text", "tool", "retrieval", "a\n"),
        ("text", "tool", "retrieval", "text: b\n"),
    ]
    with pytest.raises(BadInput):
        CohereRerank().read(exchange({"model": "rerank-v3.5", "documents": []}))


def test_answers_and_refusals_are_coheres():
    assert isinstance(CohereChat().answer(), CohereAnswer)
    assert isinstance(CohereRerank().answer(), CohereRanks)
    assert said(CohereEmbed().answer(), {"embeddings": {"float": [[0.5]]}})[0].deltas == []
    for codec in (CohereChat(), CohereEmbed(), CohereRerank()):
        assert json.loads(codec.refuse(Refusal(400, "block", "No", "policy")).body) == {"message": "No"}
