import pytest
from tests.tools.answer_cases import OPENAI_ERROR
from tests.unit.codecs.hearing import everything, said

from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal

KEY = "sk-proj-9aB2cD4eF6gH8iJ0kL"


def hear(content_type, value):
    reader = PlainAnswer()
    assert isinstance(reader.framer(content_type, 1000), Whole)
    return said(reader, value)


@pytest.mark.parametrize("content_type", ["application/json", "application/problem+json"])
def test_every_string_of_a_document_is_read(content_type):
    assert "message: Rate limit reached" in everything(hear(content_type, OPENAI_ERROR))
    assert KEY in everything(hear(content_type, {"type": KEY, "model": "m"}))
    assert KEY in everything(hear(content_type, [KEY]))


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/html"])
def test_a_text_is_read_whole_and_cannot_be_changed_in_place(content_type):
    (heard,) = hear(content_type, b"<p>Not found: " + KEY.encode())
    assert [(delta.text, delta.channel.copied) for delta in heard.deltas] == [(f"<p>Not found: {KEY}", True)]


def test_a_text_that_is_a_document_is_read_without_its_escapes_too():
    (heard,) = hear("text/plain", rb' {"error": "\u0041KIAQ3"}')
    assert "AKIAQ3" in everything([heard])
    assert all(delta.channel.copied for delta in heard.deltas)


def test_what_is_neither_is_not_let_through():
    assert PlainAnswer().framer("image/png", 10) is None
    for content_type, raw in (("text/plain", b"\xff"), ("application/json", b"{"), ("application/json", b"\xff")):
        with pytest.raises(BadInput):
            hear(content_type, raw)


def test_a_cut_is_openais():
    assert PlainAnswer().cut(Refusal(400, "c", "no", "policy")).endswith(b"[DONE]\n\n")
