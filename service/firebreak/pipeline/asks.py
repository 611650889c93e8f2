"""The primary ask, read by an encoder of sentences off the event loop."""

from dataclasses import replace

from firebreak.intent.asks import USER_THRESHOLD
from firebreak.intent.encoded import EncodedClassifier
from firebreak.model.errors import Unavailable
from firebreak.model.facts import Absence
from firebreak.model.intent import UNKNOWN, Intent, IntentSource
from firebreak.pipeline.interface import SentenceEncoder

ENCODER = "intent-encoder"

Read = tuple[tuple[Intent, ...], tuple[Absence, ...]]


class AskReader:
    """For one policy: the encoder, and what was fitted on its vectors."""

    def __init__(self, encoder: SentenceEncoder, classifier: EncodedClassifier) -> None:
        self._encoder = encoder
        self._classifier = classifier

    async def read(self, found: tuple[Intent, ...], text: str) -> Read:
        """`found` with the encoder's word on the primary ask, which is `text`; where it fails, `found` and its absence.

        What the small classifier did not understand at all (another language, no words) is not shown: the encoder
        would not either. What it was sure of and the encoder takes for something else counts beside, as an ask
        that stands elsewhere does, so that no wording has to fool but one of them. So does what it finds as likely.
        """
        if not found or found[0].source is not IntentSource.LOCAL or not found[0].evidence:
            return found, ()
        try:
            guess = self._classifier.classify(await self._encoder.vector(text), text)
        except TimeoutError:
            return found, (Absence(ENCODER, "over_budget"),)
        except Unavailable:
            return found, (Absence(ENCODER, "crashed"),)
        small, others = found[0], found[1:]
        primary = replace(small, category=guess.category, confidence=guess.confidence, evidence=guess.evidence)
        beside: tuple[Intent, ...] = ()
        if small.category not in (UNKNOWN, guess.category) and small.confidence >= USER_THRESHOLD:
            beside = (replace(small, primary=False),)
        close = [
            replace(small, category=one.category, confidence=one.confidence, evidence=one.evidence, primary=False)
            for one in guess.hidden
        ]
        beside = (*close, *(one for one in beside if one.category not in {other.category for other in close}))
        kept = [other for other in others if other.category != guess.category]
        named = {other.category for other in kept}
        return (primary, *kept, *(one for one in beside if one.category not in named)), ()
