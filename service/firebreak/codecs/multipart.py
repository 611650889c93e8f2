"""Reads a multipart/form-data body in the one way that all parsers share (RFC 7578, RFC 2046), or says what is wrong.

Where parsers are known to differ, it is refused: text before the first and after the last part, bare line feeds, a
boundary that goes on, a header twice, encoded parts, escaped or encoded names.
"""

import re
from dataclasses import dataclass, field

from firebreak.model.errors import BadInput
from firebreak.model.reason import Reason

MAX_FIELDS = 64
_BOUNDARY = re.compile(r'boundary=("?)([^";\s]{1,70})\1[ \t]*$', re.IGNORECASE)
_FILENAME = r'"([^"\\\x00-\x1f\x7f]{0,255})"'
_DISPOSITION = re.compile(rf'form-data; ?name="([A-Za-z0-9_\[\].-]{{1,100}})"(?:; ?filename={_FILENAME})?')
_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(?:; ?charset=utf-8)?", re.IGNORECASE)
_HEADERS = {"content-disposition", "content-type"}


@dataclass(frozen=True, slots=True)
class Field:
    """One part. `filename` is None for a plain value. `data` are its bytes as they came, `at` where they begin."""

    name: str
    filename: str | None
    content_type: str
    data: bytes
    at: int = field(default=0, compare=False)

    def text(self) -> str:
        """A value as text. Raises `BadInput`."""
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError:
            raise BadInput(Reason.NOT_UTF8, self.name) from None


def fields(raw: bytes, content_type: str) -> tuple[Field, ...]:
    """The parts in their order. Raises `BadInput`, and nothing else, whatever the bytes. Linear in their number."""
    named = _BOUNDARY.search(content_type)
    if named is None:
        raise BadInput(Reason.CONTENT_TYPE, "content-type")
    mark = b"--" + named[2].encode("ascii", "replace")
    found: list[Field] = []
    if not raw.startswith(mark + b"\r\n"):
        raise BadInput(Reason.NOT_MULTIPART, "start")
    at = len(mark) + 2
    while True:
        end = raw.find(b"\r\n" + mark, at)
        if end < 0:
            raise BadInput(Reason.NOT_MULTIPART, "end")
        if len(found) >= MAX_FIELDS:
            raise BadInput(Reason.TOO_MANY_PARTS)
        found.append(_field(raw[at:end], at))
        at = end + 2 + len(mark)
        if raw[at : at + 2] == b"--":
            if raw[at + 2 :] not in {b"", b"\r\n"}:
                raise BadInput(Reason.TRAILING_DATA)
            return tuple(found)
        if raw[at : at + 2] != b"\r\n":
            raise BadInput(Reason.NOT_MULTIPART, "boundary")
        at += 2


def _field(part: bytes, start: int) -> Field:
    head, blank, data = part.partition(b"\r\n\r\n")
    headers = _headers(head)
    disposition = _DISPOSITION.fullmatch(headers.get("content-disposition", ""))
    content_type = headers.get("content-type", "")
    if not blank or disposition is None or (content_type and not _TYPE.fullmatch(content_type)):
        raise BadInput(Reason.NOT_MULTIPART, "headers")
    return Field(disposition[1], disposition[2], content_type, data, start + len(part) - len(data))


def _headers(head: bytes) -> dict[str, str]:
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise BadInput(Reason.NOT_UTF8, "headers") from None
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.lower()
        if not colon or name not in _HEADERS or name in headers or "\n" in value or "\r" in value:
            raise BadInput(Reason.NOT_MULTIPART, "headers")
        headers[name] = value.strip(" \t")
    return headers
