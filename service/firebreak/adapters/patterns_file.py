"""The rules' pattern database that an image's build leaves in the package, so that no start compiles it again.

The rules this file lives by:
1. It is read only where this process could not have written it: native code takes it as it is.
2. Without it, or when it is of other rules, another hyperscan or another processor, the rules are proved and compiled
   as they are at the build. Nothing else changes.
"""

import os
from pathlib import Path

from firebreak import detect
from firebreak.detect.patterns import PatternDetector
from firebreak.detect.registry import RULES

PLACE = Path(detect.__path__[0]) / "data" / "patterns.bin"


def packaged(place: Path = PLACE) -> bytes:
    """What `prepare` wrote, or nothing."""
    if os.access(place, os.W_OK) or os.access(place.parent, os.W_OK):
        return b""
    try:
        return place.read_bytes()
    except OSError:
        return b""


def prepare(place: Path = PLACE) -> None:
    """Prove and compile the rules; for the build of an image, as another user than the one who serves."""
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(PatternDetector(RULES).prepared)
