"""Answers of Anthropic messages, whole and streamed (API documentation, "Streaming messages")."""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, count, document, is_opaque, take_names, take_opaque, take_usage
from firebreak.codecs.fields import Members, as_object, take_optional_list, wrong_value
from firebreak.codecs.frames.choice import json_or_events
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.refusals import anthropic_cut
from firebreak.model.conversation import Origin, PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

_MESSAGE_NAMES = ("id", "type", "role", "stop_reason")
_TEXTS = {"text": PartKind.TEXT, "thinking": PartKind.REASONING, "partial_json": PartKind.TOOL_CALL}
"""Member of a delta that is text, and what it is text of."""

_CALLS = ("tool_use", "server_tool_use", "mcp_tool_use")
_OPAQUE = ("signature", "encrypted_content", "encrypted_index", "encrypted_stdout")
"""Members that carry base64 that only the provider can read."""


class AnthropicAnswer:
    """A block's texts end with its `content_block_stop`. A block that goes on after it is refused."""

    def __init__(self) -> None:
        self._open: dict[int, dict[PartKind, Channel]] = {}
        self._stopped: set[int] = set()
        self._begun = 0
        self._usage = Usage()

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return json_or_events(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        body = document(frame)
        sort = body.get("type")
        heard.last = sort in ("message_stop", "message", "error")
        number = body.get("index")
        number = number if isinstance(number, int) and not isinstance(number, bool) else -1
        if sort == "message":
            self._message(heard, body, ())
        if isinstance(body.get("message"), dict):
            self._message(heard, body.pop("message"), ("message",))
        if isinstance(body.get("content_block"), dict):
            self._begin(heard, number)
            self._block(heard, body.pop("content_block"), ("content_block",), number)
        if isinstance(body.get("delta"), dict):
            self._delta(heard, body.pop("delta"), number)
        if sort == "content_block_stop":
            self._stopped.add(number)
            heard.closed += [channel.key for channel in self._open.pop(number, {}).values()]
        self._count(heard, take_usage(body, "usage"))
        take_names(body, ("type", "index"))
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return anthropic_cut(refusal)

    def _message(self, heard: Heard, message: Members, path: Path) -> None:
        """At a stream's beginning its blocks, if there are any, are those that the deltas continue."""
        take_names(message, _MESSAGE_NAMES)
        self._count(heard, take_usage(message, "usage"))
        for index, item in enumerate(take_optional_list(message, "content", path)):
            place = (*path, "content", index)
            self._block(heard, as_object(item, *place), place, index if path else None)
        if path:
            heard.rest(message, path)

    def _begin(self, heard: Heard, number: int) -> None:
        """Another block under a number that one has already is another text."""
        self._stopped.discard(number)
        self._begun += 1
        heard.closed += [channel.key for channel in self._open.pop(number, {}).values()]

    def _block(self, heard: Heard, block: Members, path: Path, number: int | None) -> None:
        """A block as a whole, or as a stream begins it: `number` is its number there."""
        sort = block.get("type")
        take_names(block, ("type", "id", "tool_use_id"))
        take_opaque(block, _OPAQUE)
        if sort == "redacted_thinking":
            take_opaque(block, ("data",))
        if sort in _CALLS:
            self._call(heard, block, path, number)
        for member in ("text", "thinking"):
            if isinstance(block.get(member), str):
                channel = self._channel(_TEXTS[member], number, path)
                heard.text(channel, block.pop(member), (*path, member), more=number is not None)
        if isinstance(sort, str) and sort.endswith("_result"):
            origin = Origin.RETRIEVAL if sort.startswith(("web_search", "web_fetch")) else Origin.TOOL
            heard.flat(Channel(PartKind.TOOL_RESULT, f"{path}", origin=origin), _without_opaque(block), path)
            return
        heard.rest(_without_opaque(block), path)

    def _call(self, heard: Heard, block: Members, path: Path, number: int | None) -> None:
        name = block.get("name")
        channel = self._channel(PartKind.TOOL_CALL, number, path, name if isinstance(name, str) else "")
        if isinstance(name, str):
            heard.text(channel, f"{block.pop('name')}\n", (*path, "name"), more=True)
        asked = block.pop("input", None)
        if asked:
            heard.flat(channel, asked, (*path, "input"), more=True)
        if number is None:
            heard.closed.append(channel.key)

    def _delta(self, heard: Heard, delta: Members, number: int) -> None:
        path: Path = ("delta",)
        take_names(delta, ("type", "stop_reason"))
        take_opaque(delta, _OPAQUE)
        for member, kind in _TEXTS.items():
            if delta.get(member) and isinstance(delta[member], str):
                if number in self._stopped:  # it was judged without this
                    raise wrong_value("delta", member)
                heard.text(self._channel(kind, number, path), delta.pop(member), (*path, member), more=True)
        whole = {member: delta.pop(member) for member in ("citation", "stop_sequence") if member in delta}
        heard.rest(_without_opaque(whole), path)
        heard.strange(f"{number}", delta, path)

    def _channel(self, kind: PartKind, number: int | None, path: Path, name: str = "") -> Channel:
        if number is None:
            return Channel(kind, f"{path}.{kind}", name, plain=True)
        new = Channel(kind, f"{number}.{kind}.{self._begun}", name)
        return self._open.setdefault(number, {}).setdefault(kind, new)

    def _count(self, heard: Heard, usage: Members | None) -> None:
        """A stream tells of its input at the start and of its output at the end."""
        if not usage:
            return
        cached = count(usage, "cache_read_input_tokens")
        read = count(usage, "input_tokens") + cached + count(usage, "cache_creation_input_tokens")
        known = self._usage
        self._usage = heard.usage = Usage(
            input=read or known.input,
            output=count(usage, "output_tokens") or known.output,
            cached=cached or known.cached,
        )


def _without_opaque(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_opaque(inner) for key, inner in value.items() if not (key in _OPAQUE and is_opaque(inner))
        }
    return [_without_opaque(inner) for inner in value] if isinstance(value, list) else value
