"""The word vectors that come with the package, and what was learnt of asks on top of them, read from its files."""

from functools import cache
from importlib.resources import files

from firebreak.intent.learnt import Learnt
from firebreak.intent.learnt import parse as parse_learnt
from firebreak.intent.vectors import Embeddings, parse
from firebreak.model.errors import BadConfig

WORDS = "words.bin"
ASKS = "asks.bin"
_MEND = "reinstall firebreak"


@cache
def embeddings() -> Embeddings:
    """The embeddings in the package, read once in a process. Raises `BadConfig` where the file is missing or broken."""
    return parse(_bytes(WORDS), WORDS)


@cache
def learnt() -> Learnt:
    """What was learnt on these embeddings, read once in a process. Raises `BadConfig` as `embeddings` does, and where
    it was learnt on others.
    """
    found = parse_learnt(_bytes(ASKS), ASKS)
    if found.dims != embeddings().dims:
        raise BadConfig(ASKS, f"made for other vectors than those in {WORDS}", _MEND)
    return found


def _bytes(name: str) -> bytes:
    try:
        return files("firebreak.intent").joinpath("data", name).read_bytes()
    except OSError as error:
        raise BadConfig(name, "the file cannot be read", _MEND) from error
