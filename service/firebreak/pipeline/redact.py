"""A request whose findings are replaced before it leaves: which bytes, and what stands there instead.

The laws:
1. Nothing outside the changes is touched, and the body stays the JSON document that it was, in form.
2. The same text gets the same placeholder throughout a body; what a conversation repeats keeps its number, because
   they are counted from its beginning.
3. What cannot be replaced in place is not: then the request is refused.
"""

from collections.abc import Sequence

from firebreak.codecs.locate import Locator
from firebreak.detect.interface import Hit
from firebreak.model.conversation import UNINSPECTED_KINDS, Conversation, Part
from firebreak.model.decision import Decision, Verdict
from firebreak.model.facts import Facts
from firebreak.model.finding import Finding
from firebreak.pipeline.edit import Splice, disjoint, written
from firebreak.pipeline.place import surface_of
from firebreak.pipeline.placeholder import Placeholders

_FINDING = "finding:"
"""What a ruling on a finding begins with: nothing else can be replaced."""


def redactions(
    body: bytes, conversation: Conversation, hits: Sequence[Sequence[Hit]], facts: Facts, decision: Decision
) -> tuple[Splice, ...] | None:
    """The changes that carry out a decision to redact; None where they would not do all that it asks for.

    `hits` has one entry a part. Of hits that a record keeps only some of, all are replaced.
    """
    asked = [ruling for ruling in decision.rulings if ruling.verdict is Verdict.REDACT and not ruling.shadow]
    if decision.verdict is not Verdict.REDACT or not all(ruling.subject.startswith(_FINDING) for ruling in asked):
        return None
    wanted = {_likeness(facts.findings[index]) for index in decision.redact}
    locator = Locator(body, conversation.parts, conversation.documents)
    placeholders = Placeholders()
    splices: list[Splice] = []
    for index, (part, found) in enumerate(zip(conversation.parts, hits, strict=True)):
        chosen = [hit for hit in found if _hit_likeness(hit, part) in wanted]
        if chosen and (part.kind in UNINSPECTED_KINDS or not part.segments):
            return None
        for start, end, name in _merged(chosen, part, placeholders):
            splices += _splices(locator, index, start, end, name)
    return disjoint(splices)


def _splices(locator: Locator, index: int, start: int, end: int, name: str) -> list[Splice]:
    """The placeholder in the first value that the characters stand in; in the others they only go."""
    places = locator.pieces(index, start, end)
    return [
        (span.start, span.end, written(name if number == 0 else "", quoted=quoted))
        for number, (span, quoted) in enumerate(places)
    ]


def _merged(hits: Sequence[Hit], part: Part, placeholders: Placeholders) -> list[tuple[int, int, str]]:
    """Character ranges that do not overlap, each with its placeholder: that of the hit that begins first."""
    merged: list[tuple[int, int, Hit]] = []
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if merged and hit.start < merged[-1][1]:
            start, end, first = merged[-1]
            merged[-1] = (start, max(end, hit.end), first)
        else:
            merged.append((hit.start, hit.end, hit))
    return [(start, end, placeholders.name(hit.rule, hit.kind, part.text[start:end])) for start, end, hit in merged]


def _likeness(finding: Finding) -> tuple[object, ...]:
    return (finding.rule, finding.kind, finding.severity, finding.score, finding.surface, finding.origin)


def _hit_likeness(hit: Hit, part: Part) -> tuple[object, ...]:
    return (hit.rule, hit.kind, hit.severity, hit.score, surface_of(part), part.origin)
