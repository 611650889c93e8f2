"""Which end of an unfinished text must wait, because what follows could make it a finding.

A finding's span is, with few exceptions, one word (a key, a token, an address) or a row of short words with digits (a
card, a phone number, an IBAN) or of single letters (a word spelt out), or what is quoted after a word like `password`.
So the open end of a text is its last word, as far as it has come, and such a row or quotation before it. Everything
before that can be judged now.
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
_LINKS = re.compile(r"\d|^.$|^[A-Z]{2,4}$")
"""A word that a row goes through: with a digit, of one letter, or the letters of a bank in an IBAN."""

_NAMED = re.compile(
    "(?:pass\\w{0,8}|pwd|\\bpw|kennwort|mot[ _]de[ _]passe|contrase\\w{0,3}|senha"
    "|\u043f\u0430\u0440\u043e\u043b\u044c|\u5bc6[\u7801\u78bc])[^\\w\n]{0,12}[\"'`]\\Z",
    re.IGNORECASE,
)
"""The quotation mark after a word for a password (`detect.secrets.assignment` has the same)."""
_NAMED_REACH = 40
_QUOTED = 128
"""Characters of a password that is quoted and not closed yet: as long as the longest that is looked for."""


def open_end(text: str, judged: int = 0) -> int:
    """Where the open end of `text` begins; its length where nothing has to wait. What is before `judged` is only read,
    to know what follows it.
    """
    words = [(found.start(), found.end()) for found in _WORD.finditer(text, judged)]
    opened = _row(text, words) if words else len(text)
    return max(min(opened, _quotation(text)), judged)


def _quotation(text: str) -> int:
    """Where a password begins that is quoted and not closed yet; the text's length where there is none."""
    reach = max(len(text) - _QUOTED - 1, 0)
    quote = max(text.rfind('"', reach), text.rfind("'", reach), text.rfind("`", reach))
    if quote < 0 or "\n" in text[quote:]:
        return len(text)
    named = _NAMED.search(text, max(quote - _NAMED_REACH, 0), quote + 1)
    return quote + 1 if named else len(text)


def _row(text: str, words: list[tuple[int, int]]) -> int:
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
    return len(word) <= _ROW_WORD and _LINKS.search(word) is not None
