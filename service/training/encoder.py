"""Trains the last layers of all-MiniLM-L6-v2 to tell attacks: `python -m training.encoder TRAIN MODEL_DIR OUT`.

Needs what the project does not depend on (torch, safetensors' files of MiniLM): run it in an environment of its own, as
docs/models/encoder.md says. The layers below are left as they were published, so their output for each text is worked
out once; what is trained is small enough to be in the package. Seeded: the same machine gives the same weights.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]  # lives in an environment of its own
from tokenizers import Tokenizer
from torch import nn

from firebreak.adapters import encoder_build, weights_file
from training.corpus import examples
from training.example import Example
from training.languages import LANGUAGES

Tensor = Any

SEED = 1
TRAINED = 3  # layers, the last ones
PIECE = 126  # tokens of a text in one piece, as it is read when it serves
SHORTEST = 40
MOST = 2  # pieces of one text
MOST_NATURAL = 7  # of one that people wrote, most of which are harmless
CAPS = {
    "docs_train_zh": 150,
    "clinc_train": 2500,
    "plain:": 210,
    "mixed_mined": 900,
    "repeated": 250,
    "f_repeated": 150,
    "h_long": 3500,
    "h_trigger": 2500,
    "h_": 1100,
    "in:shared": 2000,
    "in:f_orders": 1900,
    "in:f_code": 600,
    "in:f_task": 480,
    "in:": 40,
    "bare": 1200,
    "f_situation": 1200,
    "f_indirect": 1200,
    "f_": 650,
    **{f"{language}_": 100 for language in LANGUAGES},
}
"""The most texts of a group, or of each group that begins so; the first entry that fits counts."""
LEFT_OUT = ("w_", "e_")  # written one by one, and everyday families: with them it found less; docs/models/encoder.md
WEIGHT_ROOT = 0.5  # what people wrote counts six times in the small model; here by the root of that
BATCH_TOKENS = 4096
RATE, HEAD_RATE, DECAY, SMOOTHING, DROPOUT = 1.2e-4, 1e-3, 0.02, 0.03, 0.1
UNSEEN = 0.1  # share of tokens that a step hides, so that no single word decides
WARM_STEPS = 100
HELD_OUT = 2000

SERVED = {
    "max_tokens": str(PIECE + 2),
    "threshold": "0.6",
    "ask_from": "0.1",
    "ask_to": "1.0",
    "small_weight": "1.0",
    "origins": "tool,retrieval",
    "version": "2",
}
"""How the layers are to be asked: docs/models/encoder.md has the figures. Texts of the file's header."""

NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "seen": "attention.output.dense",
    "first": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "last": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens of one piece, with what stands around it."""

    tokens: tuple[int, ...]
    attack: bool
    group: str
    weight: float


class Layer(nn.Module):  # type: ignore[misc]  # torch has no types here
    """One layer of BERT."""

    def __init__(self, width: int, inner: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.seen = (nn.Linear(width, width) for _ in range(4))
        self.first, self.last = (nn.LayerNorm(width, epsilon) for _ in range(2))
        self.inner, self.outer = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, state: Tensor, bias: Tensor) -> Tensor:
        size = state.shape[0], state.shape[1], self.heads, -1
        query, key, value = (one(state).view(size).transpose(1, 2) for one in (self.query, self.key, self.value))
        seen = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        state = self.first(state + self.seen(seen.transpose(1, 2).reshape(state.shape)))
        return self.last(state + self.outer(nn.functional.gelu(self.inner(state))))


class Encoder(nn.Module):  # type: ignore[misc]  # as above
    """All of the model, with a line for attacks on top."""

    def __init__(self, weights: weights_file.Weights, heads: int, epsilon: float) -> None:
        super().__init__()
        table = weights["embeddings.word_embeddings.weight"].copy()
        count = 1 + max(int(name.split(".")[2]) for name in weights if name.startswith("encoder.layer."))
        inner = weights["encoder.layer.0.intermediate.dense.bias"].shape[0]
        self.words = nn.Embedding.from_pretrained(torch.from_numpy(table))
        places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.places = torch.from_numpy(places)
        self.normal = nn.LayerNorm(table.shape[1], epsilon)
        self.layers = nn.ModuleList(Layer(table.shape[1], inner, heads, epsilon) for _ in range(count))
        self.drop = nn.Dropout(DROPOUT)
        self.head = nn.Linear(2 * table.shape[1], 2)
        self._load(weights)

    def _load(self, weights: weights_file.Weights) -> None:
        with torch.no_grad():
            for part in ("weight", "bias"):
                getattr(self.normal, part).copy_(torch.from_numpy(weights[f"embeddings.LayerNorm.{part}"]))
                for number, layer in enumerate(self.layers):
                    for own, name in NAMES.items():
                        array = weights[f"encoder.layer.{number}.{name}.{part}"]
                        getattr(getattr(layer, own), part).copy_(torch.from_numpy(array))

    def below(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """What the trained layers are given."""
        state = self.normal(self.words(tokens) + self.places[: tokens.shape[1]])
        for layer in self.layers[:-TRAINED]:
            state = layer(state, _bias(mask))
        return state

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        for layer in self.layers[-TRAINED:]:
            state = layer(state, _bias(mask))
        held = mask[:, :, None]
        mean = (state * held).sum(1) / held.sum(1)
        return self.head(self.drop(torch.cat([mean, state[:, 0]], 1)))

    def trained(self) -> weights_file.Weights:
        """By their published names."""
        first = len(self.layers) - TRAINED
        made = {f"head.{part}": getattr(self.head, part) for part in ("weight", "bias")}
        for number, layer in enumerate(self.layers[-TRAINED:], first):
            for own, name in NAMES.items():
                for part in ("weight", "bias"):
                    made[f"encoder.layer.{number}.{name}.{part}"] = getattr(getattr(layer, own), part)
        return {name: value.detach().numpy() for name, value in made.items()}


def _bias(mask: Tensor) -> Tensor:
    return torch.zeros(mask.shape).masked_fill(mask == 0, -1e4)[:, None, None, :]


def chosen(train: Path) -> list[Example]:
    """What is read: the corpus of the small model, thinned."""
    rng = Random(SEED)
    found = [one for one in examples(train, SEED) if not one.group.startswith(LEFT_OUT)]
    rng.shuffle(found)
    left: dict[str, int] = {}
    kept = []
    for one in found:
        cap = next((most for name, most in CAPS.items() if one.group.startswith(name)), 1 << 30)
        left[one.group] = left.get(one.group, cap) - 1
        if left[one.group] >= 0:
            kept.append(one)
    return kept


def rows(found: Sequence[Example], tokenizer: Tokenizer) -> Iterator[Row]:
    """Pieces of the texts: of a placed attack one that holds it, of a long text the beginning and others."""
    rng = Random(SEED + 1)
    before, after = tokenizer.encode("", add_special_tokens=True).ids
    for one in found:
        told = tokenizer.encode(one.text, add_special_tokens=False)
        for start, end in _pieces(one, told.offsets, rng):
            if end - start > 2:
                tokens = (before, *told.ids[start:end], after)
                yield Row(tokens, _attack(one), one.group, one.weight**WEIGHT_ROOT)


def _attack(one: Example) -> bool:
    """Whether it holds one: a task in a document too, though nobody is asked about it as a user's text."""
    return bool(one.data) if one.user is None else one.user


def _pieces(one: Example, offsets: Sequence[tuple[int, int]], rng: Random) -> Iterator[tuple[int, int]]:
    count = len(offsets)
    most = MOST_NATURAL if one.weight > 1 else MOST
    if one.end and _attack(one):
        inside = [number for number, (start, end) in enumerate(offsets) if end > one.start and start < one.end]
        for _ in range(most // MOST if inside else 0):
            yield _around(inside[0], inside[-1] + 1, count, rng)
    else:
        starts = range(0, max(1, count - SHORTEST), PIECE)
        for start in sorted((0, *rng.sample(starts[1:], min(len(starts), most) - 1))):
            yield start, min(count, start + PIECE)


def _around(first: int, last: int, count: int, rng: Random) -> tuple[int, int]:
    """A piece that holds the tokens, or the beginning of them, anywhere in it."""
    room = max(0, rng.randint(SHORTEST, PIECE) - (last - first))
    start = max(0, first - rng.randint(0, room))
    return start, min(count, start + max(last - start, room + last - first), start + PIECE)


class Read:
    """What the lower layers make of each row, kept as half-precision numbers."""

    def __init__(self, model: Encoder, pieces: Sequence[Row], place: Path) -> None:
        self.rows = pieces
        sizes = np.array([len(row.tokens) for row in pieces])
        self._ends = np.cumsum(sizes)
        width = model.head.in_features // 2
        self._kept = np.lib.format.open_memmap(place, "w+", np.float16, (int(self._ends[-1]), width))
        with torch.inference_mode():
            for done, batch in enumerate(self.batches(range(len(pieces)))):
                tokens, mask = self._padded(batch)
                state = model.below(tokens, mask).numpy()
                for number, made in zip(batch, state, strict=True):
                    end = int(self._ends[number])
                    self._kept[end - sizes[number] : end] = made[: sizes[number]]
                if done % 50 == 0:
                    told(f"read {done}")

    def batches(self, numbers: Sequence[int], rng: Random | None = None) -> list[list[int]]:
        """Rows of about the same length; in a random order where there is a `rng`."""
        made: list[list[int]] = []
        sizes = {number: len(self.rows[number].tokens) + (rng.random() * 12 if rng else 0) for number in numbers}
        for number in sorted(sizes, key=sizes.__getitem__):
            longest = (
                max(len(self.rows[number].tokens), *(len(self.rows[one].tokens) for one in made[-1])) if made else 0
            )
            if made and (len(made[-1]) + 1) * longest <= BATCH_TOKENS:
                made[-1].append(number)
            else:
                made.append([number])
        if rng is not None:
            rng.shuffle(made)
        return made

    def _padded(self, batch: Sequence[int]) -> tuple[Tensor, Tensor]:
        width = max(len(self.rows[number].tokens) for number in batch)
        tokens = torch.zeros(len(batch), width, dtype=torch.long)
        mask = torch.zeros(len(batch), width)
        for row, number in enumerate(batch):
            own = self.rows[number].tokens
            tokens[row, : len(own)] = torch.tensor(own)
            mask[row, : len(own)] = 1
        return tokens, mask

    def state(self, batch: Sequence[int]) -> tuple[Tensor, Tensor]:
        """For the trained layers."""
        _, mask = self._padded(batch)
        out = torch.zeros(*mask.shape, self._kept.shape[1])
        for row, number in enumerate(batch):
            size, end = len(self.rows[number].tokens), int(self._ends[number])
            out[row, :size] = torch.from_numpy(self._kept[end - size : end].astype(np.float32))
        return out, mask


def fit(model: Encoder, read: Read, numbers: Sequence[int], epochs: int) -> None:
    """AdamW with a rate that falls to nothing."""
    rng = Random(SEED + 2)
    layers = list(chain.from_iterable(layer.parameters() for layer in model.layers[-TRAINED:]))
    groups = [{"params": layers, "lr": RATE}, {"params": list(model.head.parameters()), "lr": HEAD_RATE}]
    descent = torch.optim.AdamW(groups, weight_decay=DECAY)
    plan = [batch for _ in range(epochs) for batch in read.batches(numbers, rng)]
    model.train()
    loss_kept = 0.7
    for step, batch in enumerate(plan):
        share = min(1.0, (step + 1) / WARM_STEPS) * max(0.03, 1 - step / len(plan))
        for group, rate in zip(descent.param_groups, (RATE, HEAD_RATE), strict=True):
            group["lr"] = rate * share
        said = torch.tensor([int(read.rows[number].attack) for number in batch])
        weight = torch.tensor([read.rows[number].weight for number in batch])
        state, mask = read.state(batch)
        mask = mask * (torch.rand(mask.shape) >= UNSEEN)
        mask[:, 0] = 1
        cost = nn.functional.cross_entropy(model(state, mask), said, reduction="none", label_smoothing=SMOOTHING)
        loss = (cost * weight).sum() / weight.sum()
        descent.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        descent.step()
        loss_kept += 0.02 * (loss.item() - loss_kept)
        if step % 50 == 0:
            told(f"step {step} of {len(plan)}, loss {loss_kept:.3f}")
    model.eval()


def scores(model: Encoder, read: Read, numbers: Sequence[int]) -> np.ndarray:
    """How likely each row is an attack."""
    found = np.zeros(len(read.rows))
    with torch.inference_mode():
        for batch in read.batches(numbers):
            found[batch] = model(*read.state(batch)).softmax(1)[:, 1].numpy()
    return found[list(numbers)]


def told(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("model", type=Path, help="model.safetensors, config.json and tokenizer.json of MiniLM")
    parser.add_argument("out", type=Path, help="the trained layers, for firebreak encoder build")
    parser.add_argument("--scratch", type=Path, required=True, help="a file of about 2 GB")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the pieces that are used, for a busy machine")
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(SEED)
    tokenizer = Tokenizer.from_file(str(asked.model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    pieces = list(rows(chosen(asked.train), tokenizer))
    Random(SEED).shuffle(pieces)
    del pieces[round(len(pieces) * asked.share) :]
    tokens = sum(len(row.tokens) for row in pieces)
    told(f"{len(pieces)} pieces, {sum(row.attack for row in pieces)} attacks, {tokens} tokens")
    shape = encoder_build.shape(asked.model)
    model = Encoder(weights_file.read(asked.model / "model.safetensors"), shape.heads, shape.epsilon).eval()
    read = Read(model, pieces, asked.scratch)
    fit(model, read, range(HELD_OUT, len(pieces)), asked.epochs)
    found = scores(model, read, range(HELD_OUT))
    attack = np.array([row.attack for row in pieces[:HELD_OUT]])
    threshold = float(np.quantile(found[~attack], 0.99))
    told(f"held out: at 1 % false positives ({threshold:.3f}) recall {np.mean(found[attack] > threshold):.3f}")
    about = {
        "base": encoder_build.digest(asked.model),
        "data": hashlib.sha256(asked.train.read_bytes()).hexdigest()[:16],
        "licence": "Apache-2.0 (all-MiniLM-L6-v2)",
        **SERVED,
    }
    weights_file.write(asked.out, encoder_build.pack(model.trained()), about)


if __name__ == "__main__":
    main()
