"""Codes: rows of short groups that spell characters: numbers, Morse, Braille, letters set apart, base85, uuencode.

Any table of numbers is such a row, so what a row spells has to be words, or one more encoding, or it is not read.
"""

import re
from binascii import Error, a2b_base64, a2b_uu, unhexlify
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, pairwise

from firebreak.model.possessive import possessive
from firebreak.text.base85 import base85
from firebreak.text.escapes import escapes
from firebreak.text.evidence import known, lettered, natural, parted
from firebreak.text.layers import Found, whole
from firebreak.text.payload import Room, words
from firebreak.text.runs import Entry, further
from firebreak.text.shape import dense, groups, singles
from firebreak.text.shape import flat as as_bytes
from firebreak.text.spoken import by_name, by_number

MIN_ROW = 6  # groups; four are a date, an address or a version
MIN_BYTES = 8  # printable bytes in hex groups that count though they are no words: by chance one row in 3,000
MIN_SINGLES = 5  # letters set apart
MIN_LETTERS = 10  # letters set apart that count though they are no words: a key
_NO_DIGITS = bytes(code for code in range(256) if not 48 <= code < 58)
_MIN_DIGITS = 10
_DIGITS_WITHIN, _DIGITS_OVER = 9, 24  # characters: `) & Chr(` between two numbers, and the shortest row

_NUMBER = r"(?:0[xXoObB]|[uU]\+|[xX])?[0-9A-Fa-f]{2,8}[hH]?"
_APART = r"[^0-9A-Za-z&%=\\]{1,4}(?:& ?)?(?:(?:chr|[Cc]har|Chr|ord)\()?"
_HEX = "[0-9A-Fa-f]"
_FIRST = (  # a `_NUMBER` that no letter stands before; begins with a class, which is what a search is fast for
    rf"[0-9A-Fa-fuUxX](?<![0-9A-Za-z].)(?:(?<=0)[xXoObB]{_HEX}{{2,8}}|(?<=[uU])\+{_HEX}{{2,8}}|(?<=[xX]){_HEX}{{2,8}}"
    rf"|(?<={_HEX}){_HEX}{{1,7}}[hH]?)"
)
_ROW = re.compile(rf"{_FIRST}(?:{_APART}{_NUMBER}(?![0-9A-Za-z])){{{MIN_ROW - 1},}}+")
_IN_ROW = bytes(32 if chr(code) in "gijklmnpqstvwyzGIJKLMNPQRSTVWYZ%=\\" else 120 for code in range(256))
_SHORTEST_ROW = b"x" * (3 * MIN_ROW - 1)
_HEX_ALONE = bytes(code if chr(code) in "0123456789abcdefABCDEF" else 32 for code in range(256))
"""What stands in no row, as blanks; the shortest row, two digits to a number and one sign between; and all but digits
as blanks, so that numbers stand apart."""
_GROUP = re.compile(r"(0[xXoObB]|[uU]\+|[xX])?([0-9A-Fa-f]{2,8})(?![0-9A-Za-gi-z])")
_MORSE_ROW = re.compile(possessive(r"(?<![^\s/|(\"'])[.\-]{1,6}(?:[ /|]{1,5}[.\-]{1,6}(?![^\s/|)\"',!?])){4,}+"))
_MORSE_GAP = re.compile(r" *[/|]+ *| {3,}")
_SIGNS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----. .-.-.- --..-- ..--.. -....- -..-. .----. ---..."
)
_MORSE = dict(zip(_SIGNS.split(), "abcdefghijklmnopqrstuvwxyz0123456789.,?-/':", strict=True))
"""ITU-R M.1677-1."""
_DOTS = "·•∙"
"""As they are also set; dashes are folded before."""
_BRAILLE_ROW = re.compile("[\u2800-\u28ff][\u2800-\u28ff \n]{5,}")
_BRAILLE_LEADS = (b"\xe2\xa0", b"\xe2\xa1", b"\xe2\xa2", b"\xe2\xa3")
"""Of U+2800 to U+28FF in UTF-8."""
_BRAILLE = str.maketrans("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵⠀⠂⠲⠤", "abcdefghijklmnopqrstuvwxyz ,.-")
_SINGLES = re.compile(possessive(r"(?<![^\W_])[^\W_](?:[\W_]{1,9}[^\W_](?![^\W_])){4,}+"))
_SEPARATOR = re.compile(r"[\W_]+")
_FOURS = re.compile(possessive(r"(?<![\w+/])(?:[A-Za-z0-9+/]{4}\s{1,2}){5,}+(?:[A-Za-z0-9+/]{2,4}={0,2})?"))
_FIVE_FOURS = b"xxxx " * (MIN_ROW - 1)
_DUMPED = re.compile(
    possessive(
        r"^[> \t]{0,8}(?:0x)?[0-9A-Fa-f]{4,8}:?[ \t]{1,4}((?:[0-9A-Fa-f]{4} |(?:[0-9A-Fa-f]{2} ){2}){1,8}+"
        r"(?:[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})?)(?: {1,3}[^\n]{0,40})?$"
    ),
    re.MULTILINE,
)
"""A line of `xxd` or `hexdump`: where it begins, bytes, and perhaps these as characters."""
_SHORTEST_UNSPACED = b"x" * 24
"""More than any word has, and most names."""
_LETTERS = bytes(120 if code < 128 and chr(code).isalpha() else 32 for code in range(256))
_MIN_KNOWN, _MIN_TELLING = 3, 6
"""How many known words a row of letters without blanks has to hold, and of how many letters each."""
_UU = re.compile(r"^begin [0-7]{3,4} [^\n]{1,100}\n((?:[!-`][ -`]{1,84}\r?\n)+)", re.MULTILINE)


def codes(text: str, flat: bytes, solid: bytes, room: Room, *, long: bool) -> list[Entry]:
    """Every row that spells something, in order of place; `flat` and `solid` are the text as `shape` has it.

    `long` says whether a word is as long as `runs.MIN_RUN`.
    """
    found: list[Entry] = []
    found += by_name(flat)
    if len(flat.translate(None, _NO_DIGITS)) >= _MIN_DIGITS:
        places = _row_places(flat)
        if places and dense(flat, _DIGITS_WITHIN, _DIGITS_OVER):
            found += _numbers(text, places)
        found += by_number(flat)
        found += _dumped(text) if b"0000" in flat else ()
    signs = text if text.isascii() else _with_plain_dots(text)
    if "-" in signs and "." in signs and (".-" in signs or "-." in signs) and (" ." in signs or " -" in signs):
        found += _morse(signs)
    if singles(flat, MIN_SINGLES):
        found += _spelled(text)
    if _FIVE_FOURS in solid and groups(flat, 4, MIN_ROW):
        found += _fours(text)
    if "\n" in text and "begin " in text:
        found += _uuencoded(text)
    if _braille_in(text):
        found += _braille(text)
    found += _unspaced(text, flat.translate(_LETTERS))
    if long or "~" in text:
        found += ((kinds, whole(lo, hi, said)) for kinds, lo, hi, said in base85(text, flat, solid, room))
    return found if len(found) < 2 else _apart(found)


def _apart(found: list[Entry]) -> list[Entry]:
    """In order of place, without those that lie in one before them."""
    kept: list[Entry] = []
    end = 0
    for entry in sorted(found, key=lambda entry: entry[1][:2]):
        if entry[1][0] >= end:
            kept.append(entry)
            end = entry[1][1]
    return kept


def _row_places(flat: bytes) -> list[tuple[int, int]]:
    """Stretches of what can stand in a row of numbers; every row lies within one."""
    signs = flat.translate(_IN_ROW)
    places = []
    at = signs.find(_SHORTEST_ROW)
    while at >= 0:
        end = signs.find(b" ", at)
        end = len(signs) if end < 0 else end
        numbers = flat[at:end].translate(_HEX_ALONE).split()
        if len(numbers) >= MIN_ROW and sum(len(number) > 1 for number in numbers) >= MIN_ROW:
            places.append((at, end))
        at = signs.find(_SHORTEST_ROW, end)
    return places


def _rows(text: str, places: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Rows of numbers. The sign behind a stretch is read, too: a letter there ends no number."""
    return chain.from_iterable(_ROW.finditer(text, lo, hi + 1) for lo, hi in places)


def _numbers(text: str, places: list[tuple[int, int]]) -> Iterator[Entry]:
    for row in _rows(text, places):
        pairs = _GROUP.findall(row[0])
        numbers = [number for _, number in pairs]
        if len(numbers) > MIN_ROW and len(numbers[-1]) < min(map(len, numbers[:-1])):
            numbers.pop()  # cut off
        likely = ("", "")
        for kind, data in _readings({mark.lower() for mark, _ in pairs}, numbers):
            said = words(data)
            if len(said) >= MIN_ROW and _speaks(said):
                likely = (kind, said)
                break
            if kind in {"hex", "binary"} and len(data) >= MIN_BYTES and said and said.isprintable():
                likely = (kind, said)
        if likely[0]:
            yield likely[:1], whole(*row.span(), likely[1])


def _speaks(said: str) -> bool:
    """Whether these are words, or something further that is encoded; a row of numbers is shorter by half at least."""
    if natural(said) or lettered(said) or any(further(said)):
        return True
    escaped = [found for _, found in escapes(said)]
    if sum(len(plain) for _, _, plain, _ in escaped) >= MIN_ROW or (escaped and natural(_without(said, escaped))):
        return True
    return said.startswith("<~") or any(True for _ in _numbers(said, _row_places(as_bytes(said))))


def _without(said: str, escaped: Sequence[Found]) -> str:
    """What is said once the escapes are taken off."""
    plain, at = [], 0
    for lo, hi, text, _ in escaped:
        plain += [said[at:lo], text]
        at = hi
    return "".join((*plain, said[at:]))


def _readings(marks: set[str], numbers: list[str]) -> Iterator[tuple[str, bytes]]:
    """The bytes that the numbers may be, likeliest first."""
    sizes = {len(number) for number in numbers}
    digits = "".join(numbers)
    if sizes <= {7, 8} and not digits.strip("01"):
        yield "binary", bytes(int(number, 2) for number in numbers)
        return
    if any("u" in mark for mark in marks):
        yield "hex", "".join(chr(min(int(number, 16), 0x10FFFF)) for number in numbers).encode("utf-8", "replace")
        return
    if digits.isdecimal() and max(sizes) <= 3:
        # A row without an 8 or a 9 is hardly ever decimal.
        if not digits.strip("01234567") and max(int(number, 8) for number in numbers) < 256:
            yield "octal", bytes(int(number, 8) for number in numbers)
        if max(map(int, numbers)) < 256:
            yield "decimal", bytes(map(int, numbers))
    if all(size % 2 == 0 for size in sizes):
        yield "hex", unhexlify(digits)


def _with_plain_dots(text: str) -> str:
    for sign in _DOTS:
        text = text.replace(sign, ".")
    return text


def _morse(text: str) -> Iterator[Entry]:
    for row in _MORSE_ROW.finditer(text):
        spoken = [[_MORSE.get(sign, "\0") for sign in word.split()] for word in _MORSE_GAP.split(row[0])]
        said = " ".join("".join(word) for word in spoken)
        if "\0" not in said and (natural(said) or known(said)):
            yield ("morse",), whole(*row.span(), said)


def _braille_in(text: str) -> bool:
    """Whether any sign of it is there: four searches for bytes are faster than a pattern over another script."""
    if text.isascii():
        return False
    held = text.encode("utf-8", "surrogatepass")
    return b"\xe2" in held and any(lead in held for lead in _BRAILLE_LEADS)


def _braille(text: str) -> Iterator[Entry]:
    for row in _BRAILLE_ROW.finditer(text):
        said = row[0].translate(_BRAILLE)
        if natural(said):
            yield ("braille",), whole(*row.span(), said)


def _spelled(text: str) -> Iterator[Entry]:
    """Letters set apart. What stands between most of them is taken out; a wider gap is one between words."""
    for row in _SINGLES.finditer(text):
        gaps = _SEPARATOR.findall(row[0])
        usual = Counter(gaps).most_common(1)[0][0]
        pieces = _SEPARATOR.sub(partial(_gap, usual), row[0])
        letters = [sign for sign in pieces.lower() if sign.isalpha()]
        if len(letters) < MIN_SINGLES - 1:
            continue
        said = pieces if " " in pieces else parted(pieces)
        if known(said) or (usual.strip(" ") != "," and _varied(letters)):
            yield ("spaced",), whole(*row.span(), said)


def _gap(usual: str, gap: re.Match[str]) -> str:
    """What a gap stands for: nothing when it is the usual one, else a sign of the text itself, or a space."""
    if gap[0] == usual:
        return ""
    return gap[0].strip(usual.strip() or " ").strip() or " "


def _varied(letters: list[str]) -> bool:
    """Whether so many letters are neither an alphabet nor a scale."""
    steps = sum(abs(ord(a) - ord(b)) < 2 for a, b in pairwise(letters))
    return len(letters) >= MIN_LETTERS and len(set(letters)) >= MIN_SINGLES and steps < 0.7 * len(letters)


def _unspaced(text: str, letters: bytes) -> Iterator[Entry]:
    """Words that are written as one, small or in camel case; `letters` has an x for each letter."""
    at = letters.find(_SHORTEST_UNSPACED)
    while at >= 0:
        end = letters.find(b" ", at)
        end = len(letters) if end < 0 else end
        said = parted(text[at:end].lower())
        if len({word for word in known(said) if len(word) >= _MIN_TELLING}) >= _MIN_KNOWN:
            yield ("unspaced",), whole(at, end, said)
        at = letters.find(_SHORTEST_UNSPACED, end)


def _fours(text: str) -> Iterator[Entry]:
    """Base64 in groups of four."""
    for row in _FOURS.finditer(text):
        run = "".join(row[0].split()).rstrip("=")
        if len(run) % 4 == 1:
            continue
        said = words(a2b_base64(run + "=" * (-len(run) % 4)))
        if said and (natural(said) or any(further(said)) or row[0].count("\n") > 3):
            yield ("base64",), whole(*row.span(), said)


def _dumped(text: str) -> Iterator[Entry]:
    """The bytes of a dump's lines, as one."""
    lines = list(_DUMPED.finditer(text))
    data = b"".join(unhexlify("".join(line[1].split())) for line in lines)
    said = words(data)
    if natural(said):
        yield ("hex",), whole(lines[0].start(), lines[-1].end(), said)


def _uuencoded(text: str) -> Iterator[Entry]:
    for found in _UU.finditer(text):
        try:
            data = b"".join(map(a2b_uu, found[1].splitlines()))
        except Error:
            continue
        said = words(data)
        if said:
            yield ("uuencode",), whole(found.start(), found.end(), said)
