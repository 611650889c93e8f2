import pytest

from firebreak.pipeline.tail import open_end


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("", ""),
        ("word", "word"),
        ("word ", ""),
        ("two words", "words"),
        ("the card 4111 1111", "4111 1111"),
        ("the card 4111 1111 ", "4111 1111 "),
        ("the card 4111 1111 is", "4111 1111 is"),
        ("the card 4111 1111 is a", "a"),
        ("the code GB82 WEST 12", "GB82 WEST 12"),
        ("spelt p a s s", "p a s s"),
        ("mail bob@example.c", "bob@example.c"),
        ("\u4f60\u597d\u4e16\u754c", ""),
        ("\u4f60\u597d 138 0013", "138 0013"),
        ('password = "correct horse battery', "correct horse battery"),
        ("Passwort: 'correct horse battery ", "correct horse battery "),
        ('password = "correct horse" and', "and"),
        ('password = "correct\nhorse battery', "battery"),
        ('he said "correct horse battery', "battery"),
        ("it's a fine day", "day"),
    ],
)
def test_what_waits_at_the_end(text, waits):
    assert text[open_end(text) :] == waits


def test_what_was_judged_is_context_only():
    text = 'password = "correct horse'
    assert open_end(text, text.index("horse")) == text.index("horse")
    assert open_end(text, text.index('"')) == text.index("correct")


def test_a_row_reaches_back_so_far_and_no_further():
    assert len("1 " * 1000) - open_end("1 " * 1000) <= 256
