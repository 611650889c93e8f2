"""OpenAI chat completions: `POST /v1/chat/completions`."""

from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import ASSISTANT, RETRIEVAL, TOOL, Draft, Voice
from firebreak.codecs.fields import (
    Members,
    as_object,
    body_of,
    missing,
    take_list,
    take_object,
    take_optional_list,
    take_optional_object,
    take_optional_string,
    take_string,
    wrong_type,
    wrong_value,
)
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.codecs.openai_parts import read_content, read_tools, voice_of
from firebreak.codecs.refusals import openai_error
from firebreak.model.conversation import Conversation, PartKind, Path, Role
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_MAY_BE_EMPTY = frozenset({"assistant", "function"})
"""Roles whose content may be null: a tool call, and the result of a function that returns nothing."""


class OpenAIChat:
    surface = "openai.chat"

    def read(self, exchange: Exchange) -> Conversation:
        return self.read_body(body_of(exchange.body))

    def read_body(self, body: Members, deployment: str = "", *, named: bool = True) -> Conversation:
        """`deployment` is the model where the path, not the body, names it (Azure). `named`: there must be one."""
        draft = Draft()
        model = draft.take_model(body, deployment=deployment, required=named)
        messages = take_list(body, "messages", ())
        if not messages:
            raise wrong_value("messages")
        for index, message in enumerate(messages):
            _read_message(draft, as_object(message, "messages", index), index)
        read_tools(draft, take_optional_list(body, "tools", ()), ("tools",))
        for index, item in enumerate(take_optional_list(body, "functions", ())):
            function = as_object(item, "functions", index)
            draft.tool(TOOL, function, ("functions", index), function.get("name"))
        _read_prediction(draft, body)
        draft.unread(RETRIEVAL, body, "data_sources")
        return draft.finish(self.surface, body, model=model)

    def answer(self) -> AnswerReader:
        return OpenAIChatAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return openai_error(refusal)


def _read_message(draft: Draft, message: Members, index: int) -> None:
    path: Path = ("messages", index)
    role = take_string(message, "role", path)
    voice = voice_of(role, index, *path)
    kind = PartKind.TOOL_RESULT if voice.role is Role.TOOL else PartKind.TEXT
    content = message.pop("content", None)
    if isinstance(content, str):
        draft.text(kind, voice, content, (*path, "content"))
    elif content is not None:
        read_content(draft, kind, voice, content, (*path, "content"))
    elif role not in _MAY_BE_EMPTY:
        raise missing(path, "content")
    if message:
        if voice.role is Role.ASSISTANT:
            _read_assistant(draft, voice, message, path)
        draft.rest(message, path)
        draft.close_rest(voice)


def _read_assistant(draft: Draft, voice: Voice, message: Members, path: Path) -> None:
    refusal = take_optional_string(message, "refusal", path)
    if refusal is not None:
        draft.text(PartKind.TEXT, voice, refusal, (*path, "refusal"))
    audio = take_optional_object(message, "audio", path)
    if audio is not None:
        draft.media(PartKind.AUDIO, voice, audio, (*path, "audio"))
    for index, item in enumerate(take_optional_list(message, "tool_calls", path)):
        place = (*path, "tool_calls", index)
        _read_tool_call(draft, voice, as_object(item, *place), place)
    call = take_optional_object(message, "function_call", path)
    if call is not None:
        _read_function(draft, voice, call, (*path, "function_call"), "arguments")


def _read_tool_call(draft: Draft, voice: Voice, call: Members, path: Path) -> None:
    sort = call.pop("type", None)
    if sort is None or sort == "function":
        _read_function(draft, voice, take_object(call, "function", path), (*path, "function"), "arguments")
    elif sort == "custom":
        _read_function(draft, voice, take_object(call, "custom", path), (*path, "custom"), "input")
    else:
        raise wrong_value(*path, "type")
    draft.rest(call, path)


def _read_function(draft: Draft, voice: Voice, function: Members, path: Path, key: str) -> None:
    name = take_string(function, "name", path)
    arguments = take_string(function, key, path)
    draft.tool_call(voice, name, (*path, "name"), arguments, (*path, key))
    draft.rest(function, path)


def _read_prediction(draft: Draft, body: Members) -> None:
    prediction: Any = body.get("prediction")
    if prediction is None:
        return
    if not isinstance(prediction, dict):
        raise wrong_type("prediction")
    content = prediction.pop("content", None)
    read_content(draft, PartKind.TEXT, ASSISTANT, content, ("prediction", "content"))
