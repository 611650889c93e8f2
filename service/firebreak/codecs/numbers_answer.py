"""Answers that are vectors: numbers, or base64 of them, and nothing that anybody said."""

from typing import Any

from firebreak.codecs.answer import Heard, document, is_opaque, take_names, take_usage
from firebreak.codecs.frames.frame import Frame, Framer
from firebreak.codecs.frames.whole import Whole
from firebreak.codecs.openai_chat_answer import openai_usage
from firebreak.codecs.refusals import openai_cut
from firebreak.model.refusal import Refusal

_LARGEST = 10**6
"""No vector has larger elements; a row of telephone numbers has."""


class EmbeddingsAnswer:
    """OpenAI embeddings. What is not a vector is read as text."""

    def framer(self, content_type: str, limit: int) -> Framer | None:
        return Whole(limit) if content_type == "application/json" else None

    def read(self, frame: Frame) -> Heard:
        heard = Heard(last=True)
        body = document(frame)
        take_names(body, ("object", "id"))
        heard.usage = openai_usage(take_usage(body, "usage"))
        data = body.get("data")
        for item in data if isinstance(data, list) else ():
            if isinstance(item, dict):
                take_names(item, ("object", "index"))
                if _is_vector(item.get("embedding")):
                    del item["embedding"]
        if isinstance(data, list) and not any(data):
            del body["data"]
        heard.rest(body, ())
        return heard

    def cut(self, refusal: Refusal) -> bytes:
        return openai_cut(refusal)


def _is_vector(value: Any) -> bool:
    """Floats, or small whole numbers where a vector is quantized, or base64 of either."""
    if not isinstance(value, list):
        return is_opaque(value)
    return bool(value) and set(map(type, value)) <= {int, float} and max(map(abs, value)) < _LARGEST
