"""Screening memory: what a part was found to contain, by digest, so that a repeated history costs nothing."""

from collections import OrderedDict
from hashlib import blake2b
from typing import Generic, TypeVar

from firebreak.model.conversation import Part

T = TypeVar("T")

MAX_HITS_KEPT = 64
"""A part with more hits than this is screened anew each time: a hostile text must not fill the memory."""


def digest(part: Part) -> bytes:
    """32 bytes over all of a part that a detector or the classifier can see."""
    # The name's length keeps a name and a text from being read as another name and another text.
    seen = "\x00".join((part.kind, part.role, part.origin, str(len(part.name)), part.name, part.text))
    return blake2b(seen.encode("utf-8", "surrogatepass"), digest_size=32).digest()


class Memory(Generic[T]):
    """The newest `limit` values by digest. It holds results only, never the text they were found in."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._values: OrderedDict[bytes, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: bytes) -> T | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: bytes, value: T) -> None:
        self._values[key] = value
        if len(self._values) > self._limit:
            self._values.popitem(last=False)
