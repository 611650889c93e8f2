"""One piece of an answer, and the seam of what finds its end.

The laws of every framer:
1. The frames' raw bytes, put together, are the bytes that were fed.
2. Any cutting of the same bytes into chunks gives the same frames.
3. It returns frames or raises `BadInput`, whatever the bytes, in linear time.
4. What is wrong is raised when no frame stands before it: whole frames are returned first, and the next call, without
   a byte more, raises. So what is right before it is not lost with it, and `rest` still has its bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

WHERE = "response"
"""The place that an error about an answer names."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece as it came. `data` is what it carries, `at` where `data` begins in `raw` when it stands there in one run
    and -1 where it does not. `other` is all else that it says (an event's name, a comment), to be read as text.
    `write` gives the piece with other data.
    """

    raw: bytes
    data: bytes
    at: int
    write: Callable[[bytes], bytes]
    event: str = ""
    other: str = ""


class Framer(Protocol):
    """Finds the frames in one answer. Mutable, for one answer; keeps at most one unfinished frame."""

    def feed(self, chunk: bytes) -> list[Frame]:
        """The frames that are complete with this chunk, to be called again until there are none. Raises `BadInput`."""

    def end(self) -> list[Frame]:
        """What is left when the answer is over. Raises `BadInput` where the last frame is not whole."""

    def rest(self) -> bytes:
        """The bytes that are no whole frame."""


class Buffer:
    """Bytes that are no frame yet, never more than `limit`."""

    __slots__ = ("_limit", "bytes")

    def __init__(self, limit: int) -> None:
        self.bytes = bytearray()
        self._limit = limit

    def add(self, chunk: bytes) -> None:
        self.bytes += chunk

    def bounded(self) -> None:
        """To be called when every whole frame has been taken and returned. Raises `BadInput`."""
        self.check(len(self.bytes))

    def check(self, count: int) -> None:
        """Raises `BadInput` where a frame of so many bytes is larger than may be held."""
        if count > self._limit:
            raise BadInput(Reason.RESPONSE_TOO_LARGE, WHERE)

    def take(self, count: int) -> bytes:
        """The frame at the beginning. Raises `BadInput`, and takes nothing, where it is larger than may be held."""
        self.check(count)
        taken = bytes(self.bytes[:count])
        del self.bytes[:count]
        return taken


def text_of(raw: bytes) -> str:
    """Bytes of an answer as text. Raises `BadInput`."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(Reason.NOT_UTF8, WHERE) from None
