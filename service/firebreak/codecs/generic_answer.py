"""Answers of a JSON API that no codec knows: one document, events of documents, or lines of them."""

from typing import Any

from firebreak.codecs.answer import Channel, Heard
from firebreak.codecs.flatten import is_encoded
from firebreak.codecs.frames.choice import json_or_events
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.lines import Lines
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.refusals import generic_error
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import PartKind
from firebreak.model.refusal import Refusal

_LINES = frozenset({"application/jsonl", "application/ndjson", "application/x-jsonl", "application/x-ndjson"})
_DONE = b"[DONE]"


class GenericAnswer:
    """In a stream the strings at one place of its pieces are one text. It goes on until the answer ends, and none of
    its pieces makes the answer wait for the next.
    """

    def __init__(self) -> None:
        self._events = False
        self._whole = True

    def framer(self, content_type: str, limit: int) -> Framer | None:
        self._events = content_type == "text/event-stream"
        self._whole = not self._events and content_type not in _LINES
        if content_type in _LINES:
            return Lines(limit)
        return Whole(limit) if content_type.endswith("+json") else json_or_events(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        heard = Heard(last=self._whole)
        if self._events and frame.data.strip() == _DONE:
            heard.last = True
            return heard
        value = parse(frame.data)
        if _has_encoded(value):
            heard.media(_ENCODED, {}, ())
        if isinstance(value, dict) and not self._whole:
            heard.strange("body", value, (), PartKind.TEXT)
        else:
            heard.flat(_BODY, value, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        error = generic_error(refusal).body
        return b"event: error\ndata: " + error + b"\n\n" if self._events else error + b"\n"


def _has_encoded(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_encoded, value.values()))
    if isinstance(value, list):
        return any(map(_has_encoded, value))
    return isinstance(value, str) and is_encoded(value)


_BODY = Channel(PartKind.TEXT, "body")
_ENCODED = Channel(PartKind.OTHER, "encoded")
