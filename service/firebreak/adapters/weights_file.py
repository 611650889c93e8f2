"""Weights in the safetensors format, read and written without a library: a length, a JSON header, the numbers.

https://huggingface.co/docs/safetensors: eight bytes little endian, then UTF-8 JSON that names each array's type, shape
and place, then the bytes.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firebreak.model.errors import BadConfig

Weights = dict[str, NDArray[Any]]

MAX_HEADER_BYTES = 100_000_000  # the format's own bound
TYPES = {"F32": "<f4", "F16": "<f2", "I8": "|i1", "I64": "<i8"}
_NAMES = {np.dtype(kind).str: name for name, kind in TYPES.items()}
_META = "__metadata__"
_FAULTS = (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def read(path: Path) -> Weights:
    """Arrays by name. Raises `BadConfig`."""
    try:
        header, body = _parts(path)
        return {name: _array(said, body) for name, said in header.items() if name != _META}
    except _FAULTS as error:
        raise _bad(path) from error


def about(path: Path) -> dict[str, str]:
    """What the file says of itself. Raises `BadConfig`."""
    try:
        return {str(name): str(said) for name, said in _parts(path)[0].get(_META, {}).items()}
    except _FAULTS as error:
        raise _bad(path) from error


def _bad(path: Path) -> BadConfig:
    return BadConfig(str(path), "cannot be read as safetensors", "put the model's own file there")


def _parts(path: Path) -> tuple[dict[str, Any], NDArray[np.uint8]]:
    """The header, and the numbers' bytes, which stay in the file's pages until they are used."""
    data = np.memmap(path, np.uint8, "r")
    size = int.from_bytes(data[:8].tobytes(), "little")
    if not 2 <= size <= min(MAX_HEADER_BYTES, len(data) - 8):
        raise ValueError("no header")
    header: dict[str, Any] = json.loads(data[8 : 8 + size].tobytes())
    return header, data[8 + size :]


def _array(said: dict[str, Any], body: NDArray[np.uint8]) -> NDArray[Any]:
    start, end = said["data_offsets"]
    kind = np.dtype(TYPES[said["dtype"]])
    shape = tuple(int(size) for size in said["shape"])
    if not 0 <= start <= end <= len(body) or end - start != kind.itemsize * int(np.prod(shape, dtype=np.int64)):
        raise ValueError("out of place")
    return np.frombuffer(body[start:end].tobytes(), kind).reshape(shape)


def write(path: Path, weights: Mapping[str, NDArray[Any]], about: Mapping[str, str]) -> None:
    """The same weights give the same bytes."""
    header: dict[str, Any] = {_META: dict(sorted(about.items()))}
    at = 0
    for name in sorted(weights):
        array = weights[name]
        header[name] = {
            "dtype": _NAMES[array.dtype.str],
            "shape": list(array.shape),
            "data_offsets": [at, at + array.nbytes],
        }
        at += array.nbytes
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    with path.open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        for name in sorted(weights):
            file.write(np.ascontiguousarray(weights[name]).tobytes())
