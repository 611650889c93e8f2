"""What the exchange asks: the classifier's reading of all its parts, and the judge's where that is unsure."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from firebreak.intent.asks import ask_text, intents
from firebreak.intent.classify import Guess
from firebreak.model.conversation import Conversation
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.pipeline.interface import Judge
from firebreak.pipeline.snapshot import Snapshot

JUDGE = "judge"


async def recognise(
    conversation: Conversation, guesses: Sequence[Guess | None], snapshot: Snapshot, *, may_ask: bool = True
) -> tuple[tuple[Intent, ...], tuple[Absence, ...]]:
    """Every intent, the primary one first, and who could not say. `guesses` has one entry a part.

    Where a judge may not be asked, it counts as one that could not say.
    """
    failed: list[Absence] = []
    found = intents(conversation, guesses, partial(snapshot.screen.classify, absences=failed))
    if snapshot.asks is not None and may_ask:
        found, absences = await snapshot.asks.read(found, ask_text(conversation.parts))
        failed += absences
    config = snapshot.program.judge
    if snapshot.judge is None or config is None:
        return found, tuple(failed)
    unsure = [intent for intent in found if intent.primary and intent.confidence < config.min_confidence]
    if not unsure or unsure[0].source is IntentSource.SURFACE:
        return found, tuple(failed)
    if not may_ask:
        unknown = replace(unsure[0], category=UNKNOWN, confidence=0.0)
        failed.append(Absence(JUDGE, "over_budget"))
        return tuple(unknown if intent.primary else intent for intent in found), tuple(failed)
    judged, absences = await _ask(snapshot.judge, unsure[0], ask_text(conversation.parts), snapshot)
    return tuple(judged if intent.primary else intent for intent in found), (*failed, *absences)


async def _ask(judge: Judge, unsure: Intent, text: str, snapshot: Snapshot) -> tuple[Intent, tuple[Absence, ...]]:
    """The judge's word instead of the classifier's. Where it fails the ask is unknown, and its absence is a fact."""
    try:
        category, confidence = await judge.ask(text, snapshot.program.categories)
    except Unavailable:
        return replace(unsure, category=UNKNOWN, confidence=0.0), (Absence(JUDGE, "unreachable"),)
    return replace(unsure, category=category, confidence=confidence, source=IntentSource.JUDGE, evidence=""), ()
