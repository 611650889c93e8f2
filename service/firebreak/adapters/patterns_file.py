"""The rules' pattern database, proved and compiled before, beside the package: no start does it again.

The rules this file lives by:
1. Native code takes the database as it is, so it is read only where it is kept as safely as the code beside it: the
   same owner, and nobody else may write it. Who can change the one can change the other.
2. Without it, or when it is of other rules, another hyperscan or another processor, the rules are proved and compiled
   as they are at an image's build. Nothing else changes.
3. A start that had to compile leaves the database for the next one, where it may write beside the code: in a checkout,
   as Python does with its own compiled files. In the image nobody may.
"""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from firebreak import detect
from firebreak.detect import registry
from firebreak.detect.interface import Detector
from firebreak.detect.patterns import PatternDetector

PLACE = Path(detect.__path__[0]) / "data" / "patterns.bin"
_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def packaged(place: Path = PLACE) -> bytes:
    """What `prepare` or an earlier start wrote, or nothing."""
    try:
        with place.open("rb") as file:
            return file.read() if _as_safe_as_code(os.fstat(file.fileno())) else b""
    except OSError:
        return b""


def _as_safe_as_code(found: os.stat_result) -> bool:
    owner = Path(detect.__path__[0]).stat().st_uid
    return found.st_uid == owner and stat.S_ISREG(found.st_mode) and not found.st_mode & _OTHERS


def prepare(place: Path = PLACE) -> None:
    """Prove and compile the rules; for the build of an image, as another user than the one who serves."""
    place.parent.mkdir(exist_ok=True)
    _write(PatternDetector(registry.RULES).prepared, place)


def detectors(place: Path = PLACE) -> tuple[Detector, ...]:
    """The default detectors; what had to be compiled for them is kept. Raises BadConfig where they cannot run."""
    before = packaged(place)
    found = registry.detectors(before)
    for one in found:
        if isinstance(one, PatternDetector) and one.prepared != before:
            keep(one.prepared, place)
    return found


def keep(prepared: bytes, place: Path = PLACE) -> None:
    """Leave it for the next start, where that can be done."""
    with contextlib.suppress(OSError):
        _write(prepared, place)


def _write(data: bytes, place: Path) -> None:
    """In one step: another start may be reading."""
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=place.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
