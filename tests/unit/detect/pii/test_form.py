import pytest

from firebreak.detect.pii.form import named, number
from firebreak.detect.pii.national import labelled
from firebreak.model.finding import Severity


def test_a_number_stands_alone():
    rule = number("n", r"\d{4}", "x", ("1234",), (), severity=Severity.LOW, score=0.5)
    assert all(rule.finds(text) for text in ("1234", "a 1234.", '"1234"', "x:1234\n", r"\n1234"))
    assert not any(rule.finds(text) for text in ("12345", "a1234", "1234-5", "0.1234", "1234x"))


def test_a_label_may_be_said_in_several_ways():
    rule = named("n", "phone", r"\d{4}", "x", ("phone 1234",), (), severity=Severity.LOW, score=0.5)
    assert all(
        rule.finds(text) for text in ("Phone: 1234", "phone number is 1234", '"phone": "1234"', "**Phone:** 1234")
    )
    assert not rule.finds("phone in the year 1234")


@pytest.mark.parametrize(
    "text",
    [
        '{\\"phone\\": \\"1234\\"}',
        '"work_phone_number": "1234"',
        "home_phone: 1234",
        "<phone>1234</phone>",
        "<td>Phone</td>\n  <td>1234</td>",
        "<b>Phone:</b> 1234",
        "| Phone | 1234 |",
    ],
)
@pytest.mark.parametrize("make", [named, labelled])
def test_a_label_is_known_in_any_format(make, text):
    about = {"severity": Severity.LOW, "score": 0.5, "check": str.isdigit}
    rule = make("n", r"\bphone\b", r"\d{4}", "x", ("phone 1234",), (), **about)
    assert rule.finds(text)
    assert rule.compiled.triggers(text)
