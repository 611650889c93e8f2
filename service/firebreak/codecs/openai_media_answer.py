"""Answers of OpenAI images and audio, whole and streamed."""

from typing import Any

from firebreak.codecs.answer import Channel, Delta, Heard, document, take_names, take_usage
from firebreak.codecs.fields import Members, as_object, take_optional_list
from firebreak.codecs.frames.choice import json_or_events
from firebreak.codecs.frames.frame import Frame, Framer, text_of
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.openai_chat_answer import DONE, openai_usage
from firebreak.codecs.refusals import openai_cut
from firebreak.model.conversation import PartKind
from firebreak.model.refusal import Refusal

_IMAGE_NAMES = ("background", "created", "created_at", "output_format", "quality", "size", "type")
_PICTURES = ("b64_json", "url")


class ImagesAnswer:
    """Pictures are parts that nobody looked into; a revised prompt is text."""

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return json_or_events(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        if frame.data == DONE:
            heard.last = True
            return heard
        body = document(frame)
        heard.last = "type" not in body or body["type"] in {"image_generation.completed", "image_edit.completed"}
        take_names(body, (*_IMAGE_NAMES, "partial_image_index"))
        heard.usage = openai_usage(take_usage(body, "usage"))
        for index, item in enumerate(take_optional_list(body, "data", ())):
            picture = as_object(item, "data", index)
            _picture(heard, picture, ("data", index))
            heard.rest(picture, ("data", index))
        _picture(heard, body, ())
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_cut(refusal)


def _picture(heard: Heard, members: Members, path: tuple[Any, ...]) -> None:
    shown = {name: members.pop(name) for name in _PICTURES if isinstance(members.get(name), str)}
    if shown:
        heard.media(Channel(PartKind.IMAGE, f"{path}.image"), shown, path)


class TranscriptionAnswer:
    """What was heard: as JSON, as plain text (subtitles too), or in pieces."""

    def __init__(self) -> None:
        self._plain = False

    def framer(self, content_type: str, limit: int) -> Framer | None:
        self._plain = content_type in {"text/plain", "text/vtt", "application/x-subrip"}
        return Whole(limit) if self._plain else json_or_events(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        heard = Heard()
        if self._plain:
            heard.deltas.append(Delta(Channel(PartKind.TEXT, "text"), text_of(frame.data), ()))
            heard.last = True
            return heard
        if frame.data == DONE:
            heard.last = True
            return heard
        body = document(frame)
        sort = body.get("type")
        heard.last = sort in {None, "transcript.text.done"}
        if sort == "transcript.text.delta" and isinstance(body.get("delta"), str):
            heard.text(Channel(PartKind.TEXT, "delta"), body.pop("delta"), ("delta",), more=True)
        elif sort == "transcript.text.done":
            heard.closed.append("delta")
        if isinstance(body.get("text"), str):
            heard.text(Channel(PartKind.TEXT, "text"), body.pop("text"), ("text",))
        take_names(body, ("type", "task", "language", "duration", "segment_id"))
        heard.usage = openai_usage(take_usage(body, "usage"))
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_cut(refusal)


class SpeechAnswer:
    """Sound, which nobody listens to here: one part that says so."""

    def __init__(self) -> None:
        self._events = False

    def framer(self, content_type: str, limit: int) -> Framer | None:
        self._events = content_type == "text/event-stream"
        if self._events:
            return Sse(limit)
        return Whole(limit) if content_type.startswith("audio/") or content_type == "application/octet-stream" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard(last=not self._events)
        if not self._events:
            heard.deltas.append(Delta(_SOUND, "", ()))
            return heard
        body = document(frame)
        heard.last = body.get("type") == "speech.audio.done"
        take_names(body, ("type",))
        heard.usage = openai_usage(take_usage(body, "usage"))
        if isinstance(body.get("audio"), str):
            heard.media(_SOUND, {"audio": body.pop("audio")}, ())
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_cut(refusal)


_SOUND = Channel(PartKind.AUDIO, "audio")
