import pytest

from firebreak.text.shape import dense, flat, groups, singles, solid


def test_flat_has_a_byte_a_character():
    assert flat("aé\U0001f600\ud800") == b"a???"


@pytest.mark.parametrize(
    "text",
    ["i g n o r", "x i.g.n.o.r y", "i - g - n - o - r", "i\ng\nn\no\nr", "(i  g  n  o  r)", "i    g    n    o    r"],
)
def test_letters_set_apart_are_seen(text):
    assert singles(flat(text), 5)


@pytest.mark.parametrize("text", ["", "a word and a cat", "i g n o", "ig no re al lp", "i     g     n     o     r"])
def test_words_are_not_letters_set_apart(text):
    assert not singles(flat(text), 5)


def test_groups_are_of_one_size():
    assert groups(b"aaaa bbbb cccc", 4, 3)
    assert groups(b"x yy aaaa bbbb cccc dd", 4, 3)
    assert not groups(b"aaaa bbb cccc dddd", 4, 3)
    assert not groups(b"", 4, 3)
    assert not groups(b"def f():\n                    x", 4, 3)


def test_digits_are_dense_over_a_stretch():
    assert dense(b"10 20 30 40 50", 3, 12)
    assert not dense(b"10 twenty 30 40 50", 3, 12)
    assert not dense(b"", 3, 12)


def test_words_are_what_stands_between_blanks():
    assert solid(b"a-b\tc\x7f?\n") == b"xxx x x "
    assert solid(b"") == b""


def test_a_stretch_of_digits_ends_with_the_text():
    assert dense(b"1234567", 7, 7)
    assert not dense(b"1234567", 7, 8)
