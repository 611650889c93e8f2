import pytest

from firebreak.policy.glob import Glob, any_matches


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("gpt-5", "gpt-5", True),
        ("gpt-5", "gpt-5-mini", False),
        ("gpt-5*", "gpt-5-mini", True),
        ("*mini", "gpt-5-mini", True),
        ("gpt*mini", "gptmini", True),
        ("a*a", "a", False),
        ("*a*b*", "xxbxa", False),
        ("*a*b*", "xaxbx", True),
        ("a**b", "ab", True),
        ("*", "anything", True),
        ("*", "", False),
        ("", "", False),
        ("a.c", "abc", False),
    ],
)
def test_a_star_stands_for_any_run_of_characters(pattern, name, fits):
    assert Glob(pattern).matches(name) is fits


def test_folding_is_asked_for():
    assert Glob("GPT-*", fold=True).matches("gpt-5")
    assert not Glob("GPT-*").matches("gpt-5")


def test_a_name_that_is_folded_already_is_taken_as_it_is():
    assert Glob("GPT-*", fold=True).matches_folded("gpt-5")
    assert not Glob("GPT-*", fold=True).matches_folded("GPT-5")


def test_one_of_several_is_enough_and_none_never_is():
    assert any_matches((Glob("a"), Glob("b")), "b")
    assert not any_matches((), "b")
