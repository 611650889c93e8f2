"""Answers that are vectors, in the forms of the providers that are not OpenAI's."""

from collections.abc import Callable
from typing import Any

from firebreak.codecs.answer import Heard, document, is_opaque, take_names
from firebreak.codecs.fields import Members
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.whole import Whole
from firebreak.model.refusal import Refusal
from firebreak.model.usage import Usage

_LARGEST = 10**6
"""No vector has larger elements; a row of telephone numbers has."""

_NAMES = ("id", "object", "response_type", "total_duration", "load_duration", "prompt_eval_count")
_ENCODED = frozenset({"base64", "embedding", "values"})
"""Members in which a vector may be base64."""


class Vectors:
    """`usage` takes the count of tokens out of the document, where the API has it. What is no vector is text."""

    def __init__(self, usage: Callable[[Members], Usage | None], cut: Callable[[Refusal], bytes]) -> None:
        self._usage = usage
        self._cut = cut

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard(last=True)
        body = document(frame)
        heard.usage = self._usage(body)
        take_names(body, _NAMES)
        for key in ("embedding", "embeddings", "data"):
            take_vectors(body, key)
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return self._cut(refusal)


def take_vectors(members: Members, key: str) -> None:
    """Take away what is nothing but numbers, at any depth; a list that holds more stays whole, so that places hold."""
    value = members.get(key)
    if key in members and _is_vectors(value, encoded=key in _ENCODED):
        del members[key]
        return
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, dict):
            take_names(item, ("object", "index", "truncated", "tokenCount"))
            for inner in list(item):
                take_vectors(item, inner)
    if isinstance(value, dict | list) and not (any(value) if isinstance(value, list) else value):
        del members[key]


def _is_vectors(value: Any, *, encoded: bool) -> bool:
    if not isinstance(value, list):
        return encoded and is_opaque(value)
    if set(map(type, value)) <= {int, float}:
        return max(map(abs, value), default=0) < _LARGEST
    return all(_is_vectors(item, encoded=encoded) for item in value)
