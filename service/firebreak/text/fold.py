"""Fold: a text as a reader takes it. NFKC, nothing invisible, look-alikes as what they look like, plain spaces.

Rules this file lives by: folding what is folded changes nothing; a script that people honestly write stays as it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise

from firebreak.text.confusables import ALWAYS, BETWEEN, FLAGS, INDICATORS, LETTERS, LONG, TWINS
from firebreak.text.offsets import Edit, Offsets

MAX_ROUNDS = 4  # passes over one text; each settles what the one before uncovered, and two are the most seen in tests
MAX_LIGATURES = 64  # of U+FDFA and U+FDFB, which NFKC makes 18 and 8 characters; the next longest makes 6
_LIGATURE = 8  # characters of the shorter of these two
MANY = 256  # characters beyond ASCII
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
MARKS = re.compile(f"(?<=[ -~])[{_STACKED}]+")
"""Combining marks on an ASCII character; after NFKC only those that no alphabet composes are left."""


def _by_reach(characters: Iterable[int], rest: str = "{}") -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One of these characters, at `{}` in the expression: for texts within the first plane, where a set of characters
    is looked up at once, and for those beyond it, where ranges are tried one by one. `_far` says which to take.
    """
    every = sorted(map(chr, characters))
    near = [character for character in every if character < _BEYOND]
    near_set, far_set = ("[" + "".join(map(re.escape, some)) + "]" for some in (near, every))
    return re.compile(rest.replace("{}", near_set)), re.compile(rest.replace("{}", far_set))


_LOOKS = "".join(map(chr, LETTERS))
_ALWAYS = _by_reach(ALWAYS)
_ASCII = bytes(range(128))
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_HEAPED = re.compile(f"(?<=[A-Za-z])[{_STACKED}]{{3,}}")
STACKED = re.compile(f"(?<=[!-@\\[-`{{-~])[{_STACKED}]+|{_HEAPED.pattern}")
"""Marks on an ASCII sign or digit, or more of them on a letter than any alphabet uses."""
STACKABLE = re.compile(f"[{_STACKED}]")
_UNUSUAL = re.compile(  # what NFKC does not tell of; pictures and the like are coarsely in, which only costs time
    f"[{_STACKED}{_INVISIBLE_BMP}{BIDI}\ufe00-\ufe0f{_JOINERS}{_BEYOND}-\U0010ffff"
    + "".join(re.escape(character) for character in (*map(chr, ALWAYS), *LONG) if character < _BEYOND)
    + "]"
)
_LOOK = _by_reach(LETTERS)
_LATIN = re.compile("[A-Za-z]")
_MIX_BY_LOOK = _by_reach(LETTERS, "{}(?:(?=[A-Za-z])|(?<=[A-Za-z].))")
_MIX_BY_LATIN = re.compile(f"[A-Za-z](?:(?=[{_LOOKS}])|(?<=[{_LOOKS}].))")
LOOK_WORDS = re.compile(f"(?<![^\\W_])[^\\W_{_LOOKS}]*+[{_LOOKS}][^\\W_]*+")
"""Words that hold at least one look-alike letter."""
_TWIN = re.compile(f"[{TWINS}]")
_HONEST = re.compile(f"(?![{TWINS}])[\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u13a0-\u13ff\u1f00-\u1fff\u2c80-\u2cff]")
_LINE = re.compile("[^\n]+")
_SPACES = re.compile("[ \t]{2,}")
_IS_BETWEEN = _by_reach(BETWEEN)
_BETWEEN = _by_reach(BETWEEN, "{}(?<=[A-Za-z].)(?=[A-Za-z])")
_LONG = re.compile("[" + "".join(LONG) + "]")
_INDICATORS = re.compile("[\U0001f1e6-\U0001f1ff]+")
_ESCAPE = "\x1b"
_ANSI = re.compile(r"\x1b(?:\[[0-9;:?]{0,32}[A-Za-z])?")
"""Colours and moves of a terminal, ECMA-48, 5.4: whoever looks at one does not see them."""
_FEW = 24  # distinct characters up to which replacing one by one beats a translation table


def foreign(text: str) -> str:
    """The characters beyond ASCII, one after the other: deciding what to do looks at these alone."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def signs(text: str) -> str:
    """The characters beyond ASCII in any order: whether one of some sort is there is asked of these."""
    return _once(foreign(text))


def _once(whole: str) -> str:
    """Each character once, where they are few: telling them apart costs as much as three looks at them."""
    return whole if len(whole) > MANY else "".join(set(whole))


def fold(text: str) -> tuple[str, tuple[Offsets, ...], bool]:
    """The folded text, the maps that lead back (last rewriting first), and whether growth stopped it."""
    maps: list[Offsets] = []
    if _ESCAPE in text:
        text = _drop(text, _ANSI, maps)
    if text.isascii():
        return text, tuple(maps), False
    seen = signs(text)
    cut = False
    if _LONELY.fullmatch(seen):
        folded = _alone(text, seen, maps)
    else:
        cut = text.count("\ufdfa") + text.count("\ufdfb") > MAX_LIGATURES
        unusual = _UNUSUAL.search(seen) or not unicodedata.is_normalized("NFKC", text)
        folded = _settle(text, maps, compose=not cut) if unusual else _resembling(text, seen)
    if folded != text:
        folded = _one_space(folded, maps)
    return folded, tuple(reversed(maps)), cut


def _alone(text: str, seen: str, maps: list[Offsets]) -> str:
    """A text in which no character's form depends on those beside it."""
    folded = text
    for sign in set(_MOVED.findall(seen)):
        folded = folded.replace(sign, _FORMS[sign])
    if len(folded) != len(text):
        maps.append(Offsets(len(text), partial(_compositions, text)))
    return folded


def _settle(text: str, maps: list[Offsets], *, compose: bool) -> str:
    """Every rewriting, again until none changes anything."""
    for _ in range(MAX_ROUNDS):
        before = text
        whole = foreign(text)
        seen = _once(whole)
        if SUSPECT.search(seen):
            text = _drop(text, _HIDDEN, maps)
        if _JOINER.search(seen) and _PILE.search(whole):
            text = _drop(text, _PILED, maps)
        if STACKABLE.search(seen) and _HEAPED.search(text):
            text = _drop(text, MARKS, maps)  # before one of the heap composes with its letter
        composed = unicodedata.normalize("NFKC", text) if compose else text
        if composed != text:
            maps.append(Offsets(len(text), partial(_compositions, text)))
            text = composed
            seen = signs(text)
        if STACKABLE.search(seen):
            text = _drop(text, MARKS, maps)
        if _LONG.search(seen):
            maps.append(Offsets(len(text), partial(_longer, text)))
            text = _LONG.sub(lambda found: LONG[found[0]], text)
        if _INDICATORS.search(seen):
            text = _INDICATORS.sub(_spelled, text)
        text = _replaced(text, set(_ALWAYS[_far(seen)].findall(seen)), ALWAYS)
        text = _resembling(text, signs(text))
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


def _far(text: str) -> bool:
    """Whether any character is beyond the first plane."""
    return len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)


def _replaced(text: str, signs: set[str], forms: Mapping[int, str]) -> str:
    """These signs in their forms, which are all that `forms` knows; one character for one: no offset moves."""
    if len(signs) > _FEW:
        return text.translate(forms)
    for sign in signs:
        text = text.replace(sign, forms[ord(sign)])
    return text


def _resembling(text: str, seen: str) -> str:
    """What resembles Latin letters as these, where the text around it is Latin; one for one."""
    if not _has_latin(text):
        return text
    far = _far(seen)
    looks, between = _LOOK[far].search(seen), _IS_BETWEEN[far].search(seen)
    if looks and mixes(text):
        text = LOOK_WORDS.sub(_plain_word, text)
    if looks and _TWIN.search(seen):
        text = _LINE.sub(_plain_line, text)
    return _BETWEEN[far].sub(lambda found: BETWEEN[ord(found[0])], text) if between else text


def mixes(text: str) -> bool:
    """Whether a Latin letter stands beside a look-alike anywhere. Asked from the side of the rarer letters."""
    whole = foreign(text)
    seen = _once(whole)
    far = _far(seen)
    if not _LOOK[far].search(seen):
        return False
    if len(whole) > len(text) // 2:
        return bool(_MIX_BY_LATIN.search(text))
    return bool(_MIX_BY_LOOK[far].search(text))


def _plain_word(found: re.Match[str]) -> str:
    word = found[0]
    return word.translate(LETTERS) if _LATIN.search(word) else word


def _plain_line(found: re.Match[str]) -> str:
    """The line with words made of twins alone as Latin, unless something else in it is honestly foreign."""
    line = found[0]
    if line.isascii() or not _LATIN.search(line) or _HONEST.search(line):
        return line
    return _replaced(line, set(_LOOK[_far(line)].findall(line)), LETTERS)


# NFKC works on the whole text at once; the map back is found from its parts, when it is asked for.
# A joiner is a character that composes with, or is ordered among, what stands before it; a cluster is one
# character and the joiners behind it, and no two clusters affect each other.

_SCAN = (  # every block with such characters; a test looks for ones outside
    *(range(0xA0, 0x3400), range(0xA600, 0xAC00), range(0xF900, 0x10000), range(0x10000, 0x12000)),
    *(range(0x16A00, 0x17000), range(0x1BC00, 0x1BD00), range(0x1D100, 0x1D800), range(0x1E000, 0x1EF00)),
    *(range(0x1F100, 0x1F300), range(0x2F800, 0x2FA20)),
)
_JAMO = map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)))  # vowels and finals of Hangul compose by rule


_SIGNS = set(map(chr, ALWAYS))
_STILL = (range(0x3400, 0xA4D0), range(0xAC00, 0xD7A4), range(0x1F300, 0x1FB00))
"""Ideographs, syllables and pictures, which NFKC leaves as they are."""


def _survey() -> tuple[str, str, str, dict[str, str]]:
    """Character classes of the joiners, of what else NFKC makes longer, and of what folds by itself; and how it does.

    A character folds by itself if neither its own form nor its neighbours' is changed by what stands beside it.
    """
    points = [chr(point) for block in _SCAN for point in block]
    forms = dict(zip(points, unicodedata.normalize("NFKC", "\n".join(points)).split("\n"), strict=True))
    pairs = (parts for c in points if len(parts := unicodedata.decomposition(c).split()) == 2)
    seconds = {chr(int(second, 16)) for first, second in pairs if not first.startswith("<")} | set(_JAMO)
    joins = {c for c, form in forms.items() if unicodedata.combining(form[0]) or form[0] in seconds}
    grows = {c for c, form in forms.items() if len(form) != 1}
    near = [c for c in points if c < _BEYOND]
    touched = joins.union(_LOOKS, map(chr, BETWEEN), LONG)
    touched.update(SUSPECT.findall("".join(near)), STACKABLE.findall("".join(near)))
    moved = {c: forms.get(c, c).translate(ALWAYS) for c in {c for c in near if forms[c] != c} | _SIGNS}
    still = set(near).difference(touched, moved)
    alone = {c: form for c, form in moved.items() if c < _BEYOND and c not in touched and len(form) < _LIGATURE}
    alone = {c: form for c, form in alone.items() if form.isascii() or still.issuperset(form)}
    lonely = _ranges(still.union(alone)) + "".join(_rest(block, touched.union(moved)) for block in _STILL)
    return _ranges(joins), _ranges(grows), lonely, alone


def _ranges(characters: set[str]) -> str:
    """A regular expression's character class, without brackets."""
    ranges: list[list[int]] = []
    for point in sorted(map(ord, characters)):
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


def _rest(block: range, without: set[str]) -> str:
    """The same for a block without these."""
    gaps = sorted(ord(c) for c in without if ord(c) in block)
    edges = pairwise((block.start - 1, *gaps, block.stop))
    return "".join(f"\\U{lo + 1:08x}-\\U{hi - 1:08x}" for lo, hi in edges if hi - lo > 1)


_JOINS, _GROWS, _ALONE, _FORMS = _survey()
_JOINER = re.compile(f"[{_JOINS}]")
_LONELY = re.compile(f"[{_ALONE}]+")
_MOVED = re.compile(f"[{_ranges(set(_FORMS))}]")
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
