import pytest

from firebreak.detect.injection.form import GAP, fill, phrase, widened


def test_filler_has_a_limit():
    rule = phrase(
        "p", rf"\bdrop{GAP}{fill(2)}rules\b", "x", ("drop all the rules",), ("drop one two three rules",), score=0.5
    )
    assert rule.finds("DROP -- your, rules")


@pytest.mark.parametrize("text", ["drop rules", "drop all of rules", "drop 'the' silly rules", "drop\nthe rules"])
def test_the_weaker_form_is_found_wherever_the_phrase_is(text):
    pattern = rf"\bdrop{GAP}{fill(3)}[^\n]{{0,9}}rules\b"
    rule = phrase("p", pattern, "x", ("drop rules",), (), score=0.5)
    assert rule.finds(text)
    assert rule.compiled.triggers(text)
    assert "{0,9}" not in widened(pattern)
