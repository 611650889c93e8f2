"""`make train`: the injection model, from the shared data and the generators to the file that the package carries."""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from firebreak.detect.ngram.detector import DATA, USER
from firebreak.detect.ngram.model import MAGIC, PIECES, Table
from training import written
from training.calibrate import (
    FOLDS,
    LEAN,
    OF_PIECES,
    OF_SHORT,
    OF_WINDOWS,
    SETTINGS,
    Told,
    fold,
    knots,
    natural,
    piece_odds,
    usual,
)
from training.corpus import REQUESTS, examples
from training.example import Example
from training.fit import HARD_PIECES, HARD_WEIGHT, Fitted, fit, labels
from training.windows import Rows, piece_rows, rows

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / ".." / "shared" / "data" / "detect" / "train.jsonl.gz"
TARGET = ROOT / "service" / "firebreak" / "detect" / "data" / "injection.bin"
SEED = 20261121
LARGEST = 127


def _of_document(example: Example) -> bool | None:
    """As for pieces, but that a document which is nothing but somebody's request (a ticket, a chat) is harmless."""
    return example.user if example.group in REQUESTS else example.data


VOICES: tuple[tuple[str, Told], ...] = ((USER, lambda example: example.user), (DATA, _of_document))


@dataclass(frozen=True, slots=True)
class Learnt:
    """A table, and those that have not seen the harmless texts of one part each."""

    table: Table
    folds: tuple[Table, ...]


def main() -> int:
    """Train and write. Prints what it did and the digest of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SOURCE)
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args()
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {what}", flush=True)

    found = examples(given.data, SEED, written.odd_lightly())
    found = [found[number] for number in np.random.default_rng(SEED).permutation(len(found))]
    say(f"{len(found)} texts")
    data = pack(*trained(found, say))
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_bytes(data)
    say(f"{given.out.name}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    return 0


def trained(found: Sequence[Example], say: Callable[[str], None]) -> tuple[dict[str, Table], list[dict[str, object]]]:
    """The tables by name, and what the header says of the voices."""
    read = piece_rows(found, SEED)
    small = learnt(found, read, lambda example: example.data, HARD_PIECES)
    say(f"table `{PIECES}`: {read.grams.shape[0]} pieces, {read.grams.nnz} n-grams")
    read = rows(found)
    tables = {PIECES: small.table}
    voices = []
    for name, told in VOICES:
        wide = learnt(found, read, told)
        tables[name] = wide.table
        voices.append({"name": name, **voiced(found, read, wide, small, told)})
        say(f"table `{name}`: {read.grams.shape[0]} windows, {read.grams.nnz} n-grams; {voices[-1]}")
    return tables, voices


def learnt(found: Sequence[Example], read: Rows, told: Told, hard: float = HARD_WEIGHT) -> Learnt:
    """From all rows, and from those of all parts but one."""
    asked = labels(found, read, told)
    left_out = np.array([fold(example) for example in found])[read.owner]
    masks = [np.ones(len(left_out), np.bool_), *(left_out != number for number in range(FOLDS))]
    whole, *folds = [table(fit(read, asked, mask, SEED, hard)) for mask in masks]
    return Learnt(whole, tuple(folds))


def table(fitted: Fitted) -> Table:
    """With weights of 8 bits."""
    scale = float(np.abs(fitted.weights).max()) / LARGEST
    return Table(np.rint(fitted.weights / scale).astype(np.int8), scale, fitted.offset)


def voiced(found: Sequence[Example], read: Rows, wide: Learnt, small: Learnt, told: Told) -> dict[str, object]:
    """Where scores lie, by harmless texts that the tables had not seen."""
    few = natural(found, told, longer=False)
    chosen = natural(found, told, longer=True)
    asked = [found[number] for number in chosen if found[number].group not in SETTINGS]
    pieces = (piece_odds(wide.folds[fold(one)], small.folds[fold(one)], one.text) for one in asked)
    parts = [one for one in pieces if one is not None]
    middle = usual(parts)
    stand = [one.most(LEAN, middle) for one in parts]
    return {
        "short_knots": _rounded(knots(_worst(found, read, wide, few), OF_SHORT)),
        "knots": _rounded(knots(_worst(found, read, wide, chosen), OF_WINDOWS)),
        "piece_knots": _rounded(knots(stand, OF_PIECES)),
        "lean": LEAN,
        "usual": middle,
    }


def _worst(found: Sequence[Example], read: Rows, wide: Learnt, chosen: Sequence[int]) -> list[float]:
    """The highest log odds of each text's windows."""
    best = np.full(len(found), -np.inf)
    left_out = np.array([fold(example) for example in found])[read.owner]
    kept = np.isin(read.owner, chosen)
    for number, one in enumerate(wide.folds):
        at = np.flatnonzero(kept & (left_out == number))
        odds: NDArray[np.float64] = read.grams[at] @ (one.weights.astype(np.float32) * one.scale) + one.offset
        np.maximum.at(best, read.owner[at], odds)
    return [float(best[number]) for number in chosen]


def _rounded(places: list[tuple[float, float]]) -> list[list[float]]:
    return [[round(odds, 4), score] for odds, score in places]


def pack(tables: dict[str, Table], voices: list[dict[str, object]]) -> bytes:
    """The asset's bytes, as `firebreak.detect.ngram.model` reads them."""
    told = [{"name": name, "scale": one.scale, "offset": one.offset} for name, one in tables.items()]
    card = "docs/models/injection.md"
    header = json.dumps({"card": card, "tables": told, "voices": voices}, sort_keys=True).encode()
    return (
        MAGIC + len(header).to_bytes(4, "little") + header + b"".join(one.weights.tobytes() for one in tables.values())
    )


if __name__ == "__main__":
    sys.exit(main())
