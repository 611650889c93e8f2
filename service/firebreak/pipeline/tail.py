"""Which end of an unfinished text must wait, because what follows could make it a finding.

A finding's span is, with few exceptions, one word (a key, a token, an address) or a row of short words with digits (a
card, a phone number, an IBAN) or of single letters (a word spelt out). So the open end of a text is its last word, as
far as it has come, and such a row before it. Everything before that can be judged now.
"""

import re

MAX_ROW = 256
"""Characters that a row of words may reach back."""

_ROW_WORD = 48
"""A longer word ends a row: an IBAN has 34 characters, written in one."""
_GAP = 3

# Scripts that are written without spaces have no words to wait for.
_WORD = re.compile(
    "[^\\s\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_DIGIT = re.compile(r"\d")


def open_end(text: str) -> int:
    """Where the open end of `text` begins; its length where nothing has to wait."""
    words = [(found.start(), found.end()) for found in _WORD.finditer(text)]
    if not words:
        return len(text)
    start, end = words[-1]
    unfinished = end == len(text)
    opened = start if unfinished else len(text)
    limit = len(text) - MAX_ROW
    for start, end in reversed(words[:-1] if unfinished else words):
        if opened - end > _GAP or start < limit or not _in_a_row(text[start:end]):
            break
        opened = start
    return opened


def _in_a_row(word: str) -> bool:
    return len(word) == 1 or (len(word) <= _ROW_WORD and _DIGIT.search(word) is not None)
