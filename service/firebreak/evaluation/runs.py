"""An evaluation as JSON, and the way back: figures, and what was said of each text, without the text."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firebreak.codecs import strict_json
from firebreak.evaluation.decisions import Decided, Outcome
from firebreak.evaluation.measure import Seen
from firebreak.evaluation.tally import Tally
from firebreak.model.errors import BadConfig, BadInput

VERSION = 1
_REWRITE = "write it with `firebreak eval --json`"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one run said of one text. `flag` is whether it was flagged, or refused where a policy was asked."""

    kind: str
    set: str
    due: bool
    flag: bool


def figures(tallies: Sequence[Tally], outcomes: Sequence[Outcome]) -> dict[tuple[str, str], dict[str, float]]:
    """Every figure by kind and set."""
    told: dict[tuple[str, str], dict[str, float]] = {}
    for row in (row for tally in tallies for row in tally.rows):
        told.setdefault((row.kind, row.name), {}).update(row.figures())
    for outcome in outcomes:
        told.setdefault((outcome.kind, outcome.name), {}).update(outcome.figures())
    return told


def answers(seen: Sequence[tuple[Seen, bool]], decided: Sequence[Decided]) -> dict[str, Answer]:
    """By the text's id; of texts that a detector is asked about, what it said, else what the policy did."""
    told = {one.example.id: Answer(one.example.kind, one.example.set, one.due, one.refused) for one in decided}
    for one, flag in seen:
        told[one.example.id] = Answer(one.example.kind, one.example.set, one.example.harmful, flag)
    return told


def dumps(values: Mapping[tuple[str, str], Mapping[str, float]], told: Mapping[str, Answer]) -> str:
    document = {
        "version": VERSION,
        "figures": [
            {"kind": kind, "set": name, **{key: value for key, value in row.items() if math.isfinite(value)}}
            for (kind, name), row in sorted(values.items())
        ],
        "texts": {key: [one.kind, one.set, one.due, one.flag] for key, one in sorted(told.items())},
    }
    return json.dumps(document, indent=1) + "\n"


def load(file: Path) -> dict[str, Answer]:
    """What an earlier run said of each text. Raises `BadConfig`."""
    try:
        document = strict_json.parse(file.read_bytes())
    except OSError as error:
        raise BadConfig(str(file), f"the run cannot be read ({error.strerror})", "check the path") from None
    except BadInput as error:
        raise BadConfig(str(file), error.reason.sentence, _REWRITE) from None
    texts = document.get("texts") if isinstance(document, dict) and document.get("version") == VERSION else None
    if not isinstance(texts, dict):
        raise BadConfig(str(file), "this is no run of this version", _REWRITE)
    return {key: _answer(value, str(file)) for key, value in texts.items()}


def _answer(value: Any, file: str) -> Answer:
    if not isinstance(value, list) or [type(one) for one in value] != [str, str, bool, bool]:
        raise BadConfig(file, "a text's answer is of another form", _REWRITE)
    return Answer(*value)
