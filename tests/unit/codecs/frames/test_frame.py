import pytest

from firebreak.codecs.frames.frame import WHERE, Buffer
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


def test_what_is_taken_is_gone():
    buffer = Buffer(10)
    buffer.add(b"abc")
    buffer.add(b"def")
    assert (buffer.take(2), bytes(buffer.bytes)) == (b"ab", b"cdef")


def test_more_than_the_limit_is_refused_when_the_frames_have_been_taken():
    buffer = Buffer(3)
    buffer.add(b"abcdef")
    buffer.take(3)
    buffer.bounded()
    buffer.add(b"g")
    with pytest.raises(BadInput) as caught:
        buffer.bounded()
    assert (caught.value.reason, caught.value.where) == (Reason.RESPONSE_TOO_LARGE, WHERE)


def test_a_frame_that_is_too_large_is_not_taken():
    buffer = Buffer(3)
    buffer.add(b"abcd")
    with pytest.raises(BadInput):
        buffer.take(4)
    assert buffer.take(3) == b"abc"
