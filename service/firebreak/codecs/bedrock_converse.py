"""Amazon Bedrock Converse: `POST /model/{modelId}/converse` and `/converse-stream`, and the counting of its tokens."""

from dataclasses import replace
from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.bedrock_blocks import read_blocks
from firebreak.codecs.bedrock_converse_answer import ConverseAnswer
from firebreak.codecs.bedrock_models import model_of
from firebreak.codecs.bedrock_refusals import bedrock_error
from firebreak.codecs.draft import ASSISTANT, BODY, SYSTEM, TOOL, Draft, Voice
from firebreak.codecs.fields import (
    Members,
    as_object,
    body_of,
    take_list,
    take_object,
    take_optional_list,
    take_optional_object,
    take_string,
    wrong_value,
)
from firebreak.model.conversation import Conversation, PartKind, Path
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_VOICES = {"user": BODY, "assistant": ASSISTANT}
_OPTIONS = {"maxTokens": "max_tokens", "temperature": "temperature", "topP": "top_p", "topK": "top_k"}
_STORED = ":prompt/"
"""In the ARN of a prompt that is kept at Bedrock: this request does not carry its text."""


class BedrockConverse:
    """The path names the model."""

    surface = "bedrock.converse"

    def read(self, exchange: Exchange) -> Conversation:
        read = self.read_body(body_of(exchange.body), model_of(exchange.path))
        return replace(read, stream=exchange.path.endswith("-stream"))

    def read_body(self, body: Members, model: str) -> Conversation:
        draft = Draft()
        stored = _STORED in model
        if stored:
            variables = take_optional_object(body, "promptVariables", ())
            draft.flat(PartKind.OTHER, BODY, variables or {}, ("promptVariables",))
        _read_conversation(draft, body, (), required=not stored)
        options = _options(body)
        return draft.finish(self.surface, body, model=model, options=options)

    def answer(self) -> AnswerReader:
        return ConverseAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return bedrock_error(refusal)


class BedrockTokens:
    """Counting of tokens. A body that InvokeModel would take comes in base64, which nobody reads: it is refused."""

    surface = "bedrock.count_tokens"

    def read(self, exchange: Exchange) -> Conversation:
        body, model = body_of(exchange.body), model_of(exchange.path)
        asked = take_object(body, "input", ())
        if "invokeModel" in asked:
            raise wrong_value("input", "invokeModel")
        draft, path = Draft(), ("input", "converse")
        inner = take_object(asked, "converse", ("input",))
        _read_conversation(draft, inner, path, required=True)
        draft.rest(inner, path)
        draft.rest(asked, ("input",))
        return draft.finish(self.surface, body, model=model)

    def answer(self) -> AnswerReader:
        return ConverseAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return bedrock_error(refusal)


def _read_conversation(draft: Draft, body: Members, path: Path, *, required: bool) -> None:
    read_blocks(draft, PartKind.TEXT, SYSTEM, take_optional_list(body, "system", path), (*path, "system"))
    draft.close_rest(SYSTEM)
    messages = (take_list if required else take_optional_list)(body, "messages", path)
    if required and not messages:
        raise wrong_value(*path, "messages")
    for index, message in enumerate(messages):
        place = (*path, "messages", index)
        _read_message(draft, as_object(message, *place), index, place)
    tools = take_optional_object(body, "toolConfig", path)
    if tools is not None:
        _read_tools(draft, tools, (*path, "toolConfig"))


def _read_message(draft: Draft, message: Members, index: int, path: Path) -> None:
    said = _VOICES.get(take_string(message, "role", path))
    if said is None:
        raise wrong_value(*path, "role")
    voice = Voice(said.role, said.origin, index)
    read_blocks(draft, PartKind.TEXT, voice, take_list(message, "content", path), (*path, "content"))
    draft.rest(message, path)
    draft.close_rest(voice)


def _read_tools(draft: Draft, config: Members, path: Path) -> None:
    for index, item in enumerate(take_optional_list(config, "tools", path)):
        tool = as_object(item, *path, "tools", index)
        if set(tool) == {"cachePoint"}:
            draft.rest(tool, (*path, "tools", index))
            continue
        named: Any = tool.get("toolSpec") or tool.get("systemTool")
        name = named.get("name") if isinstance(named, dict) else None
        draft.tool(TOOL, tool, (*path, "tools", index), name)
    draft.rest(config, path)


def _options(body: Members) -> dict[str, int | float]:
    """Numbers of `inferenceConfig`; what is none stays in the body."""
    config = body.get("inferenceConfig")
    if not isinstance(config, dict):
        return {}
    known = [key for key in _OPTIONS if isinstance(config.get(key), int | float)]
    options: dict[str, int | float] = {_OPTIONS[key]: config.pop(key) for key in known}
    if not config:
        del body["inferenceConfig"]
    return options
