"""Answers without an API's form of their own: errors, listings, whatever a gateway on the way says."""

from firebreak.codecs.answer import Channel, Delta, Heard, take_names
from firebreak.codecs.frames.frame import Frame, Framer, text_of
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.refusals import openai_cut
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import PartKind
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal

_JSON = "application/json"
_TEXTS = frozenset({"", "text/plain", "text/html"})


class PlainAnswer:
    """Every string of a JSON document, or the whole of a text. What is neither is not let through."""

    def __init__(self) -> None:
        self._json = True

    def framer(self, content_type: str, limit: int) -> Framer | None:
        self._json = content_type == _JSON or content_type.endswith("+json")
        return Whole(limit) if self._json or content_type in _TEXTS else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard(last=True)
        if not self._json:
            heard.deltas.append(Delta(_TEXT, text_of(frame.data), ()))
            _read_as_json(heard, frame.data)
            return heard
        value = parse(frame.data)
        if isinstance(value, dict):
            take_names(value, ("id", "object", "created", "created_at", "type"))
        heard.flat(_BODY, value, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_cut(refusal)


_BODY = Channel(PartKind.TEXT, "body")
_TEXT = Channel(PartKind.TEXT, "text", copied=True)
"""It has no places that could be changed one by one."""


def _read_as_json(heard: Heard, raw: bytes) -> None:
    """SDKs take an error's body for JSON whatever its type says, and so undo its escapes."""
    try:
        value = parse(raw.strip())
    except BadInput:
        return
    heard.flat(_TEXT._replace(key="json"), value, ())
