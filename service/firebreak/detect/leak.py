"""What must not come back in an answer: the policy's canaries, and the words of the conversation's own system prompt.

Both are compared in every view of a text, so that an encoding, another case or letters spelt out hide nothing.

A prompt is known by fingerprints: at most 64 rows of six words, evenly spread over it, as 32 bits each. So what an
answer quotes without a gap holds a known number of them, give or take one, wherever in the prompt it begins.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

from firebreak.detect.interface import Hit
from firebreak.model.conversation import Part, PartKind
from firebreak.model.finding import FindingKind, Severity
from firebreak.model.handover import Fingerprints
from firebreak.text.views import View

CANARY = "canary-token"
BEGUN = "canary-begun"
"""The rule of hits that are no findings: from here to the end of the text it is a canary so far."""
OVERLAP = "system-prompt-overlap"

MIN_CANARY = 8
"""Letters and digits that a canary must have: only these are compared."""
MAX_SPANS = 64
"""Places of canaries told in one view; the last one reaches to the text's end."""

ROW = 6
"""Words that make one fingerprint."""
_HASHES = 4 * ROW
MIN_WORDS = 40
"""A prompt with fewer words is not recognised: what it says, others say too."""
MAX_PRINTS = 64
MAX_PROMPT = 262_144
"""Characters of a prompt that are looked at."""
_QUOTED = 36
"""Rows in a quotation of 41 words: longer than a sentence, shorter than a paragraph."""
_SHARE = 0.75
"""Of a short prompt it is enough to quote that much."""
_MIN_NEEDED = 3
_KEPT = 96
"""Characters by which the end of what was read is found again."""

_SIGNS = re.compile(r"[\W_]+")
_ESCAPE = re.compile(r"[%&\\][^\s%&\\]{0,8}\Z")
"""An escape that may go on: `%3`, `&#5`, `\\u00`."""
# In scripts that are written without spaces each character counts as a word.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
_ASCII_WORD = re.compile(b"[a-z0-9]+")


def core(text: str) -> str:
    """Its letters and digits without regard to case: what is left when it is spelt out, wrapped or marked up."""
    return _SIGNS.sub("", text.casefold())


class Canaries:
    """Finds texts that stand for a leak wherever they come up, and where one may have begun."""

    name = "canaries"

    def __init__(self, texts: Iterable[str]) -> None:
        self._cores = sorted({core(text) for text in texts}, key=lambda one: (-len(one), one))
        self._longest = max(map(len, self._cores), default=0)
        self._begun = frozenset(one[:size] for one in self._cores for size in range(1, len(one)))

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """A place is told once, from the text as it stands if it can be read there."""
        hits: list[Hit] = []
        begun = len(part.text)
        for view in views:
            text = core(view.text)
            found = _places(text, [one for one in self._cores if one in text], view)
            hits += [_canary(place, view) for place in found if not any(_covers(hit, place) for hit in hits)]
            begun = min(begun, self._begins(text, view, len(view.text), len(part.text)))
            escape = _ESCAPE.search(view.text)
            if escape:  # what it stands for is not known before it is whole
                begun = min(
                    begun, self._begins(core(view.text[: escape.start()]), view, escape.start(), len(part.text))
                )
        if begun < len(part.text):
            hits.append(Hit(BEGUN, FindingKind.LEAK, Severity.LOW, 0.0, begun, len(part.text)))
        return hits

    def _begins(self, text: str, view: View, end: int, nowhere: int) -> int:
        """Where the longest end of the text stands that a canary begins with; the text is what is before `end`."""
        tail = text[-(self._longest - 1) :]
        for at in range(len(tail)):
            if tail[at:] in self._begun:
                return view.span(_before_end(view.text[:end], len(tail) - at), end)[0]
        return nowhere


@lru_cache(maxsize=4)
def canaries(texts: tuple[str, ...]) -> Canaries:
    """The detector of one policy's canaries, made once."""
    return Canaries(texts)


class Overlap:
    """For one answer. Remembers which fingerprints came up in each kind of text, and says so until it is silenced."""

    name = "system-prompt"

    def __init__(self, prints: Fingerprints) -> None:
        self._known = frozenset(prints.values)
        self._needed = prints.needed
        self._seen: dict[PartKind, set[int]] = {}
        self._read: dict[tuple[PartKind, str], str] = {}
        self._silent: set[PartKind] = set()

    def silence(self, kind: PartKind) -> None:
        """It is known; nothing more is said of this kind of text."""
        self._silent.add(kind)

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """At most one hit, over what in this reading of the text is the prompt's, once enough of it came up."""
        if not self._known or part.kind in self._silent:
            return []
        seen = self._seen.setdefault(part.kind, set())
        for view in views:
            words = _words(self._new(part.kind, view))
            seen.update(self._known.intersection(_prints(words)))
            found = self._places(view.text) if len(seen) >= self._needed else []
            if found:
                start, end = view.span(found[0][0], found[-1][1])
                return [Hit(OVERLAP, FindingKind.LEAK, Severity.HIGH, 0.9, start, end, view.name)]
        return []

    def _new(self, kind: PartKind, view: View) -> str:
        """What was not read in an earlier screening, with enough before it for the rows that reach into it."""
        before = self._read.get((kind, view.name), "")
        self._read[kind, view.name] = view.text[-_KEPT:]
        at = view.text.find(before) if before else -1
        return view.text[at:] if at >= 0 and len(_WORD.findall(before)) > ROW else view.text

    def _places(self, text: str) -> list[tuple[int, int]]:
        """Where the rows stand that are the prompt's."""
        words = list(_WORD.finditer(text))
        prints = _prints([word.group().casefold().encode("utf-8", "surrogatepass") for word in words])
        known = [first for first, value in enumerate(prints) if value in self._known]
        return [(words[first].start(), words[first + ROW - 1].end()) for first in known]


def fingerprints(texts: Iterable[str]) -> Fingerprints:
    """Of the texts of one system prompt, in order; none where it is too short. Linear in their length."""
    words = _words("\n".join(texts)[:MAX_PROMPT])
    if len(words) < MIN_WORDS:
        return Fingerprints()
    rows = len(words) - ROW + 1
    kept = min(rows, MAX_PRINTS)
    values = set(_prints(words, [at * rows // kept for at in range(kept)]))
    needed = max(_MIN_NEEDED, min(-(-_QUOTED * kept // rows), int(_SHARE * kept)))
    # A prompt that repeats itself has fewer, and shows itself the sooner.
    return Fingerprints(tuple(sorted(values)), min(needed, max(_MIN_NEEDED, int(_SHARE * len(values)))))


def _words(text: str) -> list[bytes]:
    """Without regard to case. Most texts are ASCII, where the same words are found in a third of the time."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower().encode())
    return [word.encode("utf-8", "surrogatepass") for word in _WORD.findall(text.casefold())]


def _prints(words: Sequence[bytes], picked: Iterable[int] | None = None) -> list[int]:
    """Of every row of words, in order; or of the rows that begin with these words."""
    hashes = array("I", map(crc32, words)).tobytes()
    firsts = range(len(words) - ROW + 1) if picked is None else picked
    return [crc32(hashes[4 * first : 4 * first + _HASHES]) for first in firsts]


def _places(text: str, present: Sequence[str], view: View) -> list[tuple[int, int]]:
    """Where the letters and digits of canaries stand, in characters of the part's own text."""
    if not present:
        return []
    stand = [at for at, char in enumerate(view.text) for folded in char.casefold() if folded.isalnum()]
    found: list[tuple[int, int]] = []
    for one in present:
        at = text.find(one)
        while at >= 0 and len(found) < MAX_SPANS:
            end = stand[at + len(one) - 1] + 1 if len(found) < MAX_SPANS - 1 else len(view.text)
            found.append(view.span(stand[at], end))
            at = text.find(one, at + len(one))
    return found


def _before_end(text: str, count: int) -> int:
    """Where the last `count` letters and digits begin."""
    for at in range(len(text) - 1, -1, -1):
        count -= len(core(text[at]))
        if count <= 0:
            return at
    return 0


def _covers(hit: Hit, place: tuple[int, int]) -> bool:
    return hit.start <= place[0] and place[1] <= hit.end


def _canary(place: tuple[int, int], view: View) -> Hit:
    return Hit(CANARY, FindingKind.LEAK, Severity.CRITICAL, 1.0, place[0], place[1], view.name)
