import pytest
from hypothesis import given
from hypothesis import strategies as st

from firebreak.text.tokens import tokens, weight


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("", 0),
        ("Hello", 2),
        ("The quick brown fox jumps over the lazy dog.", 11),
        ("déjà vu", 4),
        ("Доброе утро", 5),
        ("Καλημέρα", 4),
        ("بسيط", 2),
        ("नमस्ते", 4),
        ("こんにちは世界", 7),
        ("안녕하세요", 5),
        ("👍", 3),
        ("\ud83d", 1),
    ],
)
def test_about_how_many(text, about):
    assert tokens(weight(text)) == about


@given(st.lists(st.text(st.characters(exclude_categories=()))))
def test_pieces_weigh_as_much_as_the_whole(pieces):
    assert sum(map(weight, pieces)) == weight("".join(pieces))


@given(st.text(st.characters(exclude_categories=())))
def test_every_character_counts_and_none_for_more_than_three_tokens(text):
    assert 25 * len(text) <= weight(text) <= 300 * len(text)
