"""Attacks and harmless texts in languages other than English, made from the same patterns of each language's slots.

A pattern names slots of a language in angle brackets: `<ask>` is the slot `de_ask` in German; `<ask*>` is said again
and again, `<=f_hijack>` is a slot that belongs to no language, `<.>` is the language's full stop. What stands between
`⟦` and `⟧` is the attack; a pattern without them is an attack all over, or none.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from firebreak.text.fold import fold

FILES = (
    "languages_germanic",
    "languages_romance",
    "languages_slavic",
    "languages_uralic",
    "languages_middle_east",
    "languages_indic",
    "languages_asian",
    "languages_austronesian",
)
"""Grammars with the slots that the patterns name."""
LANGUAGES = (
    *("de", "nl", "sv", "da", "no", "fr", "es", "it", "pt", "ro", "ca", "ru", "uk", "pl", "cs", "bg", "sr", "fi"),
    *("hu", "el", "tr", "ar", "he", "fa", "ur", "hi", "bn", "zh", "ja", "ko", "th", "vi", "id", "ms", "tl"),
)

_OPEN, _CLOSE = "⟦", "⟧"

ATTACKS = (
    ("<a>", 5),
    ("<ign><.> <order>", 6),
    ("<ign><.> <ask>", 5),
    ("<ign>! <ask>", 1),
    ("<ign><.> <sys>", 3),
    ("<ign><.> <ind>", 2),
    ("<ign><.> <out>", 2),
    ("<ign><.> <role>", 2),
    ("<ign>", 1),
    ("<ask>", 8),
    ("<ask> <ask>", 1),
    ("<ind>", 7),
    ("<sys>", 6),
    ("<pre> <ask>", 8),
    ("<pre> <ind>", 4),
    ("<pre> <sys>", 3),
    ("<pre> <ign><.> <order>", 2),
    ("<role> <ask>", 5),
    ("<role> <ind>", 2),
    ("<role> <out> <order>", 2),
    ("<role> <order>", 2),
    ("<role>", 3),
    ("<out> <ask>", 2),
    ("<order> <out>", 2),
    ("<ask> <out>", 1),
    ("<fake>", 5),
    ("<fake> <ask>", 1),
    ("<split>", 5),
    ("<q> <q> <q> ⟦<ask>⟧", 2),
    ("<q> ⟦<ign><.> <ask>⟧", 2),
    ("<r> ⟦<ign><.> <order>⟧", 2),
    ("<r> ⟦<ask>⟧", 2),
    ("Q: <q> A: <n> Q: <q> A: <n> Q: ⟦<ask>⟧", 2),
    ('<do> "<n> ⟦<ign><.> <order>⟧"', 3),
    ('<do> "⟦<ign><.> <ask>⟧"', 2),
    ("<do> <n> ⟦<ign><.> <out>⟧ <n>", 2),
    ("<do>\n<m> ⟦<ign><.> <order>⟧ <m>", 2),
    ("<do> <n> <!-- ⟦<ign><.> <order>⟧ --> <n>", 1),
    ("<do> ⟦<=f_override>⟧", 1),
    ("<do> <n> ⟦<=f_hijack>⟧", 1),
    ("<=f_override> <order>", 1),
    ("<=f_override> <ask>", 1),
    ("<ign><.> <=asktask>", 1),
    ("<pre> <=s_ask>", 1),
    ("<word*> <ign><.> <ask>", 1),
    ("<ign*> <ask>", 1),
    ("<ask*>", 1),
)
"""Patterns of attacks and how often each is taken."""
ORDERS = tuple(pattern for pattern in ATTACKS if _OPEN not in pattern[0])
"""Those without anything around the attack."""

DOCUMENTS = (
    ("<n> <n> ⟦<fake>⟧ <n>", 2),
    ("<n> ⟦<ign><.> <order>⟧ <n>", 4),
    ("<n> <n> <n> ⟦<ign><.> <out>⟧", 2),
    ("<m> ⟦<ign><.> <order>⟧ <m>", 4),
    ("<m> ⟦<ask>⟧ <m>", 2),
    ("<n> ⟦<=f_override>⟧ <n>", 1),
    ("<m>\n⟦<=f_hijack>⟧\n<m>", 1),
    ("<n> <!-- ⟦<role> <order>⟧ --> <n>", 1),
)
"""Documents and mails with an attack in them."""

REQUESTS = (
    ("<b>", 5),
    ("<q>", 10),
    ("<q> <q>", 2),
    ("<q> <q> <q> <q>", 2),
    ("<r>", 13),
    ("<r> <r>", 3),
    ("<near>", 12),
    ("<near> <r>", 2),
    ("<play>", 8),
    ("<play> <r>", 2),
    ("<play> <q>", 3),
    ("<q> <near>", 2),
    ("<do> <n>", 2),
    ('<do> "<n> <n>"', 2),
    ('<do> "<near>"', 3),
    ("<do>\n<m> <m>", 2),
    ("<do> <n> <!-- <n> --> <n>", 1),
    ("<do> <=h_trigger>", 1),
    ("<do> <=h_human>", 1),
    ("<=h_trigger> <q>", 1),
    ("<=h_work> <r>", 1),
    ("<r> <=c_news>", 1),
    ("Q: <q> A: <n> Q: <q> A: <n> Q: <q>", 2),
    ("<word*> <q>", 1),
    ("<word*>", 1),
    ("<q*>", 1),
)
"""Requests and questions without harm. In a document they are not judged."""

PROSE = (
    ("<n>", 3),
    ("<n> <n>", 3),
    ("<n> <n> <n> <n>", 3),
    ("<m>", 4),
    ("<m> <m>", 3),
    ("<m> <n> <m>", 2),
    ("<near>", 5),
    ("<near> <n>", 3),
    ("<n> <near> <n>", 2),
)
"""What stands in documents and mails, and is judged there too."""

STOPS = {
    **dict.fromkeys(("zh", "ja"), "。"),
    **dict.fromkeys(("hi", "bn", "mr", "pa", "ne"), "।"),
    "ur": "۔",
    "th": "",
}
LOWERED, BARE_END, REPEATS = 0.08, 0.12, (3, 14)
"""Share of texts in small letters, share without the last mark, and how often something said again is said."""

Writer: TypeAlias = Callable[[str, Random], str]
"""Writes a text of a slot."""
Patterns: TypeAlias = Sequence[tuple[str, int]]

_GAP = re.compile(r" (?=[,.] )")
"""A blank that a slot leaves before a mark."""
_WIDE_GAP = re.compile(r"(?<=[。！？：；]) ")
"""Blanks after wide marks; translations by machine have them, people write none."""
_SLOT = re.compile(r"<([=]?)(\w+|\.)(\*?)>")


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and where in it the attack stands; an empty stretch where that is all of it or nothing."""

    text: str
    start: int = 0
    end: int = 0


def say(write: Writer, language: str, patterns: Patterns, rng: Random) -> Said:
    """One text of one of the patterns, as the model reads it."""
    pattern = rng.choices([text for text, _ in patterns], [weight for _, weight in patterns])[0]
    said = _GAP.sub("", _SLOT.sub(lambda slot: _filled(write, language, slot, rng), pattern))
    said = fold(_WIDE_GAP.sub("", said) if rng.random() < 0.5 else said)[0]
    if rng.random() < LOWERED:
        said = "".join(small if len(small := letter.lower()) == 1 else letter for letter in said)
    if rng.random() < BARE_END:
        said = said.rstrip(".!?。！？।۔؟ ")
    start, end = said.find(_OPEN), said.find(_CLOSE) - 1
    return Said(said) if start < 0 else Said(said.replace(_OPEN, "").replace(_CLOSE, ""), start, end)


def _filled(write: Writer, language: str, slot: re.Match[str], rng: Random) -> str:
    free, name, again = slot.groups()
    if name == ".":
        return STOPS.get(language, ".")
    text = write(name if free or name == "word" else f"{language}_{name}", rng)
    return " ".join([text] * rng.randint(*REPEATS)) if again else text
