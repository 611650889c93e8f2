import pytest

from firebreak.policy.dates import instant


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-02", 86400.0),
        ("1970-01-01T01:00:00Z", 3600.0),
        ("1970-01-01T01:00:00+01:00", 0.0),
        ("1970-01-01T01:00:00", None),
        ("19700102", None),
        ("1970-02-30", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_day_begins_in_utc_and_a_time_needs_its_zone(text, seconds):
    assert instant(text) == seconds
