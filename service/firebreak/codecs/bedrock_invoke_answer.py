"""Answers of InvokeModel: each vendor's own documents, streamed in base64 within AWS event stream messages.

A document's members say whose it is. Each reader reads every string of whatever it is given, so a document of a kind
that is not known is read as well; only what its pieces would say together is not.
"""

from typing import Any, Protocol

from firebreak.codecs.answer import Channel, Heard, count, document, take_names
from firebreak.codecs.anthropic_answer import AnthropicAnswer
from firebreak.codecs.bedrock_converse_answer import EVENTS, ConverseAnswer
from firebreak.codecs.bedrock_refusals import bedrock_cut
from firebreak.codecs.fields import Members
from firebreak.codecs.frames.aws_chunks import chunks
from firebreak.codecs.frames.aws_event_stream import CONTENT_TYPE
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.model.conversation import PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

_TEXTS = ("generation", "outputText", "completion", "text")
"""Members that carry a prompt's continuation: Llama's, Titan's, Claude's of old, Mistral's."""

_LISTS = ("outputs", "results", "choices")
_REASONS = ("stop_reason", "completionReason", "stop", "finish_reason")
_COUNTS = (
    "index",
    "tokenCount",
    "inputTextTokenCount",
    "totalOutputTextTokenCount",
    "prompt_token_count",
    "generation_token_count",
)

_LARGEST = 10**6


class _Reader(Protocol):
    def read(self, frame: Frame) -> Heard: ...


class InvokeAnswer:
    """Keeps one reader of each kind that has come up."""

    def __init__(self) -> None:
        self._readers: dict[type, _Reader] = {}

    def framer(self, content_type: str, limit: int) -> Framer | None:
        if content_type == CONTENT_TYPE:
            return chunks(limit)
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        kind = _kind(document(frame))
        reader = self._readers.get(kind)
        if reader is None:
            reader = self._readers[kind] = kind()
        return reader.read(frame)

    def cut(self, refusal: Refusal) -> bytes:
        return bedrock_cut(refusal)


class _Continuation:
    """Continuations of a prompt, and messages that come piece by piece without being called deltas (Mistral)."""

    def __init__(self) -> None:
        self._made = 0

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        body = document(frame)
        for member in _LISTS:
            items: Any = body.get(member)
            for place, item in enumerate(items if isinstance(items, list) else ()):
                if isinstance(item, dict):
                    self._piece(heard, item, (member, place))
            if isinstance(items, list) and not any(items):
                del body[member]
        self._piece(heard, body, ())
        return heard

    def _piece(self, heard: Heard, members: Members, path: Path) -> None:
        index = members.get("index")
        stem = f"{path[:1]}{index if isinstance(index, int) else path[1:]}"
        heard.last = heard.last or any(members.get(member) for member in _REASONS)
        heard.usage = _usage(members) or heard.usage
        take_names(members, (*_COUNTS, *_REASONS))
        for member in _TEXTS:
            if isinstance(members.get(member), str):
                said = Channel(PartKind.TEXT, f"{stem}.{member}")
                heard.text(said, members.pop(member), (*path, member), more=True)
        if isinstance(members.get("message"), dict):
            self._message(heard, members.pop("message"), stem, (*path, "message"))
        heard.strange(stem, members, path)
        members.clear()

    def _message(self, heard: Heard, message: Members, stem: str, path: Path) -> None:
        take_names(message, ("role",))
        if isinstance(message.get("content"), str):
            said = Channel(PartKind.TEXT, f"{stem}.content")
            heard.text(said, message.pop("content"), (*path, "content"), more=True)
        self._calls(heard, message, f"{stem}.calls", path)
        heard.strange(f"{stem}.message", message, path)

    def _calls(self, heard: Heard, message: Members, stem: str, path: Path) -> None:
        """Mistral's calls come whole, in one piece."""
        calls: Any = message.get("tool_calls")
        if not isinstance(calls, list):
            return
        for place, call in enumerate(calls):
            function = call.get("function") if isinstance(call, dict) else None
            if not isinstance(function, dict) or not isinstance(function.get("name"), str):
                continue
            where = (*path, "tool_calls", place, "function")
            self._made += 1
            asked = function.pop("arguments", None)
            plain = not isinstance(asked, str)
            channel = Channel(PartKind.TOOL_CALL, f"{stem}.{self._made}", function["name"], plain=plain)
            heard.text(channel, f"{function.pop('name')}\n", (*where, "name"), more=True)
            if isinstance(asked, str):
                heard.text(channel, asked, (*where, "arguments"), more=True)
            elif asked is not None:
                heard.flat(channel, asked, (*where, "arguments"), more=True)
            heard.closed.append(channel.key)
            take_names(call, ("id", "type"))


def _kind(body: Members) -> type[Any]:
    if "embedding" in body or "embeddingsByType" in body:
        return _Vectors
    if "output" in body or any(event in body for event in EVENTS):
        return ConverseAnswer
    choices = body.get("choices")
    if isinstance(choices, list) and ("object" in body or any(_is_delta(choice) for choice in choices)):
        return OpenAIChatAnswer
    sort = body.get("type")
    if isinstance(sort, str) and sort != "completion" and not any(member in body for member in _TEXTS):
        return AnthropicAnswer
    return _Continuation


class _Vectors:
    """Titan's embeddings: a vector, or one of each type. What is none is text."""

    def read(self, frame: Frame) -> Heard:
        heard = Heard(last=True)
        body = document(frame)
        heard.usage = _usage(body)
        take_names(body, _COUNTS)
        found = body.get("embeddingsByType")
        for members in (body, found if isinstance(found, dict) else {}):
            for key in [key for key, value in members.items() if _is_vector(value)]:
                del members[key]
        heard.rest(body, ())
        return heard


def _is_vector(value: Any) -> bool:
    """Numbers that are neither dates nor telephone numbers."""
    numbers = isinstance(value, list) and bool(value) and set(map(type, value)) <= {int, float}
    return numbers and max(map(abs, value)) < _LARGEST


def _is_delta(choice: Any) -> bool:
    return isinstance(choice, dict) and "delta" in choice


def _usage(members: Members) -> Usage | None:
    said = count(members, "prompt_token_count") or count(members, "inputTextTokenCount")
    made = count(members, "generation_token_count") or count(members, "totalOutputTextTokenCount")
    return Usage(input=said, output=made) if said or made else None
