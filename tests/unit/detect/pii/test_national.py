import pytest

from firebreak.detect.pii.national import alone, labelled


def always(_text):
    return True


LABELLED = labelled("n", r"pesel|steuer-?id", r"\d{4}", "x", ("PESEL 1234",), (), always)


@pytest.mark.parametrize(
    "text",
    [
        "PESEL 1234",
        "pesel: 1234",
        "nr PESEL to 1234.",
        '"pesel": "1234"',
        "**Steuer-ID:** 1234",
        "Steuer-ID Nr. 1234",
        "steuer-id n° 1234",
        "pesel number is 1234",
        "| pesel | 1234 |",
    ],
)
def test_a_label_stands_before_its_number(text):
    assert LABELLED.finds(text)


@pytest.mark.parametrize(
    "text", ["1234", "pesel 12345", "the pesel of my neighbours is 1234", "pesel 1234x", "1234 pesel"]
)
def test_without_its_label_it_is_a_number(text):
    assert not LABELLED.finds(text)


def test_a_form_of_its_own_needs_none():
    rule = alone("n", r"\d{2}-\d{4}", "x", ("12-3456",), (), always)
    assert rule.finds("see 12-3456.")
    assert not rule.finds("see 12-34567")
