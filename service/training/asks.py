"""`make train`: what the classifier of intents learns of many asks, from their texts to the file in the package.

With `--encoder-dir`, `make train-encoded`: the same on the vectors of the encoder of sentences in that directory.

A text's label is the set of categories that it may be in. What somebody wrote for one category has that one; harmless
texts may be in none or in any that no policy minds. So public texts of unknown kind teach what is not harm.

Softmax over n-grams of words, filters over three words in a row and one hidden layer over the text's vector, by Adam.
Same texts, same machine, same bytes: one thread, one seed.
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

from firebreak.adapters.encoder_spec import OWN, Spec, Task, find
from firebreak.adapters.intent_files import ASKS, ENCODED_ASKS, embeddings
from firebreak.adapters.onnx_model import OnnxModel
from firebreak.intent.learnt import BUCKETS, CALM, MAGIC, Buckets, buckets
from firebreak.intent.space import joined
from firebreak.intent.taxonomy import BACKGROUND, BUILT_IN, HARM, HARMLESS
from firebreak.intent.taxonomy_defence import DEFENCE
from firebreak.intent.vectors import Embeddings
from firebreak.model.errors import BadConfig

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / ".." / "shared" / "data" / "detect" / "train.jsonl.gz"
FOLDER = Path(__file__).parent / "asks"
WRITTEN = Path(__file__).parent / "written"
TARGET = ROOT / "service" / "firebreak" / "intent" / "data"

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
BATCH = 256
DROPPED = 0.4
"""Share of the hidden layer, and of the filters, that a step leaves out."""
TABLE_STEP, LAYER_STEP, FILTER_STEP, BEHIND_STEP = 0.01, 0.01, 0.02, 0.002
"""The filters read words' own vectors, a quarter as long as a text's: larger weights, larger steps."""
SPREAD, FILTER_SPREAD = 6.0, 4.0
"""Of the first layer's weights and of the filters' at first, times the root of the dimensions: vectors have small
numbers.
"""
DECAY = 1e-4
LARGEST = 127

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Size:
    """Of the hidden layer, how many filters, and how often all texts are gone through."""

    hidden: int
    filters: int
    epochs: int


WITH_WORDS, WITH_ENCODER = Size(192, 128, 8), Size(512, 0, 10)


@dataclass(frozen=True, slots=True)
class Ask:
    """A text, the categories that it may be in (0 is none, else the place in `CATEGORIES` and one), and its weight."""

    text: str
    allowed: tuple[int, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Rows:
    """Of each short text and each end of a long one: n-grams, unit vector, 0 for what it may be and -30 elsewhere; its
    words, from `starts` on so many of `ids`, which are rows of `known`; the last one of these is nothing.
    """

    grams: sp.csr_matrix
    vectors: Floats
    allowed: Floats
    weights: Floats
    ids: NDArray[np.intp]
    starts: NDArray[np.intp]
    sizes: NDArray[np.intp]
    known: Floats


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
    said: list[NDArray[np.intp]] = []
    for number, ask in enumerate(given):
        pieces = words.pieces(ask.text, 0.0)
        if not len(pieces.edges):
            continue
        windows = _windows(len(pieces.chunks), rng) if 0 in ask.allowed else []
        spans = pieces.ends + pieces.words(windows)
        found = buckets(pieces.ids)
        grams += [found[:, start:end].ravel() for start, end in spans]
        said += [np.asarray(pieces.ids[start:end], np.intp) for start, end in spans]
        vectors += list(joined(pieces.edges, pieces.chunks, windows)[-len(spans) :])
        owner += [number] * len(spans)
        shares += [1.0] * len(pieces.ends) + [WINDOW_SHARE] * len(windows)
    sizes = np.array([len(row) for row in grams])
    values = np.repeat(1.0 / np.sqrt(sizes + CALM), sizes).astype(np.float32)
    ends = np.concatenate(([0], np.cumsum(sizes)))
    matrix = sp.csr_matrix((values, np.concatenate(grams).astype(np.int32), ends), shape=(len(grams), BUCKETS))
    weights = np.array([given[number].weight for number in owner], np.float32) * np.array(shares, np.float32)
    lengths = np.array([len(row) for row in said], np.intp)
    where = np.concatenate(said), np.cumsum(lengths) - lengths, lengths
    return Rows(matrix, np.array(vectors, np.float32), _allowed(given)[owner], weights, *where, _known(words))


def _known(words: Embeddings) -> Floats:
    """The vectors of all words, and of nothing."""
    return np.concatenate((words.rows(np.arange(words.count)), np.zeros((1, words.dims), np.float32)))


def encoded_rows(given: Sequence[Ask], vectors: Floats) -> Rows:
    """As the classifier beside an encoder will see them: whole, by their vectors alone."""
    weights = np.array([ask.weight for ask in given], np.float32)
    nothing = np.zeros(len(given), np.intp)
    grams = sp.csr_matrix((len(given), 0), dtype=np.float32)
    return Rows(grams, vectors, _allowed(given), weights, nothing[:0], nothing, nothing, np.zeros((1, 0), np.float32))


def _allowed(given: Sequence[Ask]) -> Floats:
    allowed = np.full((len(given), len(CATEGORIES) + 1), -30.0, np.float32)
    for number, ask in enumerate(given):
        allowed[number, list(ask.allowed)] = 0.0
    return allowed


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
    """`table` for n-grams; `first` and `second` layer with what is added to each; the filters, what is added to them
    and the layer behind them.
    """

    table: Floats
    first: Floats
    first_base: Floats
    second: Floats
    second_base: Floats
    filters: Floats
    filters_base: Floats
    filters_second: Floats


def _begun(given: Rows, size: Size, rng: np.random.Generator) -> Net:
    dims, columns, width = given.vectors.shape[1], given.allowed.shape[1], given.known.shape[1]

    def spread(rows: int, across: int, share: float) -> Floats:
        drawn: Floats = (rng.standard_normal((rows, across)) * share / max(rows, 1) ** 0.5).astype(np.float32)
        return drawn

    return Net(
        np.zeros((given.grams.shape[1], columns), np.float32),
        spread(dims, size.hidden, SPREAD),
        np.zeros(size.hidden, np.float32),
        spread(size.hidden, columns, 1.0),
        np.zeros(columns, np.float32),
        spread(width, 3 * size.filters, FILTER_SPREAD),
        np.zeros(size.filters, np.float32),
        spread(size.filters, columns, 1.0),
    )


def fit(given: Rows, size: Size) -> Net:
    """Learn from all rows."""
    rng = np.random.default_rng(SEED)
    net = _begun(given, size, rng)
    steppers = [Adam(net.table, TABLE_STEP)]
    steppers += [Adam(one, LAYER_STEP) for one in (net.first, net.first_base, net.second, net.second_base)]
    steppers += [Adam(net.filters, FILTER_STEP)]
    steppers += [Adam(one, BEHIND_STEP) for one in (net.filters_base, net.filters_second)]
    count = len(given.weights)
    batches = -(-count // BATCH)
    for turn in range(size.epochs):
        for number, chosen in enumerate(np.array_split(rng.permutation(count), batches)):
            share = 1.0 - (turn * batches + number) / (size.epochs * batches)
            kept = (rng.random((len(chosen), size.hidden + size.filters)) > DROPPED) / np.float32(1 - DROPPED)
            for stepper, slope in zip(steppers, slopes(net, given, chosen, kept.astype(np.float32)), strict=True):
                stepper.step(slope, share)
    return net


def slopes(net: Net, given: Rows, chosen: NDArray[np.intp], kept: Floats) -> Iterator[Floats]:
    """Of the loss of some rows, by each of the net's weights."""
    grams, vectors = given.grams[chosen], given.vectors[chosen]
    seen = vectors @ net.first + net.first_base
    hidden = np.maximum(seen, 0) * kept[:, : seen.shape[1]]
    heard = Heard(net, given, chosen)
    spoken = np.maximum(heard.tops, 0) * kept[:, seen.shape[1] :]
    said = grams @ net.table + hidden @ net.second + net.second_base + spoken @ net.filters_second
    off = softmax(said) - softmax(said + given.allowed[chosen])
    off *= (given.weights[chosen] / len(chosen))[:, None]
    back = off @ net.second.T * kept[:, : seen.shape[1]] * (seen > 0)
    excited = (off @ net.filters_second.T * kept[:, seen.shape[1] :] * (heard.tops > 0)).astype(np.float32)
    yield (grams.T @ off).astype(np.float32)
    yield vectors.T @ back + np.float32(DECAY) * net.first
    yield back.sum(0)
    yield hidden.T @ off + np.float32(DECAY) * net.second
    yield off.sum(0)
    yield heard.slope(excited)
    yield excited.sum(0)
    yield spoken.T @ off + np.float32(DECAY) * net.filters_second


class Heard:
    """What the filters make of some rows. `tops` has a row for each: how much each filter is excited at most."""

    def __init__(self, net: Net, given: Rows, chosen: NDArray[np.intp]) -> None:
        sizes = given.sizes[chosen]
        lengths = sizes + 2  # behind the last word nothing stands, twice
        begins = np.cumsum(lengths) - lengths
        owner = np.repeat(np.arange(len(chosen)), sizes)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        laid = np.full(lengths.sum(), len(given.known) - 1)
        laid[begins[owner] + within] = given.ids[given.starts[chosen][owner] + within]
        self._words = given.known[laid]
        count = len(net.filters_base)
        each = self._words @ net.filters
        rows = np.full((len(laid), count), -np.inf, np.float32)
        places = begins[owner] + within
        rows[places] = each[places, :count] + each[places + 1, count : 2 * count] + each[places + 2, 2 * count :]
        best = np.maximum.reduceat(rows, begins) if len(places) else np.zeros((len(chosen), count), np.float32)
        self._best = (rows == np.repeat(best, lengths, 0)).astype(np.float32)
        self._lengths = lengths
        self.tops = best + net.filters_base

    def slope(self, excited: Floats) -> Floats:
        """By the filters' weights, where `excited` is the slope by `tops`."""
        back = self._best * np.repeat(excited, self._lengths, 0)
        return np.concatenate([self._words[ahead:].T @ back[: len(back) - ahead] for ahead in range(3)], 1)


def softmax(said: Floats) -> Floats:
    """Shares of each row that sum to one."""
    shares: Floats = np.exp(said - said.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    return shares


def pack(net: Net, base: str = "") -> bytes:
    """The asset's bytes, as `firebreak.intent.learnt` reads them."""
    scale = float(np.abs(net.table).max(initial=1e-9)) / LARGEST
    dims, hidden = net.first.shape
    told = {"categories": CATEGORIES, "dims": dims, "hidden": hidden, "filters": len(net.filters_base)}
    told |= {"buckets": len(net.table), "scale": scale, "base": base, "card": "docs/models/asks.md"}
    header = json.dumps(told, sort_keys=True).encode()
    layers = [net.first, net.first_base, net.second, net.second_base]
    layers += [net.filters, net.filters_base, net.filters_second]
    body = [layer.astype("<f2").tobytes() for layer in layers]
    body.append(np.rint(net.table / scale).astype(np.int8).tobytes())
    return MAGIC + len(header).to_bytes(4, "little") + header + b"".join(body)


def with_words(given: Sequence[Ask]) -> bytes:
    """What is learnt on the package's own vectors and on n-grams."""
    return pack(fit(rows(given, embeddings()), WITH_WORDS))


def with_encoder(given: Sequence[Ask], directory: str) -> bytes:
    """What is learnt on the vectors of a directory that `firebreak encoder build` made."""
    spec = next((spec for spec in find(directory) if spec.task is Task.SENTENCE), None)
    if spec is None:
        raise BadConfig(directory, "no encoder of sentences in it", "make one with `firebreak encoder build`")
    base = _base(spec)
    vectors = OnnxModel(spec).vectors([ask.text for ask in given])
    return pack(fit(encoded_rows(given, vectors), WITH_ENCODER), base)


def _base(spec: Spec) -> str:
    """Which weights the encoder was made from."""
    file = spec.place / OWN
    try:
        return str(json.loads(file.read_text(encoding="utf-8"))["about"]["base_sha256"])
    except (OSError, KeyError, TypeError) as error:
        raise BadConfig(
            str(file), "says no `about.base_sha256`", "write the digest of the encoder's weights"
        ) from error


def main() -> int:
    """Train and write. Prints what it did and the digest of the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=SOURCE)
    parser.add_argument("--encoder-dir", default="")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    started = time.monotonic()
    found = list(asks(given.data))
    print(f"{len(found)} texts", flush=True)
    data = with_encoder(found, given.encoder_dir) if given.encoder_dir else with_words(found)
    out = given.out or TARGET / (ENCODED_ASKS if given.encoder_dir else ASKS)
    out.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    print(f"{time.monotonic() - started:6.1f} s  {out.name}: {len(data)} bytes, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
