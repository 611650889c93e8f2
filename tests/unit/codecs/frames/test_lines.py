import pytest
from tests.unit.codecs.frames.framing import bytewise, frames

from firebreak.codecs.frames.lines import Lines
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        (b'{"a":1}\n{"b":2}\n', [b'{"a":1}', b'{"b":2}']),
        (b'{"a":1}\r\n{"b":2}', [b'{"a":1}', b'{"b":2}']),
        (b' \t{"a":1} \r\n', [b'{"a":1}']),
        (b"\n\r\n \n", [b"", b"", b""]),
        (b"", []),
        (b"\xff\x00\n", [b"\xff\x00"]),
    ],
)
def test_one_line_is_one_frame(raw, data):
    for chunks in ([raw], bytewise(raw)):
        found = frames(Lines(100), chunks)
        assert [frame.data for frame in found] == data
        assert b"".join(frame.raw for frame in found) == raw
        assert all(frame.raw[frame.at : frame.at + len(frame.data)] == frame.data for frame in found)


def test_other_data_stands_where_it_stood():
    (frame,) = frames(Lines(100), [b' {"a":1} \r\n'])
    assert frame.write(b"{}") == b" {} \r\n"


def test_a_line_larger_than_the_limit_is_refused():
    for chunks in ([b"a" * 11], bytewise(b"a" * 11)):
        with pytest.raises(BadInput) as caught:
            frames(Lines(10), chunks)
        assert caught.value.reason is Reason.RESPONSE_TOO_LARGE


def test_the_rest_is_what_is_no_line():
    framer = Lines(100)
    framer.feed(b"a\nbc")
    assert framer.rest() == b"bc"


def test_the_limit_does_not_depend_on_the_cutting():
    raw = b"a" * 100 + b"\n"
    assert len(frames(Lines(len(raw)), [raw])) == len(frames(Lines(len(raw)), bytewise(raw))) == 1
    for chunks in ([raw * 2], bytewise(raw * 2)):
        with pytest.raises(BadInput):
            frames(Lines(len(raw) - 1), chunks)
    small = b"a" + b"\n"
    framer = Lines(len(small))
    assert [frame.raw for frame in framer.feed(small + raw)] == [small]
    with pytest.raises(BadInput):
        framer.feed(b"")
