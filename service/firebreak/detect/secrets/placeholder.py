"""Whether a value that stands where a credential would is one, or only keeps its place."""

import re
from itertools import pairwise

from firebreak.detect.secrets.form import entropy

_STANDS_FOR = re.compile(
    r"^[<{\[%$#&@:!?]|\$\{|\{\{|\}\}|\{\w*\}|>$|\.\.\.|…|\*{3}|•|^(.)\1*$|(?:^|[^a-z])x{3,}|x{6,}|^_{2,}\w+_{2,}$"
    r"|your|example|sample|placeholder|change[-_ ]?(?:me|it|this)|redacted|masked|hidden|insert|replace|todo|dummy"
    r"|foo[-_]?bar|fixme|not[-_]?set|removed|sanitized|scrubbed|obfuscated|bogus|invalid|incorrect|wrong[-_]?p"
    r"|(?:goes|secret|key|token|password)[-_]here|^(?:fake|mock|stub|enter|put|paste|type|provide|choose)[-_ ]"
    r"|^p[a@4][s$5]{2}w[o0]rd$"
    r"|^(?:the|my|some|a|an|new|old)[-_ ]?(?:api|secret|access|auth|db|root|admin)?[-_ ]?(?:password"
    r"|passwd|pass|secret|token|key)\d?$"
    r"|^(?:user|admin|root|db|test)?[-_]?(?:password|passwd|passphrase|pass|pwd|secret|token|api[-_]?key|key)$"
    r"|^(?:string|str|null|none|nil|true|false|undefined|required|optional|varchar|bytes|any"
    r"|object|default|empty|value)\b"
    r"|^(?:op|vault|ssm|arn|secrets?|ref\+\w+|file|env|keyring|awssm|gcpsm|keyvault|akv|doppler):"
    r"|^ENC[\[(]|^\{cipher\}|secretsmanager|^(?:0123456789|1234567890|abcdefghij)[a-z0-9]*$",
    re.IGNORECASE,
)
_CONSTANT = re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$")
"""How programs write the name of a constant."""
_PIECE = r"(?:[A-Z]?[a-z]{2,14}\d{0,3}|[A-Z]{2,14}|[A-Za-z\d]{1,3}|v?\d{1,4})"
_NAME = re.compile(rf"^{_PIECE}(?:[-_./:]{_PIECE})+$")
"""Words and short numbers joined: `a2a-secret-key-1`, `api_token_v2`, `tests/unit/a1`."""
_PIECES = re.compile(r"[-_./:]|(?<=[a-z])(?=[A-Z])")
_TELLS = re.compile(
    r"pass|pw\b|pwd|secret|token|key|auth|cred|login|user|name|field|label|value|path|file|data|db|id\b|test|config",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]{4}")
_CAMEL = re.compile(r"^[A-Za-z]?[a-z]{2,14}(?:[A-Z][a-z]{1,14})*(?:[A-Z][a-z]{0,14})\d{0,2}$")
"""`accessTokenV2`: a name, though it has a digit."""
_DOTTED = re.compile(r"^[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+$")
_DOTTED_WORDS = re.compile(r"^[A-Za-z_]+\d{0,3}(?:(?:\.|::|->)[A-Za-z_]+\d{0,3})+$")
_CODE = re.compile(r"[()\[\]{}<>;,]|=>|^(?:self|this|os|env|process|req|request|config|settings)\b|^https?:|^/|^\./")
_SENTENCE = re.compile(
    r"\b(?:password|must|required|enter|please|the|is|are|invalid|incorrect|for|and|or|to|of)\b", re.IGNORECASE
)
_TEST_RUN = re.compile(r"^(?:[Tt]est_|Test[A-Z]\w*$|\d+/\d+|\S*/\S*\.\w{1,4}$)")
"""What a test runner prints behind `PASS:`: the test's name, a count, a file."""
_TYPE = re.compile(
    r"^(?:(?:u?int|float|base)\d+[A-Za-z_]*|-?0x[0-9a-f]{1,8}[ul]{0,3}|\d{1,12}[a-z]{0,3})$", re.IGNORECASE
)
_IMAGES_OWN = frozenset({"postgres", "mysql", "mongo", "redis", "rabbitmq", "guest", "root", "admin", "x-oauth-basic"})
"""Logins that images and manuals start with: everybody knows them, so nothing leaks."""
_LABEL = re.compile(
    r"^(?:[-\w]{0,30}(?:password|passwd|pwd|token|secret|label|field|name|hint))[-:*?.!]{0,3}$", re.IGNORECASE
)
"""What a form says beside the field: `Password:`, `new-password`."""
_FOLLOWS = re.compile(r"</[A-Za-z].*|[)\]},;]+$", re.DOTALL)
"""What a text puts behind a value without a blank: an element's end, the bracket around, a comma."""
_CALL = re.compile(r"^[A-Za-z_][\w.]*[(\[]")
MAX_CHARS = 256
MIN_SIGNING_CHARS = 24
MIN_SHUFFLED = 12


def _bare(value: str) -> str:
    """Its first characters, without what only follows it."""
    return _FOLLOWS.sub("", value[:MAX_CHARS])


def stands_for(value: str) -> bool:
    """`<password>`, `${TOKEN}`, `your-key-here`, `xxxx`, `****`: written where a value would be."""
    return _STANDS_FOR.search(value[:MAX_CHARS]) is not None


def is_name(value: str) -> bool:
    """Whether it looks like what programs call things: words joined by signs or by capitals."""
    if _CONSTANT.match(value) or _CAMEL.match(value):
        return True
    return _NAME.match(value) is not None and _WORD.search(value) is not None


def is_password_name(value: str) -> bool:
    """Whether it names a password: as `is_name`, of three pieces or with a word that says so. `hunter-22` does not."""
    return is_name(value) and (len(_PIECES.split(value)) > 2 or _TELLS.search(value) is not None)


def is_shuffled(value: str) -> bool:
    """Letters only, but no words: upper and lower case change too often for names, even of many short words."""
    if len(value) < MIN_SHUFFLED or not value.isalpha() or _CAMEL.match(value) or _TELLS.search(value):
        return False
    return sum(a.isupper() != b.isupper() for a, b in pairwise(value)) * 5 >= len(value) * 2


def is_key(value: str) -> bool:
    """A machine-made value: letters and digits, spread wide, not a name in a program."""
    value = value[:MAX_CHARS]
    return (
        (any(map(str.isdigit, value)) or is_shuffled(value))
        and any(map(str.isalpha, value))
        and entropy(value) >= 3.0
        and not stands_for(value)
        and not is_name(value)
        and not _TYPE.match(value)
        and not _DOTTED.match(value)
        and not _CODE.search(value)
    )


def is_password(value: str) -> bool:
    """A password a person chose, written without quotes: letters with digits or signs, not a name in a program."""
    value = _bare(value)
    return (
        any(map(str.isalpha, value))
        and (any(map(str.isdigit, value)) or is_shuffled(value))
        and len(set(value)) >= 4
        and not stands_for(value)
        and not is_password_name(value)
        and not _TEST_RUN.match(value)
        and not _TYPE.match(value)
        and not _DOTTED.match(value)
        and not _CODE.search(value)
    )


def is_passphrase(value: str) -> bool:
    """A quoted password: as `is_password` with any signs, or four and more plain words that make no sentence."""
    value = value[:MAX_CHARS]
    if stands_for(value) or _DOTTED_WORDS.match(value) or _CONSTANT.match(value) or _LABEL.search(value):
        return False
    words = value.split(" ")
    if len(words) > 1:
        return len(words) >= 4 and all(w.isalnum() and w.islower() for w in words) and not _SENTENCE.search(value)
    signs = any(c.isdigit() or not c.isalnum() for c in value.replace("_", "").replace("-", ""))
    return signs and any(map(str.isalpha, value)) and len(set(value)) >= 4 and not _CODE.match(value)


def is_login_password(value: str) -> bool:
    """The password in a URL or a connection string: anything that does not keep the place of one."""
    value = _bare(value)
    return not stands_for(value) and len(value) >= 3 and value.lower() not in _IMAGES_OWN


def is_framework_key(value: str) -> bool:
    """A secret that a program signs with: long and spread wide, with any signs; not a call or a name."""
    value = _bare(value)
    return (
        len(value) >= MIN_SIGNING_CHARS
        and entropy(value) >= 3.5
        and any(map(str.isdigit, value))
        and not stands_for(value)
        and not is_name(value)
        and not _CALL.match(value)
    )


def is_hash(value: str) -> bool:
    """A hash that was made, not a row of one letter."""
    return len(set(value)) > 12
