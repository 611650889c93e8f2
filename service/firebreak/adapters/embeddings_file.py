"""The word vectors that come with the package, read from its files."""

import os
from functools import cache
from importlib.resources import files

# numpy's threads cost a small product many times what they save; the library reads this once, when it is first loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from firebreak.intent.vectors import Embeddings, parse
from firebreak.model.errors import BadConfig

ASSET = "words.bin"


@cache
def packaged() -> Embeddings:
    """The embeddings in the package, read once in a process. Raises `BadConfig` where the file is missing or broken."""
    place = files("firebreak.intent").joinpath("data", ASSET)
    try:
        data = place.read_bytes()
    except OSError as error:
        raise BadConfig(ASSET, "the word embeddings cannot be read", "reinstall firebreak") from error
    return parse(data, ASSET)
