import math

import pytest

from firebreak.detect.secrets.form import entropy, hexes, letters, named, token, uuid, varied
from firebreak.model.finding import FindingKind, Severity


def test_a_token_is_found_after_an_escape_and_not_inside_a_word():
    rule = token("acme", r"acme_[0-9]{4}", "x", ("acme_1234",))
    assert rule.finds(r"line\nacme_1234")
    assert rule.finds('"acme_1234"')
    assert not rule.finds("xacme_1234")
    assert (rule.kind, rule.severity, rule.group) == (FindingKind.SECRET, Severity.CRITICAL, 1)


@pytest.mark.parametrize(
    "text",
    [
        "ACME_KEY=3f9a1c7e",
        "acme key: 3f9a1c7e",
        '{"acmeKey": "3f9a1c7e"}',
        '{\\"acme\\":\\"3f9a1c7e\\"}',
        "acme => '3f9a1c7e'",
        "acme token is 3f9a1c7e",
    ],
)
def test_a_named_value_is_found_in_any_notation(text):
    rule = named("acme", "acme", "[0-9a-f]{8}", "x", ("ACME=3f9a1c7e",))
    assert rule.finds(text)


def test_a_named_row_of_one_letter_is_a_placeholder():
    rule = named("acme", "acme", "[0-9a-f]{8}", "x", ("ACME=3f9a1c7e",))
    assert not rule.finds("ACME=aaaaaaaa")
    assert not varied("abab")


def test_entropy_is_shannons():
    assert entropy("aaaa") == 0
    assert math.isclose(entropy("abcd"), 2)


@pytest.mark.parametrize(
    ("pattern", "trigger"),
    [
        ("acme_[0-9]{4}", "acme_"),
        ("acme-v1-[a-z]+", "acme-v1-"),
        ("ac_[0-9]{4}", ""),
        ("acme?x[0-9]", ""),
        ("acme_(?:a|b)[0-9]", "acme_"),
        ("acme_1|other", ""),
        (r"acme\.[0-9]", "acme"),
    ],
)
def test_what_every_match_begins_with_is_the_trigger(pattern, trigger):
    assert token("acme", pattern, "x", ("acme",)).trigger == trigger


def test_samples_have_the_form_asked_for():
    assert (len(letters(100)), len(hexes(40)), len(uuid())) == (100, 40, 36)
    assert set(hexes(64)) <= set("0123456789abcdef")
