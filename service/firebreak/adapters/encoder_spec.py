"""What a mounted directory holds: which file is the model, what it is for, and how its answers are read.

Our own directories say so in `encoder.json`. Without one, the directory is read as it is published on a model hub:
`config.json` with `id2label` is a classifier, one of tokens a tagger of names and addresses, without it an encoder of
sentences.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from firebreak.adapters.entity_labels import bare, is_prefixed, meanings
from firebreak.model.conversation import Origin
from firebreak.model.errors import BadConfig
from firebreak.pipeline.mentions import Label, Sort

OWN, HUB, TOKENIZER = "encoder.json", "config.json", "tokenizer.json"
ASKS = "asks.bin"
"""Beside an encoder of sentences: what was learnt of asks on its vectors, `intent.learnt`."""
MODELS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
MAX_TOKENS = 512  # of one piece; what published encoders of this kind were trained on
MAX_FILE_BYTES = 4 * 1024 * 1024  # of a configuration
LEAST_TOKENS = 8
ATTACKS = frozenset({"attack", "injection", "jailbreak", "malicious", "unsafe", "prompt_injection", "label_1"})
"""Labels, in lower case, by which published classifiers mean an attack; Prompt Guard 2 has no names but `LABEL_1`."""
ORDER, BESIDE = "injection", "jailbreak"
"""Prompt Guard 1 has both: the first are orders of any kind, out of place in what third parties write and not in what
users do (https://huggingface.co/meta-llama/Prompt-Guard-86M). Without the second the first means attacks.
"""
ASK_FROM, ASK_TO = 0.05, 0.5
"""Scores of the small model between which a classifier is asked that does not say so itself: of harmless texts about
three in ten; from the upper one on the small model tells by itself."""

ORIGINS = (Origin.USER, Origin.TOOL, Origin.RETRIEVAL)
"""Whose words a tagger or a classifier reads that does not say so itself."""
MAX_PASSAGES = 64
"""Passages of one exchange that it reads at most. What is more counts as over budget."""
_LABELS = 1000
_TAGGERS = frozenset({"labels", "entity_labels", "max_passages"})
"""Keys of a tagger alone."""
_READERS = frozenset({"origins"})
"""Keys of those that read whole conversations: a tagger and a classifier."""

_SHARES = {"threshold": 0.5, "ask_from": ASK_FROM, "ask_to": ASK_TO}
_KEYS = frozenset(
    {"about", "task", "attack_label", "order_label", "play_label", "max_tokens", "pooling", "small_weight", *_SHARES}
)
"""Of an `encoder.json`, whatever its task."""
_MOST_WEIGHT = 10.0
"""Of the small model's word: beyond it the classifier would decide nothing."""


class Task(StrEnum):
    INJECTION = "injection-classifier"
    SENTENCE = "sentence-encoder"
    ENTITIES = "entity-tagger"


@dataclass(frozen=True, slots=True)
class Spec:
    """How a model is asked. `attacks` are the indices of the labels that mean an attack, whoever speaks, `orders` those
    and the labels that mean one in a tool's result or a document; a classifier has some of both. `play` are those that
    leave a user's words to the small model.

    `max_tokens` counts what stands around a text too. From `threshold` on a text is an attack; `ask_from` and `ask_to`
    are the scores of the small model between which a classifier is asked, `small_weight` says how much of the small
    model's log odds are added to the classifier's. `pooling` says how an encoder's tokens
    become one vector (`mean`, `cls`); an encoder that gives one vector needs none. `origins` are those whose words a
    tagger or a classifier reads; `labels` are a tagger's, by index, `max_passages` how many it reads of one exchange.
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
    small_weight: float = 0.0
    labels: tuple[Label, ...] = ()
    origins: frozenset[Origin] = frozenset(ORIGINS)
    max_passages: int = MAX_PASSAGES
    orders: tuple[int, ...] = ()
    play: tuple[int, ...] = ()


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
    task = said.get("task")
    if task not in tuple(Task):
        raise BadConfig(file, "`task` is no kind of encoder", f"write {', '.join(Task)}")
    _refuse_unknown(file, said, Task(task))
    label = _label(file, "attack_label", said.get("attack_label", 1))
    pooling = said.get("pooling", "mean")
    if pooling not in ("mean", "cls"):
        raise BadConfig(file, "`pooling` is not known", "write mean or cls")
    tokens = _tokens(file, said.get("max_tokens", MAX_TOKENS))
    labels = _classifier(file, said, label) if task == Task.INJECTION else {}
    tagger = _tagger(place, file, said) if task == Task.ENTITIES else {}
    shares: dict[str, Any] = {name: _number(file, name, said.get(name, value)) for name, value in _SHARES.items()}
    return Spec(
        place,
        model,
        Task(task),
        max_tokens=tokens,
        small_weight=_number(file, "small_weight", said.get("small_weight", 0.0), _MOST_WEIGHT),
        pooling=pooling,
        origins=_origins(file, said),
        **labels,
        **shares,
        **tagger,
    )


def _refuse_unknown(file: str, said: dict[str, Any], task: Task) -> None:
    more = _READERS if task != Task.SENTENCE else frozenset[str]()
    more |= _TAGGERS if task == Task.ENTITIES else frozenset[str]()
    unknown = sorted(set(said) - _KEYS - more)
    if unknown:
        raise BadConfig(file, f"unknown key {unknown[0]!r}", "see docs/encoder.md for the keys")


def _classifier(file: str, said: dict[str, Any], attack: int) -> dict[str, Any]:
    """Which labels a classifier means what by."""
    order, play = (_label(file, name, said.get(name, attack)) for name in ("order_label", "play_label"))
    if play == attack and "play_label" in said:
        raise BadConfig(file, "`play_label` is the attack's", "name the label of role-play, or leave it out")
    return {
        "attacks": (attack,),
        "orders": tuple(sorted({attack, order, play})),
        "play": (play,) if play != attack else (),
    }


def _label(file: str, name: str, said: object) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said < _LABELS:
        raise BadConfig(file, f"`{name}` is not the index of a label", "write for example 1")
    return said


def _tagger(place: Path, file: str, said: dict[str, Any]) -> dict[str, Any]:
    """What only a tagger says. Its labels may stand in the `config.json` that was published with it."""
    names = said.get("labels")
    if names is None and (place / HUB).is_file():
        names = _names(str(place / HUB), _json(place / HUB))
    if not isinstance(names, list) or not 2 <= len(names) <= _LABELS or not all(isinstance(one, str) for one in names):
        raise BadConfig(file, "`labels` is no list of names", f"list the model's labels, or put its {HUB} beside it")
    meant = said.get("entity_labels", {})
    if not isinstance(meant, dict) or not set(meant) <= set(map(bare, names)) or not all(_meant(*meant.values())):
        problem = f"`entity_labels` does not give labels one of {', '.join(Sort)}, or null"
        raise BadConfig(file, problem, "name labels as the model does, without B- and I-")
    known = meanings(names, {name: Sort(value) if value else None for name, value in meant.items()})
    most = said.get("max_passages", MAX_PASSAGES)
    if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= 10_000:
        raise BadConfig(file, "`max_passages` is not between 1 and 10000", f"write for example {MAX_PASSAGES}")
    _refuse_nothing(file, known)
    return {"labels": known, "max_passages": most}


def _origins(file: str, said: dict[str, Any]) -> frozenset[Origin]:
    origins = said.get("origins", list(ORIGINS))
    if not isinstance(origins, list) or not origins or not all(one in tuple(Origin) for one in origins):
        raise BadConfig(file, "`origins` is no list of those who speak", f"write some of {', '.join(Origin)}")
    return frozenset(map(Origin, origins))


def _meant(*values: object) -> list[bool]:
    return [value is None or value in tuple(Sort) for value in values]


def _refuse_nothing(file: str, known: tuple[Label, ...]) -> None:
    if not any(label.sort for label in known):
        problem = "no label of the model is known to mean a person or an address"
        raise BadConfig(file, problem, f"write an {OWN} with `entity_labels`")


def _names(file: str, said: dict[str, Any]) -> list[str]:
    """The labels of `id2label` in their order."""
    known = said.get("id2label")
    numbered = known if isinstance(known, dict) else {}
    if len(numbered) < 2 or set(numbered) != {str(index) for index in range(len(numbered))}:
        raise BadConfig(file, "`id2label` does not name the model's labels", "put the model's own file there")
    return [str(numbered[str(index)]) for index in range(len(numbered))]


def _number(file: str, name: str, said: object, most: float = 1.0) -> float:
    if not isinstance(said, int | float) or isinstance(said, bool) or not 0 <= said <= most:
        raise BadConfig(file, f"`{name}` is not between 0 and {most:g}", "write for example 0.5")
    return float(said)


def _hub(place: Path, model: Path, said: dict[str, Any]) -> Spec:
    file = str(place / HUB)
    positions = said.get("max_position_embeddings")
    # RoBERTa's positions begin after its padding index, so two of them are never used.
    spare = 2 if str(said.get("model_type", "")).endswith("roberta") else 0
    positions = positions - spare if isinstance(positions, int) else positions
    architecture = str((said.get("architectures") or [""])[0])
    if "ForTokenClassification" in architecture or (not architecture and _tags(said)):
        known = meanings(_names(file, said), {})
        _refuse_nothing(file, known)
        return Spec(place, model, Task.ENTITIES, (), _tokens(file, positions), labels=known)
    if "id2label" not in said and "ForSequenceClassification" not in architecture:
        return Spec(place, model, Task.SENTENCE, (), _sentence_tokens(place, file, positions), 0.5, _pooling(place))
    labels = said.get("id2label") or {"0": "LABEL_0", "1": "LABEL_1"}  # transformers leaves out the names it would make
    named = {int(index): str(name).lower() for index, name in labels.items() if str(index).isdecimal()}
    orders = tuple(sorted(index for index, name in named.items() if name in ATTACKS))
    attacks = tuple(index for index in orders if named[index] != ORDER or BESIDE not in named.values())
    if not attacks:
        raise BadConfig(file, "no label of `id2label` means an attack", f"write an {OWN} with `attack_label`")
    return Spec(place, model, Task.INJECTION, attacks, _tokens(file, positions), orders=orders)


def _tags(said: dict[str, Any]) -> bool:
    """Without a word on the architecture: labels of tokens say where a thing begins."""
    known = said.get("id2label")
    return isinstance(known, dict) and any(is_prefixed(str(name)) for name in known.values())


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
