"""Drawn: Latin letters in shapes that no spelling has, read as these letters where words come of it.

Two sorts: letters with marks (`ïgnörë`), and signs of other scripts that look like letters to a person, as web pages
for "fancy text" make them (`₳ⱠⱠ`, `卂ㄥㄥ`, letters upside down). A model reads both.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from firebreak.text.evidence import known, telling
from firebreak.text.layers import Peeled
from firebreak.text.rewrite import region

WINDOW = 128  # characters; one window begins in the middle of the one before
MIN_MARKED = 12  # of them that are not ASCII; German and French have as many in hardly any

_BARE = {
    point: plain
    for point in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (plain := unicodedata.normalize("NFD", chr(point))[0]).isascii() and plain.isalpha()
}
_BARE_LEADS = tuple(sorted({chr(point).encode()[:1] for point in _BARE}))
"""First bytes of these in UTF-8, which other scripts do not have."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """`forms` are the letters that signs stand for. `turned`: it is written from the end."""

    forms: dict[int, str]
    frequent: tuple[str, ...]
    """The signs of each frequent letter; where it has several scripts, `apart` are those of them that are not of the
    script with most. A text in the alphabet has half of the former, and one of the latter.
    """
    apart: str
    turned: bool

    def may_be_in(self, text: str) -> bool:
        """Two of the signs are looked for first: most alphabets are in no text."""
        if not any(sign in text for letter in self.frequent[:2] for sign in letter):
            return False
        there = sum(any(sign in text for sign in letter) for letter in self.frequent)
        return there >= len(self.frequent) // 2 and (not self.apart or any(sign in text for sign in self.apart))


_LATIN = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
_FREQUENT = "eoatin"
_LAST_ASCII = 0x7F
_SHAPES = (
    "₳ ฿ ₵ Đ Ɇ ₣ ₲ Ⱨ ł J ₭ Ⱡ ₥ ₦ Ø ₱ Q Ɽ ₴ ₮ Ʉ V ₩ Ӿ Ɏ Ⱬ",
    "卂 乃 匚 ᗪ 乇 千 Ꮆ 卄 丨 ﾌ Ҝ ㄥ 爪 几 ㄖ 卩 Ɋ 尺 丂 ㄒ ㄩ ᐯ 山 乂 ㄚ 乙",
    "ﾑ 乃 c d 乇 ｷ g ん ﾉ ﾌ ズ ﾚ ﾶ 刀 o ｱ q 尺 丂 ｲ u v w ﾒ ﾘ 乙",
    "ᗩ ᗷ ᑕ ᗪ E ᖴ G ᕼ I ᒍ K ᒪ ᗰ ᑎ O ᑭ ᑫ ᖇ Տ T ᑌ ᐯ ᗯ ᙭ Y ᘔ",
    "Ꭺ Ᏼ Ꮯ Ꭰ Ꭼ f Ꮐ Ꮋ Ꮖ Ꭻ Ꮶ Ꮮ Ꮇ N Ꮎ Ꮲ q Ꮢ Ꮪ Ꭲ u Ꮩ Ꮤ x Ꮍ Ꮓ",
    "α в ¢ ∂ є ƒ g н ι נ к ℓ м η σ ρ q я ѕ т υ ν ω χ у z",
    "ค ๒ ς ๔ є Ŧ ﻮ ђ เ ן к l ๓ ภ ๏ ק ợ г ร Շ ย ש ฬ א ץ z",
    "ą ც ƈ ɖ ɛ ʄ ɠ ɧ ı ʝ ƙ Ɩ ɱ ŋ ơ ℘ զ ཞ ʂ ɬ ų ۷ ῳ ҳ ყ ʑ",
    "α ɓ ƈ ∂ ε ƒ ɠ ɦ เ ʝ ҡ ℓ ɱ ɳ σ ρ φ ૨ ร ƭ µ ѵ ω א ყ ƶ",
    "ꍏ ꌃ ꉓ ꀸ ꍟ ꎇ ꁅ ꃅ ꀤ ꀭ ꀘ ꒒ ꂵ ꈤ ꂦ ꉣ ꆰ ꋪ ꌗ ꓄ ꀎ ꃴ ꅏ ꊼ ꌩ ꁴ",
    "ል ጌ ር ዕ ቿ ቻ ኗ ዘ ጎ ጋ ጕ ረ ጠ ክ ዐ የ ዒ ዪ ነ ፕ ሁ ሀ ሠ ሸ ሃ ጊ",
    "ᚨ ᛒ ᚲ ᛞ ᛖ ᚠ ᚷ ᚺ ᛁ ᛃ k ᛚ ᛗ ᚾ ᛟ ᛈ q ᚱ ᛊ ᛏ ᚢ ᚹ w x y ᛉ",
)
"""The letters from a to z in each; what stands for itself is in ASCII."""
_TURNED_SHAPES = (
    "ɐ q ɔ p ǝ ɟ ƃ ɥ ᴉ ɾ ʞ l ɯ u o d b ɹ s ʇ n ʌ ʍ x ʎ z",
    "ɒ d ɔ b ɘ ʇ ϱ ʜ i į ʞ l m n o q p ɿ ƨ ƚ υ v w x γ z",
)
_ALSO = {"ᚳ": "c", "ᛋ": "s", "ᚪ": "a", "ᛠ": "y", "ן": "l", "ı": "i", "ⅎ": "f", "ɓ": "g", "∀": "a"}
"""Signs that some of these pages use instead."""


def _alphabet(shapes: str, *, turned: bool) -> Alphabet:
    forms: dict[int, str] = {}
    signs = dict(zip(_LATIN.split(), shapes.split(), strict=True))
    for letter, sign in signs.items():
        spellings = {sign, sign.lower(), sign.upper(), unicodedata.normalize("NFKC", sign)}
        forms |= {ord(one): letter for one in spellings if len(one) == 1 and (turned or not one.isascii())}
    signs_of = {
        letter: "".join(chr(point) for point, meant in forms.items() if meant == letter and point > _LAST_ASCII)
        for letter in _FREQUENT
    }
    frequent = tuple(filter(None, signs_of.values()))
    scripts = Counter(unicodedata.name(sign).split()[0] for sign in "".join(frequent))
    home = scripts.most_common(1)[0][0]
    apart = "".join(sign for sign in "".join(frequent) if unicodedata.name(sign).split()[0] != home)
    return Alphabet({ord(sign): letter for sign, letter in _ALSO.items()} | forms, frequent, apart, turned)


ALPHABETS = (
    *(_alphabet(shapes, turned=False) for shapes in _SHAPES),
    *(_alphabet(shapes, turned=True) for shapes in _TURNED_SHAPES),
)


def drawn(text: str, flat: bytes) -> Iterator[Peeled]:
    """The lines with such letters, read as plain ones; `flat` is the text as `shape` has it."""
    if text.isascii():
        return
    if _marked(text, flat):
        yield from _read(text, "accents", _BARE, turned=False)
    for one in ALPHABETS:
        if one.may_be_in(text):
            yield from _read(text, "drawn", one.forms, turned=one.turned)
            if one.turned:  # some pages turn each letter and leave the order
                yield from _read(text, "drawn", one.forms, turned=False)


def _marked(text: str, flat: bytes) -> bool:
    """Whether letters with marks stand dense anywhere, and words may come of them."""
    held = text.encode("utf-8", "surrogatepass")
    if not any(lead in held for lead in _BARE_LEADS):
        return False
    least = min(MIN_MARKED, max(len(text) // 8, 1))
    if not any(flat.count(b"?", at, at + WINDOW) >= least for at in range(0, len(text), WINDOW // 2)):
        return False
    words = " ".join(word for word in set(text.split()) if not word.isascii())
    return telling(known(words.translate(_BARE)))


def _read(text: str, kind: str, forms: dict[int, str], *, turned: bool) -> Iterator[Peeled]:
    plain = text.translate(forms)
    if not telling(known(plain[::-1] if turned else plain) - known(text)):
        return
    places = [at for at, sign in enumerate(text) if ord(sign) > _LAST_ASCII and ord(sign) in forms]
    lo = text.rfind("\n", 0, places[0]) + 1
    end = text.find("\n", places[-1])
    hi = len(text) if end < 0 else end
    made = plain[lo:hi]
    if turned:
        yield region(text, lo, hi, made[::-1], kind, [(lo, hi, hi - lo, 0)])
    else:
        yield region(text, lo, hi, made, kind, [(lo, hi, hi - lo, 1)])
