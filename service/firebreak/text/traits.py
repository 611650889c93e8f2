"""Traits: what the normaliser saw that an honest writer seldom leaves behind. Counts and places, no verdict."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from firebreak.text.fold import BIDI, INVISIBLE, LOOK_WORDS, STACKABLE, STACKED, SUSPECT, mixes, signs
from firebreak.text.hidden import FLAG, TAG_RUN
from firebreak.text.views import View


@dataclass(frozen=True, slots=True)
class Sign:
    """How often one thing occurs, and the first and last place of it in characters of the original text."""

    count: int = 0
    first: tuple[int, int] = (0, 0)
    last: tuple[int, int] = (0, 0)


NONE = Sign()


@dataclass(frozen=True, slots=True)
class Traits:
    """One text's signs of hiding.

    What a script or an emoji needs (a joiner in Farsi, a variation selector after an emoji) is not counted.
    """

    invisible: Sign = NONE
    """Runs of zero-width and other default-ignorable characters."""
    bidi: Sign = NONE
    """Controls that reorder what a person sees: embeddings, overrides, isolates."""
    tags: Sign = NONE
    """Runs of tag characters, which spell ASCII that nobody sees; view `tags` holds what they spell."""
    mixed: Sign = NONE
    """Words that mix Latin letters with look-alikes of another script."""
    marks: Sign = NONE
    """Combining marks on ASCII that no alphabet writes so: on a sign or digit, or three on one letter."""
    encoded: Sign = NONE
    """Runs that decoded to text, on any layer; places are of the encoded characters."""
    sealed: Sign = NONE
    """Files and base85 that stand in the text encoded; what they hold may not have been read."""
    scripts: Sign = NONE
    """Words of letters of five and more blocks of Unicode, as encodings of 2048 and more letters have them."""
    rewritten: Sign = NONE
    """Readings that came of turned, reversed or spelled-out letters."""
    kinds: tuple[str, ...] = ()
    """The encodings that were decoded, sorted: `base64`, `entities`, `escapes`, `hex`, `percent` and so on."""
    depth: int = 0
    """How many layers of encoding were peeled off."""
    cut: tuple[str, ...] = ()
    """Names of the bounds that stopped the normaliser (`layers`, `runs`, `growth`): there is text nobody has read."""


PLAIN = Traits()
"""Of a text that hides nothing: most of them."""

REWRITINGS = frozenset(
    {
        *("rot13", "caesar", "atbash", "reversed", "reversed-words", "leet", "accents", "drawn"),
        *("spaced", "unspaced", "morse", "braille", "binary", "octal", "nato", "a1z26", "rot47"),
        *("pig-latin", "markup"),
    }
)
"""Kinds of views that nobody needs to send text."""
MIN_BLOCKS = 5  # of 128 characters, in one word; Greek with all its accents has four
_STRANGE = re.compile(r"[^\W\d_\0-\u024f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{6,}")
_PLAIN_PAIRS = bytes((0, 1, *range(0x34, 0xA0)))
"""Pairs of blocks, by the upper byte of UTF-16, whose letters no such word has: Latin, and ideographs."""
_SURROGATES = range(0xD8, 0xE0)
_MARKS = {
    "<~": "~",
    "H4sI": "4",
    "UEsDB": "U",
    "iVBORw0K": "0",
    "/9j/": "9",
    "JVBERi": "J",
    "R0lGOD": "0",
    "QlpoO": "Q",
    "/Td6WFo": "6",
    "N3q8ry": "8",
    "KLUv/": "K",
    "UmFyIR": "U",
}
"""What Ascii85 begins with, and files in base64: gzip, zip, PNG, JPEG, PDF, GIF, bzip2, xz, 7z, zstd, RAR; with the
rarest sign of each, for one character is found ten times as fast as several."""
_SEALED = re.compile(
    "<~[!-uz]{10,}+~>|(?<![A-Za-z0-9+/])(?:" + "|".join(map(re.escape, list(_MARKS)[1:])) + ")[A-Za-z0-9+/\\s]{12,}+"
)
_BIDI = re.compile(f"[{BIDI}]")
_LATIN = re.compile("[A-Za-z]")


def traits(text: str, views: Sequence[View]) -> Traits:
    """The signs in `text`, of which `views` are the readings."""
    sealed = (
        _sign(_SEALED.finditer(text)) if any(sign in text and mark in text for mark, sign in _MARKS.items()) else NONE
    )
    scripts = _sign(word for word in _STRANGE.finditer(text) if _motley(word[0])) if _may_be_motley(text) else NONE
    if len(views) == 1 and not views[0].cut and sealed is scripts is NONE:
        return PLAIN
    layers = [view for view in views if view.runs]
    traced = Traits(
        sealed=sealed,
        scripts=scripts,
        rewritten=_encoded([view for view in layers if not REWRITINGS.isdisjoint(view.kinds)]),
        encoded=_encoded(layers),
        kinds=tuple(sorted({kind for view in layers for kind in view.kinds})),
        depth=max((view.depth for view in layers), default=0),
        cut=tuple(sorted({bound for view in views for bound in view.cut})),
    )
    if all(view.name != "folded" for view in views):
        return traced  # whatever hides is folded away
    seen = signs(text)
    return replace(
        traced,
        invisible=_sign(INVISIBLE.finditer(text)) if SUSPECT.search(seen) else NONE,
        bidi=_sign(_BIDI.finditer(text)) if _BIDI.search(seen) else NONE,
        tags=_sign(_tags(text)) if TAG_RUN.search(seen) else NONE,
        mixed=_sign(word for word in LOOK_WORDS.finditer(text) if _LATIN.search(word[0])) if mixes(text) else NONE,
        marks=_sign(STACKED.finditer(text)) if STACKABLE.search(seen) else NONE,
    )


def _may_be_motley(text: str) -> bool:
    """Whether any word can be: most texts have letters of few blocks, which is seen without a look at their words."""
    if text.isascii():
        return False
    rest = text.encode("utf-16-le", "surrogatepass")[1::2].translate(None, _PLAIN_PAIRS)
    pairs = 0
    while rest and 2 * pairs < MIN_BLOCKS and rest[0] not in _SURROGATES:
        pairs += 1
        rest = rest.translate(None, rest[:1])
    return bool(rest) or 2 * pairs >= MIN_BLOCKS


def _motley(word: str) -> bool:
    return len({ord(letter) >> 7 for letter in word}) >= MIN_BLOCKS


def _tags(text: str) -> Iterator[re.Match[str]]:
    flags = {found.start() + 1 for found in FLAG.finditer(text)}
    return (run for run in TAG_RUN.finditer(text) if run.start() not in flags)


def _sign(found: Iterator[re.Match[str]]) -> Sign:
    count = 0
    first = last = (0, 0)
    for match in found:
        count += 1
        last = match.span()
        first = first if count > 1 else last
    return Sign(count, first, last) if count else NONE


def _encoded(layers: Sequence[View]) -> Sign:
    count = sum(view.runs.count for view in layers if view.runs)
    spans = [view.span(*place) for view in layers if view.runs for place in (view.runs.first, view.runs.last)]
    return Sign(count, min(spans), max(spans)) if spans else NONE
