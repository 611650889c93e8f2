"""The injection model that comes with the package, read from its file."""

import os
from functools import cache
from importlib.resources import files

# numpy's threads cost a small product many times what they save; the library reads this once, when it is first loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from firebreak.detect.ngram.detector import VOICES
from firebreak.detect.ngram.model import Model, parse
from firebreak.model.errors import BadConfig

ASSET = "injection.bin"


@cache
def packaged() -> Model:
    """The model in the package, read once in a process. Raises `BadConfig` where the file is missing or broken."""
    place = files("firebreak.detect").joinpath("data", ASSET)
    try:
        data = place.read_bytes()
    except OSError as error:
        raise BadConfig(ASSET, "the injection model cannot be read", "reinstall firebreak") from error
    model = parse(data, ASSET)
    if not model.voices >= VOICES:
        raise BadConfig(ASSET, "the injection model lacks a voice", "reinstall firebreak")
    return model
