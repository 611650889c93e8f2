"""Any JSON value as readable text, with the place in the document that each piece came from.

`{"password": "hunter2"}` becomes `password: hunter2`: a detector that needs the name next to the value still sees it.
Keys and scalars are pieces; what stands between them belongs to the piece before.
"""

import json
from typing import Any

from firebreak.model.conversation import Path, Segment
from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

MAX_PIECES = 100_000
"""Of one request. Each knows its path, and a path may be 64 steps long: this many take 60 MB at the most. The largest
tool definitions of real agents have some thousands."""

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-\r\n"
_FEW = 8
_LONG = 256
"""Characters. Ids, digests and keys are shorter; a picture of one pixel is not."""

_SCALARS = {int, float, bool, type(None)}
_BINARY_KEYS = frozenset(
    {
        "audio",
        "b64_json",
        "blob",
        "bytes",
        "data",
        "encrypted_content",
        "file_data",
        "partial_image_b64",
        "redactedContent",
        "result",
    }
)
"""Members of media parts in which the known APIs carry base64."""


class Flat:
    """Collects pieces of text and their segments, in order."""

    __slots__ = ("_length", "_pieces", "media", "segments")

    def __init__(self, *, media: bool = False) -> None:
        """`media`: leave out what a provider decodes from base64, for parts that say they were not inspected."""
        self.media = media
        self.segments: list[Segment] = []
        self._pieces: list[str] = []
        self._length = 0

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def piece(self, piece: str, after: str, path: Path, *, is_key: bool = False) -> None:
        if len(self.segments) >= MAX_PIECES:
            raise BadInput(Reason.TOO_MANY_PARTS)
        self.segments.append(Segment(self._length, path, is_key))
        self._pieces.append(piece)
        self._pieces.append(after)
        self._length += len(piece) + len(after)

    def members(self, members: dict[str, Any], path: Path) -> None:
        for key, value in members.items():
            self.member(key, value, path)

    def member(self, key: str, value: Any, parent: Path) -> None:
        path = (*parent, key)
        self.piece(key, ":\n" if isinstance(value, dict | list) else ": ", path, is_key=True)
        if self.media and isinstance(value, str):
            value = inspectable(value, binary=key in _BINARY_KEYS)
        self.value(value, path)

    def value(self, value: Any, path: Path) -> None:
        if isinstance(value, str):
            self.piece(value, "\n", path)
        elif isinstance(value, dict):
            self.members(value, path)
        elif isinstance(value, list):
            self._items(value, path)
        else:
            self.piece(_scalar(value), "\n", path)

    def _items(self, items: list[Any], path: Path) -> None:
        """A long list of numbers is one piece: there may be millions, and nobody needs the place of each."""
        if len(items) > _FEW and set(map(type, items)) <= _SCALARS:
            self.piece(json.dumps(items, separators=("\n", ""))[1:-1], "\n", path)
            return
        for index, item in enumerate(items):
            self.value(item, (*path, index))


def flatten(value: Any, path: Path = ()) -> tuple[str, tuple[Segment, ...]]:
    """Text and segments of one value at `path`."""
    flat = Flat()
    flat.value(value, path)
    return flat.text, tuple(flat.segments)


def inspectable(value: str, *, binary: bool) -> str:
    """What of a media part's string is text: of a base64 data URL its head, of base64 (`binary`) nothing.

    A string that claims to be base64 and is not stays whole: nobody knows what a provider makes of it.
    """
    head, comma, payload = value.partition(",")
    if comma and head.startswith("data:") and head.endswith(";base64") and len(head) <= 100 and _is_base64(payload):
        return head
    return "" if binary and _is_base64(value) else value


def is_encoded(value: str) -> bool:
    """A long string that a provider may decode from base64, in an API that nobody knows."""
    return inspectable(value, binary=len(value) >= _LONG) != value


def _is_base64(value: str) -> bool:
    """Whole groups of one of the two alphabets (RFC 4648, sections 4 and 5): a word that only looks like it is text."""
    if not value.isascii() or value.encode().translate(None, _BASE64):
        return False
    mixed = ("-" in value or "_" in value) and ("+" in value or "/" in value)
    return not mixed and (len(value) - value.count("\r") - value.count("\n")) % 4 == 0


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)
