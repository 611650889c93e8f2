import pytest
from tests.tools.answer_cases import EMBEDDING
from tests.unit.codecs.hearing import everything, said

from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.numbers_answer import EmbeddingsAnswer
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

KEY = "sk-proj-9aB2cD4eF6gH8iJ0kL"


def hear(value):
    return said(EmbeddingsAnswer(), value)


def vector(value):
    return EMBEDDING | {"data": [{"object": "embedding", "index": 0, "embedding": value}]}


def test_only_documents_are_vectors():
    assert isinstance(EmbeddingsAnswer().framer("application/json", 1), Whole)
    assert EmbeddingsAnswer().framer("text/event-stream", 1) is None


def test_of_vectors_nothing_is_read_but_the_model():
    (heard,) = hear(EMBEDDING)
    assert heard.last
    assert heard.usage == Usage(input=8)
    assert everything([heard]) == "model: text-embedding-3-small\n"


@pytest.mark.parametrize("value", [[1, -128, 127], [0.5], "QUJD" * 12 + "QUI="])
def test_forms_of_a_vector(value):
    assert "embedding" not in everything(hear(vector(value))).replace("text-embedding", "")


@pytest.mark.parametrize("value", [[4111111111111111], [True], [], ["a"], KEY, {"a": 1}, None, [0.5, KEY]])
def test_what_is_no_vector_is_read(value):
    assert "embedding: " in everything(hear(vector(value))) or "embedding:\n" in everything(hear(vector(value)))


def test_a_key_beside_a_vector_is_heard():
    for body in (
        EMBEDDING | {"model": KEY},
        EMBEDDING | {"data": [{"object": KEY}]},
        EMBEDDING | {"data": KEY},
        {KEY: 1},
    ):
        assert KEY in everything(hear(body))


def test_what_is_no_object_is_refused():
    with pytest.raises(BadInput):
        hear([])


def test_a_cut_is_openais():
    assert EmbeddingsAnswer().cut(Refusal(400, "c", "no", "policy")).endswith(b"[DONE]\n\n")
