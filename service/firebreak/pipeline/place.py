"""Hits in a part's text to findings in the raw body."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate

from firebreak.codecs.locate import Locator
from firebreak.detect.interface import Hit
from firebreak.model.conversation import Conversation, Origin, Part, PartKind
from firebreak.model.finding import Finding, Surface

MAX_ALIKE = 16
"""Findings kept of those that differ in their span only. A policy cannot tell them apart, so the decision is the same
with the rest left out; a record of a hundred thousand e-mail addresses would help nobody."""


def place(body: bytes, conversation: Conversation, hits: Sequence[Sequence[Hit]]) -> tuple[Finding, ...]:
    """Findings with raw spans; `hits` has one entry a part. The body is walked only when there is a hit.

    A policy tells requests of one batch apart, by their models for one, so that of each as many findings are kept.
    """
    if not any(hits):
        return ()
    locator = Locator(body, conversation.parts, conversation.documents)
    request_of = _request_of(conversation)
    alike: Counter[tuple[object, ...]] = Counter()
    findings: list[Finding] = []
    for index, (part, found) in enumerate(zip(conversation.parts, hits, strict=True)):
        surface = surface_of(part)
        for hit in found:
            key = (hit.rule, hit.kind, hit.severity, hit.score, surface, part.origin, request_of(index))
            alike[key] += 1
            if alike[key] <= MAX_ALIKE:
                findings.append(_finding(hit, part, index, surface, locator))
    return tuple(findings)


def _request_of(conversation: Conversation) -> Callable[[int], int]:
    """By a part's index the number of the request that it belongs to; 0 for what belongs to none."""
    ends = list(accumulate(map(_size, reversed(conversation.requests)), initial=0))
    starts = [len(conversation.parts) - end for end in reversed(ends[1:])]
    return partial(bisect_right, starts)


def _size(conversation: Conversation) -> int:
    return len(conversation.parts)


def surface_of(part: Part) -> Surface:
    """Where in a request it stands. An image or a document that a tool gave back is its result, whatever its kind."""
    if part.kind is PartKind.TOOL_CALL:
        return Surface.TOOL_CALL
    given_back = part.origin is Origin.TOOL and part.kind is not PartKind.TOOL_DEFINITION
    return Surface.TOOL_RESULT if given_back else Surface.REQUEST


def _finding(hit: Hit, part: Part, index: int, surface: Surface, locator: Locator) -> Finding:
    return Finding(
        rule=hit.rule,
        kind=hit.kind,
        severity=hit.severity,
        score=hit.score,
        surface=surface,
        origin=part.origin,
        part=index,
        span=locator.span(index, hit.start, hit.end),
        view=hit.view,
    )
