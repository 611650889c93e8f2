"""Mistral: OpenAI's forms with other content, an endpoint for code to be filled in, and errors of its own.

`POST /v1/chat/completions`, `/v1/fim/completions`, `/v1/embeddings` (API reference, docs.mistral.ai/api).
"""

from typing import Any

from firebreak.codecs.answer import AnswerReader
from firebreak.codecs.draft import ASSISTANT, Draft, Voice
from firebreak.codecs.fields import (
    Members,
    as_object,
    body_of,
    missing,
    take_list,
    take_object,
    take_optional_list,
    take_optional_object,
    take_string,
    wrong_type,
    wrong_value,
)
from firebreak.codecs.flatten import inspectable
from firebreak.codecs.mistral_answer import MistralAnswer
from firebreak.codecs.numbers_answer import EmbeddingsAnswer
from firebreak.codecs.openai_parts import read_prompts, read_tools, voice_of
from firebreak.codecs.refusals import mistral_error
from firebreak.model.conversation import Conversation, PartKind, Path, Role
from firebreak.model.exchange import Exchange
from firebreak.model.refusal import Refusal, Rendered

_MEDIA = {
    "image_url": PartKind.IMAGE,
    "input_audio": PartKind.AUDIO,
    "document_url": PartKind.FILE,
    "file": PartKind.FILE,
}


class MistralChat:
    surface = "mistral.chat"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        messages = take_list(body, "messages", ())
        if not messages:
            raise wrong_value("messages")
        for index, item in enumerate(messages):
            _read_message(draft, as_object(item, "messages", index), index)
        read_tools(draft, take_optional_list(body, "tools", ()), ("tools",))
        prediction = take_optional_object(body, "prediction", ())
        if prediction is not None:
            _read_content(draft, PartKind.TEXT, ASSISTANT, prediction.pop("content", None), ("prediction", "content"))
            draft.rest(prediction, ("prediction",))
        return draft.finish(self.surface, body, model=model, options=_seed(body))

    def answer(self) -> AnswerReader:
        return MistralAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return mistral_error(refusal)


class MistralFim:
    surface = "mistral.fim"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        read_prompts(draft, body, "prompt", required=True)
        read_prompts(draft, body, "suffix", required=False)
        return draft.finish(self.surface, body, model=model, options=_seed(body))

    def answer(self) -> AnswerReader:
        return MistralAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return mistral_error(refusal)


class MistralEmbeddings:
    surface = "mistral.embeddings"

    def read(self, exchange: Exchange) -> Conversation:
        body = body_of(exchange.body)
        draft = Draft()
        model = draft.take_model(body)
        read_prompts(draft, body, "input", required=True)
        return draft.finish(self.surface, body, model=model, task="embedding")

    def answer(self) -> AnswerReader:
        return EmbeddingsAnswer()

    def refuse(self, refusal: Refusal) -> Rendered:
        return mistral_error(refusal)


def _seed(body: Members) -> dict[str, int | float]:
    return {"seed": body.pop("random_seed")} if isinstance(body.get("random_seed"), int) else {}


def _read_message(draft: Draft, message: Members, index: int) -> None:
    path: Path = ("messages", index)
    voice = voice_of(take_string(message, "role", path), index, *path)
    kind = PartKind.TOOL_RESULT if voice.role is Role.TOOL else PartKind.TEXT
    content = message.pop("content", None)
    if content is not None:
        _read_content(draft, kind, voice, content, (*path, "content"))
    elif voice.role is not Role.ASSISTANT:
        raise missing(path, "content")
    for number, item in enumerate(take_optional_list(message, "tool_calls", path)):
        place = (*path, "tool_calls", number)
        _read_call(draft, voice, as_object(item, *place), place)
    draft.rest(message, path)
    draft.close_rest(voice)


def _read_content(draft: Draft, kind: PartKind, voice: Voice, content: Any, path: Path) -> None:
    if isinstance(content, str):
        draft.text(kind, voice, content, path)
    elif isinstance(content, list):
        for index, item in enumerate(content):
            _read_chunk(draft, kind, voice, as_object(item, *path, index), (*path, index))
    else:
        raise wrong_type(*path)


def _read_chunk(draft: Draft, kind: PartKind, voice: Voice, chunk: Members, path: Path) -> None:
    sort = chunk.get("type")
    if sort == "text":
        del chunk["type"]
        draft.text(kind, voice, take_string(chunk, "text", path), (*path, "text"))
        draft.rest(chunk, path)
    elif sort == "thinking":
        del chunk["type"]
        _read_content(draft, PartKind.REASONING, voice, chunk.pop("thinking", None), (*path, "thinking"))
        draft.rest(chunk, path)
    elif sort == "reference":
        draft.rest(chunk, path)
    elif isinstance(sort, str) and sort in _MEDIA:
        audio = chunk.get("input_audio")
        if isinstance(audio, str):  # base64 or a URL
            del chunk["input_audio"]
            draft.text(PartKind.AUDIO, voice, inspectable(audio, binary=True), (*path, "input_audio"))
        draft.media(_MEDIA[sort], voice, chunk, path)
    elif isinstance(sort, str):
        draft.flat(PartKind.OTHER, voice, chunk, path)
    else:
        raise wrong_type(*path, "type")


def _read_call(draft: Draft, voice: Voice, call: Members, path: Path) -> None:
    """Arguments are JSON in a string, or an object."""
    function, place = take_object(call, "function", path), (*path, "function")
    name = take_string(function, "name", place)
    arguments = function.pop("arguments", None)
    if not isinstance(arguments, dict | str):
        raise wrong_type(*place, "arguments")
    draft.tool_call(voice, name, (*place, "name"), arguments, (*place, "arguments"))
    draft.rest(function, place)
    draft.rest(call, path)
