"""What a mounted directory holds: which file is the model, what it is for, and how its answers are read.

Our own directories say so in `encoder.json`. Without one, the directory is read as it is published on a model hub:
`config.json` with `id2label` is a classifier, without it an encoder of sentences.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from firebreak.model.errors import BadConfig

OWN, HUB, TOKENIZER = "encoder.json", "config.json", "tokenizer.json"
MODELS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
MAX_TOKENS = 512  # of one piece; what published encoders of this kind were trained on
MAX_FILE_BYTES = 4 * 1024 * 1024  # of a configuration
LEAST_TOKENS = 8
ATTACKS = frozenset({"attack", "injection", "jailbreak", "malicious", "unsafe", "prompt_injection", "label_1"})
"""Labels, in lower case, by which published classifiers mean an attack; Prompt Guard 2 has no names but `LABEL_1`."""
ASK_FROM, ASK_TO = 0.05, 0.5
"""Scores of the small model between which a classifier is asked that does not say so itself: of harmless texts about
one in seven; from the upper one on the small model tells by itself."""


_SHARES = {"threshold": 0.5, "ask_from": ASK_FROM, "ask_to": ASK_TO}


class Task(StrEnum):
    INJECTION = "injection-classifier"
    SENTENCE = "sentence-encoder"


@dataclass(frozen=True, slots=True)
class Spec:
    """How a model is asked. `attacks` are the indices of the labels that mean an attack; a classifier has some.

    `max_tokens` counts what stands around a text too. From `threshold` on a text is an attack; `ask_from` and `ask_to`
    are the scores of the small model between which a classifier is asked. `pooling` says how an encoder's tokens
    become one vector (`mean`, `cls`); an encoder that gives one vector needs none.
    """

    place: Path
    model: Path
    task: Task
    attacks: tuple[int, ...] = ()
    max_tokens: int = MAX_TOKENS
    threshold: float = 0.5
    pooling: str = "mean"
    ask_from: float = ASK_FROM
    ask_to: float = ASK_TO


def find(directory: str) -> list[Spec]:
    """The models of a mounted directory: itself, or each directory in it. Raises `BadConfig`; never empty."""
    root = Path(directory)
    places = [root] if _holds_model(root) else sorted(one for one in _inside(root) if _holds_model(one))
    if not places:
        raise BadConfig(
            directory,
            "no encoder in it",
            "mount a directory with model.onnx, or make one with `firebreak encoder build`",
        )
    found = [read_spec(place) for place in places]
    for task in Task:
        twice = [spec for spec in found if spec.task is task]
        if len(twice) > 1:
            names = ", ".join(spec.place.name for spec in twice)
            raise BadConfig(directory, f"more than one {task}: {names}", "keep one of each kind")
    return found


def _inside(root: Path) -> list[Path]:
    try:
        # A mounted ConfigMap has `..data` beside what it shows, and a claim's file system what only root may look into.
        return [
            one for one in root.iterdir() if one.is_dir() and not one.name.startswith(".") and one.name != "lost+found"
        ]
    except OSError as error:
        raise BadConfig(str(root), "the encoders' directory cannot be read", "check the path and the mount") from error


def _holds_model(place: Path) -> bool:
    try:
        return any((place / name).is_file() for name in MODELS)
    except OSError as error:
        mend = "let the service's user read it, in a container uid 1337"
        raise BadConfig(str(place), "it cannot be read", mend) from error


def read_spec(place: Path) -> Spec:
    """Of one directory. Raises `BadConfig`."""
    model = next((place / name for name in MODELS if (place / name).is_file()), None)
    if model is None:
        raise BadConfig(str(place), "no model.onnx in it", "export the model to ONNX")
    if not (place / TOKENIZER).is_file():
        raise BadConfig(str(place), f"no {TOKENIZER} in it", "put the model's own tokenizer.json beside it")
    if (place / OWN).is_file():
        return _own(place, model, _json(place / OWN))
    if (place / HUB).is_file():
        return _hub(place, model, _json(place / HUB))
    raise BadConfig(str(place), f"neither {OWN} nor {HUB} in it", "put the model's config.json beside it")


def _json(path: Path) -> dict[str, Any]:
    bad = BadConfig(str(path), "not a JSON object", "put the file there again")
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise bad
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise bad from error
    if not isinstance(value, dict):
        raise bad
    return value


def _own(place: Path, model: Path, said: dict[str, Any]) -> Spec:
    file = str(place / OWN)
    unknown = sorted(set(said) - {"about", "task", "attack_label", "max_tokens", "pooling", *_SHARES})
    if unknown:
        raise BadConfig(file, f"unknown key {unknown[0]!r}", "see docs/encoder.md for the keys")
    task = said.get("task")
    if task not in set(Task):
        raise BadConfig(file, "`task` is no kind of encoder", f"write {Task.INJECTION} or {Task.SENTENCE}")
    label = said.get("attack_label", 1)
    if not isinstance(label, int) or isinstance(label, bool) or not 0 <= label < 1000:
        raise BadConfig(file, "`attack_label` is not the index of a label", "write for example 1")
    shares = {name: _share(file, name, said.get(name, value)) for name, value in _SHARES.items()}
    pooling = said.get("pooling", "mean")
    if pooling not in ("mean", "cls"):
        raise BadConfig(file, "`pooling` is not known", "write mean or cls")
    tokens = _tokens(file, said.get("max_tokens", MAX_TOKENS))
    attacks = (label,) if task == Task.INJECTION else ()
    return Spec(place, model, Task(task), attacks, tokens, pooling=pooling, **shares)


def _share(file: str, name: str, said: object) -> float:
    if not isinstance(said, int | float) or isinstance(said, bool) or not 0 <= said <= 1:
        raise BadConfig(file, f"`{name}` is not between 0 and 1", "write for example 0.5")
    return float(said)


def _hub(place: Path, model: Path, said: dict[str, Any]) -> Spec:
    file = str(place / HUB)
    positions = said.get("max_position_embeddings")
    # RoBERTa's positions begin after its padding index, so two of them are never used.
    spare = 2 if str(said.get("model_type", "")).endswith("roberta") else 0
    positions = positions - spare if isinstance(positions, int) else positions
    architectures = said.get("architectures") or [""]
    if "id2label" not in said and "ForSequenceClassification" not in str(architectures[0]):
        return Spec(place, model, Task.SENTENCE, (), _sentence_tokens(place, file, positions), 0.5, _pooling(place))
    labels = said.get("id2label") or {"0": "LABEL_0", "1": "LABEL_1"}  # transformers leaves out the names it would make
    attacks = tuple(
        sorted(int(index) for index, name in labels.items() if str(index).isdecimal() and str(name).lower() in ATTACKS)
    )
    if not attacks:
        raise BadConfig(file, "no label of `id2label` means an attack", f"write an {OWN} with `attack_label`")
    return Spec(place, model, Task.INJECTION, attacks, _tokens(file, positions))


def _sentence_tokens(place: Path, file: str, positions: object) -> int:
    """As many as sentence-transformers was told to read."""
    own = place / "sentence_bert_config.json"
    said = _json(own).get("max_seq_length") if own.is_file() else None
    return _tokens(file, said if said is not None else positions)


def _pooling(place: Path) -> str:
    own = place / "1_Pooling" / "config.json"
    return "cls" if own.is_file() and _json(own).get("pooling_mode_cls_token") is True else "mean"


def _tokens(file: str, said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or said < LEAST_TOKENS:
        raise BadConfig(file, "the number of tokens that the model reads is not known", "write for example 256")
    return min(said, MAX_TOKENS)
