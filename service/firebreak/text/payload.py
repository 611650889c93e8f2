"""Payload: what bytes that an encoding held say. Text as it stands, or text in a container around it, in bounds.

Archives, images and documents are recognised by their first bytes; what they say in plain words is read (deflated
text, a picture's text chunks, strings of a document), the rest is not.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from firebreak.text.evidence import natural

NOISE = 0.05  # share of control characters up to which bytes are text
MIN_STRETCH = 12  # readable bytes in a row that count as words
MAX_STRETCHES = 64  # of one payload
MAX_MEMBERS = 32  # of one archive

_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r") + b"\x7f"
_STRETCH = re.compile(rb"[\t\n\r -~]{%d,}" % MIN_STRETCH)
_MEMBER = re.compile(rb"PK\x03\x04.{4}(.)\0.{8}(.{4})(.{4})(.{2})(.{2})", re.DOTALL)
_CHUNK = re.compile(rb"(.{4})(tEXt|zTXt|iTXt)([^\0]{1,79})\0", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n")
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
MAGIC = {
    b"\x1f\x8b\x08": "gzip",
    b"PK\3\4": "zip",
    b"\x89PNG": "png",
    b"%PDF": "pdf",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"RIFF": "riff",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"Rar!": "rar",
}
"""First bytes of files to their names."""
_MAGICS = tuple(MAGIC)
BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")
"""What UTF-16 begins with."""


@dataclass(slots=True)
class Room:
    """How many bytes may still be inflated in one layer, and whether something had to be left out."""

    left: int
    cut: bool = False


def read(data: bytes, room: Room) -> tuple[str, str]:
    """The container's name (empty for plain text) and what is said; nothing said is an empty text."""
    name = container(data)
    if not name:
        return "", words(data)
    if name in {"gzip", "zlib"}:
        return name, _spoken(_inflate(data, 47, room), room)
    if name == "zip":
        return name, "\n".join(_members(data, room))
    if name == "png":
        return name, "\n".join(_chunks(data, room))
    plain = words(data)
    return name, plain or "\n".join(stretches(b"\n".join((data, *_streams(data, room)))))


def container(data: bytes) -> str:
    """What sort of file the bytes begin; empty when none is known."""
    if data.startswith(_ZLIB):
        return "zlib"
    if not data.startswith(_MAGICS):
        return ""
    return next(name for magic, name in MAGIC.items() if data.startswith(magic))


def words(data: bytes) -> str:
    """The bytes as text, or nothing when they are not plausibly any."""
    if data.startswith(BYTE_ORDER):
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    elif data[1::2].count(0) > 0.9 * (len(data) // 2) and data.count(0) < 0.6 * len(data):
        data = data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    controls = len(data) - len(data.translate(None, _CONTROL))
    if controls > NOISE * len(data):
        return ""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""


def stretches(data: bytes) -> Iterator[str]:
    """Rows of readable bytes that look like words."""
    count = 0
    for found in _STRETCH.finditer(data):
        text = found[0].decode()
        if natural(text):
            yield text
            count += 1
            if count == MAX_STRETCHES:
                return


def _spoken(data: bytes, room: Room) -> str:
    """What was inflated, once more a container perhaps."""
    if container(data) in {"gzip", "zlib"}:
        data = _inflate(data, 47, room)
    return words(data) or "\n".join(stretches(data))


def _inflate(data: bytes, bits: int, room: Room) -> bytes:
    """What the room has space for; damaged data gives what came before the damage."""
    if room.left <= 0:
        room.cut = True
        return b""
    machine = zlib.decompressobj(bits)
    pieces: list[bytes] = []
    try:
        for at in range(0, len(data), 1024):
            pieces.append(machine.decompress(data[at : at + 1024], room.left))
            room.left -= len(pieces[-1])
            if room.left <= 0:
                room.cut = True
                break
    except zlib.error:
        pass  # the rest is damaged
    return b"".join(pieces)


def _members(data: bytes, room: Room) -> Iterator[str]:
    """The names and texts of an archive, from its local headers: the directory at its end may lie."""
    for count, found in enumerate(_MEMBER.finditer(data)):
        if count == MAX_MEMBERS:
            room.cut = True
            return
        method, size = found[1][0], int.from_bytes(found[2], "little")
        named = int.from_bytes(found[4], "little")
        start = found.end() + named + int.from_bytes(found[5], "little")
        yield data[found.end() : found.end() + named].decode("utf-8", "replace")
        held = data[start : start + size] if size else data[start:]
        said = words(held) if not method else _spoken(_inflate(held, -15, room), room)
        if said:
            yield said


def _chunks(data: bytes, room: Room) -> Iterator[str]:
    """The texts of a picture: PNG 1.2, 11.3.4. A wrong length reads on to the end of the text."""
    for found in _CHUNK.finditer(data):
        end = found.start(2) + 4 + int.from_bytes(found[1], "big")
        held = data[found.end() : max(end, found.end() + 1)]
        if found[2] == b"zTXt":
            held = _inflate(held[1:], 15, room)
        elif found[2] == b"iTXt" and held[:1] == b"\1":
            held = _inflate(held[2:].split(b"\0", 2)[-1], 15, room)
        elif found[2] == b"iTXt":
            held = held[2:].split(b"\0", 2)[-1]
        said = words(held.split(b"\0", 1)[0])
        if said:
            yield f"{found[3].decode('latin-1')}: {said}"


def _streams(data: bytes, room: Room) -> Iterator[bytes]:
    """What a document's deflated streams hold."""
    for count, found in enumerate(_STREAM.finditer(data)):
        if count == MAX_MEMBERS:
            room.cut = True
            return
        yield _inflate(data[found.end() : found.end() + 65_536], 15, room)
