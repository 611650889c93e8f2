"""Anthropic message batches: `POST /v1/messages/batches`, and their results, line by line.

docs.anthropic.com/en/api/creating-message-batches and /retrieving-message-batch-results.
"""

import json
from functools import partial
from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.anthropic_answer import AnthropicAnswer
from firebreak.codecs.anthropic_messages import AnthropicMessages
from firebreak.codecs.draft import BODY, Draft
from firebreak.codecs.enclosed import Enclosed, placed
from firebreak.codecs.fields import (
    Members,
    as_body,
    body_of,
    missing,
    pointer,
    take_list,
    wrong_value,
)
from firebreak.codecs.lines_answer import Inner, LinesAnswer
from firebreak.codecs.plain_answer import PlainAnswer
from firebreak.codecs.refusals import anthropic_error
from firebreak.model.conversation import Conversation
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_MESSAGES = AnthropicMessages()


class AnthropicBatches:
    """The parameters of each request are the body of a request for a message."""

    surface = "anthropic.batches"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        enclosed = Enclosed()
        requests = take_list(body, "requests", ())
        if not requests:
            raise wrong_value("requests")
        for index, item in enumerate(requests):
            place = ("requests", index)
            request = placed(pointer(place), partial(as_body, item))
            if "params" not in request:
                raise missing(place, "params")
            params = request.pop("params")
            where = (*place, "params")
            read = placed(pointer(where), partial(_message, params))
            beside = Draft()
            beside.rest(request, place)
            beside.close_rest(BODY)
            enclosed.add(read, where, beside.parts)
        around = Draft()
        around.rest(body, ())
        around.close_rest(BODY)
        return enclosed.finish(self.surface, around.parts)

    def answer(self) -> AnswerReader:
        return PlainAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return anthropic_error(refusal)


def _message(params: Any) -> Conversation:
    return _MESSAGES.read_body(as_body(params))


def results() -> LinesAnswer:
    """A reader of the results of a batch."""
    return LinesAnswer(_result, anthropic_line)


def anthropic_line(refusal: Refusal) -> bytes:
    """A result that says that there was an error."""
    error = json.loads(anthropic_error(refusal).body)
    return json.dumps({"custom_id": "", "result": {"type": "errored", "error": error}}).encode() + b"\n"


def _result(line: Members) -> Inner | None:
    result: Any = line.get("result")
    if not isinstance(result, dict) or not isinstance(result.get("message"), dict):
        return None
    if result["message"].get("type") != "message":
        return None
    return Inner(("result", "message"), AnthropicAnswer())
