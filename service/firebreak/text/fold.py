"""Fold: a text as a reader takes it. NFKC, nothing invisible, look-alikes as what they look like, plain spaces.

Rules this file lives by: folding what is folded changes nothing; a script that people honestly write stays as it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import partial

from firebreak.text.confusables import ALWAYS, BETWEEN, FLAGS, INDICATORS, LETTERS, LONG, TWINS
from firebreak.text.offsets import Edit, Offsets

MAX_ROUNDS = 4  # passes over one text; each settles what the one before uncovered, and two are the most seen in tests
MAX_LIGATURES = 64  # of U+FDFA and U+FDFB, which NFKC makes 18 and 8 characters; the next longest makes 6
MAX_MARKS = 30  # combining characters in a row, as UAX 15's stream-safe form has it; sorting them is quadratic in NFKC

BIDI = "\u202a-\u202e\u2066-\u2069"
TAGS = "\U000e0001\U000e0020-\U000e007f"
_BEYOND = "\U00010000"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS = "\u200c-\u200f\u061c"  # also the marks that Arabic and Hebrew need beside signs
_INVISIBLE_BMP = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
)
_ALWAYS_INVISIBLE = (
    _INVISIBLE_BMP
    + "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0002-\U000e001f\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
)
_PICTURES = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
_JOINING = (  # scripts in which a joiner changes the letters beside it, and pictures
    "\u0590-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u18af\u1b00-\u1bff\ua840-\ua87f\ufb1d-\ufdff\ufe70-\ufefe"
    + _PICTURES
)
_ANY = f"[{_ALWAYS_INVISIBLE}{BIDI}{TAGS}{_SELECTORS}{_JOINERS}]"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"

INVISIBLE = re.compile(
    f"[{_ALWAYS_INVISIBLE}]+"
    f"|[{_JOINERS}](?<![{_JOINING}\ufe0f].)"
    f"|[\ufe00-\ufe0f](?!\u20e3)(?<![{_PICTURES}{_HAN}\u1000-\u109f].)"
    f"|[\U000e0100-\U000e01ef](?<![{_HAN}].)"
)
"""Characters that nobody sees and no script or emoji at their place needs."""

_HIDDEN = re.compile(f"(?:{INVISIBLE.pattern}|[{BIDI}{TAGS}]){_ANY}*+")
SUSPECT = re.compile(_ANY)
_STACKED = "\u0300-\u036f\u0488\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20f0\ufe20-\ufe2f"
MARKS = re.compile(f"(?<=[!-~])[{_STACKED}]+")
"""Combining marks on an ASCII character; after NFKC only those that no alphabet composes are left."""

_LOOKS = "".join(map(chr, LETTERS))
_ALWAYS = re.compile("[" + "".join(map(re.escape, map(chr, ALWAYS))) + "]")
_ASCII = bytes(range(128))
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
STACKED = re.compile(f"(?<=[!-@\\[-`{{-~])[{_STACKED}]+|(?<=[A-Za-z])[{_STACKED}]{{3,}}")
"""Marks on an ASCII sign or digit, or more of them on a letter than any alphabet uses."""
STACKABLE = re.compile(f"[{_STACKED}]")
_UNUSUAL = re.compile(  # what NFKC does not tell of; pictures and the like are coarsely in, which only costs time
    f"[{_STACKED}{_INVISIBLE_BMP}{BIDI}\ufe00-\ufe0f{_JOINERS}{_BEYOND}-\U0010ffff"
    + "".join(re.escape(character) for character in (*map(chr, ALWAYS), *LONG) if character < _BEYOND)
    + "]"
)
_LOOK = re.compile(f"[{_LOOKS}]")
_LATIN = re.compile("[A-Za-z]")
_MIX_BY_LOOK = re.compile(f"[{_LOOKS}](?:(?=[A-Za-z])|(?<=[A-Za-z].))")
_MIX_BY_LATIN = re.compile(f"[A-Za-z](?:(?=[{_LOOKS}])|(?<=[{_LOOKS}].))")
LOOK_WORDS = re.compile(f"(?<![^\\W_])[^\\W_{_LOOKS}]*+[{_LOOKS}][^\\W_]*+")
"""Words that hold at least one look-alike letter."""
_TWIN = re.compile(f"[{TWINS}]")
_HONEST = re.compile(f"(?![{TWINS}])[\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u13a0-\u13ff\u1f00-\u1fff\u2c80-\u2cff]")
_LINE = re.compile("[^\n]+")
_SPACES = re.compile("[ \t]{2,}")
_BETWEEN = re.compile("(?<=[A-Za-z])[" + "".join(map(re.escape, map(chr, BETWEEN))) + "](?=[A-Za-z])")
_LONG = re.compile("[" + "".join(LONG) + "]")
_INDICATORS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_TYPICAL = re.compile(
    "[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e\u00a0-\u00a7\u00a9\u00ab-\u00ae\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf\u2013\u2014\u2018-\u201d\u2022\u20ac]+"
)
"""What ordinary typography is made of: letters that NFKC leaves alone, quotes, dashes, a hard space."""
_TYPED = {
    "\u00a0": " ",
    "\u2013": "-",
    "\u2014": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u201c": '"',
    "\u201d": '"',
}

_FEW = 24  # distinct characters up to which replacing one by one beats a translation table


def foreign(text: str) -> str:
    """The characters beyond ASCII, one after the other: deciding what to do looks at these alone."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def fold(text: str) -> tuple[str, tuple[Offsets, ...], bool]:
    """The folded text, the maps that lead back (last rewriting first), and whether growth stopped it."""
    if text.isascii():
        return text, (), False
    maps: list[Offsets] = []
    seen = foreign(text)
    cut = False
    if _TYPICAL.fullmatch(seen):
        folded = text
        for sign, plain in _TYPED.items():
            if sign in seen:
                folded = folded.replace(sign, plain)
    else:
        cut = text.count("\ufdfa") + text.count("\ufdfb") > MAX_LIGATURES
        unusual = _UNUSUAL.search(seen) or not unicodedata.is_normalized("NFKC", text)
        folded = _settle(text, maps, compose=not cut) if unusual else _between(_letters(text))
    if folded != text:
        folded = _one_space(folded, maps)
    return folded, tuple(reversed(maps)), cut


def _settle(text: str, maps: list[Offsets], *, compose: bool) -> str:
    """Every rewriting, again until none changes anything."""
    for _ in range(MAX_ROUNDS):
        before = text
        seen = foreign(text)
        if SUSPECT.search(seen):
            text = _drop(text, _HIDDEN, maps)
        if _PILE.search(seen):
            text = _drop(text, _PILED, maps)
        composed = unicodedata.normalize("NFKC", text) if compose else text
        if composed != text:
            maps.append(Offsets(len(text), partial(_compositions, text)))
            text = composed
            seen = foreign(text)
        if STACKABLE.search(seen):
            text = _drop(text, MARKS, maps)
        if _LONG.search(seen):
            maps.append(Offsets(len(text), partial(_longer, text)))
            text = _LONG.sub(lambda found: LONG[found[0]], text)
        if _INDICATORS.search(seen):
            text = _INDICATORS.sub(_spelled, text)
        text = _between(_letters(_signs(text, set(_ALWAYS.findall(seen)))))
        if text == before or text.isascii():
            break
    return text


def _drop(text: str, pattern: re.Pattern[str], maps: list[Offsets], instead: str = "") -> str:
    """`text` with `instead` for every match; notes the map when that changed anything."""
    result = pattern.sub(instead, text)
    if len(result) == len(text):
        return text

    maps.append(Offsets(len(text), partial(_drops, text, pattern, len(instead))))
    return result


def _drops(text: str, pattern: re.Pattern[str], made: int) -> Iterator[Edit]:
    return ((*found.span(), made, 0) for found in pattern.finditer(text))


def _one_space(text: str, maps: list[Offsets]) -> str:
    """Runs of blanks as one space; without tabs by plain replacing, which is much faster than a pattern."""
    if "\t" in text:
        return _drop(text, _SPACES, maps, " ")
    result = text
    while "  " in result:
        result = result.replace("  ", " ")
    if result is not text:
        maps.append(Offsets(len(text), partial(_drops, text, _SPACES, 1)))
    return result


def _longer(text: str) -> Iterator[Edit]:
    return ((*found.span(), len(LONG[found[0]]), 0) for found in _LONG.finditer(text))


def _spelled(found: re.Match[str]) -> str:
    """Regional indicators as the letters they show, unless they are flags."""
    letters = found[0].translate(INDICATORS)
    pairs = {letters[at : at + 2] for at in range(0, len(letters), 2)}
    return found[0] if pairs <= FLAGS else letters


def _has_latin(text: str) -> bool:
    return bool(text.encode("ascii", "ignore").translate(None, _NO_LETTERS))


def _between(text: str) -> str:
    """What only resembles a letter from both of its Latin neighbours' side; one for one."""
    if not _has_latin(text):
        return text
    return _BETWEEN.sub(lambda found: BETWEEN[ord(found[0])], text)


def _signs(text: str, signs: set[str]) -> str:
    """These signs as ASCII; one character for one, so that no offset moves."""
    if len(signs) > _FEW:
        return text.translate(ALWAYS)
    for sign in signs:
        text = text.replace(sign, ALWAYS[ord(sign)])
    return text


def _letters(text: str) -> str:
    """Look-alike letters as Latin where the text around them is; again one for one."""
    if not _has_latin(text):
        return text
    seen = foreign(text)
    if not _LOOK.search(seen):
        return text
    if mixes(text):
        text = LOOK_WORDS.sub(_plain_word, text)
    if _TWIN.search(seen):
        text = _LINE.sub(_plain_line, text)
    return text


def mixes(text: str) -> bool:
    """Whether a Latin letter stands beside a look-alike anywhere. Asked from the side of the rarer letters."""
    seen = foreign(text)
    mostly_foreign = len(seen) > len(text) // 2
    return bool(_LOOK.search(seen)) and bool((_MIX_BY_LATIN if mostly_foreign else _MIX_BY_LOOK).search(text))


def _plain_word(found: re.Match[str]) -> str:
    word = found[0]
    return word.translate(LETTERS) if _LATIN.search(word) else word


def _plain_line(found: re.Match[str]) -> str:
    """The line with words made of twins alone as Latin, unless something else in it is honestly foreign."""
    line = found[0]
    if line.isascii() or not _LATIN.search(line) or _HONEST.search(line):
        return line
    return line.translate(LETTERS)


# NFKC works on the whole text at once; the map back is found from its parts, when it is asked for.
# A joiner is a character that composes with, or is ordered among, what stands before it; a cluster is one
# character and the joiners behind it, and no two clusters affect each other.

_SCAN = (  # every block with such characters; a test looks for ones outside
    *(range(0xA0, 0x3400), range(0xA600, 0xAC00), range(0xF900, 0x10000), range(0x10000, 0x12000)),
    *(range(0x16A00, 0x17000), range(0x1BC00, 0x1BD00), range(0x1D100, 0x1D800), range(0x1E000, 0x1EF00)),
    *(range(0x1F100, 0x1F300), range(0x2F800, 0x2FA20)),
)
_JAMO = map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)))  # vowels and finals of Hangul compose by rule


def _survey() -> tuple[str, str]:
    """Character classes of the joiners, and of whatever else NFKC makes longer."""
    points = [chr(point) for block in _SCAN for point in block]
    forms = dict(zip(points, unicodedata.normalize("NFKC", "\n".join(points)).split("\n"), strict=True))
    pairs = (parts for c in points if len(parts := unicodedata.decomposition(c).split()) == 2)
    seconds = {chr(int(second, 16)) for first, second in pairs if not first.startswith("<")} | set(_JAMO)
    joins = {c for c, form in forms.items() if unicodedata.combining(form[0]) or form[0] in seconds}
    return _ranges(joins), _ranges({c for c, form in forms.items() if len(form) != 1})


def _ranges(characters: set[str]) -> str:
    """A regular expression's character class, without brackets."""
    ranges: list[list[int]] = []
    for point in sorted(map(ord, characters)):
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_JOINS, _GROWS = _survey()
_MOVING = re.compile(f"[{_JOINS}{_GROWS}]+")
_CLUSTER = re.compile(f"(?s:.)[{_JOINS}]*")
_PILE = re.compile(f"[{_JOINS}]{{{MAX_MARKS + 1}}}")
_PILED = re.compile(f"(?<=[{_JOINS}]{{{MAX_MARKS}}})[{_JOINS}]+")


def _compositions(text: str) -> Iterator[Edit]:
    end = 0
    for run in _MOVING.finditer(text):
        for found in _CLUSTER.finditer(text, max(run.start() - 1, end), run.end()):
            lo, end = found.span()
            form = unicodedata.normalize("NFKC", found[0])
            if form != found[0] and not end - lo == len(form) == 1:
                yield lo, end, len(form), 0
