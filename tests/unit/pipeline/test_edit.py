import pytest

from firebreak.codecs.answer import Channel, Delta
from firebreak.codecs.frames.frame import Frame
from firebreak.codecs.frames.sse import Sse
from firebreak.model.conversation import PartKind, Segment
from firebreak.pipeline.edit import Edit, Places, disjoint, merged, splice, written

DATA = b'{"a": "h\\u00e9llo \\"you\\" there", "n": 4111, "k@x": "v"}'
CHANNEL = Channel(PartKind.TEXT, "c")


def frame(data=DATA):
    return Frame(data, data, 0, bytes)


def delta(text, *segments):
    return Delta(CHANNEL, text, tuple(segments))


STRING = delta('h\u00e9llo "you" there', Segment(0, ("a",)))
NUMBER = delta("4111", Segment(0, ("n",)))
KEY = delta("k@x", Segment(0, ("k@x",), is_key=True))


def edited(one, *edits, begins=0):
    return Places(frame(), [one]).edited([(0, begins, list(edits))])


def test_characters_of_a_string_with_escapes():
    assert edited(STRING, Edit(7, 10, "[X_1]")) == DATA.replace(b"you", b"[X_1]")
    assert edited(STRING, Edit(0, 5, "[X_1]")) == DATA.replace(b"h\\u00e9llo", b"[X_1]")
    assert edited(STRING, Edit(6, 11, '"')) == DATA.replace(b'\\"you\\"', b'\\"')


def test_a_number_is_replaced_whole_by_a_string():
    assert edited(NUMBER, Edit(1, 3, "[X_1]")) == DATA.replace(b"4111", b'"[X_1]"')


def test_two_findings_in_one_number_replace_it_once():
    assert edited(NUMBER, Edit(0, 1, "[X_1]"), Edit(2, 3, "[X_2]")) == DATA.replace(b"4111", b'"[X_1]"')


def test_a_key():
    assert edited(KEY, Edit(0, 3, "[X_1]")) == DATA.replace(b"k@x", b"[X_1]")


def test_what_began_in_an_earlier_frame_goes_here():
    assert edited(STRING, Edit(15, 25, "[X_1]"), begins=20) == DATA.replace(b"h\\u00e9llo", b"", 1)


def test_the_same_string_in_two_texts_is_changed_once():
    places = Places(frame(), [STRING, STRING])
    changes = [(0, 0, [Edit(7, 10, "[X_1]")]), (1, 0, [Edit(7, 10, "[X_2]")])]
    assert places.edited(changes) == DATA.replace(b"you", b"[X_1]")


def test_data_of_several_lines_becomes_one():
    raw = b'data: {"a":\ndata:  "bob"}\n\n'
    (one,) = Sse(100).feed(raw)
    places = Places(one, [delta("bob", Segment(0, ("a",)))])
    assert places.edited([(0, 0, [Edit(0, 3, "X")])]) == b'data: {"a":  "X"}\n\n'
    assert places.within(0, 0, 3).end == len(raw)


def test_where_characters_stand():
    assert Places(frame(), [STRING]).within(0, 7, 10).start == DATA.index(b"you")
    whole = Places(frame(), [delta("x")]).within(0, 0, 1)
    assert (whole.start, whole.end) == (0, len(DATA))


def test_edits_that_overlap_are_one():
    assert merged([Edit(5, 9, "b"), Edit(0, 6, "a"), Edit(9, 10, "c")]) == [Edit(0, 9, "a"), Edit(9, 10, "c")]


def test_splices_that_overlap_are_one():
    assert disjoint([(5, 9, b"b"), (0, 6, b"a"), (0, 3, b"x")]) == ((0, 9, b"a"),)
    assert splice(b"0123456789", disjoint([(2, 4, b"x"), (4, 5, b"")])) == b"01x56789"


@pytest.mark.parametrize(("text", "quoted", "bytes_"), [('"', True, b'\\"'), ("x", False, b'"x"'), ("", False, b'""')])
def test_how_it_is_written(text, quoted, bytes_):
    assert written(text, quoted=quoted) == bytes_
