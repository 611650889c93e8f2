"""Base85: five characters for four bytes, in the alphabets of Python and git, of ZeroMQ, and of Adobe."""

import re
from collections.abc import Iterator
from struct import error, pack

from firebreak.text.evidence import natural
from firebreak.text.payload import Room, read

MIN_RUN = 20  # characters without a blank
MAX_RUN = 8_388_608  # characters; as long as a body may be

_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SMALL = _CAPITALS.lower()
_ALPHABETS = (
    ("base85", f"{_DIGITS}{_CAPITALS}{_SMALL}!#$%&()*+-;<=>?@^_`{{|}}~"),
    ("z85", f"{_DIGITS}{_SMALL}{_CAPITALS}.-:+=^!/*?&<>()[]{{}}@%$#"),
    ("ascii85", "".join(map(chr, range(33, 118)))),
)
_LEADS = [alphabet[10:41].encode() for _, alphabet in _ALPHABETS]
"""First of five where the four bytes are printable ASCII: 0x20202020 / 85**4 is 10.3, 0x7e7e7e7e / 85**4 is 40.7."""
_VALUES = [bytes(max(alphabet.find(chr(code)), 0) for code in range(256)) for _, alphabet in _ALPHABETS]
_IN_LEADS = bytes(sum((code in leads) << number for number, leads in enumerate(_LEADS)) for code in range(256))
"""For each character the alphabets, a bit each, in which it may be such a first of five."""
_QUOTES = b"\"'(`[="
_SHORTEST = b"x" * MIN_RUN
_MARKED = re.compile(r"<~([!-uz\s]{5,}+)~>")
_WORDS = [re.compile(f"[{re.escape(alphabet)}]{{{MIN_RUN},}}") for _, alphabet in _ALPHABETS]

Said = tuple[tuple[str, ...], int, int, str]


def base85(text: str, flat: bytes, words: bytes, room: Room) -> Iterator[Said]:
    """Every run that says something: how it was encoded, from where to where it reaches, and what it says.

    `flat` and `words` are the text as `shape` has it, characters and solid words.
    """
    if "~" in text and "<~" in text:
        for found in _MARKED.finditer(text):
            kind, said = read(_decoded("".join(found[1].split()).replace("z", "!!!!!"), 2), room)
            if said:
                yield ("ascii85", kind) if kind else ("ascii85",), found.start(), found.end(), said
    at = words.find(_SHORTEST)
    while at >= 0:
        end = words.find(b" ", at)
        end = len(words) if end < 0 else end
        lo = at + (flat[at] in _QUOTES)
        one, two, three, four = flat[lo : lo + MIN_RUN - 1 : 5].translate(_IN_LEADS)
        # A path or a name has no capitals; what spells words has them.
        if one & two & three & four and not flat[at:end].islower():
            yield from _run(text, flat, at, min(end, at + MAX_RUN), room)
        at = words.find(_SHORTEST, end)


def _run(text: str, flat: bytes, lo: int, hi: int, room: Room) -> Iterator[Said]:
    """What a word without blanks says in one of the alphabets, its quotes and full stop aside."""
    lo += flat[lo] in _QUOTES
    hi -= flat[hi - 1] in b"\"')`]" and flat[lo - 1] in b"\"'(`["
    leads = flat[lo : lo + MIN_RUN : 5]
    for number, (name, _) in enumerate(_ALPHABETS):
        found = None if leads.translate(None, _LEADS[number]) else _likely(text, lo, hi, number)
        if not found:
            continue
        kind, said = read(_decoded(text[found[0] : found[1]], number), room)
        if said and (kind or said.isascii() or natural(said)):
            yield (name, kind) if kind else (name,), *found, said
            return


def _likely(text: str, lo: int, hi: int, number: int) -> tuple[int, int] | None:
    """Where a run of this alphabet stands whose first bytes are printable; cheap, for nearly every word has none."""
    found = _WORDS[number].match(text, lo, hi)
    if not found or hi - found.end() > 3:
        return None
    head = _decoded(text[lo : lo + MIN_RUN], number)
    return found.span() if head.isascii() and head.decode().isprintable() else None


def _decoded(run: str, number: int) -> bytes:
    """The bytes, or none where five characters make more than four bytes hold."""
    missing = -len(run) % 5
    padded = run + _ALPHABETS[number][1][84] * missing
    values = padded.encode("ascii", "replace").translate(_VALUES[number])
    parts = [iter(values)] * 5
    try:
        made = [(((a * 85 + b) * 85 + c) * 85 + d) * 85 + e for a, b, c, d, e in zip(*parts, strict=True)]
        return pack(f">{len(made)}I", *made)[: len(made) * 4 - missing]
    except error:
        return b""
