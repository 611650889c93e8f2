import pytest

from firebreak.detect.pii.numbering import is_assigned


@pytest.mark.parametrize(
    "digits", ["14155552671", "442079460958", "4930901820", "33142685300", "919876543210", "3545551234"]
)
def test_numbers_of_their_countries(digits):
    assert is_assigned(digits)


@pytest.mark.parametrize(
    "digits", ["", "16777216", "4294967296", "11155552671", "999123456789", "44207", "3314268530012"]
)
def test_what_no_country_has(digits):
    assert not is_assigned(digits)
