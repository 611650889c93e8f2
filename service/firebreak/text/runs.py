"""Runs: long words of an alphabet that spell bytes: hex, base64 in its forms, base32.

Bytes count only when they are plausibly text, or a file that holds some: most long words are not.
"""

import re
from binascii import a2b_base64, unhexlify
from collections.abc import Iterator

from firebreak.model.possessive import possessive
from firebreak.text.evidence import natural
from firebreak.text.layers import Found, whole
from firebreak.text.payload import BYTE_ORDER, Room, container, read, stretches

MIN_RUN = 16  # characters; 12 bytes of base64 hold two words, and one text in 100,000 of random bytes is printable
MIN_PADDED = 8  # characters of base64 that ends in = as it should
MIN_DIGITS = 40  # digits that, read as hex, are text by chance in one of 30,000 numbers; shorter ones must be words
MIN_BITS = 40  # ones and zeros in a row
MAX_SPLIT = 4096  # characters up to which a run that makes no sense as a whole is read between its signs, too
MIN_GLUED = 24  # characters of a run that is searched for words at every offset
MAX_GLUED = 262_144  # of them that are searched

_HEX = "[0-9A-Fa-f]"
_B64 = "[A-Za-z0-9+/]"  # after - and _ of the other alphabet have become + and /
_WRAP = r"[ \t]*+\r?\n[ \t]*+"
_RUN = re.compile(
    possessive(
        rf"{_B64}{{{MIN_RUN},}}+(?:{_WRAP}{_B64}{{{MIN_RUN},}}+)*+"
        rf"(?:{_WRAP}{_B64}{{2,{MIN_RUN - 1}}}+(?!{_B64}))?={{0,6}}"
    )
)
_LONG = re.compile(rf"{_B64}{{{MIN_RUN},}}+={{0,2}}")
_PART = re.compile(rf"[A-Za-z0-9]{{{MIN_RUN},}}+={{0,2}}")
_PADDING = re.compile(rf"=(?<={_B64}=)=?(?![\w+/=])")
_PATH = re.compile(possessive(r"[A-Za-z0-9]{0,15}+(?:[+/]++[A-Za-z0-9]{0,15}+)++={0,6}"))
"""Words too short for a run of their own, with signs between: neither hex nor base32, and only readable as a whole."""
_BEFORE = re.compile(rf"(?<![A-Za-z0-9+/_=-]){_B64}{{{MIN_PADDED - 2},{MIN_RUN - 1}}}\Z")
_BLANKS = re.compile(r"\s+")
_ALL_HEX = re.compile(f"(?:0x)?{_HEX}+")
_ALL_32 = re.compile("(?:[A-Z2-7]+|[a-z2-7]+)={0,6}")
_HEAD = re.compile(
    possessive(
        rb"(?:[\0-\x7f]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*+"
        rb"(?:[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2}|[\xc2-\xdf])?"
    )
)
"""The first bytes of UTF-8, a character cut at the end included; hardly any long word decodes to them."""
_NO_OPENING = "ghjklmnopqrstuv+"
"""First letters of base64 whose byte begins neither a character nor a file."""
_IN_RUN = bytes(120 if re.match(f"{_B64}|[_-]", chr(code)) else 32 for code in range(256))
SHORTEST_RUN = b"x" * MIN_RUN
_WORDY = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)+")
_CASES = re.compile("(?=.*[a-z].*[a-z])(?=.*[A-Z].*[A-Z])(?=.*[0-9])", re.DOTALL)
_THIRTEEN = bytes(
    (code - base + 13) % 26 + base if (base := code & 0x60 | 1) in {65, 97} and 0 <= code - base < 26 else code
    for code in range(256)
)
_DIGIT = re.compile("[0-9]")
_TO_32 = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567",
    "0123456789abcdefghijklmnop0123456789abcdefghijklmnopqrstuv",
)

Entry = tuple[tuple[str, ...], Found]
"""What was found, and the names of the encodings and containers it was in."""


def spelled(text: str, room: Room) -> Iterator[tuple[int, int, list[Entry]]]:
    """Every run of the alphabets, and what in it says something."""
    flat = text.encode("ascii", "replace").translate(_IN_RUN)
    at = flat.find(SHORTEST_RUN)
    padded = list(_padded(text, room)) if "=" in text else []
    if at < 0 and not padded:
        return
    text = _one_alphabet(text)
    while at >= 0:
        found = _RUN.match(text, at)
        assert found  # what is flat for long enough is a run
        lo, hi = found.span()
        while padded and padded[0][0] < lo:
            yield padded.pop(0)
        entries: list[Entry] = []
        if not _hopeless(found[0]) or text[lo - 1 : lo] == "\\":
            entries = _after_escape(text, lo, hi, room) or _complete(text, lo, hi, room) or _parts(text, lo, hi, room)
        yield lo, hi, entries
        while padded and padded[0][0] < hi:
            padded.pop(0)
        at = flat.find(SHORTEST_RUN, hi)
    yield from padded


def _one_alphabet(text: str) -> str:
    """RFC 4648, section 5, as section 4 writes it."""
    return text.replace("-", "+").replace("_", "/")


def _hopeless(run: str) -> bool:
    """Whether a run says nothing in any way that it could be read: most are paths, and names with dashes."""
    if run.isalpha() and not run.islower() and not run.isupper():
        return not _ALL_HEX.fullmatch(run) and not _opens(run)  # nor is it base32, and what is glued has digits
    if not _PATH.fullmatch(run) or _opens(run):
        return False
    if not _DIGIT.search(run):
        return True
    glued = len(run) >= MIN_GLUED and _CASES.match(run[: 2 * MAX_SPLIT])
    return not glued and not any(_opens(turned) for _, turned in _turned(run))


def _padded(text: str, room: Room) -> Iterator[tuple[int, int, list[Entry]]]:
    """Short base64 that says by its padding what it is."""
    for found in _PADDING.finditer(text):
        before = _BEFORE.search(text, max(found.start() - MIN_RUN, 0), found.start())
        if not before or (found.end() - before.start()) % 4:
            continue
        run = text[before.start() : found.end()]
        said = _base64(run, room) or _mirrored(run, room)
        if said:
            yield before.start(), found.end(), [(said[0], whole(before.start(), found.end(), said[1]))]


def _after_escape(text: str, lo: int, hi: int, room: Room) -> list[Entry]:
    """The run less the letter of a short escape before it: JSON inside a string has such for a new line."""
    short = lo and text[lo - 1] == "\\" and text[lo] in "bfnrt/"
    return _complete(text, lo + 1, hi, room) if short else []


def _complete(text: str, lo: int, hi: int, room: Room) -> list[Entry]:
    """The run as one, or without its last line: that may be an ordinary word below it."""
    above = text.rfind("\n", lo, hi)
    ends = (hi,) if above < 0 else (hi, len(text[lo:above].rstrip()) + lo)
    return next(([entry] for end in ends if (entry := _entry(text, lo, end, room))), [])


def _parts(text: str, lo: int, hi: int, room: Room) -> list[Entry]:
    """The lines of a wrapped run, what stands between the signs of a short one, or what words lie at some offset."""
    wrapped = "\n" in text[lo:hi]
    if wrapped or hi - lo <= MAX_SPLIT:
        pattern = _LONG if wrapped else _PART
        spans = [part.span() for part in pattern.finditer(text, lo, hi)]
        found = [entry for span in spans if span != (lo, hi) and (entry := _entry(text, *span, room))]
        if found:
            return found
    return [] if wrapped else _glued(text, lo, min(hi, lo + MAX_GLUED))


def _glued(text: str, lo: int, hi: int) -> list[Entry]:
    """Base64 that other letters of its alphabet stand before or behind: words at any of the four offsets."""
    hi = lo + len(text[lo:hi].rstrip("="))
    run = text[lo:hi]
    if hi - lo < MIN_GLUED or not _CASES.match(run[: 2 * MAX_SPLIT]):
        return []
    for skip in range(4):
        held = run[skip : -1 if (hi - lo - skip) % 4 == 1 else None]
        data = a2b_base64(held + "=" * (-len(held) % 4))
        said = "\n".join(stretches(data))
        if said:
            return [(("base64",), whole(lo, hi, said))]
    return []


def _entry(text: str, lo: int, hi: int, room: Room) -> Entry | None:
    said = read_run(text[lo:hi], room)
    return (said[0], whole(lo, hi, said[1])) if said else None


def read_run(run: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    """How the run was encoded and what it says."""
    if "\n" in run:
        run = _BLANKS.sub("", run)
    if run[0] in "01" and len(run) >= MIN_BITS and len(run) % 8 == 0 and not run.strip("01"):
        kind, plain = read(int(run, 2).to_bytes(len(run) // 8, "big"), room)
        return (_kinds("binary", kind), plain) if plain else None
    if len(run) % 2 == 0 and _ALL_HEX.fullmatch(run):
        kind, plain = read(unhexlify(run.removeprefix("0x")), room)
        if plain and (not run.isdecimal() or len(run) >= MIN_DIGITS or _WORDY.fullmatch(plain)):
            return _kinds("hex", kind), plain
    return _base64(run, room) or _base32(run, room) or _mirrored(run, room)


def _kinds(coding: str, kind: str) -> tuple[str, ...]:
    return (coding, kind) if kind else (coding,)


def _head(run: str) -> bytes:
    return a2b_base64(run[: min(len(run) // 4 * 4, MIN_RUN)])


def _opens(run: str) -> bool:
    """Whether the first bytes of base64 are those of a file or of characters."""
    if run[0] in _NO_OPENING:
        return False
    head = _head(run.rstrip("="))
    return bool(_HEAD.fullmatch(head) or container(head) or head.startswith(BYTE_ORDER))


def _base64(run: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    if not _opens(run):
        return None
    run = run.rstrip("=")
    if len(run) % 4 == 1:
        run = run[:-1]
        if not container(_head(run)):
            return None
    kind, plain = read(a2b_base64(run + "=" * (-len(run) % 4)), room)
    return (_kinds("base64", kind), plain) if plain else None


def _base32(run: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    """RFC 4648, section 6, in capitals or small letters, padded or not; what is left over must be zero."""
    if not _ALL_32.fullmatch(run):
        return None
    run = run.rstrip("=")
    bits = len(run) * 5
    number = int(run.translate(_TO_32), 32)
    if bits % 8 >= 5 or number & ((1 << bits % 8) - 1):
        return None
    kind, plain = read((number >> bits % 8).to_bytes(bits // 8, "big"), room)
    return (_kinds("base32", kind), plain) if plain and (len(run) > MIN_RUN or plain.isprintable()) else None


def _mirrored(run: str, room: Room) -> tuple[tuple[str, ...], str] | None:
    """The run back to front or turned by thirteen letters, where that says something in words or in a further code."""
    if not _DIGIT.search(run):
        return None  # a word: what spells bytes has digits
    for name, turned in _turned(run):
        hexed = len(turned) % 2 == 0 and _ALL_HEX.fullmatch(turned) and not turned.isdecimal()
        said = (("hex",), read(unhexlify(turned), room)[1]) if hexed and turned[:2] != "0x" else _base64(turned, room)
        said = said if said and said[1] else _base32(turned, room)
        if said and (natural(said[1]) or any(further(said[1]))):
            return (*said[0], name), said[1]
    return None


def _turned(run: str) -> tuple[tuple[str, str], ...]:
    return ("reversed", run.strip("=")[::-1]), ("rot13", run.encode().translate(_THIRTEEN).decode())


def further(text: str) -> Iterator[bool]:
    """Whether the text is one more run that says something."""
    run = _one_alphabet(text.strip())
    if len(run) >= MIN_RUN and _RUN.fullmatch(run):
        # There is no room here for what a file holds: that there is one is enough.
        yield bool(container(_head(run))) or read_run(run, Room(0)) is not None
