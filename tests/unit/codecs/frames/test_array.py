import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.codecs.frames.framing import bytewise, frames

from firebreak.codecs.frames.array import Array
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        (b'[{"a":1}\n,\r\n{"b":[2]}\n]\n', [b'{"a":1}', b'{"b":[2]}', b""]),
        (b' [ {"a":"}]\\"{" } ] ', [b'{"a":"}]\\"{" }', b""]),
        (b'[{"a":"\\\\"}]', [b'{"a":"\\\\"}', b""]),
        (b"[]", [b""]),
        (b"[{}]", [b"{}", b""]),
        (b"", []),
    ],
)
def test_one_object_is_one_frame(raw, data):
    for chunks in ([raw], bytewise(raw)):
        found = frames(Array(100), chunks)
        assert [frame.data for frame in found] == data
        assert b"".join(frame.raw for frame in found) == raw
        assert all(frame.raw[frame.at :] == frame.data for frame in found if frame.data)


def test_a_bracket_or_a_comma_stands_with_the_object_behind_it():
    first, second, last = frames(Array(100), [b"[{},\n{}\n]"])
    assert (first.raw, second.raw, last.raw) == (b"[{}", b",\n{}", b"\n]")
    assert second.write(b'{"a":1}') == b',\n{"a":1}'
    assert last.write(b"") == last.raw


@pytest.mark.parametrize(
    ("raw", "whole", "reason"),
    [
        (b"{}", 0, Reason.NOT_JSON),
        (b"[1]", 0, Reason.NOT_JSON),
        (b"[{},]", 1, Reason.NOT_JSON),
        (b"[{} {}]", 1, Reason.NOT_JSON),
        (b"[{}] {}", 1, Reason.NOT_JSON),
        (b"[{}]]", 1, Reason.NOT_JSON),
        (b"\xef\xbb\xbf[{}]", 0, Reason.NOT_JSON),
        (b"[{}", 1, Reason.RESPONSE_INCOMPLETE),
        (b'[{"a', 0, Reason.RESPONSE_INCOMPLETE),
    ],
)
def test_what_is_wrong_comes_behind_the_objects_before_it(raw, whole, reason):
    """And what closes the array does not leave before all of it was right."""
    for chunks in ([raw], bytewise(raw)):
        found, fault = outcome(chunks, 12)
        assert (found.count(b"|"), fault) == (whole, reason)
        assert b"]" not in found


def test_an_object_larger_than_the_limit_is_refused():
    for chunks in ([b"[{" + b" " * 20], bytewise(b"[{" + b" " * 20)):
        with pytest.raises(BadInput) as caught:
            frames(Array(10), chunks)
        assert caught.value.reason is Reason.RESPONSE_TOO_LARGE


def test_the_rest_is_what_is_no_object():
    framer = Array(100)
    framer.feed(b'[{}, {"a')
    assert framer.rest() == b', {"a'


def outcome(chunks, limit):
    """The frames, each with a bar behind it, and what was wrong then."""
    framer, found = Array(limit), b""
    try:
        for chunk in chunks:
            piece = chunk
            while more := framer.feed(piece):
                found += b"".join(frame.raw + b"|" for frame in more)
                piece = b""
        while more := framer.end():
            found += b"".join(frame.raw + b"|" for frame in more)
    except BadInput as error:
        return found, error.reason
    return found, None


@given(st.lists(st.sampled_from([b"[", b"]", b"{", b"}", b",", b'"', b"\\", b" ", b"a", b"\n"]), max_size=30))
def test_any_cutting_gives_the_same(pieces):
    assert outcome([b"".join(pieces)], 100) == outcome(pieces, 100)
