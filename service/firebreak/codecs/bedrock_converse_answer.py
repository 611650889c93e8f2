"""Answers of Bedrock's Converse, whole and streamed (API reference, "Converse", "ConverseStreamOutput").

Amazon's own models say the same in InvokeModel, where a streamed event is an object with one member, its name.
"""

from firebreak.codecs.answer import Channel, Heard, count, document, take_ids, take_names, take_opaque
from firebreak.codecs.bedrock_refusals import bedrock_cut
from firebreak.codecs.fields import Members, as_object, take_optional_list, wrong_value
from firebreak.codecs.frames.aws_chunks import is_padding
from firebreak.codecs.frames.aws_event_stream import CONTENT_TYPE, AwsEventStream
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.whole import Whole
from firebreak.model.conversation import Origin, PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

EVENTS = ("messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata")
_OPAQUE = ("redactedContent", "signature")
_NAMES = ("stopReason", "contentBlockIndex", "inputTokens")
_METRICS = ("latencyMs",)
_COUNTS = (
    "inputTokens",
    "outputTokens",
    "totalTokens",
    "cacheReadInputTokens",
    "cacheWriteInputTokens",
    "cacheReadInputTokenCount",
    "cacheWriteInputTokenCount",
)


class ConverseAnswer:
    """A block's texts end with its `contentBlockStop`. A block that goes on after it is refused."""

    def __init__(self) -> None:
        self._open: dict[int, dict[PartKind, Channel]] = {}
        self._stopped: set[int] = set()

    def framer(self, content_type: str, limit: int) -> Framer | None:
        if content_type == CONTENT_TYPE:
            return AwsEventStream(limit)
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        body = document(frame)
        stop = frame.event == "contentBlockStop"
        for event in EVENTS:
            if isinstance(body.get(event), dict):
                self._event(heard, body.pop(event), (event,), stop=event == "contentBlockStop")
        self._event(heard, body, (), stop=stop)
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return bedrock_cut(refusal)

    def _event(self, heard: Heard, members: Members, path: Path, *, stop: bool) -> None:
        index = members.get("contentBlockIndex")
        number = index if isinstance(index, int) and not isinstance(index, bool) else -1
        heard.last = heard.last or "stopReason" in members
        output = members.get("output")
        if isinstance(output, dict) and isinstance(output.get("message"), dict):
            self._message(heard, output.pop("message"), (*path, "output", "message"))
        if isinstance(members.get("start"), dict):
            self._start(heard, members.pop("start"), number, (*path, "start"))
        if isinstance(members.get("delta"), dict):
            self._delta(heard, members.pop("delta"), number, (*path, "delta"))
        if stop:
            self._stopped.add(number)
            heard.closed += [channel.key for channel in self._open.pop(number, {}).values()]
        if isinstance(members.get("usage"), dict):
            heard.usage = _usage(members["usage"])
        if isinstance(members.get("metrics"), dict):
            take_names(members["metrics"], _METRICS)
        take_names(members, ("role", *_NAMES))
        heard.rest({key: value for key, value in members.items() if not is_padding(key, value)}, path)

    def _message(self, heard: Heard, message: Members, path: Path) -> None:
        take_names(message, ("role",))
        for index, item in enumerate(take_optional_list(message, "content", path)):
            block = as_object(item, *path, "content", index)
            self._block(heard, block, (*path, "content", index))
        heard.rest(message, path)

    def _block(self, heard: Heard, block: Members, path: Path) -> None:
        """One block of an answer that is whole."""
        if isinstance(block.get("text"), str):
            heard.text(Channel(PartKind.TEXT, f"{path}"), block.pop("text"), (*path, "text"))
        call = block.get("toolUse")
        if isinstance(call, dict):
            self._call(heard, block.pop("toolUse"), (*path, "toolUse"))
        if isinstance(block.get("reasoningContent"), dict):
            _reasoning(heard, block.pop("reasoningContent"), (*path, "reasoningContent"))
        _media(heard, block, path)
        _given_back(heard, block, path)
        heard.rest(block, path)

    def _call(self, heard: Heard, call: Members, path: Path) -> None:
        take_ids(call, ("toolUseId",))
        name = call.get("name")
        channel = Channel(PartKind.TOOL_CALL, f"{path}", name if isinstance(name, str) else "", plain=True)
        if isinstance(name, str):
            heard.text(channel, f"{call.pop('name')}\n", (*path, "name"), more=True)
        if call.get("input"):
            heard.flat(channel, call.pop("input"), (*path, "input"), more=True)
        heard.closed.append(channel.key)
        heard.rest(call, path)

    def _start(self, heard: Heard, start: Members, number: int, path: Path) -> None:
        self._stopped.discard(number)
        call = start.get("toolUse")
        if isinstance(call, dict):
            place = (*path, "toolUse")
            take_ids(call, ("toolUseId",))
            take_names(call, ("type",))
            name = call.get("name")
            channel = self._channel(PartKind.TOOL_CALL, number, name if isinstance(name, str) else "")
            if isinstance(name, str):
                if channel.name != name:  # who joins the pieces would call another tool than was judged
                    raise wrong_value(*place, "name")
                heard.text(channel, f"{call.pop('name')}\n", (*place, "name"), more=True)
            if not call:
                del start["toolUse"]
        heard.rest(start, path)

    def _delta(self, heard: Heard, delta: Members, number: int, path: Path) -> None:
        if isinstance(delta.get("text"), str):
            self._piece(heard, PartKind.TEXT, number, delta, "text", path)
        for member, text, kind in (
            ("toolUse", "input", PartKind.TOOL_CALL),
            ("reasoningContent", "text", PartKind.REASONING),
        ):
            inner = delta.get(member)
            if isinstance(inner, dict):
                take_opaque(inner, _OPAQUE)
                if isinstance(inner.get(text), str):
                    self._piece(heard, kind, number, inner, text, (*path, member))
                if not inner:
                    del delta[member]
        _media(heard, delta, path)
        heard.strange(f"{number}", delta, path)

    def _piece(self, heard: Heard, kind: PartKind, number: int, members: Members, member: str, path: Path) -> None:
        if members[member] and number in self._stopped:  # it was judged without this
            raise wrong_value(*path, member)
        heard.text(self._channel(kind, number), members.pop(member), (*path, member), more=True)

    def _channel(self, kind: PartKind, number: int, name: str = "") -> Channel:
        return self._open.setdefault(number, {}).setdefault(kind, Channel(kind, f"{number}.{kind}", name))


def _reasoning(heard: Heard, content: Members, path: Path) -> None:
    take_opaque(content, _OPAQUE)
    said = content.get("reasoningText")
    if isinstance(said, dict):
        place = (*path, "reasoningText")
        take_opaque(said, _OPAQUE)
        if isinstance(said.get("text"), str):
            heard.text(Channel(PartKind.REASONING, f"{place}"), said.pop("text"), (*place, "text"))
    heard.rest(content, path)


def _media(heard: Heard, members: Members, path: Path) -> None:
    for member, kind in (("image", PartKind.IMAGE), ("audio", PartKind.AUDIO), ("video", PartKind.FILE)):
        if isinstance(members.get(member), dict):
            heard.media(Channel(kind, f"{path}.{member}"), members.pop(member), (*path, member))


def _given_back(heard: Heard, block: Members, path: Path) -> None:
    """Sources, and what a tool that Bedrock ran gave back."""
    for member, kind, origin in (
        ("toolResult", PartKind.TOOL_RESULT, Origin.TOOL),
        ("citationsContent", PartKind.TEXT, Origin.RETRIEVAL),
    ):
        if block.get(member):
            heard.flat(Channel(kind, f"{path}.{member}", origin=origin), block.pop(member), (*path, member))


def _usage(usage: Members) -> Usage:
    """Tokens read from the cache or written to it are not among the input's."""
    cached = count(usage, "cacheReadInputTokens") or count(usage, "cacheReadInputTokenCount")
    written = count(usage, "cacheWriteInputTokens") or count(usage, "cacheWriteInputTokenCount")
    found = Usage(
        input=count(usage, "inputTokens") + cached + written, output=count(usage, "outputTokens"), cached=cached
    )
    take_names(usage, _COUNTS)
    return found
