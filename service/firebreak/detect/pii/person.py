"""Who a person is: date of birth, address, passport, driving licence. Without a label these are dates and words."""

import re

from firebreak.detect.checksums import passport_zone
from firebreak.detect.pii.form import AFTER, MARKS, OPENING, TAGS
from firebreak.detect.pii.national import alone, labelled
from firebreak.detect.rule import PatternRule
from firebreak.model.finding import FindingKind, Severity

_MONTHS = (
    r"(?:jan(?:uary|uar|vier|\.)?|feb(?:ruary|ruar|\.)?|f[eé]vrier|mar(?:ch|s|zo|\.)?|märz|apr"
    r"(?:il|\.)?|avril|abril|may|mai|mayo"
    r"|june?|juni|juin|junio|july?|juli|juillet|julio|aug(?:ust|\.)?|août|agosto|sept?(?:ember|embre|"
    r"iembre|\.)?|oct(?:ober|obre|ubre|\.)?"
    r"|okt(?:ober|\.)?|nov(?:ember|embre|iembre|\.)?|dec(?:ember|\.)?|dez(?:ember|\.)?|d[eé]cembre|"
    r"diciembre|enero|febrero)"
)
_DATE = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)?,? (?:de |of )?{_MONTHS},? (?:de |del )?(?:19|20)\d{{2}}"
    rf"|{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}})"
)
_BIRTH = (
    r"date[-_ ]?of[-_ ]?birth|birth[-_ ]?da(?:te|y)|\bd\.?o\.?b\b\.?|(?-i:[a-z]Dob)|born(?: on)?|"
    r"geboren(?: am)?|geburts(?:datum|tag)"
    r"|n[eé]e? le|date de naissance|fecha de nacimiento|nacid[oa] el|data di nascita|nat[oa] il|data de nascimento"
    r"|nascid[oa] em|geboortedatum|дата рождения|родил(?:ся|ась)|出生日期|生年月日"
)
_STREET = (
    r"(?:street|st\.?|avenue|ave\.?|road|rd\.?|boulevard|blvd\.?|lane|ln\.?|drive|dr\.?|court|ct\.?|place|pl\.?|terrace"
    r"|square|sq\.?|highway|hwy\.?|parkway|pkwy\.?|way|close|crescent)"
)
_PLACE = (
    rf"\d{{1,5}}[a-z]?,? (?:[a-zà-ÿ'.-]{{2,20}} ){{1,4}}{_STREET}(?:,? (?:apt\.?|apartment|suite|"
    rf"unit|#) ?[\w-]{{1,6}})?"
    r"(?:,? [a-zà-ÿ .'-]{2,30}(?:,? [A-Z]{2})?,? \d{5}(?:-\d{4})?)?"
    r"|[a-zà-ÿ.-]{3,30}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|damm|ring|ufer) \d{1,4} ?[a-z]?"
    r"(?:,? (?:D-|A-|CH-)?\d{4,5} [a-zà-ÿ -]{2,30})?"
    r"|\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|allée|"
    r"quai) [a-zà-ÿ' -]{3,40}(?:,? \d{5} [a-zà-ÿ -]{2,30})?"
    r"|(?:calle|avenida|plaza|paseo|via|piazza|corso|viale|rua|avda\.?|c/) [a-zà-ÿ' -]{3,40},? "
    r"(?:n[°º.]? ?)?\d{1,4}(?:,? \d{5} [a-zà-ÿ -]{2,30})?"
    r"|[a-zà-ÿ-]{3,30}(?:straat|laan|gracht|plein|vägen|gatan|gata|vej|veien|gade) \d{1,4}[a-z]?"
    r"(?:,? \d{3,4} ?[a-z]{0,2} [a-zà-ÿ -]{2,30})?"
)
_LIVES = (
    r"address(?: is)?|lives? (?:at|in)|living at|residing at|resides at|reside at|ship(?:ping)? "
    r"(?:to|address)|deliver to|mail(?:ing)? (?:to|address)"
    r"|adresse|anschrift|wohnhaft|wohnt in(?: der)?|wohne in(?: der)?|domicili[oaé]e?|direcci[oó]n|"
    r"indirizzo|endere[cç]o|habite|vive en|residente"
)
_C, _CD = "[AC-HJKMNP-RT-Y]", "[0-9AC-HJKMNP-RT-Y]"
"""Letters of a Medicare number of the US: all but S, L, O, I, B and Z."""
_YEAR = re.compile(r"(?:19|20)\d{2}")


def is_birth(text: str) -> bool:
    """A date on which somebody who is alive may have been born."""
    year = _YEAR.search(text)
    return year is None or 1900 <= int(year[0]) <= 2030


def has_digit(text: str) -> bool:
    """What has a digit is a number, not the word that follows the name of one."""
    return sum(map(str.isdigit, text)) >= 4


RULES = (
    labelled(
        "date-of-birth",
        _BIRTH,
        _DATE,
        "Date of birth beside its name",
        (
            "DOB: 04/12/1987",
            '"date_of_birth": "1987-12-04"',
            "geboren am 4. März 1987",
            "born on March 4, 1987",
            "née le 4 mars 1987",
        ),
        ("born in 1987", "birthday party on friday", "released on 2024-01-01"),
        is_birth,
        severity=Severity.MEDIUM,
        score=0.8,
    ),
    PatternRule(
        id="postal-address",
        kind=FindingKind.PII,
        severity=Severity.MEDIUM,
        score=0.7,
        pattern=rf"(?:{_LIVES}){MARKS}{TAGS}\s{{0,2}}[:=]?{TAGS}\s{{0,2}}{OPENING}({_PLACE}){AFTER}",
        description="Street and number behind a word for an address",
        matches=(
            "she lives at 742 Evergreen Terrace, Springfield, OR 97403",
            "Adresse: Musterstraße 12, 12345 Berlin",
            '"address": "12 rue de la Paix, 75002 Paris"',
            "dirección: Calle Mayor 5",
        ),
        ignores=("email address is ann", "IP address 10.0.0.1", "address the 3 issues", "address: 0x7ffe"),
        group=1,
        ignore_case=True,
        trigger=rf"(?:{_LIVES})",
    ),
    labelled(
        "passport-number",
        r"passport|reisepass|passeport|pasaporte|passaporto|passaporte|паспорт|护照",
        r"[A-Z]{0,3}\d{6,9}[A-Z]?|[A-Z0-9]{9}",
        "Number of a passport beside its name",
        ("passport number: C01X00T47", "Passport No. 533380006", "Reisepass C01X00T47"),
        ("passport control", "passport.js version 0.6", "passport expires in 2027"),
        has_digit,
        score=0.75,
    ),
    alone(
        "passport-zone",
        r"P[A-Z<][A-Z]{3}[A-Z<]{39}\\{0,2}n?\s{0,3}[A-Z0-9<]{9}\d[A-Z]{3}\d{7}[MFX<]\d{7}[A-Z0-9<]{14}[0-9<]\d",
        "Machine-readable zone of a passport",
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" + "L898902C36UTO7408122F1204159ZE184226B<<<<<10",),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n" + "L898902C36UTO7408123F1204159ZE184226B<<<<<10",),
        passport_zone,
        trigger=r"P[A-Z<][A-Z]{3}[A-Z<]{39}",
        severity=Severity.CRITICAL,
        score=0.95,
    ),
    labelled(
        "driving-licence",
        (
            r"driv(?:er'?s?|ing)[- ]licen[cs]e|\bdl (?:number|no)|f(?:ü|ue)hrerschein(?:nummer)?|"
            r"permis de conduire|carn[eé] de conducir|patente di guida|rijbewijs"
        ),
        r"[A-Z0-9]{1,5}[- ]?[A-Z0-9]{3,12}(?:[- ][A-Z0-9]{2,6}){0,3}",
        "Number of a driving licence beside its name",
        ("driver's license: D1234567", "driving licence no. MORGA657054SM9IJ", "Führerschein B072RRE2I55"),
        ("driver's license required", "driving licence and insurance", "drivers license in the state"),
        has_digit,
        score=0.7,
    ),
    labelled(
        "medicare-number",
        (
            r"medicare|health (?:card|insurance)(?: (?:number|no))?|krankenversicherten"
            r"(?:nummer|nr)|\bkvnr\b|carte vitale|\behic\b"
        ),
        rf"[1-9]{_C}{_CD}\d-?{_C}{_CD}\d-?{_C}{{2}}\d{{2}}|[A-Z]\d{{9}}|[2-6]\d{{3}} ?\d{{5}} ?\d",
        "Number of a health insurance beside its name",
        ("Medicare: 1EG4-TE5-MK73", "KVNR A123456780", "Medicare card 2123 45670 1"),
        ("Medicare covers 80 percent", "medicare 2024"),
        has_digit,
        score=0.75,
    ),
)
