"""The service's own log: one JSON object a line on standard error, bounded, without a word of any request.

What other libraries log may quote what they choked on, so only the first line of their messages is kept. Of an
exception only its type and the places it passed are written, except for our own, whose messages quote nothing.
"""

import json
import logging
import sys
import time
import traceback
from typing import TextIO

from firebreak.model.errors import FirebreakError

MAX_TEXT_CHARS = 500
MAX_FRAMES = 20
_OURS = "firebreak"

Field = str | int | float | bool


class JsonLines(logging.Formatter):
    """`event` is the name given to `event()`, or the first line of an ordinary message."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Field | list[str]] = {
            "time": f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _clip(record.getMessage().split("\n", 1)[0]),
        }
        fields: dict[str, Field] = getattr(record, "fields", {})
        line |= {key: _clip(value) if isinstance(value, str) else value for key, value in fields.items()}
        if record.exc_info and record.exc_info[1] is not None:
            line |= _trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, separators=(",", ":"))


def setup(level: str = "info", stream: TextIO | None = None) -> None:
    """Send everything that is logged in this process to `stream`, standard error by default, as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(level.upper())
    logging.captureWarnings(capture=True)


def event(logger: logging.Logger, level: int, name: str, **fields: Field) -> None:
    """Log one event; the fields become keys of the line."""
    if logger.isEnabledFor(level):
        logger.log(level, "%s", name, extra={"fields": fields})


def _clip(text: str) -> str:
    return text if len(text) <= MAX_TEXT_CHARS else text[: MAX_TEXT_CHARS - 3] + "..."


def _trace(error: BaseException) -> dict[str, Field | list[str]]:
    frames = traceback.extract_tb(error.__traceback__)[-MAX_FRAMES:]
    said: dict[str, Field | list[str]] = {
        "error": type(error).__name__,
        "frames": [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in frames],
    }
    if isinstance(error, FirebreakError):
        said["message"] = _clip(str(error))
    return said
