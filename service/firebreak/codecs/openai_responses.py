"""OpenAI responses: `POST /v1/responses`."""

from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import BODY, SYSTEM, Draft, Voice
from firebreak.codecs.fields import (
    Members,
    as_object,
    body_of,
    missing,
    take_optional_list,
    take_optional_string,
    wrong_type,
)
from firebreak.codecs.openai_items import read_item
from firebreak.codecs.openai_parts import read_tools
from firebreak.codecs.openai_responses_answer import OpenAIResponsesAnswer
from firebreak.codecs.refusals import openai_error
from firebreak.model.conversation import Conversation, Origin, PartKind, Role
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_ELSEWHERE = ("prompt", "previous_response_id", "conversation")
"""Members that stand for text kept by the provider: a template, or the turns before this one."""


class OpenAIResponses:
    surface = "openai.responses"

    def read(self, exchange: Exchange) -> Conversation:
        return self.read_body(body_of(exchange.body))

    def read_body(self, body: Members) -> Conversation:
        draft = Draft()
        elsewhere = [key for key in _ELSEWHERE if body.get(key) is not None]
        model = draft.take_model(body, required="prompt" not in elsewhere)
        instructions = take_optional_string(body, "instructions", ())
        if instructions is not None:
            draft.text(PartKind.TEXT, SYSTEM, instructions, ("instructions",))
        for key in elsewhere:
            draft.unread(BODY, body, key)
        _read_input(draft, body, required=not elsewhere)
        read_tools(draft, take_optional_list(body, "tools", ()), ("tools",))
        return draft.finish(self.surface, body, model=model)

    def answer(self) -> AnswerReader:
        return OpenAIResponsesAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


def _read_input(draft: Draft, body: Members, *, required: bool) -> None:
    value: Any = body.pop("input", None)
    if isinstance(value, str):
        draft.text(PartKind.TEXT, Voice(Role.USER, Origin.USER, 0), value, ("input",))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            read_item(draft, as_object(item, "input", index), index)
    elif value is not None:
        raise wrong_type("input")
    elif required:
        raise missing((), "input")
