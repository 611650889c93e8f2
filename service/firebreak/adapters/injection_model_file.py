"""The injection model that comes with the package, read from its file."""

import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

# numpy's threads cost a small product many times what they save; the library reads this once, when it is first loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from firebreak.detect.ngram.detector import HEADS
from firebreak.detect.ngram.model import Head, parse
from firebreak.model.errors import BadConfig

ASSET = "injection.bin"


@cache
def packaged() -> Mapping[str, Head]:
    """The model in the package, read once in a process. Raises `BadConfig` where the file is missing or broken."""
    place = files("firebreak.detect").joinpath("data", ASSET)
    try:
        data = place.read_bytes()
    except OSError as error:
        raise BadConfig(ASSET, "the injection model cannot be read", "reinstall firebreak") from error
    heads = parse(data, ASSET)
    if set(heads) != set(HEADS):
        raise BadConfig(ASSET, "the injection model lacks a head", "reinstall firebreak")
    return heads
