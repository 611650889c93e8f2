import pytest
from tests.unit.codecs.frames.framing import bytewise, frames

from firebreak.codecs.frames.sse import MAX_LINES, Sse
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

BOM = b"\xef\xbb\xbf"


def parsed(raw, limit=1 << 20):
    """(data, event, other) of each frame, whole and byte by byte alike."""
    whole = [(frame.raw, frame.data, frame.event, frame.other) for frame in frames(Sse(limit), [raw])]
    cut = [(frame.raw, frame.data, frame.event, frame.other) for frame in frames(Sse(limit), bytewise(raw))]
    assert whole == cut
    assert b"".join(frame[0] for frame in whole) == raw
    return [frame[1:] for frame in whole]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_end_in_three_ways(end):
    assert parsed(b"data: a" + end + end + b"data: b" + end + end) == [(b"a", "", ""), (b"b", "", "")]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"data: a\r\n\ndata: b\n\r\n", [(b"a", "", ""), (b"b", "", "")]),
        (b"data: a\r\rdata: b\n\n", [(b"a", "", ""), (b"b", "", "")]),
        (b"data: a\rdata: b\ndata: c\r\n\r\n", [(b"a\nb\nc", "", "")]),
        (b"data:a\n\n", [(b"a", "", "")]),
        (b"data:  a \n\n", [(b" a ", "", "")]),
        (b"data\n\n", [(b"", "", "")]),
        (b"data\ndata\n\n", [(b"\n", "", "")]),
        (b"data: a:b\n\n", [(b"a:b", "", "")]),
        (b": hello\n\n", [(b"", "", ": hello")]),
        (b":\n\ndata: a\n\n", [(b"", "", ":"), (b"a", "", "")]),
        (b"event: ping\n\n", [(b"", "ping", "ping")]),
        (b"event: a\nevent: b\ndata: 1\n\n", [(b"1", "b", "a\nb")]),
        (b"id: 7\nretry: 10\ndata: a\n\n", [(b"a", "", "id: 7\nretry: 10")]),
        (b" data: a\n\n", [(b"", "", " data: a")]),
        (b"Data: a\n\n", [(b"", "", "Data: a")]),
        (b"secret\n\n", [(b"", "", "secret")]),
        (b"\n\n\n", [(b"", "", "")] * 3),
        (b"data: a", [(b"a", "", "")]),
        (b"data: a\n", [(b"a", "", "")]),
        (b"data: a\r", [(b"a", "", "")]),
        (b"data: a\n\nevent: b", [(b"a", "", ""), (b"", "b", "b")]),
        (BOM + b"data: a\n\n", [(b"a", "", "")]),
        (BOM + b"\n\ndata: a\n\n", [(b"", "", ""), (b"a", "", "")]),
        (b"data: a\n\n" + BOM + b"data: b\n\n", [(b"a", "", ""), (b"", "", "\ufeffdata: b")]),
        (b"data: a\n" + BOM + b"data: b\n\n", [(b"a", "", "\ufeffdata: b")]),
        (BOM + BOM + b"data: a\n\n", [(b"", "", "\ufeffdata: a")]),
        ("data: \u2028\u0085\x0b\x0c\x1c\n\n".encode(), [("\u2028\u0085\x0b\x0c\x1c".encode(), "", "")]),
        (b"data: \x00\n\n", [(b"\x00", "", "")]),
        (b"data: \xff\n\n", [(b"\xff", "", "")]),
    ],
)
def test_an_event_stream_as_the_standard_parses_it(raw, found):
    """But for `other`, which a browser throws away, and an event at the end, which some readers take."""
    assert parsed(raw) == found


@pytest.mark.parametrize("raw", [b": \xff\n\n", b"event: \xff\n\n", b"\xff: a\n\n", b"id: \xc3\n\n"])
def test_what_is_no_text_is_refused(raw):
    for chunks in ([raw], bytewise(raw)):
        with pytest.raises(BadInput) as caught:
            frames(Sse(100), chunks)
        assert caught.value.reason is Reason.NOT_UTF8


def test_what_came_before_the_refusal_is_there():
    framer = Sse(100)
    assert [frame.data for frame in framer.feed(b"data: a\n\n: \xff\n\n")] == [b"a"]
    with pytest.raises(BadInput):
        framer.feed(b"")


def test_data_has_its_place_in_the_event():
    for raw in (b"event: x\ndata: {}\n\n", b"data:{}\r\n\r\n", BOM + b"data: {}\n\n"):
        (frame,) = frames(Sse(100), [raw])
        assert raw[frame.at : frame.at + 2] == b"{}"
        assert frame.write(b'{"a": 1}') == raw.replace(b"{}", b'{"a": 1}')


def test_data_in_several_lines_is_written_in_one():
    (frame,) = frames(Sse(100), [b'event: x\ndata: {"a":\ndata: 1}\nid: 3\n\n'])
    assert (frame.at, frame.data) == (-1, b'{"a":\n1}')
    assert frame.write(b'{"a":\n2}') == b'event: x\ndata: {"a": 2}\nid: 3\n\n'
    (empty,) = frames(Sse(100), [b": x\n\n"])
    assert empty.write(b"anything") == b": x\n\n"


def test_a_piece_larger_than_the_limit_is_refused():
    for chunks in ([b"data: " + b"a" * 100], bytewise(b"data: " + b"a" * 100)):
        with pytest.raises(BadInput) as caught:
            frames(Sse(100), chunks)
        assert caught.value.reason is Reason.RESPONSE_TOO_LARGE


def test_many_events_in_one_chunk_may_be_larger_than_the_limit():
    assert len(parsed(b"data: a\n\n" * 1000, limit=20)) == 1000


def test_the_lines_of_one_event_are_bounded():
    raw = b"a\n" * MAX_LINES
    assert len(frames(Sse(1 << 20), [raw + b"\n"])) == 1
    for chunks in ([raw + b"a\n\n"], [raw, b"a"]):
        with pytest.raises(BadInput) as caught:
            frames(Sse(1 << 20), chunks)
        assert caught.value.reason is Reason.RESPONSE_TOO_LARGE


def test_the_rest_is_what_is_no_event():
    framer = Sse(100)
    framer.feed(b"data: a\n\ndata: b\n")
    assert framer.rest() == b"data: b\n"


def test_the_limit_does_not_depend_on_the_cutting():
    raw = b"data: " + b"a" * 100 + b"\n\n"
    assert len(frames(Sse(len(raw)), [raw])) == len(frames(Sse(len(raw)), bytewise(raw))) == 1
    for chunks in ([raw * 2], bytewise(raw * 2)):
        with pytest.raises(BadInput):
            frames(Sse(len(raw) - 1), chunks)
    small = b"data: " + b"a" + b"\n\n"
    framer = Sse(len(small))
    assert [frame.raw for frame in framer.feed(small + raw)] == [small]
    with pytest.raises(BadInput):
        framer.feed(b"")
