"""Answers of the OpenAI Responses API, whole and streamed.

A stream says everything more than once: in pieces, as the finished text, as the finished item, and in the response as a
whole. Each of them is read, for an application may take any. What the response repeats of the request (`instructions`,
`tools`) was judged there and is not read again.
"""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, document, take_names, take_usage
from firebreak.codecs.fields import Members, as_object, take_optional_list
from firebreak.codecs.flatten import inspectable
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.log_probabilities import read_tokens
from firebreak.codecs.openai_chat_answer import openai_usage
from firebreak.codecs.refusals import openai_responses_cut
from firebreak.model.conversation import Origin, PartKind, Path
from firebreak.model.refusal import Refusal

_NAMES = ("type", "sequence_number", "item_id", "output_index", "content_index", "summary_index", "annotation_index")
_ECHOES = frozenset(
    {
        "instructions",
        "tools",
        "tool_choice",
        "text",
        "reasoning",
        "metadata",
        "prompt",
        "user",
        "safety_identifier",
        "prompt_cache_key",
        "previous_response_id",
        "conversation",
        "input",
    }
)
_ITEM_NAMES = (
    "id",
    "type",
    "status",
    "role",
    "call_id",
    "phase",
    "approval_request_id",
    "server_label",
    "container_id",
)
_OBJECT_NAMES = (
    "id",
    "object",
    "created_at",
    "completed_at",
    "status",
    "model",
    "background",
    "max_output_tokens",
    "max_tool_calls",
    "parallel_tool_calls",
    "service_tier",
    "store",
    "temperature",
    "top_logprobs",
    "top_p",
    "truncation",
    "frequency_penalty",
    "presence_penalty",
    "prompt_cache_retention",
)
_CALL_MEMBERS = ("arguments", "input", "action", "operation")
_RESULT_MEMBERS = ("output", "outputs", "results", "tools", "error")
_TERMINAL = frozenset({"response.completed", "response.incomplete", "response.failed", "error"})
_MEDIA = {"result": PartKind.IMAGE, "partial_image_b64": PartKind.IMAGE}
_LIKE_CALLS = ("function_call_arguments", "custom_tool_call_input", "mcp_call_arguments", "code_interpreter_call_code")


class OpenAIResponsesAnswer:
    """A text ends with its own `.done` event."""

    def __init__(self) -> None:
        self._names: dict[Any, str] = {}

    def framer(self, content_type: str, limit: int) -> Framer | None:
        if content_type == "text/event-stream":
            return Sse(limit)
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        if frame.data == b"[DONE]":
            heard.last = True
            return heard
        body = document(frame)
        sort = body.get("type")
        if body.get("object") == "response":
            heard.last = True
            self._response(heard, body, ())
            return heard
        heard.last = sort in _TERMINAL
        if isinstance(sort, str):
            self._piece(heard, body, sort)
        take_names(body, (*_NAMES, "obfuscation"))
        self._objects(heard, body)
        heard.rest({key: value for key, value in body.items() if value is not None and value != []}, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_responses_cut(refusal)

    def _piece(self, heard: Heard, body: Members, sort: str) -> None:
        """`....delta` carries a piece of a text, `....done` ends it and repeats it."""
        stem, _, ending = sort.rpartition(".")
        places = [body.get(name) for name in ("item_id", "output_index", "content_index", "summary_index")]
        key = f"{stem}{places}"
        if ending == "delta" and isinstance(body.get("delta"), str):
            heard.text(self._channel(stem, key, body), body.pop("delta"), ("delta",), more=True)
        elif ending == "done":
            heard.closed.append(key)
            for member in ("arguments", "input", "code"):
                if isinstance(body.get(member), str):
                    heard.text(self._channel(stem, f"{key}.whole", body), body.pop(member), (member,), more=True)
                    heard.closed.append(f"{key}.whole")
            take_names(body, ("name",))
        read_tokens(heard, body, "logprobs", f"{key}.logprobs", ())

    def _channel(self, stem: str, key: str, body: Members) -> Channel:
        if stem.endswith(_LIKE_CALLS):
            return Channel(PartKind.TOOL_CALL, key, self._names.get(body.get("item_id"), ""))
        return Channel(PartKind.REASONING if "reasoning" in stem else PartKind.TEXT, key)

    def _objects(self, heard: Heard, body: Members) -> None:
        if isinstance(body.get("response"), dict):
            self._response(heard, body.pop("response"), ("response",))
        if isinstance(body.get("item"), dict):
            self._item(heard, body.pop("item"), ("item",))
        if isinstance(body.get("part"), dict):
            self._content(heard, body.pop("part"), ("part",), PartKind.TEXT)
        _media(heard, body, ())

    def _response(self, heard: Heard, body: Members, path: Path) -> None:
        for member in _ECHOES:
            body.pop(member, None)
        take_names(body, _OBJECT_NAMES)
        heard.usage = openai_usage(take_usage(body, "usage"))
        for index, item in enumerate(take_optional_list(body, "output", path)):
            self._item(heard, as_object(item, *path, "output", index), (*path, "output", index))
        heard.rest({key: value for key, value in body.items() if value is not None}, path)

    def _item(self, heard: Heard, item: Members, path: Path) -> None:
        name, identity = item.get("name"), item.get("id")
        if isinstance(name, str) and isinstance(identity, str):
            self._names[identity] = name
        sort = item.get("type")
        kind = PartKind.REASONING if sort == "reasoning" else PartKind.TEXT
        take_names(item, _ITEM_NAMES)
        for member in ("content", "summary"):
            for index, part in enumerate(take_optional_list(item, member, path)):
                self._content(heard, as_object(part, *path, member, index), (*path, member, index), kind)
        if isinstance(item.get("encrypted_content"), str) and not inspectable(item["encrypted_content"], binary=True):
            del item["encrypted_content"]
        _media(heard, item, path)
        _call(heard, item, path, name if isinstance(name, str) else str(sort))
        for member in _RESULT_MEMBERS:
            if item.get(member):
                heard.flat(
                    Channel(PartKind.TOOL_RESULT, f"{path}", origin=Origin.TOOL), item.pop(member), (*path, member)
                )
        heard.rest({key: value for key, value in item.items() if value is not None and value != []}, path)

    def _content(self, heard: Heard, part: Members, path: Path, kind: PartKind) -> None:
        read_tokens(heard, part, "logprobs", f"{path}.logprobs", path)
        take_names(part, ("type",))
        for member in ("text", "refusal", "transcript"):
            if isinstance(part.get(member), str):
                heard.text(Channel(kind, f"{path}.{member}"), part.pop(member), (*path, member))
        heard.rest({key: value for key, value in part.items() if value is not None and value != []}, path)


def _call(heard: Heard, item: Members, path: Path, name: str) -> None:
    """What a tool is asked to do, whole."""
    asked = [member for member in _CALL_MEMBERS if item.get(member)]
    if not asked:
        return
    channel = Channel(PartKind.TOOL_CALL, f"{path}.call", name)
    if isinstance(item.get("name"), str):
        heard.text(channel, f"{item.pop('name')}\n", (*path, "name"), more=True)
    for member in asked:
        value = item.pop(member)
        if isinstance(value, str):
            heard.text(channel, value, (*path, member), more=True)
        else:
            heard.flat(channel, value, (*path, member), more=True)
    heard.closed.append(channel.key)


def _media(heard: Heard, members: Members, path: Path) -> None:
    for member, kind in _MEDIA.items():
        if isinstance(members.get(member), str):
            heard.media(Channel(kind, f"{path}.{member}"), {member: members.pop(member)}, path)
