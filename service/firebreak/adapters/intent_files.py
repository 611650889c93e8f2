"""The word vectors that come with the package, and what was learnt of asks on top of them, read from its files; and
what was learnt on an encoder's vectors, from a file beside that encoder.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from firebreak.intent.learnt import Learnt
from firebreak.intent.learnt import parse as parse_learnt
from firebreak.intent.vectors import Embeddings, parse
from firebreak.model.errors import BadConfig

WORDS = "words.bin"
ASKS = "asks.bin"
ENCODED_ASKS = "encoded_asks.bin"
"""In the package: for the vectors of all-MiniLM-L6-v2. `firebreak encoder build` puts it beside that encoder."""
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
    if not found.reads_words or found.dims != embeddings().dims:
        raise BadConfig(ASKS, f"made for other vectors than those in {WORDS}", _MEND)
    return found


def encoded() -> tuple[str, bytes]:
    """What the package has for an encoder's vectors: the digest of that encoder's weights, and the file's bytes."""
    data = _bytes(ENCODED_ASKS)
    return parse_learnt(data, ENCODED_ASKS).base, data


def learnt_on(path: Path, dims: int) -> Learnt | None:
    """What was learnt on the vectors, of so many numbers, of the encoder beside which the file lies; None without one.

    Raises `BadConfig` where it is broken, or for other vectors or categories.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadConfig(str(path), "the file cannot be read", "let the service's user read it") from error
    found = parse_learnt(data, str(path))
    if found.reads_words or found.dims != dims or found.categories != learnt().categories:
        mend = "build the encoder's directory again with this version, or take the file away"
        raise BadConfig(str(path), "made for another encoder or another version", mend)
    return found


def _bytes(name: str) -> bytes:
    try:
        return files("firebreak.intent").joinpath("data", name).read_bytes()
    except OSError as error:
        raise BadConfig(name, "the file cannot be read", _MEND) from error
