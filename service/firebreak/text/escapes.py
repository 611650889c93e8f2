"""Escapes: signs that stand for characters, one by one or in short words: percent, HTML, backslashes, and mail's.

Each finder is asked only when the sign it begins with is in the text at all.
"""

import re
import unicodedata
from binascii import Error, a2b_base64, unhexlify
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from html.entities import html5
from itertools import chain, islice, zip_longest
from string import ascii_lowercase

from firebreak.model.possessive import possessive
from firebreak.text.evidence import known, telling
from firebreak.text.layers import MAX_RUNS, Found, whole
from firebreak.text.offsets import Edit

_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(
    possessive(
        rf"[%&\\](?:(?<=%){_HEX}{{2}}(?:%{_HEX}{{2}})*+"
        rf"|(?<=&)(?:#0{{0,99}}+[0-9]{{1,7}};?|#[xX]0{{0,99}}+{_HEX}{{1,6}};?|[A-Za-z][A-Za-z0-9]{{1,31}};)"
        rf"|(?<=\\)(?:\\{{0,7}}+(?:u{_HEX}{{4}}(?:\\{{1,8}}+u{_HEX}{{4}})*+|x{_HEX}{{2}}(?:\\{{1,8}}+x{_HEX}{{2}})*+)"
        rf"|u\{{0{{0,99}}+{_HEX}{{1,6}}\}}|U000{_HEX}{{5}}|[0-3][0-7]{{2}}(?:\\[0-3][0-7]{{2}})++|'{_HEX}{{2}}(?:\\'{_HEX}{{2}})++"
        rf"|N\{{[A-Z0-9 -]{{2,80}}\}}|{_HEX}{{2,6}} (?:\\{_HEX}{{2,6}} ){{2,}}+(?:\\{_HEX}{{2,6}})?))"
    )
)
_LITERAL = r"(?:\"[^\"\n]{1,80}\"|'[^'\n]{1,80}')"
_JOINED = re.compile(possessive(rf"{_LITERAL}(?:\s{{0,3}}\+\s{{0,3}}{_LITERAL}){{2,}}+"))
_JOINTS = ('"+', '" +', "'+", "' +")
_JOINT = re.compile(r"[\"']\s{0,3}\+\s{0,3}[\"']")
_TAG = r"(?:/?(?:a|b|big|code|em|font|i|mark|s|small|span|strong|sub|sup|tt|u|wbr)\b[^<>]{0,80}|!--[^<>]{0,80}--)>"
_TAGS = re.compile(f"(?:<{_TAG})+")
_SPLITS = re.compile(f"<(?<=[A-Za-z]<){_TAG}(?:<{_TAG}){{0,4}}[A-Za-z]")
"""Tags that a page shows nothing of, between two letters."""
_SOFT = "=\r?\n"
_CODE = rf"=(?:{_SOFT})*+{_HEX}(?:{_SOFT})?{_HEX}"
_QUOTED = re.compile(possessive(f"(?:{_CODE}|{_SOFT})(?:{_CODE}|{_SOFT})*+"))
_MARKS = re.compile(r"[=\s]")
_MAIL = re.compile(r"=\?([A-Za-z0-9_.:-]{2,40})(?:\*[A-Za-z-]{1,20})?\?([BbQq])\?([^?\s]++)\?=(?:\s++(?==\?))?")
_UTF7 = re.compile(r"\+([A-Za-z0-9+/]{2,}+)-?")
_PUNY = re.compile(r"(?i:(?<![\w-])xn--([a-z0-9-]{1,59}))(?![\w-])")
_CHARSETS = {
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
    "iso-8859-1",
    "latin-1",
    "latin1",
    "windows-1252",
    "utf-16",
    "koi8-r",
}
ENOUGH = MAX_RUNS + 1  # of one kind: with more the layer is cut, and says so
MIN_QUOTED = 2  # escapes of quoted-printable in a row: one alone may be a value behind an equals sign


def escapes(text: str) -> list[tuple[str, Found]]:
    """Every escape, in order of place, with the name of its kind; none overlap."""
    found: list[tuple[str, Found]] = []
    if "%" in text or "&" in text or "\\" in text:
        found += islice(_signs(text), ENOUGH)
    more: list[tuple[str, Found]] = []
    if "=" in text:
        more += islice(_words(text), ENOUGH) if "=?" in text else ()
        more += _quoted(text)
    if "+" in text:
        more += islice(_utf7(text), ENOUGH)
        if any(joint in text for joint in _JOINTS):
            more += islice(_joined(text), ENOUGH)
    if "<" in text and ("</" in text or "<!-" in text):
        more += islice(_split(text), ENOUGH)
    if "-" in text and ("xn--" in text or "XN--" in text):
        more += islice(_puny(text), ENOUGH)
    return _apart(found + more) if more else found


def _apart(found: list[tuple[str, Found]]) -> list[tuple[str, Found]]:
    """Without those that lie in one before them."""
    kept: list[tuple[str, Found]] = []
    end = 0
    for entry in sorted(found, key=lambda entry: (entry[1][0], -entry[1][1])):
        if entry[1][0] >= end:
            kept.append(entry)
            end = entry[1][1]
    return kept


def _signs(text: str) -> Iterator[tuple[str, Found]]:
    for found in _ESCAPE.finditer(text):
        run = found[0]
        lo, hi = found.span()
        if run[0] == "&":
            if run[1] != "#" and run[1:] not in html5:
                continue
            plain = unescape(run)
            yield "entities", (lo, hi, plain, ((lo, hi, len(plain), 0),))
        elif run[0] == "%":
            plain = unhexlify(run.replace("%", "")).decode("utf-8", "replace")
            yield "percent", (lo, hi, plain, _steps(plain, lo, hi, 3, _utf8_units))
        else:
            plain, parts = _named(run, lo, hi) if run[1] == "N" else _backslash(run, lo, hi)
            if plain:
                yield "escapes", (lo, hi, plain, parts)


def _backslash(run: str, lo: int, hi: int) -> tuple[str, tuple[Edit, ...]]:
    """Text that is escaped as a whole, JSON in JSON, has twice as many backslashes before each: all belong to it."""
    slashes = len(run) - len(run.lstrip("\\"))
    if run[slashes] == "x":
        plain = unhexlify(run.replace("\\", "").replace("x", "")).decode("utf-8", "replace")
        return plain, _steps(plain, lo, hi, slashes + 3, _utf8_units)
    if run[slashes] == "u" and run[slashes + 1] != "{":
        plain = unhexlify(run.replace("\\", "").replace("u", "")).decode("utf-16-be", "replace")
        return plain, _steps(plain, lo, hi, slashes + 5, _utf16_units)
    if run[1] == "'":
        plain = unhexlify(run.replace(run[:2], "")).decode("utf-8", "replace")
        return plain, _steps(plain, lo, hi, 4, _utf8_units)
    if run[1] in "0123" and " " not in run:
        plain = bytes(int(code, 8) for code in run[1:].split("\\")).decode("utf-8", "replace")
        return plain, _steps(plain, lo, hi, 4, _utf8_units)
    if run[1] not in "uU":
        return "".join(_character(code) for code in run[1:].split("\\")), ((lo, hi, run.count("\\"), 0),)
    return _character(run[2:].strip("{}")), ((lo, hi, 1, 0),)


def _character(code: str) -> str:
    """Of a code point in hexadecimal; blanks after it count for nothing, as in CSS (Syntax Level 3, 4.3.7)."""
    point = int(code, 16)
    return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"


def _named(run: str, lo: int, hi: int) -> tuple[str, tuple[Edit, ...]]:
    """A character by its name, as Python writes it; nothing where there is none of that name."""
    try:
        return unicodedata.lookup(run[3:-1]), ((lo, hi, 1, 0),)
    except KeyError:
        return "", ()


_UTF8_UNITS = re.compile("[\0-\x7f]+|[\x80-\u07ff]+|[\u0800-\uffff]+|[\U00010000-\U0010ffff]+")
_UTF16_UNITS = re.compile("[\0-\uffff]+|[\U00010000-\U0010ffff]+")


def _utf8_units(plain: str) -> Iterator[tuple[int, int]]:
    """Lengths of stretches whose characters take equally many bytes, and how many."""
    return ((len(part[0]), len(part[0][0].encode())) for part in _UTF8_UNITS.finditer(plain))


def _utf16_units(plain: str) -> Iterator[tuple[int, int]]:
    return ((len(part[0]), 1 + (part[0][0] > "\uffff")) for part in _UTF16_UNITS.finditer(plain))


def _steps(
    plain: str, lo: int, hi: int, width: int, units: Callable[[str], Iterator[tuple[int, int]]]
) -> tuple[Edit, ...]:
    """Edits that tell the characters apart, each unit being `width` long; one for all when units were malformed."""
    edits: list[Edit] = []
    at = lo
    for count, each in units(plain):
        end = at + count * each * width
        edits.append((at, end, count, each * width))
        at = end
    return tuple(edits) if at == hi else ((lo, hi, len(plain), 0),)


def _quoted(text: str) -> list[tuple[str, Found]]:
    """Quoted-printable, RFC 2045 6.7: where escapes follow each other, or where reading them makes words."""
    runs = list(islice(_QUOTED.finditer(text), ENOUGH))
    if not runs:
        return []
    entries = []
    for found in runs:
        codes = _MARKS.sub("", found[0])
        said = unhexlify(codes).decode("utf-8", "replace")
        entries.append((len(codes) // 2, ("quoted", whole(*found.span(), said))))
    if "quoted-printable" in text.lower() or max(count for count, _ in entries) >= MIN_QUOTED:
        return [entry for _, entry in entries]
    runs_said: list[tuple[str, str]] = []
    pieces: list[str] = []
    end = 0
    for _, (_, (lo, hi, said, _)) in entries:
        runs_said.append((text[lo:hi].lower(), said.lower()))
        pieces.append(text[end:lo].lower())
        end = hi
    pieces.append(text[end:].lower())
    as_it_stands, decoded = zip(*runs_said, strict=True)
    ends = [_ends(piece) for piece in pieces]
    if _known_between(ends, decoded) <= _known_between(ends, as_it_stands):
        return []  # a word that touches nothing decoded is there either way
    gained = len(_known_between(pieces, decoded)) - len(_known_between(pieces, as_it_stands))
    return [entry for _, entry in entries] if gained >= 1 else []


def _known_between(pieces: Sequence[str], between: Sequence[str]) -> frozenset[str]:
    """The words of the list in a text that is put together."""
    return known("".join(chain.from_iterable(zip_longest(pieces, between, fillvalue=""))))


def _ends(piece: str) -> str:
    """The letters at both ends, which may be part of a word with what stands there."""
    rest = piece.lstrip(ascii_lowercase)
    return f"{piece[: len(piece) - len(rest)]} {rest[len(rest.rstrip(ascii_lowercase)) :]}" if rest else piece


def _words(text: str) -> Iterator[tuple[str, Found]]:
    """Encoded words, RFC 2047. One in an unknown character set is read as UTF-8."""
    for found in _MAIL.finditer(text):
        charset, coding, held = found[1].lower(), found[2].lower(), found[3]
        try:
            data = a2b_base64(held + "==") if coding == "b" else _unquoted(held)
        except Error:
            continue
        yield "mail", whole(*found.span(), data.decode(charset if charset in _CHARSETS else "utf-8", "replace"))


def _unquoted(held: str) -> bytes:
    spelled = re.sub(f"=({_HEX}{{2}})", lambda code: chr(int(code[1], 16)), held.replace("_", " "))
    return spelled.encode("latin-1", "replace")


def _utf7(text: str) -> Iterator[tuple[str, Found]]:
    """UTF-7, RFC 2152: base64 of UTF-16 between a plus and a minus, with no bit set in what is left over."""
    for found in _UTF7.finditer(text):
        held = found[1]
        spare = len(held) * 6 % 16
        if spare >= 6:
            continue
        data = a2b_base64(held + "A" * (-len(held) % 4))
        size = len(held) * 6 // 16 * 2
        if any(data[size:]) or (not found[0].endswith("-") and held[0] != "A"):
            continue
        said = data[:size].decode("utf-16-be", "replace")
        if said.isprintable() and "\ufffd" not in said and (held[0] in "AB" or len(said) > 3):
            yield "utf-7", whole(*found.span(), said)


def _joined(text: str) -> Iterator[tuple[str, Found]]:
    """Three and more pieces of text that a program puts together: `"igno" + "re a" + "ll"`."""
    for found in _JOINED.finditer(text):
        yield "joined", whole(*found.span(), _JOINT.sub("", found[0])[1:-1])


def _split(text: str) -> Iterator[tuple[str, Found]]:
    """Tags that split words: `<b>i</b><b>g</b>...`."""
    if not _SPLITS.search(text):
        return
    if telling(known(_TAGS.sub("", text)) - known(text)):
        for found in _TAGS.finditer(text):
            yield "markup", whole(*found.span(), "")


def _puny(text: str) -> Iterator[tuple[str, Found]]:
    """Labels of internationalised names, RFC 3492; a label is at most 63 characters long."""
    for found in _PUNY.finditer(text):
        try:
            said = found[1].encode("ascii").decode("punycode")
        except (UnicodeError, ValueError, OverflowError):
            continue
        if said.isprintable():
            yield "punycode", whole(*found.span(), said)
