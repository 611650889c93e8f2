"""From guesses about single texts to the intents of one exchange.

Rules:
1. The primary ask is the newest user message; where it only refers back ("yes, go on"), the last few user messages.
2. Without a user text the last text part is the primary ask. Where the API is itself the task, the task is.
3. Every other text gives an intent only when it is confidently in a category, the more so the less a user wrote it.
4. Nothing is looked at twice: a part's guess depends on its text alone and comes from the caller.
"""

import re
from collections.abc import Callable, Sequence

from firebreak.intent.classify import NOTHING, Guess
from firebreak.model.conversation import Conversation, Origin, Part, PartKind, Role
from firebreak.model.intent import UNKNOWN, Intent, IntentSource

USER_THRESHOLD = 0.7
OTHER_THRESHOLD = 0.8
LEAST_CHARS = 12  # a shorter identifier, name or value asks for nothing
MAX_REFERRING = 400  # characters; whoever writes more says something
MAX_JOINED = 3  # user messages that are read together where the newest refers back

_SHORT_KINDS = frozenset({PartKind.METADATA, PartKind.TOOL_CALL, PartKind.TOOL_DEFINITION, PartKind.FILE})
_REFERS_BACK = frozenset(
    re.findall(
        r"\w+",
        """
        a about again ahead also an and another better bullets can chapter complete continue correct could detail
        details do english exactly fine finish first for french german go going good great how i in instead it keep last
        less like line list longer me more need next no not now of ok okay on one other page paragraph part please
        points proceed repeat rest right same second section sentence shorten shorter simpler so spanish sure table
        thank thanks that the them then these third this those three to too try two version want what why with would
        yeah yep yes you
        """,
    )
)
_WORD = re.compile(r"[^\W_]+")


def worth_classifying(part: Part) -> bool:
    """True where the part has text that could ask for something."""
    least = LEAST_CHARS if part.kind in _SHORT_KINDS else 1
    return len(part.text.strip()) >= least


def intents(
    conversation: Conversation, guesses: Sequence[Guess | None], classify: Callable[[str], Guess]
) -> tuple[Intent, ...]:
    """The exchange's intents, the primary one first.

    `guesses[i]` belongs to `parts[i]` and may be None where `worth_classifying` said no. `classify` is called at most
    once, and only for a primary ask that is more than one part's text. Empty where nothing in the body has a text.
    """
    parts = conversation.parts
    if conversation.task:
        primary = Intent(conversation.task, 1.0, IntentSource.SURFACE, primary=True)
        return (primary, *_others(parts, guesses, frozenset(), primary.category, hidden=()))
    asked = primary_parts(parts)
    if not asked:
        return ()
    guess = _primary(parts, asked, guesses, classify)
    primary = Intent(
        guess.category, guess.confidence, IntentSource.LOCAL, primary=True, part=asked[-1], evidence=guess.evidence
    )
    hidden = tuple((asked[-1], found) for found in guess.hidden)
    own = frozenset(asked) if len(asked) == 1 else frozenset()
    return (primary, *_others(parts, guesses, own, primary.category, hidden))


def primary_parts(parts: Sequence[Part]) -> tuple[int, ...]:
    """Indices of the texts that are the exchange's ask: the newest user message's, else the last text's."""
    newest = next((part.message for part in reversed(parts) if _is_user_text(part)), None)
    if newest is not None:
        return tuple(row for row, part in enumerate(parts) if part.message == newest and _is_user_text(part))
    texts = [row for row, part in enumerate(parts) if part.kind is PartKind.TEXT and part.text.strip()]
    texts = texts or [row for row, part in enumerate(parts) if worth_classifying(part)]
    return tuple(texts[-1:])


def ask_text(parts: Sequence[Part]) -> str:
    """The primary ask as one text, with what it refers back to: what a judge is shown."""
    asked = primary_parts(parts)
    if not asked:
        return ""
    text = _joined(parts, asked)
    return _with_earlier(parts, asked) if refers_back(text) else text


def refers_back(text: str) -> bool:
    """True where a text says nothing without the one before it; only closed words may be in it."""
    return len(text) <= MAX_REFERRING and all(word in _REFERS_BACK for word in _WORD.findall(text.lower()))


def _is_user_text(part: Part) -> bool:
    kind, role, origin, text, *_ = part
    return role is Role.USER and origin is Origin.USER and kind is PartKind.TEXT and bool(text.strip())


def _primary(
    parts: Sequence[Part], asked: tuple[int, ...], guesses: Sequence[Guess | None], classify: Callable[[str], Guess]
) -> Guess:
    if refers_back(_joined(parts, asked)):
        together = _with_earlier(parts, asked)
        if together != parts[asked[-1]].text:
            return classify(together)
    if len(asked) > 1:
        return classify(_joined(parts, asked))
    return guesses[asked[0]] or NOTHING


def _joined(parts: Sequence[Part], rows: Sequence[int]) -> str:
    return "\n".join(parts[row].text for row in rows)


def _with_earlier(parts: Sequence[Part], asked: tuple[int, ...]) -> str:
    """The user's messages back to the newest that says something by itself, `MAX_JOINED` at most."""
    rows = list(asked)
    for _ in range(MAX_JOINED - 1):
        earlier = [row for row, part in enumerate(parts[: rows[0]]) if _is_user_text(part)]
        if not earlier:
            break
        message = [row for row in earlier if parts[row].message == parts[earlier[-1]].message]
        rows = message + rows
        if not refers_back(_joined(parts, message)):
            break
    return _joined(parts, rows)


def _others(
    parts: Sequence[Part],
    guesses: Sequence[Guess | None],
    own: frozenset[int],
    primary: str,
    hidden: Sequence[tuple[int, Guess]],
) -> tuple[Intent, ...]:
    """One intent for each category that is seen elsewhere, the most confident of its sightings."""
    seen = list(hidden)
    for row, (part, guess) in enumerate(zip(parts, guesses, strict=True)):
        if guess is None or row in own:
            continue
        least = USER_THRESHOLD if part.origin is Origin.USER else OTHER_THRESHOLD
        if guess.confidence >= least:
            seen.append((row, guess))
        if guess.hidden:
            seen += [(row, found) for found in guess.hidden if found.confidence >= least]
    best: dict[str, Intent] = {}
    for row, guess in seen:
        known = best.get(guess.category)
        if guess.category in (UNKNOWN, primary) or (known is not None and known.confidence >= guess.confidence):
            continue
        best[guess.category] = Intent(
            guess.category, guess.confidence, IntentSource.LOCAL, primary=False, part=row, evidence=guess.evidence
        )
    return tuple(best[name] for name in sorted(best))
