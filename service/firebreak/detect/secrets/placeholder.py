"""Whether a value that stands where a credential would is one, or only keeps its place."""

import re

from firebreak.detect.secrets.form import entropy

_STANDS_FOR = re.compile(
    r"^[<{\[%$#]|\$\{|\{\{|\}\}|>$|\.\.\.|…|\*{3}|•|^(.)\1*$|(?:^|[^a-z])x{3,}|x{6,}"
    r"|your|example|sample|placeholder|change_?me|redacted|masked|hidden|insert|replace|todo|dummy|foobar|fixme"
    r"|^(?:the|my|some|a|an|new|old)[-_ ]?(?:api|secret|access|auth|db|root|admin)?[-_ ]?(?:password"
    r"|passwd|pass|secret|token|key)\d?$"
    r"|^(?:user|admin|root|db|test)?[-_]?(?:password|passwd|passphrase|pass|pwd|secret|token|api[-_]?key|key)$"
    r"|^(?:string|str|null|none|nil|true|false|undefined|required|optional|varchar|bytes|any"
    r"|object|default|empty|value)\b",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"^[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+$")
_CODE = re.compile(r"[()\[\]{}<>;,]|=>|^(?:self|this|os|env|process|req|request|config|settings)\b|^https?:|^/|^\./")
_SENTENCE = re.compile(
    r"\b(?:password|must|required|enter|please|the|is|are|invalid|incorrect|for|and|or|to|of)\b", re.IGNORECASE
)
_TEST_RUN = re.compile(r"^(?:[Tt]est_|Test[A-Z]\w*$|\d+/\d+|\S*/\S*\.\w{1,4}$)")
"""What a test runner prints behind `PASS:`: the test's name, a count, a file."""
_TYPE = re.compile(r"^(?:u?int|float|base)\d+[A-Za-z_]*$", re.IGNORECASE)
_IMAGES_OWN = frozenset({"postgres", "mysql", "mongo", "redis", "rabbitmq", "guest", "root", "admin", "x-oauth-basic"})
"""Logins that images and manuals start with: everybody knows them, so nothing leaks."""
MAX_CHARS = 256


def stands_for(value: str) -> bool:
    """`<password>`, `${TOKEN}`, `your-key-here`, `xxxx`, `****`: written where a value would be."""
    return _STANDS_FOR.search(value[:MAX_CHARS]) is not None


def is_key(value: str) -> bool:
    """A machine-made value: letters and digits, spread wide, not a name in a program."""
    value = value[:MAX_CHARS]
    return (
        any(map(str.isdigit, value))
        and any(map(str.isalpha, value))
        and entropy(value) >= 3.0
        and not stands_for(value)
        and not _TYPE.match(value)
        and not _DOTTED.match(value)
        and not _CODE.search(value)
    )


def is_password(value: str) -> bool:
    """A password a person chose, written without quotes: letters with digits or signs, not a name in a program."""
    value = value[:MAX_CHARS]
    return (
        any(map(str.isalpha, value))
        and any(map(str.isdigit, value))
        and len(set(value)) >= 4
        and not stands_for(value)
        and not _TEST_RUN.match(value)
        and not _DOTTED.match(value)
        and not _CODE.search(value)
    )


def is_passphrase(value: str) -> bool:
    """A quoted password: as `is_password` with any signs, or four and more plain words that make no sentence."""
    value = value[:MAX_CHARS]
    if stands_for(value) or _DOTTED.match(value):
        return False
    words = value.split(" ")
    if len(words) > 1:
        return len(words) >= 4 and all(w.isalnum() and w.islower() for w in words) and not _SENTENCE.search(value)
    signs = any(c.isdigit() or not c.isalnum() for c in value.replace("_", "").replace("-", ""))
    return signs and any(map(str.isalpha, value)) and len(set(value)) >= 4 and not _CODE.match(value)


def is_login_password(value: str) -> bool:
    """The password in a URL or a connection string: anything that does not keep the place of one."""
    return not stands_for(value) and len(value) >= 3 and value.lower() not in _IMAGES_OWN
