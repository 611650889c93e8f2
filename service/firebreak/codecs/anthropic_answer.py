"""Answers of Anthropic messages, whole and streamed (API documentation, "Streaming messages")."""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, count, document, take_names, take_usage
from firebreak.codecs.fields import Members, as_object, take_optional_list
from firebreak.codecs.flatten import inspectable
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.refusals import anthropic_cut
from firebreak.model.conversation import Origin, PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

_MESSAGE_NAMES = ("id", "type", "role", "model", "stop_reason", "stop_sequence")
_TEXTS = {"text": PartKind.TEXT, "thinking": PartKind.REASONING, "partial_json": PartKind.TOOL_CALL}
"""Member of a delta that is text, and what it is text of."""

_CALLS = frozenset({"tool_use", "server_tool_use", "mcp_tool_use"})
_OPAQUE = ("signature", "data", "encrypted_content", "encrypted_index")
"""Members that carry base64 that only the provider can read."""


class AnthropicAnswer:
    """A block's texts end with its `content_block_stop`."""

    def __init__(self) -> None:
        self._open: dict[Any, Channel] = {}
        self._usage = Usage()

    def framer(self, content_type: str, limit: int) -> Framer | None:
        if content_type == "text/event-stream":
            return Sse(limit)
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        body = document(frame)
        sort = body.get("type")
        heard.last = sort in {"message_stop", "message", "error"}
        if isinstance(body.get("message"), dict):
            self._message(heard, body.pop("message"), ("message",))
        elif sort == "message":
            self._message(heard, body, ())
        elif isinstance(body.get("content_block"), dict):
            self._block(heard, body.pop("content_block"), ("content_block",), body.get("index"))
        elif isinstance(body.get("delta"), dict):
            self._delta(heard, body.pop("delta"), ("delta",), body.get("index"))
        elif sort == "content_block_stop":
            self._stop(heard, body.get("index"))
        self._count(heard, take_usage(body, "usage"))
        take_names(body, ("type", "index"))
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return anthropic_cut(refusal)

    def _message(self, heard: Heard, message: Members, path: Path) -> None:
        take_names(message, _MESSAGE_NAMES)
        self._count(heard, take_usage(message, "usage"))
        for index, item in enumerate(take_optional_list(message, "content", path)):
            self._block(heard, as_object(item, *path, "content", index), (*path, "content", index), None)
        if path:
            heard.rest(message, path)

    def _block(self, heard: Heard, block: Members, path: Path, index: Any) -> None:
        """A block as a whole, or as a stream begins it: `index` is its number there."""
        sort = block.get("type")
        take_names(block, ("type", "id", "tool_use_id", "server_name", "caller"))
        _take_opaque(block)
        if sort in _CALLS:
            self._call(heard, block, path, index)
        for member in ("text", "thinking"):
            if isinstance(block.get(member), str):
                channel = self._channel(_TEXTS[member], index, path)
                heard.text(channel, block.pop(member), (*path, member), more=index is not None)
        if isinstance(sort, str) and sort.endswith("_result"):
            origin = Origin.RETRIEVAL if sort.startswith(("web_search", "web_fetch")) else Origin.TOOL
            heard.flat(Channel(PartKind.TOOL_RESULT, f"{path}", origin=origin), _without_opaque(block), path)
            return
        heard.rest({key: value for key, value in block.items() if value is not None and value != []}, path)

    def _call(self, heard: Heard, block: Members, path: Path, index: Any) -> None:
        name = block.pop("name", None)
        channel = self._channel(PartKind.TOOL_CALL, index, path, name if isinstance(name, str) else "")
        if isinstance(name, str):
            heard.text(channel, f"{name}\n", (*path, "name"), more=True)
        asked = block.pop("input", None)
        if asked:
            heard.flat(channel, asked, (*path, "input"), more=index is not None)
        if index is None:
            heard.closed.append(channel.key)

    def _delta(self, heard: Heard, delta: Members, path: Path, index: Any) -> None:
        take_names(delta, ("type", "stop_reason", "stop_sequence"))
        _take_opaque(delta)
        for member, kind in _TEXTS.items():
            if isinstance(delta.get(member), str):
                heard.text(self._channel(kind, index, path), delta.pop(member), (*path, member), more=True)
        heard.rest({key: value for key, value in delta.items() if value is not None}, path)

    def _channel(self, kind: PartKind, index: Any, path: Path, name: str = "") -> Channel:
        if index is None:
            return Channel(kind, f"{path}.{kind}", name)
        known = self._open.get(index)
        if known is None or known.kind is not kind:
            known = self._open[index] = Channel(kind, f"{index}.{kind}", name)
        return known

    def _stop(self, heard: Heard, index: Any) -> None:
        channel = self._open.pop(index, None)
        if channel is not None:
            heard.closed.append(channel.key)

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


def _take_opaque(members: Members) -> None:
    for member in _OPAQUE:
        value = members.get(member)
        if isinstance(value, str) and not inspectable(value, binary=True):
            del members[member]


def _without_opaque(value: Any) -> Any:
    if isinstance(value, dict):
        _take_opaque(value)
        return {key: _without_opaque(inner) for key, inner in value.items()}
    return [_without_opaque(inner) for inner in value] if isinstance(value, list) else value
