"""Names of people and postal addresses, by a model that tags words, off the event loop.

Rules:
1. Nothing here runs unless a tagger is mounted. It reads what people and tools say in requests; answers it does not
   see, because an answer on its way must not wait.
2. A text is read as a person reads it: folded, and decoded where something in it is encoded.
3. What was to be read and could not be is a fact for the policy, as of any other detector.
"""

from collections.abc import Iterator, Sequence

from firebreak.detect.interface import Hit
from firebreak.model.conversation import Part, PartKind
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.interface import EntityTagger, Look
from firebreak.pipeline.mentions import BETWEEN, Sort, Word, joined, mentions
from firebreak.text.views import View

TAGGER = "entity-tagger"
"""Its name where it is absent."""

WIDTH, OVERLAP = 1000, 120
"""Characters of a passage, and of it that the next one holds too: a word near an edge is read with its neighbours."""
_SNAP = 40
"""Characters within which an edge is moved back to the end of a word."""

SEVERITIES = {Sort.PERSON.rule: Severity.LOW, Sort.ADDRESS.rule: Severity.MEDIUM}
"""A name alone is often that of somebody whom everybody knows."""

_READ = frozenset({PartKind.TEXT, PartKind.REASONING, PartKind.TOOL_CALL, PartKind.TOOL_RESULT})


class Entities:
    """Stateless but for the tagger's memory; shared by all snapshots."""

    def __init__(self, tagger: EntityTagger) -> None:
        self._tagger = tagger

    def readings(self, part: Part, views: Sequence[View]) -> tuple[View, ...]:
        """What of a part is to be shown: each view, or in its place the folded one that stands behind it."""
        if part.kind not in _READ or part.origin not in self._tagger.origins:
            return ()
        folded = {view.name for view in views}
        return tuple(view for view in views if view.text and _folded(view.name) not in folded)

    async def settle(self, unread: Sequence[Sequence[View]]) -> tuple[list[Look], tuple[Absence, ...]]:
        """Hits in the readings of each part, and why some could not be read. The first passages are read anyway."""
        shown: dict[str, None] = {}
        most = self._tagger.max_passages
        for text in (text for views in unread for view in views for _, text in passages(view.text)):
            shown.setdefault(text)
            if len(shown) > most:
                break
        asked = list(shown)[:most]
        absences = (Absence(TAGGER, "over_budget"),) if len(shown) > most else ()
        try:
            known = dict(zip(asked, await self._tagger.words(asked), strict=True))
        except TimeoutError:
            return [Look() for _ in unread], (Absence(TAGGER, "over_budget"),)
        except Unavailable:
            return [Look() for _ in unread], (Absence(TAGGER, "crashed"), *absences)
        return [Look(_hits(views, known)) for views in unread], absences


def _folded(name: str) -> str:
    """The name of the view that has what `name` has, folded."""
    return "folded" if name == "raw" else f"{name}>folded"


def passages(text: str) -> Iterator[tuple[int, str]]:
    """A text in overlapping pieces, with the place of each; cut between words where there is a gap near enough."""
    start, end = 0, _edge(text, WIDTH)
    yield start, text[start:end]
    while end < len(text):
        start = _edge(text, end - OVERLAP)
        end = _edge(text, start + WIDTH)
        yield start, text[start:end]


def _edge(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    return next((edge for edge in range(at, at - _SNAP, -1) if BETWEEN.match(text, edge - 1)), at)


def _hits(views: Sequence[View], known: dict[str, tuple[Word, ...]]) -> tuple[Hit, ...]:
    """Each place once, as the first view has it."""
    hits: dict[tuple[str, int, int], Hit] = {}
    for view in views:
        for rule, start, end, score in mentions(view.text, joined(_words(view.text, known))):
            place = view.span(start, end)
            kind = FindingKind.PII
            hits.setdefault((rule, *place), Hit(rule, kind, SEVERITIES[rule], score, *place, view.name))
    return tuple(hits.values())


def _words(text: str, known: dict[str, tuple[Word, ...]]) -> Iterator[Word]:
    """A text's words by the passages of it that were read."""
    for at, passage in passages(text):
        for word in known.get(passage, ()):
            yield word._replace(start=at + word.start, end=at + word.end)
