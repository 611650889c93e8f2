import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.codecs import json_lines
from firebreak.codecs.json_lines import lines, place
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


def found(raw, start=0, end=None):
    return [
        (number, raw[span.start : span.end]) for number, span in lines(raw, start, len(raw) if end is None else end)
    ]


def test_lines_have_their_numbers_and_no_space_around_them():
    assert found(b'{"a":1}\n\n \t\n  {"b":2}\t\r\n{"c":3}') == [(1, b'{"a":1}'), (4, b'{"b":2}'), (5, b'{"c":3}')]


def test_only_what_lies_between_is_looked_at():
    assert found(b"head{}\n[]\ntail", 4, 9) == [(1, b"{}"), (2, b"[]")]
    assert found(b"") == []


def test_what_would_end_a_line_for_some_readers_is_refused():
    with pytest.raises(BadInput) as caught:
        found(b'{}\n{"a":\r1}')
    assert (caught.value.reason, caught.value.where) == (Reason.NOT_JSON, place(2))


def test_there_is_an_end_to_their_number(monkeypatch):
    monkeypatch.setattr(json_lines, "MAX_PARTS", 3)
    assert len(found(b"1\n" * 3)) == 3
    with pytest.raises(BadInput) as caught:
        found(b"1\n" * 4)
    assert caught.value.reason is Reason.TOO_MANY_PARTS


@given(st.lists(st.sampled_from([b"{}", b" ", b"\n", b"\r\n", b"a b", b"\t"])))
def test_nothing_but_space_is_left_out(pieces):
    raw = b"".join(pieces)
    kept = b"".join(line for _, line in found(raw))
    assert b"".join(kept.split()) == b"".join(raw.split())
