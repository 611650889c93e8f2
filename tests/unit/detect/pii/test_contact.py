import pytest

from firebreak.detect.pii.contact import RULES, is_international, is_national, is_persons_address


@pytest.mark.parametrize("text", ["git@github.com", "noreply@acme.io", "icon@2x.png", "no-reply@x.org"])
def test_machines_and_files_are_nobody(text):
    assert not is_persons_address(text)


def test_a_person_has_an_address():
    assert is_persons_address("ann@example.com")


def test_lengths_of_numbers():
    assert is_international("+49 151 12345678")
    assert not is_international("+49 151")
    assert not is_international("+1111111111")
    assert is_national("030 1234567")
    assert not is_national("2007-06-29")
    assert not is_national("12-06-2007")


@pytest.mark.parametrize(
    "text",
    [
        "order 1234567890 shipped",
        "ts 1700000000123",
        "version 2.1.0 released on 2024-05-01",
        "192.168.100.200",
        "1,234,567.8901",
    ],
)
def test_numbers_of_other_sorts_are_no_telephone(text):
    assert not any(rule.finds(text) for rule in RULES)
