"""Anthropic messages: `POST /v1/messages` and `POST /v1/messages/count_tokens`."""

from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.anthropic_answer import AnthropicAnswer
from firebreak.codecs.anthropic_blocks import read_blocks
from firebreak.codecs.draft import SYSTEM, TOOL, Draft, Voice
from firebreak.codecs.fields import Members, as_object, body_of, take_list, take_optional_list, take_string, wrong_value
from firebreak.codecs.refusals import anthropic_error
from firebreak.model.conversation import Conversation, Origin, PartKind, Path, Role
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_VOICES = {
    "system": (Role.SYSTEM, Origin.SYSTEM),
    "user": (Role.USER, Origin.USER),
    "assistant": (Role.ASSISTANT, Origin.ASSISTANT),
}


class AnthropicMessages:
    """A last message of the assistant is a prefill; it is read like every other message."""

    def __init__(self, surface: str = "anthropic.messages") -> None:
        self.surface = surface

    def read(self, exchange: Exchange) -> Conversation:
        return self.read_body(body_of(exchange.body))

    def read_body(self, body: Members, deployment: str = "") -> Conversation:
        """`deployment` is the model where the path, not the body, names it (Bedrock)."""
        draft = Draft()
        model = draft.take_model(body, deployment=deployment)
        system: Any = body.pop("system", None)
        if system is not None:
            read_blocks(draft, PartKind.TEXT, SYSTEM, system, ("system",))
            draft.close_rest(SYSTEM)
        messages = take_list(body, "messages", ())
        if not messages:
            raise wrong_value("messages")
        for index, message in enumerate(messages):
            _read_message(draft, as_object(message, "messages", index), index)
        _read_tools(draft, body)
        return draft.finish(self.surface, body, model=model)

    def answer(self) -> AnswerReader:
        return AnthropicAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return anthropic_error(refusal)


def _read_message(draft: Draft, message: Members, index: int) -> None:
    path: Path = ("messages", index)
    found = _VOICES.get(take_string(message, "role", path))
    if found is None:
        raise wrong_value(*path, "role")
    voice = Voice(*found, index)
    read_blocks(draft, PartKind.TEXT, voice, message.pop("content", None), (*path, "content"))
    draft.rest(message, path)
    draft.close_rest(voice)


def _read_tools(draft: Draft, body: Members) -> None:
    for index, item in enumerate(take_optional_list(body, "tools", ())):
        tool = as_object(item, "tools", index)
        draft.tool(TOOL, tool, ("tools", index), tool.get("name") or tool.get("mcp_server_name") or tool.get("type"))
    for index, item in enumerate(take_optional_list(body, "mcp_servers", ())):
        server = as_object(item, "mcp_servers", index)
        draft.tool(TOOL, server, ("mcp_servers", index), server.get("name"))
