from hypothesis import given
from hypothesis import strategies as st

from firebreak.pipeline.strides import STRIDE, Strides


def looked(pieces, *, closed=True, paused=False):
    strides = Strides()
    found: list[str] = []
    for piece in pieces:
        strides.grow(piece)
        found += _checked(pieces, strides.due(paused=False, closed=False))
    return [*found, *_checked(pieces, strides.due(paused=paused, closed=closed))]


def _checked(pieces, due):
    """The stretches, each of which stands where it says."""
    for start, stretch in due:
        assert "".join(pieces)[start : start + len(stretch)] == stretch
        yield stretch


def text(length):
    return "".join(chr(97 + at % 26) for at in range(length))


@given(st.lists(st.integers(0, 700), max_size=12))
def test_where_a_text_is_looked_at_does_not_depend_on_its_pieces(lengths):
    whole, pieces, at = text(sum(lengths)), [], 0
    for length in lengths:
        pieces.append(whole[at : at + length])
        at += length
    assert looked(pieces) == looked([whole])
    assert looked(pieces) == looked(list(whole))


def test_each_look_goes_back_two_strides():
    whole = text(3 * STRIDE + 10)
    ends = [STRIDE, 2 * STRIDE, 3 * STRIDE, 3 * STRIDE + 10]
    assert looked([whole]) == [whole[max(0, end - 2 * STRIDE) : end] for end in ends]


def test_a_pause_is_looked_at_when_it_brings_something():
    assert looked([text(63)], closed=False, paused=True) == []
    assert looked([text(64)], closed=False, paused=True) == [text(64)]
    assert looked([text(3)]) == [text(3)]
    assert looked([]) == []


def test_nothing_is_looked_at_twice():
    strides = Strides()
    strides.grow(text(STRIDE))
    assert len(list(strides.due(paused=True, closed=False))) == 1
    assert list(strides.due(paused=True, closed=True)) == []


def test_of_a_very_long_text_the_looks_stay_few_and_miss_nothing():
    strides, count, kept = Strides(), 0, 0
    for _ in range(2000):
        strides.grow(text(1000))
        for _, stretch in strides.due(paused=False, closed=False):
            count += 1
            kept = max(kept, len(stretch))
    assert count < 700
    assert kept <= 2 * 4096
