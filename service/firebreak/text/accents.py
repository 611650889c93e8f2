"""Accents: letters with marks that no spelling has there (`ïgnörë`), read without them where words come of it."""

import unicodedata

from firebreak.text.evidence import known
from firebreak.text.layers import Peeled
from firebreak.text.rewrite import region

WINDOW = 128  # characters; one window begins in the middle of the one before
MIN_STRANGE = 12  # of them that are not ASCII; German and French have as many in hardly any
MIN_WORDS = 2  # of `evidence.WORDS` that are there without accents alone, each of at least so many letters
MIN_LETTERS = 5

_BARE = {
    point: plain
    for point in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (plain := unicodedata.normalize("NFD", chr(point))[0]).isascii() and plain.isalpha()
}


def accents(text: str, flat: bytes) -> Peeled | None:
    """The text without them; `flat` is the text as `shape` has it."""
    if text.isascii() or not any(
        flat.count(b"?", at, at + WINDOW) >= min(MIN_STRANGE, max(len(text) // 8, 1))
        for at in range(0, len(text), WINDOW // 2)
    ):
        return None
    plain = text.translate(_BARE)
    words = [word for word in known(plain) - known(text) if len(word) >= MIN_LETTERS]
    if len(words) < MIN_WORDS:
        return None
    return region(text, 0, len(text), plain, "accents", [(0, len(text), len(text), 1)])
