"""`make train`: the injection model, from the shared data and the generators to the file that the package carries."""

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from firebreak.detect.ngram.detector import DATA, USER
from firebreak.detect.ngram.model import MAGIC
from training.calibrate import FOLDS, knots
from training.corpus import Example, examples
from training.fit import Fitted, Labels, fit, labels
from training.windows import Rows, rows

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / ".." / "shared" / "data" / "detect" / "train.jsonl.gz"
TARGET = ROOT / "service" / "firebreak" / "detect" / "data" / "injection.bin"
SEED = 20261121
CLIP = 127

HEADS: tuple[tuple[str, Callable[[Example], bool | None]], ...] = (
    (USER, lambda example: example.user),
    (DATA, lambda example: example.data),
)


def main() -> int:
    """Train and write. Prints what it did and the digest of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SOURCE)
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args()
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {what}", flush=True)

    found = examples(given.data, SEED)
    order = np.random.default_rng(SEED).permutation(len(found))
    found = [found[number] for number in order]
    say(f"{len(found)} texts")
    read = rows(found)
    say(f"{read.grams.shape[0]} windows, {read.grams.nnz} n-grams")
    heads = []
    for name, told in HEADS:
        asked = labels(found, read, told)
        heads.append((name, fit(read, asked, np.ones(len(asked.attack), np.bool_), SEED), _knots(found, read, asked)))
        say(f"head `{name}`: 0.5 from log odds of {heads[-1][2][4][0]:.2f} on")
    data = pack(heads)
    given.out.parent.mkdir(exist_ok=True)
    given.out.write_bytes(data)
    say(f"{given.out.name}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")
    return 0


def _knots(found: list[Example], read: Rows, asked: Labels) -> list[tuple[float, float]]:
    """Scores from models that have not seen the sources they judge."""
    fold = np.array([FOLDS.get(example.group, -1) for example in found])[read.owner]
    odds = np.zeros(len(fold), np.float32)
    for number in range(max(FOLDS.values()) + 1):
        part = fold == number
        fitted = fit(read, asked, ~part, SEED)
        odds[part] = fitted.odds(read.grams[np.flatnonzero(part)])
    return knots(found, read.owner, odds, (asked.attack == 0) & (fold >= 0))


def pack(heads: list[tuple[str, Fitted, list[tuple[float, float]]]]) -> bytes:
    """The asset's bytes, as `firebreak.detect.ngram.model` reads them."""
    told, tables = [], []
    for name, fitted, places in heads:
        scale = float(np.abs(fitted.weights).max()) / CLIP
        tables.append(np.rint(fitted.weights / scale).astype(np.int8).tobytes())
        rounded = [[round(odds, 4), score] for odds, score in places]
        told.append({"name": name, "scale": scale, "offset": fitted.offset, "knots": rounded})
    header = json.dumps({"heads": told, "source": "docs/models/injection.md"}, sort_keys=True).encode()
    return MAGIC + len(header).to_bytes(4, "little") + header + b"".join(tables)


if __name__ == "__main__":
    sys.exit(main())
