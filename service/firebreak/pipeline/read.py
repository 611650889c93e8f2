"""What the body says, or why it cannot be read: the first fact about an exchange."""

from dataclasses import dataclass

from firebreak.codecs import registry
from firebreak.codecs.routes import PassThrough
from firebreak.model.conversation import Conversation
from firebreak.model.errors import BadInput
from firebreak.model.exchange import Exchange
from firebreak.model.reason import Reason


@dataclass(frozen=True, slots=True)
class Reading:
    """A conversation; or a reason why there is none; or neither, on a listed route that carries no prompt.

    `refuser` can answer in the provider's form, whatever happened.
    """

    refuser: registry.Refuser
    surface: str
    conversation: Conversation | None = None
    reason: Reason | None = None
    where: str = ""

    @property
    def inspected(self) -> str:
        """Coverage, for the record: what was looked at, or why nothing was."""
        if self.conversation is not None:
            return "request"
        return f"skipped:{self.reason.code}" if self.reason else "skipped:listed_route"


def read(exchange: Exchange) -> Reading:
    """Read the body with the codec of its route. Total: what cannot be read is a `Reading` with a reason."""
    refuser = registry.refusal_codec(exchange.api, registry.reply_to(exchange))
    try:
        if exchange.fault is not None:
            raise BadInput(exchange.fault)
        route = registry.pick(exchange)
        if isinstance(route, PassThrough):
            return Reading(refuser, route.surface)
        return Reading(refuser, route.surface, route.read(exchange))
    except BadInput as error:
        return Reading(refuser, "", reason=error.reason, where=error.where)
