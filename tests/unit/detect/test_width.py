import math

import pytest
import re2

from firebreak.detect.width import width


@pytest.mark.parametrize(
    ("source", "most"),
    [
        ("abc", 3),
        ("a|bcd|ef", 3),
        (r"\bab\b$", 2),
        ("(?:ab|c){2,5}x?", 11),
        ("a{3}b{0}", 3),
        ("(a(b(c|de))){2}", 8),
        (r"[a-z\]]{1,4}[]x]", 5),
        (r"\d{3}\s?\.\n\\", 7),
        ("é", 4),
        ("[^a]{2}.", 12),
        (r"\W[\S]", 8),
        ("(?s:.{0,600})", 2400),
        ("(?i:ab)c", 3),
        ("a{2}{3}", 6),
    ],
)
def test_the_bound_is_that_of_the_widest_way(source, most):
    assert width(source) == most


@pytest.mark.parametrize("source", ["a+", "a*", "a{2,}", "(?:a|b+)c", "(?:ab*)?"])
def test_a_repeat_without_an_end_has_no_bound(source):
    assert width(source) == math.inf


def test_in_any_case_some_letters_are_wider():
    assert width("k[a-z]", ignore_case=True) == 6
    assert width("k(?-i:k[a-z])[k]", ignore_case=True) == 8


def test_a_repeat_of_nothing_is_nothing():
    assert width(r"(?:\b)*a") == 1


@pytest.mark.parametrize(
    ("source", "text"), [("k", "\u212a"), ("S", "\u017f"), ("[a-z]", "\u212a"), ("(?i:k)", "\u212a")]
)
def test_a_letter_in_any_case_may_take_more_bytes(source, text):
    options = re2.Options()
    options.case_sensitive = False
    assert re2.compile(source, options).fullmatch(text)
    assert width(source, ignore_case=True) >= len(text.encode())
