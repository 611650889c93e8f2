"""The word vectors that come with the package, read from its files."""

from functools import cache
from importlib.resources import files

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
