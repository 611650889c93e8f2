import pytest

from firebreak.detect.pii.person import RULES, has_digit, is_birth

BY_ID = {rule.id: rule for rule in RULES}


def test_who_was_born_is_alive_by_and_large():
    assert is_birth("1987-12-04")
    assert is_birth("04/12/87")
    assert not is_birth("2087-12-04")


def test_a_number_has_digits():
    assert has_digit("D1234567")
    assert not has_digit("required")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("date-of-birth", "Geburtsdatum: 04.12.1987"),
        ("date-of-birth", "fecha de nacimiento: 4 de diciembre de 1987"),
        ("postal-address", "Anschrift: Lindenallee 4a, 10115 Berlin"),
        ("postal-address", "please ship to 221B Baker Street"),
        ("passport-number", "Passeport n° 12AB34567"),
        ("driving-licence", "Driver's License #: S530-4609-9123"),
    ],
)
def test_what_is_said_of_a_person(rule, text):
    assert BY_ID[rule].finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "published on 2024-01-01",
        "the address of the function is 0x7ffe",
        "go down the main street and turn left",
        "passport.js 0.6.0",
        "a driving licence is required",
        "Medicare covers 80 percent of it",
    ],
)
def test_what_is_said_of_nobody(text):
    assert not any(rule.finds(text) for rule in RULES)
