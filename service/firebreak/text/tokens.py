"""About how many tokens a text is, from its characters alone, for a provider that does not say.

Every model cuts text in its own way, and no vocabulary is shipped here. For English vendors say 4 characters a token
(OpenAI, Google) or 3.3 (DeepSeek, who say 0.6 tokens for a Chinese character). The other scripts were measured with
Mistral's published tokenizer (tekken 240911) on translations of programs into 90 languages. docs/responses.md says how
far off the rule is.
"""

_BYTES = (
    (range(0x80), 25),  # ASCII: 4 characters a token
    (range(0xC2, 0xCC), 125),  # accents and what they do to the words around them
    (range(0xCC, 0xE0), 45),  # Greek, Cyrillic, Armenian, Hebrew, Arabic
    (range(0xE0, 0xE2), 60),  # India's scripts, Thai, Georgian, Vietnamese
    (range(0xE2, 0xF0), 90),  # signs, kana, Han, Hangul
    (range(0xF0, 0x100), 300),  # emoji and rare signs
)
"""Hundredths of a token for each character, by the first byte of its UTF-8, which tells the script well enough."""

_ASCII = _BYTES[0][1]
_OTHERS = tuple((bytes(leads), hundredths) for leads, hundredths in (_BYTES[2], _BYTES[4], *_BYTES[1::2]))
"""The commonest scripts first."""

_FOLLOWING = bytes(range(0x80, 0xC0))


def weight(text: str) -> int:
    """Hundredths of a token. Whole numbers, so that the sum over pieces does not depend on their order; total."""
    if text.isascii():
        return len(text) * _ASCII
    left, heavy = text.encode("utf-8", "surrogatepass").translate(None, _FOLLOWING), 0
    for leads, hundredths in _OTHERS:
        before, left = len(left), left.translate(None, leads)
        heavy += (before - len(left)) * hundredths
        if left.isascii():
            break
    return heavy + len(left) * _ASCII


def tokens(hundredths: int) -> int:
    """Whole tokens, rounded up."""
    return -(-hundredths // 100)
