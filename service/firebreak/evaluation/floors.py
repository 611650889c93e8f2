"""A file of floors: what a figure has to be, read strictly, and the sentence for each that is missed.

The form:

    pools: {documents: ["bipia_*"]}        # sets that are also counted together, by globs
    floors:
      - {kind: injection, set: notinject_one, figure: accuracy, least: 0.97}
      - {kind: injection, set: pooled, figure: fpr, most: 0.01}

A figure that is not there is missed: a set that was renamed must not pass for one that is well.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from firebreak.evaluation.examples import KINDS, POOLED
from firebreak.model.errors import BadConfig
from firebreak.policy import strict_yaml
from firebreak.policy.strict_yaml import Node

FIGURES = (
    "recall",
    "fpr",
    "accuracy",
    "auc",
    "spans",
    "recall_at_fpr_1",
    "recall_at_fpr_01",
    "fpr_at_fpr_1",
    "fpr_at_fpr_01",
    "false_allow",
    "false_block",
    "intent_accuracy",
    "intent_unknown",
    "p50_ms",
    "p99_ms",
    "ms_per_kb",
)
_FIELDS = ("kind", "set", "figure", "least", "most")
_FORM = "write {kind: ..., set: ..., figure: ..., least: ...} or `most`"


@dataclass(frozen=True, slots=True)
class Floor:
    """A bar for one figure of one set or pool; exactly one of `least` and `most` is a number."""

    place: str
    kind: str
    set: str
    figure: str
    least: float = -math.inf
    most: float = math.inf

    @property
    def bar(self) -> str:
        return f"at least {self.least:g}" if math.isfinite(self.least) else f"at most {self.most:g}"


@dataclass(frozen=True, slots=True)
class Floors:
    pools: Mapping[str, tuple[str, ...]]
    floors: tuple[Floor, ...]


NO_FLOORS = Floors({}, ())


@dataclass(frozen=True, slots=True)
class Held:
    """A floor and what was measured; NaN where nothing was."""

    floor: Floor
    value: float

    @property
    def missed(self) -> bool:
        return not self.floor.least <= self.value <= self.floor.most

    def __str__(self) -> str:
        floor = self.floor
        what = f"{floor.kind}, {floor.set}: {floor.figure}"
        if math.isnan(self.value):
            return f"MISSED {what} has to be {floor.bar}, and was not measured: there is no such set, kind or figure"
        return f"{'MISSED' if self.missed else 'held  '} {what} is {self.value:.4g}, has to be {floor.bar}"


def load(file: Path) -> Floors:
    """Raises `BadConfig` with the line for whatever is not of the form."""
    try:
        text = file.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        raise BadConfig(str(file), "the floors cannot be read", "check the path and that it is UTF-8 text") from None
    root = strict_yaml.read(text, str(file))
    fields = _mapping(root, str(file), ("pools", "floors"))
    pools = _mapping(fields["pools"], str(file), None) if "pools" in fields else {}
    if POOLED in pools:
        raise BadConfig(f"{file}:{pools[POOLED].line}", "a pool has the name of the whole", "name it otherwise")
    if "floors" not in fields:
        raise BadConfig(f"{file}:{root.line}", "there are no floors", "write a list under `floors`")
    return Floors(
        {name: tuple(_text(glob, str(file)) for glob in _items(node, str(file))) for name, node in pools.items()},
        tuple(_floor(node, str(file)) for node in _items(fields["floors"], str(file))),
    )


def hold(floors: Floors, figures: Mapping[tuple[str, str], Mapping[str, float]]) -> list[Held]:
    """Each floor against the figures of its kind and set."""
    return [
        Held(floor, figures.get((floor.kind, floor.set), {}).get(floor.figure, math.nan)) for floor in floors.floors
    ]


def _floor(node: Node, file: str) -> Floor:
    fields = _mapping(node, file, _FIELDS)
    place = f"{file}:{node.line}"
    words = {name: _text(fields[name], file) for name in ("kind", "set", "figure") if name in fields}
    if len(words) < 3 or ("least" in fields) == ("most" in fields):
        raise BadConfig(place, "the floor is not whole", _FORM)
    _known(words["kind"], KINDS, place, "kind")
    _known(words["figure"], FIGURES, place, "figure")
    bars = {name: _number(fields[name], file) for name in ("least", "most") if name in fields}
    return Floor(place, words["kind"], words["set"], words["figure"], **bars)


def _known(word: str, words: Iterable[str], place: str, what: str) -> None:
    if word not in words:
        raise BadConfig(place, f"the {what} is not known", f"write one of {', '.join(words)}")


def _mapping(node: Node, file: str, known: Iterable[str] | None) -> dict[str, Node]:
    if not isinstance(node.value, dict):
        raise BadConfig(f"{file}:{node.line}", "this is not a mapping", _FORM)
    for name, child in node.value.items():
        if known is not None:
            _known(name, known, f"{file}:{child.line}", "field")
    return node.value


def _items(node: Node, file: str) -> list[Node]:
    if not isinstance(node.value, list):
        raise BadConfig(f"{file}:{node.line}", "this is not a list", "write each item behind a `-`, or in brackets")
    return node.value


def _text(node: Node, file: str) -> str:
    if not isinstance(node.value, str) or not node.value:
        raise BadConfig(
            f"{file}:{node.line}", "this is no word", "write a name, in quotes where YAML takes it otherwise"
        )
    return node.value


def _number(node: Node, file: str) -> float:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        raise BadConfig(f"{file}:{node.line}", "this is no number", "write one such as 0.97")
    return float(node.value)
