"""The pattern detector: every rule over every view, one pass a view, hits in characters of the original text."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from firebreak.detect.engine import Engine, heads
from firebreak.detect.examples import DOCUMENTED_SCORE, is_documented
from firebreak.detect.interface import Hit
from firebreak.detect.rule import CERTAIN, PatternRule
from firebreak.detect.table import in_cells
from firebreak.model.conversation import UNTRUSTED, Part
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

EXAMPLES = frozenset({FindingKind.SECRET, FindingKind.PII})
"""Kinds of which documentation prints examples, and which stand in tables."""
RAW, CELLS = "raw", "cells"


class PatternDetector:
    """Finds what rules describe. The order in which rules are given changes nothing."""

    name = "patterns"

    def __init__(self, rules: Sequence[PatternRule], prepared: bytes = b"") -> None:
        """`prepared`, when it is of these very rules, spares their proof and the compilation.

        Raises BadConfig where the engine does not run, ValueError when two rules share an id, or a rule and its
        examples disagree.
        """
        self._rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._general = frozenset(rule.id for rule in rules if rule.general)
        if len({rule.id for rule in rules}) != len(rules):
            raise ValueError("two rules have the same id")
        patterns = [rule.compiled for rule in self._rules]
        told = repr([list(heads(patterns).items()), [rule.told for rule in self._rules]])
        self._key = hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()
        database = prepared[len(self._key) :] if prepared.startswith(self._key) else b""
        if not database:
            for rule in self._rules:
                rule.prove()
        self._engine = Engine(patterns, database)

    @property
    def prepared(self) -> bytes:
        """For a detector of the same rules in another process: they were proved, and this is their database."""
        return self._key + self._engine.serialised()

    def warm(self) -> Iterator[None]:
        """Does what the first text that a rule reads would wait for, 1 to 8 ms of each, a rule at each step."""
        yield from self._engine.warm()

    def detect(self, part: Part, views: Sequence[View]) -> list[Hit]:
        """Hits sorted by place, then by rule."""
        hits: list[Hit] = []
        for i, view in enumerate(views):
            for match in self._engine.scan(view.text):
                rule = self._rules[match.pattern]
                if i and not rule.derived:
                    continue
                place = view.span(match.start, match.end) if i else (match.start, match.end)
                hits.append(_hit(rule, part, place, view.name, view.text[match.start : match.end]))
            hits += self._in_cells(part, view)
        if len(hits) > 1:
            hits = _outshine(_once(hits, views[0].name), self._general)
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.rule, hit.view))

    def _in_cells(self, part: Part, view: View) -> Iterator[Hit]:
        """What the name of its column tells of a value in a table."""
        read = in_cells(view.text)
        if read is None:
            return
        text, offsets = read
        for match in self._engine.scan(text):
            rule = self._rules[match.pattern]
            if rule.kind in EXAMPLES and (rule.derived or view.name == RAW):
                place = view.span(*offsets.span(match.start, match.end))
                name = CELLS if view.name == RAW else f"{view.name}>{CELLS}"
                yield _hit(rule, part, place, name, text[match.start : match.end])


def _hit(rule: PatternRule, part: Part, place: tuple[int, int], view: str, text: str) -> Hit:
    start, end = place
    if rule.kind in EXAMPLES and is_documented(text):
        return Hit(rule.id, rule.kind, min(rule.severity, Severity.LOW), DOCUMENTED_SCORE, start, end, view)
    score = CERTAIN if rule.sure is not None and rule.sure(text) else rule.score
    if rule.kind is FindingKind.INJECTION and part.origin in UNTRUSTED:
        score += (1 - score) / 2  # half of the doubt goes: no honest tool result tells a model what to ignore
    return Hit(rule.id, rule.kind, rule.severity, round(score, 4), start, end, view)


def _once(hits: Iterable[Hit], raw: str) -> list[Hit]:
    """Without hits of a derived view that the same rule has already had for the same place or for one around it.

    Hits of the raw text all stay, so that a redaction by their spans is exact.
    """
    kept: list[Hit] = []
    reach: dict[str, int] = {}
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, h.view != raw)):
        if hit.view != raw and hit.end <= reach.get(hit.rule, -1):
            continue
        reach[hit.rule] = max(reach.get(hit.rule, -1), hit.end)
        kept.append(hit)
    return kept


def _outshine(hits: list[Hit], general: frozenset[str]) -> list[Hit]:
    """Without hits of general rules that lie inside a hit of a specific rule of the same kind."""
    if not any(hit.rule in general for hit in hits):
        return hits
    kept: list[Hit] = []
    reach: dict[FindingKind, int] = {}
    for hit in sorted(hits, key=lambda h: (h.start, -h.end, h.rule in general)):
        if hit.rule not in general:
            reach[hit.kind] = max(reach.get(hit.kind, -1), hit.end)
        elif hit.end <= reach.get(hit.kind, -1):
            continue
        kept.append(hit)
    return kept
