"""How a person pays: card numbers and IBANs, each with its check digits."""

from firebreak.detect.checksums import IBAN_LENGTHS, iban, payment_card
from firebreak.detect.pii.form import number
from firebreak.model.finding import Severity


def _iban_pattern() -> str:
    """Country by country, so that a word behind a spaced IBAN is not taken into it."""
    forms = []
    for country, length in IBAN_LENGTHS.items():
        groups, rest = divmod(length - 4, 4)
        tail = rf"(?: ?[A-Z0-9]{{{rest}}})" if rest else ""
        forms.append(rf"{country}\d{{2}}(?: ?[A-Z0-9]{{4}}){{{groups}}}{tail}")
    return "(?:" + "|".join(forms) + ")"


RULES = (
    number(
        "payment-card",
        (
            r"[2-6]\d{13,18}|[2-6]\d{3} \d{4} \d{4} \d{1,7}|[2-6]\d{3}-\d{4}-\d{4}-\d{1,7}|3\d{3} \d{6} \d{4,5}"
            r"|3\d{3}-\d{6}-\d{4,5}"
        ),
        "Payment card number with a right check digit",
        ("card 4111 1111 1111 1111", "5500-0000-0000-0004", "amex 378282246310005", "3782 822463 10005"),
        ("card 4111111111111112", "1234 5678 9012 3456", "ts 1700000000123", "0.4111111111111111", "EAN 4006381333931"),
        severity=Severity.CRITICAL,
        score=0.9,
        check=payment_card,
        trigger=r"[2-6]\d{13}|[2-6]\d{3}[ -]\d{4}[ -]\d{4}[ -]\d|3\d{3}[ -]\d{6}[ -]\d{4}",
    ),
    number(
        "iban",
        _iban_pattern(),
        "IBAN with right check digits",
        ("IBAN: DE89370400440532013000", "iban GB82 WEST 1234 5698 7654 32 PLEASE"),
        ("DE88370400440532013000", "ZZ12ABCDEFGHIJ1234567890", "XDE89370400440532013000"),
        severity=Severity.HIGH,
        score=0.95,
        check=iban,
        trigger=r"[A-Z]{2}\d{2} ?[A-Z0-9]{4} ?[A-Z0-9]{4} ?[A-Z0-9]{3}",
    ),
)
