"""Checks that tell a number of some scheme from a row of digits. Each names its source; input is the bare number."""

import hashlib
import string
import zlib
from functools import cache

IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
    "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
    "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
    "YE": 30,
}  # fmt: skip
"""Characters of an IBAN by country: the SWIFT registry of ISO 13616 numbers."""

_CARD_RANGES = (
    (3, 300, 305, (14,)),
    (2, 34, 34, (15,)),
    (4, 3528, 3589, (16, 17, 18, 19)),
    (2, 36, 36, (14,)),
    (2, 37, 37, (15,)),
    (2, 38, 39, (14, 16)),
    (1, 4, 4, (16, 19)),
    (2, 51, 55, (16,)),
    (4, 2200, 2204, (16, 17, 18, 19)),
    (4, 2221, 2720, (16,)),
    (4, 5018, 5018, (16, 17, 18, 19)),
    (4, 5020, 5020, (16, 17, 18, 19)),
    (4, 5038, 5038, (16, 17, 18, 19)),
    (4, 5893, 5893, (16, 17, 18, 19)),
    (4, 6011, 6011, (16, 17, 18, 19)),
    (4, 6304, 6304, (16, 17, 18, 19)),
    (2, 62, 62, (16, 17, 18, 19)),
    (2, 60, 60, (16,)),
    (3, 636, 639, (16, 17, 18, 19)),
    (3, 644, 649, (16, 17, 18, 19)),
    (2, 65, 65, (16, 17, 18, 19)),
    (2, 81, 82, (16,)),
    (4, 9792, 9792, (16,)),
    (4, 6759, 6763, (16, 17, 18, 19)),
)
"""Digits to read, first and last prefix, lengths: the networks' public ranges (ISO/IEC 7812 issuer numbers).

Visa's old 13 digits are left out: they are also the length of the bar codes that start with 4.
"""


_DOUBLED = str.maketrans("0123456789", "0246813579")


def luhn(digits: str) -> bool:
    """Annex B of ISO/IEC 7812-1: from the right, every second digit doubled, digits summed, divisible by ten."""
    return (sum(map(int, digits[-1::-2])) + sum(map(int, digits[-2::-2].translate(_DOUBLED)))) % 10 == 0


def mod_97_10(text: str) -> bool:
    """ISO/IEC 7064 MOD 97-10 as ISO 13616 uses it: first four characters to the end, letters as 10..35, rest 1."""
    return int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


def iban(text: str) -> bool:
    """An IBAN, spaces allowed: the country's length and the check digits are right."""
    bare = text.replace(" ", "")
    return IBAN_LENGTHS.get(bare[:2]) == len(bare) and mod_97_10(bare)


def payment_card(text: str) -> bool:
    """A card number, spaces and dashes allowed: a network's prefix, that network's length, the Luhn digit."""
    digits = text.replace(" ", "").replace("-", "")
    return len(digits) in _card_lengths(digits[:4]) and luhn(digits)


def any_card(text: str) -> bool:
    """A number that somebody calls a card: as `payment_card`, Visa's old 13 digits and any signs between included."""
    digits = _digits(text)
    if len(digits) == 13 and digits[0] == "4":
        return luhn(digits)
    return payment_card(digits) or (digits[:1] in {"5", "6"} and 12 <= len(digits) <= 19 and luhn(digits))


@cache
def _card_lengths(prefix: str) -> tuple[int, ...]:
    for count, first, last, lengths in _CARD_RANGES:
        if first <= int(prefix[:count]) <= last:
            return lengths
    return ()


def us_ssn(text: str) -> bool:
    """A number the US Social Security Administration may issue: no area 000, 666, 9xx, no zero group or serial."""
    digits = text.replace("-", "").replace(" ", "")
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area[0] != "9" and group != "00" and serial != "0000"


_LETTERS = {letter: number for number, letter in enumerate(string.ascii_uppercase, 10)}


def _value(c: str) -> int:
    """What a character counts in a machine-readable document: a digit itself, A to Z 10 to 35, the filler nothing."""
    return int(c) if c.isdigit() else _LETTERS.get(c, 0)


def icao_9303(text: str, digit: str) -> bool:
    """The check digit of a machine-readable document (ICAO 9303 part 3, 4.9): weights 7, 3, 1, modulo ten."""
    return str(sum(_value(c) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10) == digit


def passport_zone(text: str) -> bool:
    """The second line of a passport's machine-readable zone: number, birth and expiry each with a right digit."""
    line = text[-44:]
    return (
        icao_9303(line[:9], line[9])
        and icao_9303(line[13:19], line[19])
        and icao_9303(line[21:27], line[27])
        and icao_9303(line[:10] + line[13:20] + line[21:43], line[43])
    )


def german_document(text: str) -> bool:
    """Nine characters of an identity card or passport of Germany and the ICAO digit behind them."""
    bare = text.replace(" ", "").upper()
    return len(bare) == 10 and any(map(str.isdigit, bare[:9])) and icao_9303(bare[:9], bare[9])


_PENSION_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)


def german_pension(text: str) -> bool:
    """The number of a German pension insurance (section 2 VKVV): the letter as two digits, cross sums, mod 10."""
    bare = text.replace(" ", "").upper()
    digits = bare[:8] + f"{ord(bare[8]) - 64:02}" + bare[9:11]
    total = sum(sum(divmod(int(d) * w, 10)) for d, w in zip(digits, _PENSION_WEIGHTS, strict=True))
    return total % 10 == int(bare[11])


def hungarian_taj(text: str) -> bool:
    """The social security number of Hungary: weights 3 and 7 in turn, modulo ten."""
    bare = _digits(text)
    return len(set(bare)) > 1 and sum(int(d) * (3, 7)[i % 2] for i, d in enumerate(bare[:8])) % 10 == int(bare[8])


def russian_snils(text: str) -> bool:
    """The insurance account of Russia: weights 9 to 1, modulo 101, 100 as 00."""
    bare = _digits(text)
    total = sum(int(d) * w for d, w in zip(bare[:9], range(9, 0, -1), strict=True)) % 101 % 100
    return len(set(bare[:9])) > 1 and total == int(bare[9:11])


_TAIWAN = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def taiwanese_id(text: str) -> bool:
    """The identity card of Taiwan: the letter as two digits from 10 on, weights 1 and 9 to 1, then 1, modulo ten."""
    letter = _TAIWAN.index(text[0].upper()) + 10
    digits = [letter // 10, letter % 10, *map(int, text[1:])]
    return sum(d * w for d, w in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0


def hong_kong_id(text: str) -> bool:
    """The identity card of Hong Kong: letters as 10 to 35, a blank as 36, weights 9 to 2, modulo 11."""
    body, _, rest = text.upper().partition("(")
    body, told = (body, rest[0]) if rest else (body[:-1], body[-1])
    values = [36 if c == " " else _value(c) for c in body.rjust(8)]
    check = -sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) % 11
    return told == ("A" if check == 10 else str(check))


_SINGAPORE = {"S": "JZIHGFEDCBA", "T": "GFEDCBAJZIH", "F": "XWUTRQPNMLK", "G": "RQPNMLKXWUT", "M": "KLJNPQRTUWX"}


def singaporean_id(text: str) -> bool:
    """The identity number of Singapore: weights 2, 7, 6, 5, 4, 3, 2, modulo 11, a row of letters for each prefix."""
    bare = text.upper()
    total = sum(int(d) * w for d, w in zip(bare[1:8], (2, 7, 6, 5, 4, 3, 2), strict=True))
    place = (total + (3 if bare[0] == "M" else 0)) % 11
    return _SINGAPORE[bare[0]][10 - place if bare[0] == "M" else place] == bare[8]


_NOT_ISSUED = frozenset({"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"})


def british_nino(text: str) -> bool:
    """A national insurance number of the United Kingdom has no check digit; these prefixes are not issued."""
    return text[:2].upper() not in _NOT_ISSUED


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CRC_DIGITS = 6


def crc32_base62(text: str) -> bool:
    """The last six characters are the CRC-32 of those before them in base 62: what GitHub and npm put into a token.

    https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
    """
    body, told = text[:-_CRC_DIGITS], text[-_CRC_DIGITS:]
    rest, digits = zlib.crc32(body.encode("utf-8", "replace")), ""
    for _ in range(_CRC_DIGITS):
        rest, digit = divmod(rest, len(_BASE62))
        digits = _BASE62[digit] + digits
    return bool(body) and digits == told


def bech32(text: str) -> bool:
    """A text with a right checksum of BIP 173, in one case throughout."""
    if text not in (text.lower(), text.upper()):
        return False
    prefix, _, data = text.lower().rpartition("1")
    if not prefix or any(c not in _BECH32 for c in data):
        return False
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [_BECH32.index(c) for c in data]
    state = 1
    for value in values:
        top = state >> 25
        state = (state & 0x1FFFFFF) << 5 ^ value
        for bit, step in enumerate(_BECH32_STEPS):
            state ^= step if top >> bit & 1 else 0
    return state == 1


def base58_check(text: str) -> bool:
    """Base 58 whose last four bytes are those that a double SHA-256 of the others begins with: keys of Bitcoin."""
    number = 0
    for c in text:
        place = _BASE58.find(c)
        if place < 0:
            return False
        number = number * 58 + place
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    body, told = data[:-4], data[-4:]
    return bool(body) and hashlib.sha256(hashlib.sha256(body).digest()).digest()[:4] == told
