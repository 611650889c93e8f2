"""Ollama's own API: `POST /api/chat`, `/api/generate`, `/api/embed`, `/api/embeddings` (its docs/api.md)."""

from dataclasses import replace

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import BODY, SYSTEM, Draft, Voice
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
from firebreak.codecs.flatten import inspectable
from firebreak.codecs.ollama_answer import OllamaAnswer, ollama_usage
from firebreak.codecs.openai_parts import read_prompts, read_tools
from firebreak.codecs.refusals import ollama_cut, ollama_error
from firebreak.codecs.vectors import Vectors
from firebreak.model.conversation import Conversation, Origin, PartKind, Path, Role
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_VOICES = {
    "system": (Role.SYSTEM, Origin.SYSTEM),
    "user": (Role.USER, Origin.USER),
    "assistant": (Role.ASSISTANT, Origin.ASSISTANT),
    "tool": (Role.TOOL, Origin.TOOL),
}
_OPTIONS = {
    "frequency_penalty": "frequency_penalty",
    "num_predict": "max_tokens",
    "presence_penalty": "presence_penalty",
    "seed": "seed",
    "temperature": "temperature",
    "top_k": "top_k",
    "top_p": "top_p",
}
"""Members of `options` that are numbers, and what other APIs call them."""

_PROMPT = Voice(Role.USER, Origin.USER, 0)


class OllamaChat:
    surface = "ollama.chat"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        for index, item in enumerate(take_list(body, "messages", ())):
            _read_message(draft, as_object(item, "messages", index), index)
        read_tools(draft, take_optional_list(body, "tools", ()), ("tools",))
        return _finish(draft, self.surface, body, model)

    def answer(self) -> AnswerReader:
        return OllamaAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return ollama_error(refusal)


class OllamaGenerate:
    """Without a prompt it loads a model. `context` is an earlier conversation as tokens, which nobody else can read."""

    surface = "ollama.generate"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        for key, voice in (("system", SYSTEM), ("template", SYSTEM), ("prompt", _PROMPT), ("suffix", _PROMPT)):
            text = take_optional_string(body, key, ())
            if text is not None:
                draft.text(PartKind.TEXT, voice, text, (key,))
        _read_images(draft, _PROMPT, body, ())
        context = body.get("context")
        if isinstance(context, list) and set(map(type, context)) == {int}:
            del body["context"]
            draft.text(PartKind.OTHER, BODY, "", ("context",))
        return _finish(draft, self.surface, body, model)

    def answer(self) -> AnswerReader:
        return OllamaAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return ollama_error(refusal)


class OllamaEmbed:
    """`key` is where the texts stand: `input`, or `prompt` in the older API."""

    def __init__(self, surface: str, key: str) -> None:
        self.surface = surface
        self._key = key

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        if body.get(self._key) is None:
            raise missing((), self._key)
        read_prompts(draft, body, self._key, required=False)
        options = _read_options(draft, body)
        return draft.finish(self.surface, body, model=model, task="embedding", options=options)

    def answer(self) -> AnswerReader:
        return Vectors(ollama_usage, ollama_cut)

    def refuse(self, refusal: Refusal) -> Rendered:
        return ollama_error(refusal)


def _finish(draft: Draft, surface: str, body: Members, model: str) -> Conversation:
    """An answer is streamed unless the request says that it is not to be."""
    streamed = body.get("stream") is None
    conversation = draft.finish(surface, body, model=model, options=_read_options(draft, body))
    return replace(conversation, stream=True) if streamed else conversation


def _read_options(draft: Draft, body: Members) -> dict[str, int | float]:
    options = take_optional_object(body, "options", ()) or {}
    known = {}
    for key, name in _OPTIONS.items():
        if isinstance(options.get(key), int | float):
            known[name] = options.pop(key)
    draft.rest(options, ("options",))
    return known


def _read_message(draft: Draft, message: Members, index: int) -> None:
    path: Path = ("messages", index)
    found = _VOICES.get(take_string(message, "role", path))
    if found is None:
        raise wrong_value(*path, "role")
    voice = Voice(*found, index)
    thinking = take_optional_string(message, "thinking", path)
    if thinking is not None:
        draft.text(PartKind.REASONING, voice, thinking, (*path, "thinking"))
    content = take_optional_string(message, "content", path)
    if content is not None:
        kind = PartKind.TOOL_RESULT if voice.role is Role.TOOL else PartKind.TEXT
        draft.text(kind, voice, content, (*path, "content"))
    _read_images(draft, voice, message, path)
    for number, item in enumerate(take_optional_list(message, "tool_calls", path)):
        place = (*path, "tool_calls", number)
        call = as_object(item, *place)
        function = take_object(call, "function", place)
        where = (*place, "function")
        name = take_string(function, "name", where)
        arguments = take_optional_object(function, "arguments", where) or {}
        draft.tool_call(voice, name, (*where, "name"), arguments, (*where, "arguments"))
        draft.rest(function, where)
        draft.rest(call, place)
    draft.rest(message, path)
    draft.close_rest(voice)


def _read_images(draft: Draft, voice: Voice, members: Members, path: Path) -> None:
    for index, image in enumerate(take_optional_list(members, "images", path)):
        if not isinstance(image, str):
            raise wrong_type(*path, "images", index)
        draft.text(PartKind.IMAGE, voice, inspectable(image, binary=True), (*path, "images", index))
