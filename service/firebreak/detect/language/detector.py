"""The language detector: passages of a text, each with the language that its common words or its letters are of.

1. A text is cut into passages: runs of one script, and those in Latin letters again by length.
2. A passage in Latin letters is of the language that has most of its common words, if that is clearly more than the
   next one has; else it says nothing.
3. One finding for each language, at its first passage, and one for each of the first changes from one to another.

Time is linear. A place depends only on the text before its end, so a text that grows says nothing twice.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from firebreak.detect.interface import Hit
from firebreak.detect.language.scripts import OTHER, RUNS, SOLE, language_of_run
from firebreak.detect.language.words import COMMON, LANGUAGES_OF, WORDS_OF
from firebreak.model.conversation import Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.fold import signs
from firebreak.text.views import View

PASSAGE = 640
"""Characters of a passage, to the next space."""
SAMPLE = 160
"""Characters of it that are read: some twenty-five words, of which ten are common ones."""
MAX_RUNS = 10_000
"""Runs of scripts that are followed. A text with more of them was made to cost time, and has said what it can."""
LEAD = 2
"""Common words that the language must be ahead by."""
GOES_ON = 0.7
"""Share of a passage's common words that the language of the passage before must have to go on."""
MIN_LETTERS = 3
"""Letters of a run in another script: one letter in a formula is no change of language."""
SHORT = 16
"""Characters of a run among which they must be."""
MAX_CHANGES = 8
"""Changes that are told. A policy asks whether there is one."""
SCORE = 0.8
_MARKS = ".,;:!?\"'()[]{}<>*_`«»„“”¿¡…-/"

SWITCH = "language-switch"
LANGUAGES = (*WORDS_OF, *sorted({*SOLE.values(), "ru", "uk", "bg", "sr", "be", "ar", "fa", "ur", "zh"}))
RULES = {
    **{f"language-{code}": f"Text in the language with the code {code} (ISO 639-1)" for code in LANGUAGES},
    SWITCH: "Another language than before, in the same text",
}

_Passage = tuple[str, int, int]


class LanguageDetector:
    """Says which languages a text is in. A signal, never an accusation."""

    name = "language"
    broad = True

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """Hits sorted by place. Only what is written counts, not what is encoded in it."""
        hits: list[Hit] = []
        seen: set[str] = set()
        before, changes = "", 0
        for language, start, end in passages(part.text):
            if language not in seen:
                seen.add(language)
                hits.append(_hit(f"language-{language}", start, end, views[0].name))
            if before and language != before and changes < MAX_CHANGES:
                changes += 1
                hits.append(_hit(SWITCH, start, end, views[0].name))
            before = language
        return hits


def passages(text: str) -> Iterator[_Passage]:
    """Passages whose language is clear, with their places."""
    if text.isascii() or not (OTHER.search(text[:PASSAGE]) or OTHER.search(signs(text))):
        yield from _latin(text, 0)
        return
    last = ""
    for found in islice(RUNS.finditer(text), MAX_RUNS):
        script, run = found.lastgroup or "", found[0]
        if sum(map(str.isalpha, run[:SHORT])) < MIN_LETTERS:
            continue
        if script == "latin":
            yield from _latin(run, found.start())
        else:
            japanese = script == "han" and last == "kana"  # one text in two scripts
            yield "ja" if japanese else language_of_run(script, run[:SAMPLE]), found.start(), found.end()
        last = "kana" if script == "han" and last == "kana" else script


def _latin(text: str, offset: int) -> Iterator[_Passage]:
    start, before = 0, ""
    while start < len(text):
        end = text.find(" ", start + PASSAGE)
        end = len(text) if end < 0 else end
        language = _language(text[start : min(end, start + SAMPLE)].lower().split(), before)
        if language:
            yield language, offset + start, offset + end
            before = language
        start = end + 1


def _language(words: list[str], before: str) -> str:
    """The language that is clearly ahead, or nothing. One that goes on need not be ahead again."""
    found = COMMON.intersection(words)
    if len(found) <= LEAD:
        found = COMMON.intersection([word.strip(_MARKS) for word in words])
    if len(found) < LEAD:
        return ""
    if before and len(found & WORDS_OF[before]) >= GOES_ON * len(found):
        return before
    counts = Counter(chain.from_iterable(map(LANGUAGES_OF.__getitem__, found)))
    first = max(counts, key=counts.__getitem__)
    ahead = counts.pop(first) - max(counts.values(), default=0)
    return first if ahead >= LEAD else ""


def _hit(rule: str, start: int, end: int, view: str) -> Hit:
    return Hit(rule, FindingKind.LANGUAGE, Severity.INFO, SCORE, start, end, view)
