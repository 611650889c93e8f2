import pytest

from firebreak.detect.engine import Engine
from firebreak.detect.pii.payment import RULES

ENGINE = Engine([rule.compiled for rule in RULES])


def found(text):
    return [text[m.start : m.end] for m in ENGINE.scan(text)]


def test_a_spaced_iban_ends_where_its_country_says():
    assert found("pay GB82 WEST 1234 5698 7654 32 PLEASE NOW") == ["GB82 WEST 1234 5698 7654 32"]


def test_a_number_before_a_card_does_not_hide_it():
    assert found("5234 4111 1111 1111 1111") == ["4111 1111 1111 1111"]


@pytest.mark.parametrize(
    "text", ["0.4111111111111111", "id-4111111111111111-x", "41111111111111110000000", "a4111111111111111"]
)
def test_a_card_is_no_piece_of_a_longer_number(text):
    assert not found(text)
