"""What an address carries in its host, path and query: whether some of it is text, in an encoding or in words."""

import base64
import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

MIN_CODED = 20
"""Characters of an encoded value that are looked at: fifteen bytes. By chance so many are never all printable."""
MIN_LABEL = 20
"""The same for a host's label, which has 63 at most."""
FEW, SEVERAL = 2, 4
"""Words, spaces between them, that make an encoded value a text: in an image's address, and in a link's."""
MIN_WORDS = 8
"""Words in one value that are too many for a caption."""

FAR = 1024
"""Characters before the end of such a value in which its beginning is looked for."""
_IN_PART = bytes(120 if re.match(rb"[\w%+-]", bytes([code])) else 32 for code in range(256))
_SPLIT = re.compile(r"[/?#&;=,|!~]")
_LABELS = re.compile(r"[.:@]")
_BASE64 = re.compile(r"[A-Za-z0-9+_-]{20,}")
_BASE32 = re.compile(r"[A-Za-z2-7]{16,}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MINUS_TO_64 = str.maketrans("-_", "+/")
_RENDERERS = (
    "mermaid.ink",
    "kroki.io",
    "plantuml.com",
    "codecogs.com",
    "shields.io",
    "githubusercontent.com",
    "quickchart.io",
    "wikimedia.org",
)
"""Services whose pictures are drawn from text in their address. What they are told leaves too, but to nobody's log."""
_SIGNED = re.compile(
    (
        r"(?:x-amz-[\w-]+|x-goog-[\w-]+|sig|signature|policy|key-pair-id|jwt|hmac|expires|se|sp|sv|sr|hash"
        r"|integrity)=[^&#]*"
    ),
    re.IGNORECASE,
)
"""Members of a query that sign an address: long, and nobody's data."""
_NESTED = re.compile(rb"\s{0,2}(?:[a-z][a-z0-9+.-]{1,20}:/|/[\w./-]+$|\{\"alg\"|<svg|<\?xml)")
"""What is decoded and is an address or a path again, as image proxies have, the head of a token, or a logo."""
_DATA = re.compile(r"@|^\s*[{\[]\s*\"")
"""What a single word may hold all the same: an address of mail, or an object with names."""


def carries_text(address: str) -> bool:
    """Whether a part of the path or query decodes to words."""
    return any(_words(value, FEW) for value in _coded(address))


def carries_sentence(address: str) -> bool:
    """Whether a part of the path or query decodes to several words: more than an identifier or a cursor has."""
    return any(_words(value, SEVERAL) for value in _coded(address))


def carries_words(address: str) -> bool:
    """Whether one value of the query is a row of words that nobody would call a caption."""
    query = address.partition("?")[2]
    if _renders(address):
        return False
    for member in re.split(r"[&;#]", query):
        value = member.partition("=")[2]
        if len(value) >= MIN_WORDS * 3 and not value.lower().startswith(("http", "/", "data")):
            plain = unquote_to_bytes(value.replace("+", " ")).decode("utf-8", "replace")
            if len(_WORD.findall(plain)) >= MIN_WORDS:
                return True
    return False


def names_text(host: str) -> bool:
    """Whether the labels of a host name decode to text, as a name server that collects them would."""
    labels = _LABELS.split(host.partition("//")[2].partition("/")[0] or host)[:-2]
    joined = "".join(labels)
    return any(
        _readable(value, 1) for label in {*labels, joined} if len(label) >= MIN_LABEL for value in _decoded(label)
    )


def may_carry(data: bytes, end: int) -> bool:
    """Whether the long part of an address that ends here may decode to words: most parts are names with dashes."""
    start = max(0, end - FAR)
    held = data[start:end]
    signs = held.translate(_IN_PART)
    stop = len(held) - signs.endswith(b" ")  # the sign behind the part, unless the text ends with it
    at = signs.rfind(b" ", 0, stop) + 1
    if held.endswith(b"=") or (at == 0 and start):
        return True  # a name, which may be taken off it, or a part that began too far away
    return any(_words(value, FEW) for value in _parts(held[at:stop].decode("ascii")))


def _renders(address: str) -> bool:
    host = address.partition("//")[2].partition("/")[0].partition("?")[0].lower()
    return any(host == name or host.endswith("." + name) for name in _RENDERERS)


def _coded(address: str) -> Iterator[bytes]:
    """The bytes behind each part of the address that is long enough to be encoded text."""
    if _renders(address):
        return
    rest = address.partition("//")[2].partition("/")[2] or address.partition("?")[2]
    for value in _SPLIT.split(_SIGNED.sub("", rest)):
        yield from _parts(value)


def _parts(value: str) -> Iterator[bytes]:
    """The bytes behind one part, and behind those that its escapes part it into."""
    plain = value
    if "%" in value:
        plain = unquote_to_bytes(value).decode("utf-8", "replace")
    for part in _SPLIT.split(plain) if plain is not value else (plain,):
        if len(part) >= MIN_CODED:
            yield from _decoded(part)


def _decoded(value: str) -> Iterator[bytes]:
    bare = value.rstrip("=")
    if _HEX.fullmatch(bare):
        yield bytes.fromhex(bare)
    elif _BASE64.fullmatch(bare):
        try:
            yield base64.b64decode(bare.translate(_MINUS_TO_64) + "=" * (-len(bare) % 4), validate=True)
        except binascii.Error:
            return
    if _BASE32.fullmatch(bare):
        try:
            yield base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
        except binascii.Error:
            return


def _words(value: bytes, least: int) -> bool:
    return _NESTED.match(value) is None and _readable(value, least)


def _readable(value: bytes, least: int) -> bool:
    """Whether the bytes are text with at least that many words."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if not text.replace("\n", " ").replace("\t", " ").replace("\r", " ").isprintable():
        return False
    letters = sum(map(str.isalnum, text))
    if letters * 2 < len(text) or _WORD.search(text) is None:
        return False
    return len(text.split()) >= least or (least == FEW and _DATA.search(text) is not None)
