"""How a person pays: card numbers and IBANs, each with its check digits."""

from stdnum.eu import vat
from stdnum.us import rtn

from firebreak.detect.checksums import IBAN_LENGTHS, any_card, iban, payment_card
from firebreak.detect.pii.form import number
from firebreak.detect.pii.national import labelled
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
            r"[2-6]\d{13,15}|[2-6]\d{3} \d{4} \d{4} \d{1,7}|[2-6]\d{3}-\d{4}-\d{4}-\d{1,7}|3\d{3} \d{6} \d{4,5}"
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
    labelled(
        "payment-card-labelled",
        r"\b(?:credit|debit|bank|payment)?[ _-]?card|kreditkarte|\bkarte|carte (?:bancaire|bleue)|"
        r"tarjeta|carta di credito"
        r"|cart[aã]o|\bpan\b|\bcc\b|\bvisa\b|mastercard|maestro|\bamex\b|unionpay|银行卡|карт[аы]",
        r"\d(?:[ .-]{0,2}\d){11,18}",
        "Payment card number of any length and grouping, beside its name",
        (
            "card number: 6304 0000 0000 0000",
            "Maestro 6763691329830218206",
            "cc: 4111.1111.1111.1111",
            "card_number=4222222222222",
        ),
        ("card 4111111111111112", "card 12345678901234567"),
        any_card,
        severity=Severity.CRITICAL,
        score=0.9,
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
    labelled(
        "us-bank-account",
        r"\baba\b|routing|\brtn\b",
        r"[0-3]\d{8}",
        "US routing number beside its name",
        ("routing number: 021000021", "ABA 011401533"),
        ("routing number 021000022", "routing 123456789"),
        rtn.is_valid,
        severity=Severity.MEDIUM,
        score=0.75,
    ),
    labelled(
        "vat-number",
        (
            r"\bvat\b|\bust-?id(?:-?nr)?|umsatzsteuer|\btva\b|\bp\.? ?iva\b|"
            r"partita iva|\bbtw\b|\bmoms\b|\bnip\b|\bn\.?i\.?f\.? intra"
        ),
        r"(?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)"
        r"[ ]?[0-9A-Z+*]{1,12}[0-9A-Z](?:[. ]B?\d[0-9A-Z]{0,5}){0,4}",
        "VAT number of the European Union beside its name",
        ("VAT DE136695976 and so on", "USt-IdNr.: DE 136695976", "TVA FR40303265045", "btw NL 004495445 B01"),
        ("VAT DE136695977", "VAT is 20 percent"),
        vat.is_valid,
        severity=Severity.LOW,
        score=0.75,
    ),
)
