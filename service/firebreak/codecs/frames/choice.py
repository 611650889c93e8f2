"""The framing that most APIs share: an event stream, or one JSON document."""

from firebreak.codecs.frames.frame import Framer
from firebreak.codecs.frames.sse import Sse
from firebreak.codecs.frames.whole import Whole


def json_or_events(content_type: str, limit: int) -> Framer | None:
    """By the answer's own word, lower-case and without parameters; None where it is neither."""
    if content_type == "text/event-stream":
        return Sse(limit)
    return Whole(limit) if content_type == "application/json" else None
