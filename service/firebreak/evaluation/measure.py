"""One labelled text through the service's own screen: what was found of its kind, how sure, and how long it took."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from firebreak.detect.interface import Hit
from firebreak.evaluation.examples import INTENT, Example
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.errors import Unavailable
from firebreak.model.finding import FindingKind
from firebreak.pipeline.cascade import ENCODER
from firebreak.pipeline.entities import TAGGER
from firebreak.pipeline.screen import Screen, Screened

_ENCODERS = frozenset({ENCODER, TAGGER})
_ROLES = {Origin.SYSTEM: Role.SYSTEM, Origin.ASSISTANT: Role.ASSISTANT, Origin.TOOL: Role.TOOL}


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one text. `found` says whether a finding of the kind was made at the shipped thresholds.

    `score` is the highest of the findings' scores and of what the detectors that can score say. `covered` counts the
    labelled spans that a finding touches.
    """

    example: Example
    found: bool
    score: float
    cpu_ms: float
    covered: int = 0


def part_of(text: str, origin: Origin) -> Part:
    """The text as a part of a conversation, in the voice that says it."""
    kind = PartKind.TOOL_RESULT if origin is Origin.TOOL else PartKind.TEXT
    return Part(kind, _ROLES.get(origin, Role.USER), origin, text, (Segment(0, ()),))


def measure(
    examples: Iterable[Example],
    screen: Screen,
    clock_ns: Callable[[], int] = time.process_time_ns,
    *,
    encoder: bool = False,
) -> list[Seen]:
    """Every text through normaliser and detectors, as a request's new part goes. CPU time of all threads, so that a
    busy machine changes little. Raises `Unavailable` where a detector fails: what is not measured has no figure.

    With `encoder` what the small model is unsure of is shown to the screen's encoder, and the classifier runs too.
    """
    seen = []
    with asyncio.Runner() as runner:
        for example in examples:
            if example.kind == INTENT:
                continue
            part = part_of(example.text, example.origin)
            started = clock_ns()
            screened = _settled(part, screen, runner) if encoder else screen.all_hits(part)
            took_ns = clock_ns() - started
            _refuse_failure(example, screened)
            kind = FindingKind(example.kind)
            hits = [hit for hit in screened.hits if hit.kind is kind]
            score = max([screen.scores(part).get(kind, 0.0), *(hit.score for hit in hits)])
            seen.append(Seen(example, bool(hits), score, took_ns / 1e6, _covered(example, hits)))
    return seen


def _settled(part: Part, screen: Screen, runner: asyncio.Runner) -> Screened:
    (screened,) = runner.run(screen.settle([part], [screen.part(part)]))
    return screened


def _refuse_failure(example: Example, screened: Screened) -> None:
    """A detector that was late has answered all the same; an encoder has not."""
    for absence in screened.absences:
        if absence.reason != "over_budget" or absence.part in _ENCODERS:
            raise Unavailable(f"{example.id}: {absence.part} {absence.reason}")


def _covered(example: Example, hits: list[Hit]) -> int:
    return sum(any(hit.start < end and start < hit.end for hit in hits) for start, end in example.spans)
