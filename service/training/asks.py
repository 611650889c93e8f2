"""`make train`: what the classifier of intents learns of many asks, from their texts to the file in the package.

A text's label is the set of categories that it may be in. What somebody wrote for one category has that one; harmless
texts may be in none or in any that no policy minds. So public texts of unknown kind teach what is not harm.

Softmax over n-grams of words and one hidden layer over the text's vector, by Adam. Same texts, same machine, same
bytes: one thread, one seed.
"""

import argparse
import gzip
import hashlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from firebreak.adapters.intent_files import embeddings
from firebreak.intent.learnt import BUCKETS, CALM, MAGIC, Buckets, buckets
from firebreak.intent.space import joined
from firebreak.intent.taxonomy import BACKGROUND, BUILT_IN, HARM, HARMLESS
from firebreak.intent.taxonomy_defence import DEFENCE
from firebreak.intent.vectors import Embeddings

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / ".." / "shared" / "data" / "detect" / "train.jsonl.gz"
FOLDER = Path(__file__).parent / "asks"
WRITTEN = Path(__file__).parent / "written"
TARGET = ROOT / "service" / "firebreak" / "intent" / "data" / "asks.bin"

CATEGORIES = tuple(BUILT_IN)
MINDED = frozenset(HARM) | {category.name for category in DEFENCE} - {"summarization", "translation", "cyber_defense"}
"""What a text that is merely harmless is not."""
HARMLESS_LABEL, OTHER_LABEL = "harmless", "other"
"""Of written texts, beside the categories: may be whatever nobody minds; is in no category."""
PUBLIC = {
    "clinc_train": 3499,
    "gpteacher_roleplay": 1000,
    "gpteacher_toolformer": 1000,
    "cse_instruct": 700,
    "selfinstruct_seed": 175,
    "tau_retail_train_user": 490,
    "awesome_prompts": 400,
    "mined_trigger": 1000,
    "docs_train": 600,
}
"""Harmless sources of the shared set, and how many texts of each at most."""
OF_INJECTIONS = ("fiction", "roles", "sensitive", "games", "content", "scenarios", "asks", "frames", "plain")
"""Harmless requests that were written for the model of injections."""
WRITTEN_WEIGHT, PLAIN_WEIGHT, PUBLIC_WEIGHT = 2.0, 1.0, 0.7

WINDOWS, WINDOW_SHARE = 4, 0.25
"""Of a text that may be in no category, and so may its parts: how many are learnt at most, with what share of its
weight."""

SEED = 20261122
HIDDEN = 192
EPOCHS = 15
BATCH = 256
DROPPED = 0.4
"""Share of the hidden layer that a step leaves out."""
TABLE_STEP, LAYER_STEP = 0.01, 0.01
SPREAD = 6.0
"""Of the first layer's weights at first, times the root of the dimensions: unit vectors have small numbers."""
DECAY = 1e-4
LARGEST = 127

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ask:
    """A text, the categories that it may be in (0 is none, else the place in `CATEGORIES` and one), and its weight."""

    text: str
    allowed: tuple[int, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Rows:
    """Of each short text and each end of a long one: n-grams, unit vector, 0 for what it may be and -30 elsewhere."""

    grams: sp.csr_matrix
    vectors: Floats
    allowed: Floats
    weights: Floats


def asks(source: Path) -> Iterator[Ask]:
    """All of them, always in the same order."""
    place = {name: number for number, name in enumerate(CATEGORIES, start=1)}
    harmless = (0, *(number for name, number in place.items() if name not in MINDED))
    # The rest of what is harmless is hardly ever work in defence of a network, and else would be taken for it.
    ordinary = tuple(number for number in harmless if number != place["cyber_defense"])
    for name, category in BUILT_IN.items():
        yield from (Ask(text, (place[name],), WRITTEN_WEIGHT) for text in category.examples)
    yield from (Ask(text, harmless, WRITTEN_WEIGHT) for group in HARMLESS for text in group)
    yield from (Ask(text, (0,), PLAIN_WEIGHT) for text in BACKGROUND)
    allowed = {name: (number,) for name, number in place.items()} | {HARMLESS_LABEL: harmless, OTHER_LABEL: (0,)}
    for path in sorted(FOLDER.glob("*.jsonl")):
        yield from (Ask(row["text"], allowed[row["label"]], WRITTEN_WEIGHT) for row in _lines(path))
    for name in OF_INJECTIONS:
        yield from (Ask(row["text"], ordinary, PLAIN_WEIGHT) for row in _lines(WRITTEN / f"{name}.jsonl"))
    yield from (Ask(text, ordinary, PUBLIC_WEIGHT) for text in _public(source))


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _public(source: Path) -> Iterator[str]:
    with gzip.open(source, "rt", encoding="utf-8") as file:
        told = [json.loads(line) for line in file]
    rng = Random(SEED)
    for name, most in PUBLIC.items():
        texts = [row["text"] for row in told if row["source"] == name and row["label"] == 0]
        yield from rng.sample(texts, min(most, len(texts)))


def rows(given: Sequence[Ask], words: Embeddings) -> Rows:
    """As the classifier will see them: whole or by their ends, and what is in no category by some windows, too."""
    rng = Random(SEED)
    grams: list[Buckets] = []
    vectors: list[Floats] = []
    owner: list[int] = []
    shares: list[float] = []
    for number, ask in enumerate(given):
        pieces = words.pieces(ask.text, 0.0)
        if not len(pieces.edges):
            continue
        windows = _windows(len(pieces.chunks), rng) if 0 in ask.allowed else []
        spans = pieces.ends + pieces.words(windows)
        found = buckets(pieces.ids)
        grams += [found[:, start:end].ravel() for start, end in spans]
        vectors += list(joined(pieces.edges, pieces.chunks, windows)[-len(spans) :])
        owner += [number] * len(spans)
        shares += [1.0] * len(pieces.ends) + [WINDOW_SHARE] * len(windows)
    sizes = np.array([len(row) for row in grams])
    values = np.repeat(1.0 / np.sqrt(sizes + CALM), sizes).astype(np.float32)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    matrix = sp.csr_matrix((values, np.concatenate(grams).astype(np.int32), ends), shape=(len(grams), BUCKETS))
    allowed = np.full((len(given), len(CATEGORIES) + 1), -30.0, np.float32)
    for number, ask in enumerate(given):
        allowed[number, list(ask.allowed)] = 0.0
    weights = np.array([given[number].weight for number in owner], np.float32) * np.array(shares, np.float32)
    return Rows(matrix, np.array(vectors, np.float32), allowed[owner], weights)


def _windows(chunks: int, rng: Random) -> list[tuple[int, int]]:
    """Some of those that the classifier may look at."""
    every = [(start, start + width) for width in (2, 3) for start in range(chunks - width + 1)]
    return rng.sample(every, min(WINDOWS, len(every)))


class Adam:
    """Steps that adapt to each weight (Kingma and Ba, 2015), in place."""

    def __init__(self, weights: Floats, step: float) -> None:
        self._weights = weights
        self._step = step
        self._mean, self._square = np.zeros_like(weights), np.zeros_like(weights)
        self._turn = 0

    def step(self, slope: Floats, share: float) -> None:
        """`share` of the full step against the slope."""
        self._turn += 1
        self._mean += np.float32(0.1) * (slope - self._mean)
        self._square += np.float32(0.001) * (slope * slope - self._square)
        mean = self._mean / np.float32(1 - 0.9**self._turn)
        root = np.sqrt(self._square / np.float32(1 - 0.999**self._turn)) + np.float32(1e-8)
        self._weights -= np.float32(share * self._step) * mean / root


@dataclass(frozen=True, slots=True)
class Net:
    """`table` for n-grams; `first` and `second` layer with what is added to each."""

    table: Floats
    first: Floats
    first_base: Floats
    second: Floats
    second_base: Floats


def fit(given: Rows) -> Net:
    """Learn from all rows."""
    rng = np.random.default_rng(SEED)
    dims, columns = given.vectors.shape[1], given.allowed.shape[1]
    net = Net(
        np.zeros((BUCKETS, columns), np.float32),
        (rng.standard_normal((dims, HIDDEN)) * SPREAD / dims**0.5).astype(np.float32),
        np.zeros(HIDDEN, np.float32),
        (rng.standard_normal((HIDDEN, columns)) / HIDDEN**0.5).astype(np.float32),
        np.zeros(columns, np.float32),
    )
    steppers = [Adam(net.table, TABLE_STEP)]
    steppers += [Adam(one, LAYER_STEP) for one in (net.first, net.first_base, net.second, net.second_base)]
    count = len(given.weights)
    batches = -(-count // BATCH)
    for turn in range(EPOCHS):
        for number, chosen in enumerate(np.array_split(rng.permutation(count), batches)):
            share = 1.0 - (turn * batches + number) / (EPOCHS * batches)
            kept = (rng.random((len(chosen), HIDDEN)) > DROPPED).astype(np.float32) / np.float32(1 - DROPPED)
            for stepper, slope in zip(steppers, slopes(net, given, chosen, kept), strict=True):
                stepper.step(slope, share)
    return net


def slopes(net: Net, given: Rows, chosen: NDArray[np.intp], kept: Floats) -> Iterator[Floats]:
    """Of the loss of some rows, by each of the net's weights."""
    grams, vectors = given.grams[chosen], given.vectors[chosen]
    seen = vectors @ net.first + net.first_base
    hidden = np.maximum(seen, 0) * kept
    said = grams @ net.table + hidden @ net.second + net.second_base
    off = softmax(said) - softmax(said + given.allowed[chosen])
    off *= (given.weights[chosen] / len(chosen))[:, None]
    back = off @ net.second.T * kept * (seen > 0)
    yield (grams.T @ off).astype(np.float32)
    yield vectors.T @ back + np.float32(DECAY) * net.first
    yield back.sum(0)
    yield hidden.T @ off + np.float32(DECAY) * net.second
    yield off.sum(0)


def softmax(said: Floats) -> Floats:
    """Shares of each row that sum to one."""
    shares: Floats = np.exp(said - said.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    return shares


def pack(net: Net) -> bytes:
    """The asset's bytes, as `firebreak.intent.learnt` reads them."""
    scale = float(np.abs(net.table).max()) / LARGEST
    dims, hidden = net.first.shape
    told = {"categories": CATEGORIES, "dims": dims, "hidden": hidden, "scale": scale, "card": "docs/models/asks.md"}
    header = json.dumps(told, sort_keys=True).encode()
    layers = (net.first, net.first_base, net.second, net.second_base)
    body = [layer.astype("<f4").tobytes() for layer in layers]
    body.append(np.rint(net.table / scale).astype(np.int8).tobytes())
    return MAGIC + len(header).to_bytes(4, "little") + header + b"".join(body)


def main() -> int:
    """Train and write. Prints what it did and the digest of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SOURCE)
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args()
    started = time.monotonic()
    found = list(asks(given.data))
    read = rows(found, embeddings())
    print(f"{time.monotonic() - started:6.1f} s  {len(found)} texts, {read.grams.shape[0]} rows", flush=True)
    data = pack(fit(read))
    given.out.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    print(f"{time.monotonic() - started:6.1f} s  {given.out.name}: {len(data)} bytes, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
