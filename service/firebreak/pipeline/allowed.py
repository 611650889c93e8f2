"""Values that a policy calls nobody's secret: the hits on exactly these are left out, and on nothing else.

A value is named by its SHA-256 digest, so no policy holds a secret, and compared with all that a hit covers in the
part's own text: a longer value that begins with an allowed one, or an encoding of one, is found as before.
"""

import hashlib
from collections.abc import Sequence

from firebreak.detect.interface import Hit
from firebreak.model.finding import FindingKind

KINDS = frozenset({FindingKind.SECRET, FindingKind.PII})
"""Kinds whose hits cover a value. Those of other kinds cover what was said, and no policy can call that harmless."""


def without_allowed(hits: Sequence[Hit], text: str, allowed: frozenset[bytes]) -> list[Hit]:
    """The hits in `text` but for those on values with one of these digests."""
    return [hit for hit in hits if hit.kind not in KINDS or _digest(text[hit.start : hit.end]) not in allowed]


def _digest(value: str) -> bytes:
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()
