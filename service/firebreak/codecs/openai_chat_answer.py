"""Answers of OpenAI chat completions, whole and streamed, with what compatible servers add to them."""

from firebreak.codecs.answer import Channel, Heard, count, document, take_names, take_usage
from firebreak.codecs.fields import Members, as_object, take_optional_list
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.log_probabilities import read_tokens
from firebreak.codecs.refusals import openai_cut
from firebreak.model.conversation import PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

DONE = b"[DONE]"
_NAMES = ("id", "object", "created", "model", "system_fingerprint", "service_tier", "obfuscation")
_TEXTS = {
    "content": PartKind.TEXT,
    "refusal": PartKind.TEXT,
    "reasoning": PartKind.REASONING,
    "reasoning_content": PartKind.REASONING,
}


class OpenAIChatAnswer:
    """A choice's texts end with its `finish_reason`; a tool call also when the next one begins."""

    def __init__(self) -> None:
        self._open: dict[int, dict[str, Channel]] = {}

    def framer(self, content_type: str, limit: int) -> Framer | None:
        if content_type == "text/event-stream":
            return Sse(limit)
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        if frame.data == DONE:
            heard.last = True
            return heard
        body = document(frame)
        take_names(body, _NAMES)
        heard.usage = openai_usage(take_usage(body, "usage"))
        for place, item in enumerate(take_optional_list(body, "choices", ())):
            self._choice(heard, as_object(item, "choices", place), ("choices", place))
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_cut(refusal)

    def _choice(self, heard: Heard, choice: Members, path: Path) -> None:
        index = choice.get("index")
        index = index if isinstance(index, int) else -1
        ended = choice.get("finish_reason") is not None or "message" in choice
        take_names(choice, ("index", "finish_reason", "stop_reason"))
        if isinstance(choice.get("logprobs"), dict):
            self._log_probabilities(heard, choice.pop("logprobs"), index, (*path, "logprobs"))
        if isinstance(choice.get("text"), str):  # the completions API
            channel = Channel(PartKind.TEXT, f"{index}.text")
            self._piece(heard, index, channel, choice.pop("text"), (*path, "text"), streamed=True)
        for member, streamed in (("delta", True), ("message", False)):
            if isinstance(choice.get(member), dict):
                self._message(heard, choice.pop(member), index, (*path, member), streamed=streamed)
        heard.rest(choice, path)
        if ended:
            heard.closed += self._open.pop(index, {})

    def _log_probabilities(self, heard: Heard, found: Members, index: int, path: Path) -> None:
        for member in ("content", "refusal"):
            channel = read_tokens(heard, found, member, f"{index}.logprobs.{member}", path)
            if channel is not None:
                self._open.setdefault(index, {}).setdefault(channel.key, channel)
        heard.rest({key: value for key, value in found.items() if value is not None}, path)

    def _message(self, heard: Heard, message: Members, index: int, path: Path, *, streamed: bool) -> None:
        take_names(message, ("role",))
        for member, kind in _TEXTS.items():
            if isinstance(message.get(member), str):
                channel = Channel(kind, f"{index}.{member}")
                self._piece(heard, index, channel, message.pop(member), (*path, member), streamed=streamed)
        for place, item in enumerate(take_optional_list(message, "tool_calls", path)):
            call = as_object(item, *path, "tool_calls", place)
            self._call(heard, call, index, (*path, "tool_calls", place), streamed=streamed)
        if isinstance(message.get("function_call"), dict):
            self._function(heard, message.pop("function_call"), f"{index}.function", index, (*path, "function_call"))
        if isinstance(message.get("audio"), dict):
            heard.media(Channel(PartKind.AUDIO, f"{index}.audio"), message.pop("audio"), (*path, "audio"))
        if message.get("content") == []:
            del message["content"]
        heard.rest({key: value for key, value in message.items() if value is not None}, path)

    def _call(self, heard: Heard, call: Members, index: int, path: Path, *, streamed: bool) -> None:
        number = call.get("index") if streamed else path[-1]
        key = f"{index}.call.{number if isinstance(number, int) else call.get('id')}"
        take_names(call, ("index", "id", "type"))
        earlier = [other for other in self._open.get(index, {}) if other.startswith(f"{index}.call.") and other != key]
        for other in earlier:
            heard.closed.append(other)
            del self._open[index][other]
        for member in ("function", "custom"):
            if isinstance(call.get(member), dict):
                self._function(heard, call.pop(member), key, index, (*path, member))
        heard.rest(call, path)

    def _function(self, heard: Heard, function: Members, key: str, index: int, path: Path) -> None:
        known = self._open.get(index, {}).get(key)
        name = function.pop("name", None)
        named = name if isinstance(name, str) else ""
        channel = known or Channel(PartKind.TOOL_CALL, key, named)
        if named:
            self._piece(heard, index, channel, f"{named}\n", (*path, "name"), streamed=True)
        for member in ("arguments", "input"):
            if isinstance(function.get(member), str):
                self._piece(heard, index, channel, function.pop(member), (*path, member), streamed=True)
        heard.rest({key: value for key, value in function.items() if value is not None}, path)

    def _piece(self, heard: Heard, index: int, channel: Channel, text: str, path: Path, *, streamed: bool) -> None:
        """All pieces of a message's texts are closed with their choice, so one that is whole need not say so."""
        self._open.setdefault(index, {}).setdefault(channel.key, channel)
        heard.text(channel, text, path, more=streamed)


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
