"""Answers of Ollama's chat and generate: one document, or one a line (API documentation, docs/api.md)."""

from firebreak.codecs.answer import Channel, Heard, count, document, take_names
from firebreak.codecs.fields import Members, as_object, take_optional_list
from firebreak.codecs.flatten import inspectable
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.log_probabilities import read_tokens
from firebreak.codecs.refusals import ollama_cut
from firebreak.codecs.speaking import Speaking, take_times
from firebreak.model.conversation import PartKind, Path
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

_NAMES = (
    "done",
    "done_reason",
    "total_duration",
    "load_duration",
    "prompt_eval_count",
    "prompt_eval_duration",
    "eval_count",
    "eval_duration",
    "completed",
    "total",
)
_TEXTS = {"content": PartKind.TEXT, "response": PartKind.TEXT, "thinking": PartKind.REASONING}


class OllamaAnswer:
    """A call comes whole. A document that says `done` is the last, but a reader may go on."""

    def __init__(self) -> None:
        self._speaking = Speaking()
        self._calls = 0

    def framer(self, content_type: str, limit: int) -> Framer | None:
        if content_type == "application/x-ndjson":
            return Lines(limit)
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        body = document(frame)
        heard.last = body.get("done") is True or "error" in body
        heard.usage = ollama_usage(body)
        take_names(body, _NAMES)
        context = body.get("context")
        if isinstance(context, list) and set(map(type, context)) <= {int}:
            del body["context"]
        take_times(body, ("created_at",))
        read_tokens(heard, body, "logprobs", "logprobs", ())
        if isinstance(body.get("message"), dict):
            self._message(heard, body.pop("message"), ("message",))
        self._texts(heard, body, ())
        image = body.get("image")
        if isinstance(image, str):
            del body["image"]
            heard.text(Channel(PartKind.IMAGE, "image"), inspectable(image, binary=True), ("image",))
        heard.rest(body, ())
        self._speaking.pause(heard, 0, ended=heard.last)
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return ollama_cut(refusal)

    def _message(self, heard: Heard, message: Members, path: Path) -> None:
        take_names(message, ("role", "tool_name", "tool_call_id"))
        self._texts(heard, message, path)
        for index, item in enumerate(take_optional_list(message, "tool_calls", path)):
            place = (*path, "tool_calls", index)
            self._call(heard, as_object(item, *place), place)
        heard.strange("message", message, path)

    def _texts(self, heard: Heard, members: Members, path: Path) -> None:
        for member, kind in _TEXTS.items():
            if isinstance(members.get(member), str):
                heard.text(Channel(kind, member), members.pop(member), (*path, member), more=True)

    def _call(self, heard: Heard, call: Members, path: Path) -> None:
        """A call comes whole."""
        take_names(call, ("id", "type"))
        function = call.get("function")
        if isinstance(function, dict):
            del call["function"]
            place = (*path, "function")
            take_names(function, ("index",))
            name = function.pop("name", None)
            named = name if isinstance(name, str) else ""
            channel = Channel(PartKind.TOOL_CALL, f"call.{self._calls}", named, plain=True)
            self._calls += 1
            if named:
                heard.text(channel, f"{named}\n", (*place, "name"), more=True)
            if isinstance(function.get("arguments"), dict):
                heard.flat(channel, function.pop("arguments"), (*place, "arguments"), more=True)
            heard.closed.append(channel.key)
            heard.rest(function, place)
        heard.rest(call, path)


def ollama_usage(body: Members) -> Usage | None:
    """The numbers stand in the document itself, the last one of a stream."""
    read, written = count(body, "prompt_eval_count"), count(body, "eval_count")
    return Usage(input=read, output=written) if read or written else None
