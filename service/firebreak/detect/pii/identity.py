"""Who a person is to a state: national numbers. US only so far; more countries belong here, each with its check."""

from firebreak.detect.checksums import us_ssn
from firebreak.detect.pii.form import named, number
from firebreak.model.finding import Severity

RULES = (
    number(
        "us-ssn",
        r"\d{3}-\d{2}-\d{4}",
        "US social security number",
        ("my SSN is 123-45-6789", '"ssn":"536-22-8726"'),
        ("id: 000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "order 123-45-678", "1-123-45-6789"),
        severity=Severity.CRITICAL,
        score=0.85,
        check=us_ssn,
    ),
    named(
        "us-ssn-labelled",
        r"\bssn\b|(?-i:[a-z]Ssn)|\bsocial[ -]?security",
        r"\d{3} ?\d{2} ?\d{4}",
        "US social security number without dashes, beside its name",
        ("SSN: 123456789", "social security number 536 22 8726"),
        ("SSN: 000123456", "social security was founded in 1935"),
        severity=Severity.CRITICAL,
        score=0.8,
        check=us_ssn,
    ),
)
