import pytest
from tests.unit.codecs.frames.framing import bytewise, frames

from firebreak.codecs.frames.whole import Whole
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason


@pytest.mark.parametrize("raw", [b"{}", b"\n\n", b"\xff"])
def test_all_of_it_is_one_frame(raw):
    for chunks in ([raw], bytewise(raw)):
        (frame,) = frames(Whole(100), chunks)
        assert (frame.raw, frame.data, frame.at, frame.write(b"x")) == (raw, raw, 0, b"x")


def test_no_body_is_no_frame():
    assert frames(Whole(100), [b""]) == []


def test_more_than_the_limit_is_refused_as_soon_as_it_comes():
    framer = Whole(10)
    framer.feed(b"0123456789")
    assert framer.rest() == b"0123456789"
    with pytest.raises(BadInput) as caught:
        framer.feed(b"x")
    assert caught.value.reason is Reason.RESPONSE_TOO_LARGE
