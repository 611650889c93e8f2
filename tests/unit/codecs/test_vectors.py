import pytest
from tests.unit.codecs.hearing import everything, said

from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.vectors import Vectors, take_vectors
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

BASE64 = "AACAPwAAAEAAAEBAAACAQAAAoEAAAMBAAADgQAAAAEE="


@pytest.mark.parametrize(
    "value",
    [
        [0.25, -1],
        [[0.25], [1, 2]],
        {"float": [[0.25]], "int8": [[1, -2]]},
        {"values": [0.5]},
        [{"values": [0.5], "statistics": {"truncated": False, "tokenCount": 2}}, {"values": BASE64}],
        {"base64": [BASE64]},
        [],
    ],
)
def test_numbers_say_nothing(value):
    members = {"embeddings": value}
    take_vectors(members, "embeddings")
    assert members == {}


@pytest.mark.parametrize(
    "value",
    [
        "words",
        ["words"],
        [0.5, "words"],
        [4111111111111111],
        {"note": ["words"]},
        [{"values": "words"}],
        {"float": BASE64},
    ],
)
def test_what_is_no_vector_stays(value):
    members = {"embeddings": value}
    take_vectors(members, "embeddings")
    assert members


def test_an_answer():
    reader = Vectors(lambda _: Usage(input=1), lambda _: b"cut")
    (heard,) = said(reader, {"id": "a-1", "embeddings": [[0.5]], "texts": ["First"]})
    assert (everything([heard]), heard.usage, heard.last) == ("texts:\nFirst\n", Usage(input=1), True)
    assert reader.cut(Refusal(400, "c", "m", "policy")) == b"cut"
    assert isinstance(reader.framer("application/json", 9), Whole)
    assert reader.framer("text/event-stream", 9) is None
