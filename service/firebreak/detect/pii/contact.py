"""How to reach a person: mail addresses and telephone numbers."""

import re

from firebreak.detect.pii.form import named, number
from firebreak.detect.pii.numbering import is_assigned
from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

_NOT_PEOPLE = frozenset({"git", "noreply", "no-reply", "donotreply", "do-not-reply", "postmaster", "mailer-daemon"})
_NOT_DOMAINS = frozenset(
    {
        "png",
        "jpg",
        "jpeg",
        "gif",
        "svg",
        "webp",
        "css",
        "js",
        "ts",
        "py",
        "json",
        "yaml",
        "yml",
        "md",
        "sh",
        "local",
        "service",
        "socket",
        "timer",
        "mount",
        "target",
        "scope",
        "slice",
        "dot",
        "mean",
        "sum",
        "shape",
        "astype",
        "latest",
        "next",
    }
)
_LONG = 6
_LONG_DOMAINS = frozenset(
    {
        "academy",
        "amsterdam",
        "business",
        "careers",
        "channel",
        "clothing",
        "cologne",
        "community",
        "company",
        "computer",
        "consulting",
        "digital",
        "education",
        "engineering",
        "enterprises",
        "example",
        "exchange",
        "express",
        "finance",
        "foundation",
        "gallery",
        "graphics",
        "hamburg",
        "holdings",
        "hospital",
        "institute",
        "insurance",
        "international",
        "investments",
        "kitchen",
        "limited",
        "localhost",
        "management",
        "marketing",
        "network",
        "partners",
        "photography",
        "productions",
        "properties",
        "recipes",
        "restaurant",
        "school",
        "science",
        "security",
        "services",
        "singles",
        "software",
        "solutions",
        "systems",
        "support",
        "technology",
        "training",
        "university",
        "ventures",
        "website",
    }
)
"""Top-level domains of more than six letters with people in them; other long ones are attributes of objects."""
_VERSION = re.compile(r"v?\d+\.\d+(?:\.|$)|\d+\.(?:x|next|alpha|beta|rc)", re.IGNORECASE)
_DATE = re.compile(r"^(?:19|20)\d\d[-/. ]?[01]\d[-/. ]?[0-3]\d|^[0-3]?\d[./-][01]?\d[./-](?:19|20)\d\d$")
_DEGREES = re.compile(r"^\+\d{1,3}\.\d{1,6}$")  # a country code and a dot go before seven digits and more


def is_persons_address(text: str) -> bool:
    """An address as RFC 5321 has it: no machine's sender, no repository, no file (`icon@2x.png`), version or product of
    matrices (`w@x.sum`).
    """
    local, _, domain = text.rpartition("@")
    top = domain.rpartition(".")[2].lower()
    return (
        local.lower() not in _NOT_PEOPLE
        and top not in _NOT_DOMAINS
        and (len(top) <= _LONG or top in _LONG_DOMAINS)
        and not _VERSION.match(domain)
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
        and not any(label.startswith("-") or label.endswith("-") for label in domain.split("."))
    )


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def is_international(text: str) -> bool:
    """A country code, as many digits as its country has (ITU-T E.164), more than two different; no place on a map."""
    digits = _digits(text.replace("(0)", ""))
    return 8 <= len(digits) <= 15 and len(set(digits)) > 2 and is_assigned(digits) and not _DEGREES.match(text)


def is_national(text: str) -> bool:
    """7 to 15 digits that are no date."""
    digits = _digits(text)
    return 7 <= len(digits) <= 15 and len(set(digits)) > 2 and not _DATE.match(text)


RULES = (
    PatternRule(
        id="email-address",
        kind=FindingKind.PII,
        severity=Severity.MEDIUM,
        score=0.9,
        pattern=r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}",
        description="Mail address of a person",
        matches=("mail ann.b+x@example.co.uk, please", "a@b.co"),
        ignores=(
            "git@github.com:acme/x.git",
            "icon@2x.png",
            "getty@tty1.service",
            "user@localhost",
            "@types/node@18.0.1",
            "react@18.2.0-next.abc",
            "y = w@x.transpose()",
            "loss = a@b.mean",
        ),
        trigger=r"@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2}",
        check=is_persons_address,
    ),
    number(
        "phone-international",
        r"\+[1-9]\d{0,2}(?:[ .-]?\(?\d{1,4}\)?){2,6}",
        "Telephone number with its country code",
        ("call +1 (555) 123-4567", "+4915112345678", "Tel. +44 20 7946 0958."),
        (
            "x+441234567",
            "+1",
            "2+2 = 4",
            "+40.712776",
            "+00000000000",
            "UTC+01:00",
            "+16777216",
            "+1980-02-29 01",
            "+999 123 456 789",
        ),
        severity=Severity.MEDIUM,
        score=0.8,
        check=is_international,
        trigger=r"\+[1-9]",
        derived=False,
    ),
    number(
        "phone-us",
        r"(?:1[ .-])?(?:\([2-9]\d{2}\) ?\d{3}[ .-]\d{4}|[2-9]\d{2}-\d{3}-\d{4}|[2-9]\d{2}\.\d{3}\.\d{4})",
        "Telephone number in the North American form",
        ("(415) 555-2671", "call 555-123-4567", "1-800-555-0199"),
        ("order 1234567890 shipped", "ts 1700000000123", "123-45-6789", "4155-552-26711"),
        severity=Severity.MEDIUM,
        score=0.75,
        check=is_national,
        trigger=r"(?:1[ .-])?\(?[2-9]\d{2}\)? ?[ .-]?\d{3}[ .-]\d{4}",
        derived=False,
    ),
    named(
        "phone-labelled",
        (
            r"\b(?:tele|(?:home|work|mobile|cell|contact|office) )?phone|\btel\b\.?|\bmobile|\bfax\b|\bwhatsapp\b"
            r"|telefon|\bhandy|\bmobil|téléphone|\bteléfono|\bmóvil|телефон|电话|手机"
        ),
        r"\(?\d[\d ()./-]{5,18}\d",
        "Number labelled as a telephone number",
        ("Phone: 030 1234567", "Telefonnummer: 0151/2345678", "whatsapp 07911 123456"),
        ("Phone released 2007-06-29", "phone: 2007-06-29", "phone 15 has 8 cameras"),
        severity=Severity.MEDIUM,
        score=0.7,
        check=is_national,
    ),
)
