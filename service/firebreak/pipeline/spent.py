"""How many tokens an exchange took: as its provider counts them, and what it has not counted from the characters."""

from collections import Counter

from firebreak.codecs import registry
from firebreak.codecs.answer import Heard
from firebreak.model.conversation import UNINSPECTED_KINDS, Conversation, Origin, PartKind
from firebreak.model.usage import Usage
from firebreak.text.tokens import tokens, weight

_AROUND = 3
"""Tokens around each message and before the answer, as OpenAI's cookbook counts them for its chat models."""

_UNCOUNTED = UNINSPECTED_KINDS | {PartKind.METADATA}
_SAID = frozenset({PartKind.TEXT, PartKind.REASONING, PartKind.TOOL_CALL})


def asked(conversation: Conversation | None) -> int:
    """An estimate of a request's tokens; 0 where no text is generated from it. Images and sound are not in it."""
    if conversation is None or not registry.generates(conversation.surface):
        return 0
    read = sum(weight(part.text) for part in conversation.parts if part.kind not in _UNCOUNTED)
    messages = {part.message for part in conversation.parts if part.message >= 0}
    return tokens(read) + _AROUND * (len(messages) + 1)


class Spent:
    """Of one answer: what its provider has counted so far, and what was said since.

    A stream that also gives its texts whole at their end says them once: where texts of a kind come in pieces, whole
    ones of that kind are not counted.
    """

    __slots__ = ("_grown", "_told", "_whole")

    def __init__(self) -> None:
        self._told: Usage | None = None
        self._grown: Counter[PartKind] = Counter()
        self._whole: Counter[PartKind] = Counter()

    def hear(self, heard: Heard) -> None:
        """What one frame says, in order."""
        for channel, text, _, more in heard.deltas:
            if channel.kind in _SAID and channel.origin is Origin.ASSISTANT and not channel.copied:
                (self._grown if more else self._whole)[channel.kind] += weight(text)
        if heard.usage is None:
            return
        if heard.usage.output > (self._told.output if self._told else 0):
            self._grown = Counter(dict.fromkeys(self._grown, 0))
            self._whole.clear()
        self._told = heard.usage

    def usage(self, asked: int) -> Usage | None:
        """`asked`: the estimate of the request, 0 where nothing is to be estimated. None where nothing is known."""
        said = sum(map(self._since, _SAID))
        told = self._told or Usage()
        if not asked or not (said or told.output) or (told.input and not said):
            return self._told
        return Usage(
            input=told.input or asked,
            output=told.output + tokens(said),
            cached=told.cached,
            reasoning=told.reasoning + tokens(self._since(PartKind.REASONING)),
            estimated=True,
        )

    def _since(self, kind: PartKind) -> int:
        return self._grown[kind] if kind in self._grown else self._whole[kind]
