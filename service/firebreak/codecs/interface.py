"""The seam of a provider API: its bytes to a conversation, and a refusal to its error form."""

from typing import Protocol

from firebreak.codecs.answer import AnswerReader
from firebreak.model.conversation import Conversation
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered


class Codec(Protocol):
    """One provider API (`openai.chat`). Pure; one instance serves all exchanges."""

    surface: str

    def read(self, exchange: Exchange) -> Conversation:
        """The conversation in `exchange.body`. Raises `BadInput`, and nothing else, whatever the bytes."""

    def answer(self) -> AnswerReader:
        """A reader for one answer to such a request."""

    def refuse(self, refusal: Refusal) -> Rendered:
        """The refusal as this provider's own error, so that its SDK raises its own exception. Total."""
