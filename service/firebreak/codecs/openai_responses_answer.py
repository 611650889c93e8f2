"""Answers of the OpenAI Responses API, whole and streamed.

A stream says everything more than once: in pieces, as the finished text, as the finished item, and in the response as a
whole. Each of them is read, for an application may take any. What the response repeats of the request (`instructions`,
`tools`) was judged there and is not read again.
"""

from firebreak.codecs.answer import (
    Channel,
    Delta,
    Heard,
    document,
    is_opaque,
    take_ids,
    take_names,
    take_opaque,
    take_usage,
)
from firebreak.codecs.fields import Members, as_object, take_optional_list
from firebreak.codecs.flatten import Flat
from firebreak.codecs.frames.choice import json_or_events
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.log_probabilities import read_tokens
from firebreak.codecs.openai_chat_answer import DONE, openai_usage
from firebreak.codecs.refusals import openai_responses_cut
from firebreak.model.conversation import Origin, PartKind, Path
from firebreak.model.refusal import Refusal

_PLACES = ("output_index", "content_index", "summary_index", "command_index")
_NAMES = ("type", "sequence_number", "item_id", "annotation_index", *_PLACES)
_ECHOES: dict[str, tuple[type, ...]] = {
    "instructions": (str, list),
    "tools": (list,),
    "tool_choice": (str, dict),
    "text": (dict,),
    "reasoning": (dict,),
    "metadata": (dict,),
    "prompt": (dict,),
    "user": (str,),
    "safety_identifier": (str,),
    "prompt_cache_key": (str,),
    "previous_response_id": (str,),
    "conversation": (dict,),
}
"""Members of a response that repeat the request, and what they are there."""

_ITEM_NAMES = ("id", "type", "status", "role", "call_id", "phase", "approval_request_id", "container_id")
_OBJECT_NAMES = (
    "id",
    "object",
    "created_at",
    "completed_at",
    "status",
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
)
_CALL_MEMBERS = ("arguments", "input", "action", "actions", "operation", "code", "queries")
_RESULT_MEMBERS = ("output", "outputs", "results", "tools", "error")
_TERMINAL = ("response.completed", "response.incomplete", "response.failed", "error")
_OBJECTS = ("response.output_item.done", "response.content_part.done", "response.reasoning_summary_part.done")
"""Events that end no text of their own."""

_MEDIA = {"result": PartKind.IMAGE, "partial_image_b64": PartKind.IMAGE}
_LIKE_CALLS = (
    "function_call_arguments",
    "custom_tool_call_input",
    "mcp_call_arguments",
    "code_interpreter_call_code",
    "shell_call_command",
)


class OpenAIResponsesAnswer:
    """A text ends with its own `.done` event. It is known by its place in the output: servers that copy this API give
    an item another id in each event.
    """

    def __init__(self) -> None:
        self._names: dict[int, str] = {}

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return json_or_events(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        if frame.data.strip() == DONE:
            heard.last = True
            return heard
        body = document(frame)
        sort = body.get("type")
        if body.get("object") == "response":
            heard.last = True
            self._response(heard, body, ())
            return heard
        heard.last = sort in _TERMINAL
        place = body.get("output_index")
        place = place if isinstance(place, int) else -1
        if isinstance(sort, str) and sort not in _OBJECTS:
            self._piece(heard, body, sort, place)
        take_names(body, _NAMES)
        take_ids(body, ("obfuscation",))
        self._objects(heard, body, place, begins=sort == "response.output_item.added")
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_responses_cut(refusal)

    def _piece(self, heard: Heard, body: Members, sort: str, place: int) -> None:
        """`....delta` carries a piece of a text, `....done` ends it and repeats it."""
        stem, _, ending = sort.rpartition(".")
        key = f"{stem}{[body.get(name) for name in _PLACES]}"
        channel = self._channel(stem, key, place)
        if ending in ("delta", "added") and stem.endswith("shell_call_command"):
            _take_piece(heard, channel, body, ("command", "delta"), more=True)
        elif ending == "delta" and stem.endswith("audio") and is_opaque(body.get("delta")):
            heard.media(Channel(PartKind.AUDIO, key), {"delta": ""}, ())
            del body["delta"]
        elif ending == "delta":
            _take_piece(heard, channel, body, ("delta",), more=True)
            if isinstance(body.get("delta"), dict):
                heard.strange(key, body.pop("delta"), ("delta",), PartKind.TOOL_RESULT)
            read_tokens(heard, body, "logprobs", f"{key}.logprobs", ())
        elif ending == "done":
            self._done(heard, body, channel)

    def _done(self, heard: Heard, body: Members, channel: Channel) -> None:
        """A text may be taken up again under the same place; a call is judged with its end."""
        again = channel._replace(key=f"{channel.key}.whole")
        if channel.kind is PartKind.TOOL_CALL:
            _take_piece(heard, again, body, ("arguments", "input", "code", "command"), more=True)
            heard.closed += [channel.key, again.key]
        else:
            _take_piece(heard, again, body, ("text", "refusal", "transcript"), more=False)
            read_tokens(heard, body, "logprobs", f"{again.key}.logprobs", (), more=False)
            heard.paused += [channel.key, f"{channel.key}.logprobs", f"{channel.key}.logprobs.bytes"]

    def _channel(self, stem: str, key: str, place: int) -> Channel:
        if stem.endswith(_LIKE_CALLS):
            return Channel(PartKind.TOOL_CALL, key, self._names.get(place, ""), plain=not stem.endswith("arguments"))
        return Channel(PartKind.REASONING if "reasoning" in stem else PartKind.TEXT, key)

    def _objects(self, heard: Heard, body: Members, place: int, *, begins: bool) -> None:
        if isinstance(body.get("response"), dict):
            self._response(heard, body.pop("response"), ("response",))
        if isinstance(body.get("item"), dict):
            self._names[place] = _name(body["item"])
            _item(heard, body.pop("item"), ("item",), begins=begins)
        if isinstance(body.get("part"), dict):
            _content(heard, body.pop("part"), ("part",), PartKind.TEXT)
        _media(heard, body, ())

    def _response(self, heard: Heard, body: Members, path: Path) -> None:
        for member, types in _ECHOES.items():
            if isinstance(body.get(member), types):
                del body[member]
        take_names(body, _OBJECT_NAMES)
        heard.usage = openai_usage(take_usage(body, "usage"))
        for index, item in enumerate(take_optional_list(body, "output", path)):
            _item(heard, as_object(item, *path, "output", index), (*path, "output", index))
        heard.rest(body, path)


def _item(heard: Heard, item: Members, path: Path, *, begins: bool = False) -> None:
    """`begins`: what a tool is asked is still to come."""
    name = _name(item)
    kind = PartKind.REASONING if item.get("type") == "reasoning" else PartKind.TEXT
    take_names(item, _ITEM_NAMES)
    for member in ("content", "summary"):
        if isinstance(item.get(member), list):
            for index, part in enumerate(item.pop(member)):
                _content(heard, as_object(part, *path, member, index), (*path, member, index), kind)
    take_opaque(item, ("encrypted_content",))
    _media(heard, item, path)
    _call(heard, item, path, name, begins=begins)
    for member in _RESULT_MEMBERS:
        if item.get(member):
            result = Channel(PartKind.TOOL_RESULT, f"{path}.{member}", origin=Origin.TOOL)
            heard.flat(result, item.pop(member), (*path, member))
    heard.rest(item, path)


def _name(item: Members) -> str:
    """The tool's own name, or for a tool of the provider the kind of its call."""
    return next((item[member] for member in ("name", "type") if isinstance(item.get(member), str)), "")


def _call(heard: Heard, item: Members, path: Path, name: str, *, begins: bool) -> None:
    """What a tool is asked to do, whole; the name alone where it is asked nothing."""
    asked = [member for member in _CALL_MEMBERS if item.get(member)]
    if begins or not (asked or isinstance(item.get("name"), str)):
        return
    flat = Flat()
    if isinstance(item.get("name"), str):
        flat.piece(item.pop("name"), "\n", (*path, "name"))
    for member in asked:
        flat.value(item.pop(member), (*path, member))
    channel = Channel(PartKind.TOOL_CALL, f"{path}.call", name, plain="arguments" not in asked)
    heard.deltas.append(Delta(channel, flat.text, tuple(flat.segments)))


def _content(heard: Heard, part: Members, path: Path, kind: PartKind) -> None:
    read_tokens(heard, part, "logprobs", f"{path}.logprobs", path, more=False)
    take_names(part, ("type",))
    for member in ("text", "refusal", "transcript"):
        if isinstance(part.get(member), str):
            heard.text(Channel(kind, f"{path}.{member}"), part.pop(member), (*path, member))
    heard.rest(part, path)


def _take_piece(heard: Heard, channel: Channel, body: Members, members: tuple[str, ...], *, more: bool) -> None:
    for member in members:
        if isinstance(body.get(member), str):
            heard.text(channel, body.pop(member), (member,), more=more)


def _media(heard: Heard, members: Members, path: Path) -> None:
    for member, kind in _MEDIA.items():
        if is_opaque(members.get(member)):
            heard.media(Channel(kind, f"{path}.{member}"), {member: ""}, path)
            del members[member]
