"""Answers of OpenAI chat completions, whole and streamed, with what compatible servers add to them."""

from dataclasses import dataclass
from typing import Any

from firebreak.codecs.answer import Channel, Heard, count, document, take_ids, take_names, take_usage
from firebreak.codecs.fields import Members, as_object, take_optional_list, wrong_value
from firebreak.codecs.frames.choice import json_or_events
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.log_probabilities import read_tokens
from firebreak.codecs.refusals import openai_cut
from firebreak.model.conversation import PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

DONE = b"[DONE]"
_NAMES = ("id", "object", "created", "service_tier")
_RANDOM = ("system_fingerprint", "obfuscation")
_TEXTS = {
    "content": PartKind.TEXT,
    "refusal": PartKind.TEXT,
    "reasoning": PartKind.REASONING,
    "reasoning_content": PartKind.REASONING,
}
_WHOLE = ("annotations",)
"""Members of a streamed message that come in one piece."""


@dataclass(slots=True)
class _Call:
    """A tool call that is being streamed. `said`: some of its arguments have come."""

    key: str
    identity: Any
    name: str = ""
    plain: bool = False
    said: bool = False
    closed: bool = False

    @property
    def channel(self) -> Channel:
        return Channel(PartKind.TOOL_CALL, self.key, self.name, plain=self.plain)


class OpenAIChatAnswer:
    """A tool call ends when the next one begins, or with the choice's `finish_reason`.

    A text has no end of its own: it pauses when another text of the choice goes on, and may be taken up again.
    """

    def __init__(self) -> None:
        self._texts: dict[int, set[str]] = {}
        self._calls: dict[int, dict[Any, _Call]] = {}

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return json_or_events(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        if frame.data.strip() == DONE:
            heard.last = True
            return heard
        body = document(frame)
        take_names(body, _NAMES)
        take_ids(body, _RANDOM)
        heard.usage = openai_usage(take_usage(body, "usage"))
        for place, item in enumerate(take_optional_list(body, "choices", ())):
            self._choice(heard, as_object(item, "choices", place), ("choices", place))
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_cut(refusal)

    def _choice(self, heard: Heard, choice: Members, path: Path) -> None:
        index = _number(choice.get("index"))
        before = len(heard.deltas)
        ended = bool(choice.get("finish_reason")) or "message" in choice
        take_names(choice, ("index", "finish_reason", "stop_reason"))
        if isinstance(choice.get("logprobs"), dict):
            self._log_probabilities(heard, choice.pop("logprobs"), f"{index}.logprobs", (*path, "logprobs"))
        if isinstance(choice.get("text"), str):  # the completions API
            channel = Channel(PartKind.TEXT, f"{index}.text")
            heard.text(channel, choice.pop("text"), (*path, "text"), more=True)
        for member, streamed in (("delta", True), ("message", False)):
            if isinstance(choice.get(member), dict):
                self._message(heard, choice.pop(member), index, (*path, member), streamed=streamed)
        heard.rest(choice, path)
        self._pause(heard, index, before, ended=ended)
        if ended:
            self._close(heard, index)

    def _pause(self, heard: Heard, index: int, before: int, *, ended: bool) -> None:
        """The choice's texts that were not continued, where another was, need not wait for more."""
        spoken = {delta.channel for delta in heard.deltas[before:] if delta.open}
        speaks = any(not channel.copied and channel.kind is not PartKind.METADATA for channel in spoken)
        going = {channel.key for channel in spoken if channel.kind is not PartKind.TOOL_CALL}
        known = self._texts.setdefault(index, set())
        known |= going
        if ended or speaks:
            heard.paused += sorted(known if ended else known - going)

    def _close(self, heard: Heard, index: int, *, but: _Call | None = None) -> None:
        for call in self._calls.get(index, {}).values():
            if call is not but and not call.closed:
                call.closed = True
                heard.closed.append(call.key)

    def _log_probabilities(self, heard: Heard, found: Members, stem: str, path: Path) -> None:
        for member in ("content", "refusal", "tokens"):
            read_tokens(heard, found, member, f"{stem}.{member}", path)
        heard.rest(found, path)

    def _message(self, heard: Heard, message: Members, index: int, path: Path, *, streamed: bool) -> None:
        take_names(message, ("role",))
        for member, kind in _TEXTS.items():
            if isinstance(message.get(member), str):
                channel = Channel(kind, f"{index}.{member}")
                heard.text(channel, message.pop(member), (*path, member), more=streamed)
        for place, item in enumerate(take_optional_list(message, "tool_calls", path)):
            call = as_object(item, *path, "tool_calls", place)
            number = call.get("index") if streamed else place
            self._call(heard, call, index, _number(number), (*path, "tool_calls", place))
        if isinstance(message.get("function_call"), dict):
            function = message.pop("function_call")
            self._function(heard, function, self._called(heard, index, "function"), (*path, "function_call"))
        if isinstance(message.get("audio"), dict):
            _audio(heard, message.pop("audio"), f"{index}.audio", (*path, "audio"), streamed=streamed)
        if not streamed:
            heard.rest(message, path)
            return
        heard.rest({key: message.pop(key) for key in _WHOLE if key in message}, path)
        heard.strange(f"{index}", message, path)

    def _call(self, heard: Heard, call: Members, index: int, number: int, path: Path) -> None:
        identity = call.get("id")
        functions = [member for member in ("function", "custom") if isinstance(call.get(member), dict)]
        named = any(call[member].get("name") for member in functions)
        state = self._called(heard, index, number, identity if named else None)
        take_names(call, ("index", "id", "type"))
        state.plain = state.plain or bool(call.get("custom"))
        for member in functions:
            self._function(heard, call.pop(member), state, (*path, member))
        heard.rest(call, path)

    def _called(self, heard: Heard, index: int, number: Any, identity: Any = None) -> _Call:
        """The call that a piece belongs to. One with a name and an id of its own is another call, and begins here."""
        calls = self._calls.setdefault(index, {})
        state = calls.get(number)
        if state is None or (identity and state.identity and state.identity != identity):
            self._close(heard, index)
            state = calls[number] = _Call(f"{index}.call.{number}.{identity}", identity)
        return state

    def _function(self, heard: Heard, function: Members, call: _Call, path: Path) -> None:
        name = function.get("name")
        call.plain = call.plain or isinstance(function.get("arguments"), dict | list)
        if isinstance(name, str) and name and name != call.name:
            if call.name or call.said:  # who joins the pieces would call another tool than was judged
                raise wrong_value(*path, "name")
            call.name = name
            heard.text(call.channel, f"{function.pop('name')}\n", (*path, "name"), more=True)
        for member in ("arguments", "input"):
            asked = function.get(member)
            if not asked or not isinstance(asked, str | dict | list):
                continue
            if call.closed:  # it was judged without this
                raise wrong_value(*path, member)
            call.said = True
            if isinstance(asked, str):
                heard.text(call.channel, function.pop(member), (*path, member), more=True)
            else:
                heard.flat(call.channel, function.pop(member), (*path, member), more=True)
        heard.rest(function, path)


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _audio(heard: Heard, audio: Members, key: str, path: Path, *, streamed: bool) -> None:
    """Sound is not listened to; what it says is there as text too."""
    take_names(audio, ("id", "expires_at"))
    if isinstance(audio.get("transcript"), str):
        channel = Channel(PartKind.TEXT, f"{key}.transcript")
        heard.text(channel, audio.pop("transcript"), (*path, "transcript"), more=streamed)
    if audio:
        heard.media(Channel(PartKind.AUDIO, key), audio, path)


def openai_usage(usage: Members | None) -> Usage | None:
    """The chat and completions APIs' names, and those of the Responses API."""
    if not usage:
        return None
    return Usage(
        input=count(usage, "prompt_tokens") or count(usage, "input_tokens"),
        output=count(usage, "completion_tokens") or count(usage, "output_tokens"),
        cached=count(usage, "prompt_tokens_details", "cached_tokens")
        or count(usage, "input_tokens_details", "cached_tokens"),
        reasoning=count(usage, "completion_tokens_details", "reasoning_tokens")
        or count(usage, "output_tokens_details", "reasoning_tokens"),
    )
