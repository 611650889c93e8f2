"""Cohere v2: `POST /v2/chat`, `/v2/embed` and `/v2/rerank` (API reference, docs.cohere.com/v2/reference)."""

from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.cohere_answer import CohereAnswer, CohereRanks, cohere_usage
from firebreak.codecs.draft import RETRIEVAL, Draft, Voice
from firebreak.codecs.fields import (
    Members,
    as_object,
    body_of,
    take_list,
    take_object,
    take_optional_list,
    take_optional_string,
    take_string,
    wrong_type,
    wrong_value,
)
from firebreak.codecs.flatten import inspectable
from firebreak.codecs.openai_parts import read_tools, voice_of
from firebreak.codecs.refusals import cohere_cut, cohere_error
from firebreak.codecs.vectors import Vectors
from firebreak.model.conversation import Conversation, Origin, PartKind, Path, Role
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_OPTIONS = {"k": "top_k", "p": "top_p"}


class CohereChat:
    surface = "cohere.chat"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        messages = take_list(body, "messages", ())
        if not messages:
            raise wrong_value("messages")
        for index, item in enumerate(messages):
            _read_message(draft, as_object(item, "messages", index), index)
        _read_documents(draft, body)
        read_tools(draft, take_optional_list(body, "tools", ()), ("tools",))
        options = {name: body.pop(key) for key, name in _OPTIONS.items() if isinstance(body.get(key), int | float)}
        return draft.finish(self.surface, body, model=model, options=options)

    def answer(self) -> AnswerReader:
        return CohereAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return cohere_error(refusal)


class CohereEmbed:
    """Texts, images as data URLs, or inputs that mix the two."""

    surface = "cohere.embed"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        for key, kind in (("texts", PartKind.TEXT), ("images", PartKind.IMAGE)):
            for index, item in enumerate(take_optional_list(body, key, ())):
                if not isinstance(item, str):
                    raise wrong_type(key, index)
                text = item if kind is PartKind.TEXT else inspectable(item, binary=True)
                draft.text(kind, Voice(Role.USER, Origin.USER, index), text, (key, index))
        for index, item in enumerate(take_optional_list(body, "inputs", ())):
            given, voice = as_object(item, "inputs", index), Voice(Role.USER, Origin.USER, index)
            content = given.pop("content", None)
            _read_content(draft, PartKind.TEXT, voice, content, ("inputs", index, "content"))
            draft.rest(given, ("inputs", index))
        return draft.finish(self.surface, body, model=model, task="embedding")

    def answer(self) -> AnswerReader:
        return Vectors(cohere_usage, cohere_cut)

    def refuse(self, refusal: Refusal) -> Rendered:
        return cohere_error(refusal)


class CohereRerank:
    surface = "cohere.rerank"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        query = take_string(body, "query", ())
        draft.text(PartKind.TEXT, Voice(Role.USER, Origin.USER, 0), query, ("query",))
        _read_documents(draft, body)
        return draft.finish(self.surface, body, model=model, task="embedding")

    def answer(self) -> AnswerReader:
        return CohereRanks()

    def refuse(self, refusal: Refusal) -> Rendered:
        return cohere_error(refusal)


def _read_documents(draft: Draft, body: Members) -> None:
    """What was looked up: texts, or objects with whatever they hold."""
    for index, item in enumerate(take_optional_list(body, "documents", ())):
        if not isinstance(item, str | dict):
            raise wrong_type("documents", index)
        draft.flat(PartKind.TEXT, RETRIEVAL, item, ("documents", index))


def _read_message(draft: Draft, message: Members, index: int) -> None:
    path: Path = ("messages", index)
    voice = voice_of(take_string(message, "role", path), index, *path)
    kind = PartKind.TOOL_RESULT if voice.role is Role.TOOL else PartKind.TEXT
    plan = take_optional_string(message, "tool_plan", path)
    if plan is not None:
        draft.text(PartKind.REASONING, voice, plan, (*path, "tool_plan"))
    content = message.pop("content", None)
    if content is not None or voice.role is not Role.ASSISTANT:
        _read_content(draft, kind, voice, content, (*path, "content"))
    for number, item in enumerate(take_optional_list(message, "tool_calls", path)):
        place = (*path, "tool_calls", number)
        call = as_object(item, *place)
        function, where = take_object(call, "function", place), (*place, "function")
        name = take_string(function, "name", where)
        arguments = take_optional_string(function, "arguments", where) or ""
        draft.tool_call(voice, name, (*where, "name"), arguments, (*where, "arguments"))
        draft.rest(function, where)
        draft.rest(call, place)
    draft.rest(message, path)
    draft.close_rest(voice)


def _read_content(draft: Draft, kind: PartKind, voice: Voice, content: Any, path: Path) -> None:
    if isinstance(content, str):
        draft.text(kind, voice, content, path)
    elif isinstance(content, list):
        for index, item in enumerate(content):
            _read_part(draft, kind, voice, as_object(item, *path, index), (*path, index))
    else:
        raise wrong_type(*path)


def _read_part(draft: Draft, kind: PartKind, voice: Voice, part: Members, path: Path) -> None:
    sort = part.get("type")
    if not isinstance(sort, str):
        raise wrong_type(*path, "type")
    if sort in {"text", "thinking"}:
        del part["type"]
        said = PartKind.REASONING if sort == "thinking" else kind
        draft.text(said, voice, take_string(part, sort, path), (*path, sort))
        draft.rest(part, path)
    elif sort == "document":
        found = voice if voice.role is Role.TOOL else Voice(voice.role, Origin.RETRIEVAL, voice.message)
        draft.flat(kind, found, part, path)
    elif sort == "image_url":
        draft.media(PartKind.IMAGE, voice, part, path)
    else:
        draft.flat(PartKind.OTHER, voice, part, path)
