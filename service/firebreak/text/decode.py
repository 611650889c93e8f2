"""Decode: one layer of encoding taken off, wherever in a text it is.

Escapes (percent, HTML entities, backslash) come off first, alone: what they spell may be part of a longer run. When
there are none, runs (hex, base64) are read. Bytes count only when they are plausibly text: most long words are not.
"""

import re
from binascii import a2b_base64, unhexlify
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from html.entities import html5

from firebreak.text.offsets import Edit, Offsets

MIN_RUN = 16  # characters; 12 bytes of base64 hold two words, and one text in 100,000 of random bytes is printable
MIN_DIGITS = 40  # digits that, read as hex, are text by chance in one of 30,000 numbers; shorter ones must be words
MAX_RUNS = 16_384  # decoded runs per layer: 50 ms; an honest megabyte of HTML has fewer entities
CONTEXT = 256  # characters kept on each side of a decoded run; what is farther was read in the view before
_GAP = "\n\0\n"  # stands for what was left out: no pattern reads over it by accident
MAX_SPLIT = 4096  # characters up to which a run that makes no sense as a whole is read between its signs, too
_NOISE = 0.05  # share of control characters up to which bytes are text

_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(
    rf"[%&\\](?:(?<=%){_HEX}{{2}}(?:%{_HEX}{{2}})*+"
    rf"|(?<=&)(?:#0{{0,99}}+[0-9]{{1,7}};?|#[xX]0{{0,99}}+{_HEX}{{1,6}};?|[A-Za-z][A-Za-z0-9]{{1,31}};)"
    rf"|(?<=\\)(?:u{_HEX}{{4}}(?:\\u{_HEX}{{4}})*+|x{_HEX}{{2}}(?:\\x{_HEX}{{2}})*+"
    rf"|u\{{0{{0,99}}+{_HEX}{{1,6}}\}}|U000{_HEX}{{5}}))"
)

_B64 = "[A-Za-z0-9+/]"  # after - and _ of the other alphabet have become + and /
_WRAP = r"[ \t]*+\r?\n[ \t]*+"
_RUN = re.compile(
    rf"{_B64}{{{MIN_RUN},}}+(?:{_WRAP}{_B64}{{{MIN_RUN},}}+)*+(?:{_WRAP}{_B64}{{2,{MIN_RUN - 1}}}+(?!{_B64}))?={{0,2}}"
)
_LONG = re.compile(rf"{_B64}{{{MIN_RUN},}}+={{0,2}}")
_PART = re.compile(rf"[A-Za-z0-9]{{{MIN_RUN},}}+={{0,2}}")
_BLANKS = re.compile(r"\s+")
_ALL_HEX = re.compile(f"(?:0x)?{_HEX}+")
_HEAD = re.compile(
    rb"(?:[\0-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*+"
    rb"(?:[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2}|[\xc2-\xdf])?"
)
"""The first bytes of UTF-8, a character cut at the end included; hardly any long word decodes to them."""
_IN_RUN = bytes(120 if re.match(f"{_B64}|[_-]", chr(code)) else 32 for code in range(256))
_SHORTEST = b"x" * MIN_RUN
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r") + b"\x7f"
_BLANK = re.compile(r"\s")
_WORDY = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)+")

Found = tuple[int, int, str, tuple[Edit, ...]]
"""Characters lo..hi spell `text`; the edits tell its characters apart where that is possible."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What was decoded in one view: how many runs, and the first and last of them in that view's characters."""

    count: int
    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Peeled:
    """A text less one layer."""

    text: str
    offsets: Offsets
    kinds: tuple[str, ...]
    runs: Runs
    cut: bool


def peel(text: str) -> Peeled | None:
    """`text` around its encoded runs, with these decoded; None when nothing in it decodes."""
    for finder in (_escapes, _runs):
        found: list[Found] = []
        kinds: set[str] = set()
        cut = False
        for kind, run in finder(text):
            if len(found) == MAX_RUNS:
                cut = True
                break
            kinds.add(kind)
            found.append(run)
        if found:
            if finder is _escapes:
                found, crowded = _with_runs(text, found)
                cut = cut or crowded
            return _assemble(text, found, tuple(sorted(kinds)), cut=cut)
    return None


def _with_runs(text: str, escapes: Sequence[Found]) -> tuple[list[Found], bool]:
    """The escapes and, as they stand, the runs that the next layer reads; and whether there were too many of these.

    Without them a run far from every escape would be left out of the view, and nothing would ever read it.
    A run counts when it says something, or when an escape at its edge may be a piece of it.
    """
    found: list[Found] = []
    upto = kept = 0
    for lo, hi, entries in _spelled(text):
        while upto < len(escapes) and escapes[upto][0] < hi:
            found.append(escapes[upto])
            upto += 1
        end = found[-1][1] if found else -1
        touched = end >= lo or (upto < len(escapes) and escapes[upto][0] == hi)
        if (entries or touched) and end < hi:
            if kept == MAX_RUNS:
                return [*found, *escapes[upto:]], True
            kept += 1
            start = max(lo, end)
            found.append((start, hi, text[start:hi], ()))
    return [*found, *escapes[upto:]], False


def _assemble(text: str, found: Sequence[Found], kinds: tuple[str, ...], *, cut: bool) -> Peeled:
    """The decoded runs in their surroundings; a run without edits stands there unchanged."""
    pieces: list[str] = []
    edits: list[Edit] = []
    end = made = 0
    places: list[tuple[int, int]] = []
    for lo, hi, plain, parts in found:
        for piece, edit in _between(text, end, lo):
            pieces.append(piece)
            made += len(piece)
            if edit:
                edits.append(edit)
        if parts:
            places.append((made, made + len(plain)))
        pieces.append(plain)
        made += len(plain)
        edits.extend(parts)
        end = hi
    tail = _BLANK.search(text, min(end + CONTEXT, len(text)))
    pieces.append(text[end : tail.start() if tail else len(text)])
    whole = "".join(pieces)
    offsets = Offsets(len(text), lambda: edits)
    return Peeled(whole, offsets, kinds, Runs(len(places), places[0], places[-1]), cut)


def _between(text: str, lo: int, hi: int) -> Iterator[tuple[str, Edit | None]]:
    """What is kept of the text from one run to the next, cut at blanks so that no word is halved."""
    if hi - lo <= 2 * CONTEXT:
        yield text[lo:hi], None
        return
    leave = _BLANK.search(text, lo + CONTEXT, hi) if lo else None
    away = leave.start() if leave else lo if not lo else hi
    back = max(text.rfind(" ", away, hi - CONTEXT), text.rfind("\n", away, hi - CONTEXT))
    if back <= away:
        yield text[lo:hi], None
        return
    yield text[lo:away], None
    gap = _GAP if lo else ""
    yield gap, (away, back, len(gap), 0)
    yield text[back:hi], None


def _escapes(text: str) -> Iterator[tuple[str, Found]]:
    if not ("%" in text or "&" in text or "\\" in text):
        return
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
            plain, parts = _backslash(run, lo, hi)
            yield "escapes", (lo, hi, plain, parts)


def _backslash(run: str, lo: int, hi: int) -> tuple[str, tuple[Edit, ...]]:
    if run[1] == "x":
        plain = unhexlify(run.replace("\\x", "")).decode("utf-8", "replace")
        return plain, _steps(plain, lo, hi, 4, _utf8_units)
    if run[1] == "u" and run[2] != "{":
        plain = unhexlify(run.replace("\\u", "")).decode("utf-16-be", "replace")
        return plain, _steps(plain, lo, hi, 6, _utf16_units)
    point = int(run[2:].strip("{}"), 16)
    plain = chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"
    return plain, ((lo, hi, 1, 0),)


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


def _runs(text: str) -> Iterator[tuple[str, Found]]:
    for _, _, entries in _spelled(text):
        yield from entries


def _spelled(text: str) -> Iterator[tuple[int, int, list[tuple[str, Found]]]]:
    """Every run of the alphabets, and what in it says something."""
    flat = text.encode("ascii", "replace").translate(_IN_RUN)
    at = flat.find(_SHORTEST)
    if at >= 0:
        text = text.replace("-", "+").replace("_", "/")
    while at >= 0:
        found = _RUN.match(text, at)
        assert found  # what is flat for long enough is a run
        lo, hi = found.span()
        yield lo, hi, _after_escape(text, lo, hi) or _whole(text, lo, hi) or _parts(text, lo, hi)
        at = flat.find(_SHORTEST, hi)


def _after_escape(text: str, lo: int, hi: int) -> list[tuple[str, Found]]:
    """The run less the letter of a short escape before it: JSON inside a string has such for a new line."""
    short = lo and text[lo - 1] == "\\" and text[lo] in "bfnrt/"
    return _whole(text, lo + 1, hi) if short else []


def _whole(text: str, lo: int, hi: int) -> list[tuple[str, Found]]:
    """The run as one, or without its last line: that may be an ordinary word below it."""
    above = text.rfind("\n", lo, hi)
    ends = (hi,) if above < 0 else (hi, len(text[lo:above].rstrip()) + lo)
    return next(([entry] for end in ends if (entry := _entry(text, lo, end))), [])


def _parts(text: str, lo: int, hi: int) -> list[tuple[str, Found]]:
    """The lines of a wrapped run, or what stands between the signs of a short one: `key-aWdub3Jl...`."""
    if "\n" not in text[lo:hi] and hi - lo > MAX_SPLIT:
        return []
    pattern = _LONG if "\n" in text[lo:hi] else _PART
    entries = (_entry(text, *part.span()) for part in pattern.finditer(text, lo, hi))
    return [entry for entry in entries if entry]


def _entry(text: str, lo: int, hi: int) -> tuple[str, Found] | None:
    read = _read(text[lo:hi])
    return (read[0], (lo, hi, read[1], ((lo, hi, len(read[1]), 0),))) if read else None


def _read(run: str) -> tuple[str, str] | None:
    """How the run was encoded and what it says."""
    if "\n" in run:
        run = _BLANKS.sub("", run)
    if len(run) % 2 == 0 and _ALL_HEX.fullmatch(run):
        plain = _words(unhexlify(run.removeprefix("0x")))
        if plain and (not run.isdecimal() or len(run) >= MIN_DIGITS or _WORDY.fullmatch(plain)):
            return "hex", plain
    if not _HEAD.fullmatch(a2b_base64(run[:MIN_RUN])):
        return None
    run = run.rstrip("=")
    if len(run) % 4 == 1:
        return None
    plain = _words(a2b_base64(run + "=" * (-len(run) % 4)))
    return ("base64", plain) if plain else None


def _words(decoded: bytes) -> str:
    """The bytes as text, or nothing when they are not plausibly any."""
    if decoded[1::2].count(0) > 0.9 * (len(decoded) // 2) and decoded.count(0) < 0.6 * len(decoded):
        decoded = decoded.decode("utf-16-le", "replace").encode("utf-8", "replace")
    controls = len(decoded) - len(decoded.translate(None, _CONTROL))
    if controls > _NOISE * len(decoded):
        return ""
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        return ""
