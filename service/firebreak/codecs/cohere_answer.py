"""Answers of Cohere's chat, whole and streamed, and of its rerank (API reference, "Chat", "Chat with streaming")."""

from typing import Any

from firebreak.codecs.answer import Channel, Heard, count, document, take_names, take_usage
from firebreak.codecs.fields import Members, wrong_value
from firebreak.codecs.frames.choice import json_or_events
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.refusals import cohere_cut
from firebreak.codecs.speaking import Speaking
from firebreak.model.conversation import Origin, PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

_DONE = b"[DONE]"
_EVENTS = frozenset(
    f"{subject}-{event}"
    for subject in ("message", "content", "tool-plan", "tool-call", "citation")
    for event in ("start", "delta", "end")
)
_TEXTS = {"text": PartKind.TEXT, "thinking": PartKind.REASONING}


class CohereAnswer:
    """A tool call ends with its own event or with the answer; one that goes on after it is refused."""

    def __init__(self) -> None:
        self._speaking = Speaking()
        self._calls: dict[int, Channel] = {}
        self._ended: set[int] = set()

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return json_or_events(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        if frame.data.strip() == _DONE:
            heard.last = True
            return heard
        body = document(frame)
        sort, number = body.get("type"), body.get("index")
        index = number if isinstance(number, int) else 0
        heard.last = sort == "message-end" or "message" in body
        if isinstance(sort, str) and sort in _EVENTS:
            del body["type"]
        take_names(body, ("type", "index", "id", "finish_reason", "event_type", "is_finished"))
        delta: Any = body.get("delta")
        if isinstance(delta, dict):
            del body["delta"]
            self._delta(heard, delta, index, ("delta",))
        elif isinstance(body.get("message"), dict):
            self._message(heard, body.pop("message"), index, ("message",))
        self._log_probabilities(heard, body)
        heard.usage = heard.usage or cohere_usage(body)
        heard.rest(body, ())
        if heard.last or sort == "tool-call-end":
            self._end_calls(heard, list(self._calls) if heard.last else [index])
        self._speaking.pause(heard, 0, ended=heard.last or sort == "content-end")
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return cohere_cut(refusal)

    def _delta(self, heard: Heard, delta: Members, index: int, path: Path) -> None:
        take_names(delta, ("finish_reason",))
        heard.usage = cohere_usage(delta)
        if isinstance(delta.get("message"), dict):
            self._message(heard, delta.pop("message"), index, (*path, "message"))
        heard.strange("delta", delta, path)

    def _message(self, heard: Heard, message: Members, index: int, path: Path) -> None:
        """In a stream a member holds one thing, in a whole answer the list of them."""
        take_names(message, ("role",))
        if isinstance(message.get("tool_plan"), str):
            plan = Channel(PartKind.REASONING, "plan")
            heard.text(plan, message.pop("tool_plan"), (*path, "tool_plan"), more=True)
        for member, reader in (("content", self._content), ("tool_calls", self._call)):
            value = message.get(member)
            if isinstance(value, dict):
                reader(heard, value, index, (*path, member))
            for place, item in enumerate(value if isinstance(value, list) else ()):
                if isinstance(item, dict):
                    reader(heard, item, place, (*path, member, place))
            if isinstance(value, dict | list) and not (any(value) if isinstance(value, list) else value):
                del message[member]
        if message.get("citations"):
            found = Channel(PartKind.TOOL_RESULT, "citations", origin=Origin.RETRIEVAL)
            heard.flat(found, message["citations"], (*path, "citations"))
        message.pop("citations", None)
        heard.strange("message", message, path)

    def _content(self, heard: Heard, content: Members, index: int, path: Path) -> None:
        take_names(content, ("type",))
        for member, kind in _TEXTS.items():
            if isinstance(content.get(member), str):
                heard.text(Channel(kind, f"{member}.{index}"), content.pop(member), (*path, member), more=True)

    def _call(self, heard: Heard, call: Members, index: int, path: Path) -> None:
        take_names(call, ("id", "type"))
        function: Any = call.get("function")
        if not isinstance(function, dict):
            return
        place = (*path, "function")
        name = function.get("name")
        if index in self._ended:  # it was judged without this
            raise wrong_value(*path)
        if index not in self._calls:
            named = name if isinstance(name, str) else ""
            self._calls[index] = Channel(PartKind.TOOL_CALL, f"call.{index}", named)
        elif name:  # who joins the pieces would call another tool than was judged
            raise wrong_value(*place, "name")
        channel = self._calls[index]
        if isinstance(name, str) and name:
            heard.text(channel, f"{function.pop('name')}\n", (*place, "name"), more=True)
        if isinstance(function.get("arguments"), str):
            heard.text(channel, function.pop("arguments"), (*place, "arguments"), more=True)
        if not function:
            del call["function"]

    def _log_probabilities(self, heard: Heard, body: Members) -> None:
        """The text once more, as numbers of tokens too."""
        found: Any = body.get("logprobs")
        items = found if isinstance(found, list) else [found]
        for place, item in enumerate(items):
            if isinstance(item, dict):
                for member in ("token_ids", "logprobs"):
                    if isinstance(item.get(member), list) and set(map(type, item[member])) <= {int, float}:
                        del item[member]
                path: Path = ("logprobs", place) if isinstance(found, list) else ("logprobs",)
                if isinstance(item.get("text"), str):
                    copied = Channel(PartKind.TEXT, "logprobs", copied=True)
                    heard.text(copied, item.pop("text"), (*path, "text"), more=True)
        if not any(items):
            body.pop("logprobs", None)

    def _end_calls(self, heard: Heard, numbers: list[int]) -> None:
        for number in numbers:
            channel = self._calls.get(number)
            if channel is not None and number not in self._ended:
                self._ended.add(number)
                heard.closed.append(channel.key)


class CohereRanks:
    """Places and scores; documents, where the API gives them back, are text that was looked up."""

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard(last=True)
        body = document(frame)
        take_names(body, ("id",))
        heard.usage = cohere_usage(body)
        results: Any = body.get("results")
        for item in results if isinstance(results, list) else ():
            if isinstance(item, dict):
                take_names(item, ("index", "relevance_score"))
        if isinstance(results, list):
            del body["results"]
            if any(results):
                heard.flat(Channel(PartKind.TOOL_RESULT, "results", origin=Origin.RETRIEVAL), results, ("results",))
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return cohere_cut(refusal)


def cohere_usage(members: Members) -> Usage | None:
    """`usage` of a chat, `meta` of the others."""
    usage = take_usage(members, "usage") or take_usage(members, "meta")
    if not usage:
        return None
    return Usage(
        input=count(usage, "tokens", "input_tokens") or count(usage, "billed_units", "input_tokens"),
        output=count(usage, "tokens", "output_tokens") or count(usage, "billed_units", "output_tokens"),
        cached=count(usage, "cached_tokens"),
    )
