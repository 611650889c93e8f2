"""Possessive repeats of groups on every Python that we run on.

Before 3.11.5 CPython lets such a repeat keep what its last, failed round had read (python/cpython#106052): `(?:ab)*+`
takes `aba` of `abac`. A plain repeat takes what is right; where nothing behind it can fail it differs only in memory.
"""

import re
import sys
from typing import AnyStr

MENDED = sys.version_info >= (3, 11, 5)

_REPEAT = r"(?<!\\)\)([*+?]|\{\d*,?\d*\})\+"


def possessive(expression: AnyStr, *, mended: bool = MENDED) -> AnyStr:
    """The expression, with plain repeats of groups where possessive ones are not right."""
    if mended:
        return expression
    if isinstance(expression, bytes):
        return re.sub(_REPEAT.encode(), rb")\1", expression)
    return re.sub(_REPEAT, r")\1", expression)
