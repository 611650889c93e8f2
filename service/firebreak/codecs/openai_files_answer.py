"""Contents of OpenAI's files: `GET /v1/files/{id}/content`. The results of a batch are read line by line."""

import json
from typing import Any

from firebreak.codecs.answer import Channel, Delta, Heard
from firebreak.codecs.fields import Members
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.lines_answer import Inner, LinesAnswer
from firebreak.codecs.numbers_answer import EmbeddingsAnswer
from firebreak.codecs.openai_chat_answer import OpenAIChatAnswer
from firebreak.codecs.openai_responses_answer import OpenAIResponsesAnswer
from firebreak.codecs.refusals import openai_error
from firebreak.codecs.strict_json import parse
from firebreak.model.conversation import PartKind
from firebreak.model.errors import BadInput
from firebreak.model.refusal import Refusal

_READERS: dict[str, type[OpenAIChatAnswer | OpenAIResponsesAnswer | EmbeddingsAnswer]] = {
    "chat.completion": OpenAIChatAnswer,
    "text_completion": OpenAIChatAnswer,
    "response": OpenAIResponsesAnswer,
    "list": EmbeddingsAnswer,
}
"""By what an answer says that it is; of all others every string is read."""


def openai_line(refusal: Refusal) -> bytes:
    """A result that says that there was an error (API reference, "The request output object")."""
    error = json.loads(openai_error(refusal).body)["error"]
    line = {"id": "firebreak", "custom_id": "", "response": None, "error": error}
    return json.dumps(line).encode() + b"\n"


def _result(line: Members) -> Inner | None:
    response: Any = line.get("response")
    body = response.get("body") if isinstance(response, dict) else None
    named = body.get("object") if isinstance(body, dict) else None
    reader = _READERS.get(named) if isinstance(named, str) else None
    return Inner(("response", "body"), reader()) if reader is not None else None


class OpenAIFileAnswer:
    """A file whose first line is a JSON object is one of lines. Any other was not inspected, and says so; what of it is
    text is read all the same.
    """

    def __init__(self) -> None:
        self._lines = LinesAnswer(_result, openai_line)
        self._begun = False
        self._other = False

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return self._lines.framer(content_type, limit)

    def read(self, frame: Frame) -> Heard:
        if not self._begun:
            self._begun = True
            self._other = not _is_object(frame.data)
            if self._other:
                return self._piece(frame, first=True)
        return self._piece(frame) if self._other else self._lines.read(frame)

    def cut(self, refusal: Refusal) -> bytes:
        return self._lines.cut(refusal)

    def _piece(self, frame: Frame, *, first: bool = False) -> Heard:
        heard = Heard()
        if first:
            heard.deltas.append(Delta(_FILE, "", ()))
        try:
            text = frame.raw.decode("utf-8")
        except UnicodeDecodeError:
            return heard
        heard.deltas.append(Delta(_TEXT, text, (), open=True))
        return heard


def _is_object(raw: bytes) -> bool:
    try:
        return isinstance(parse(raw), dict)
    except BadInput:
        return False


_FILE = Channel(PartKind.FILE, "file")
_TEXT = Channel(PartKind.TEXT, "text", copied=True)
"""Its bytes are no JSON: they have no places that could be changed one by one."""
