"""Trains the last layers of all-MiniLM-L6-v2 to tell attacks: `python -m training.encoder TRAIN MODEL_DIR OUT`.

Needs what the project does not depend on (torch, safetensors' files of MiniLM): run it in an environment of its own, as
docs/models/encoder.md says. The layers below are left as they were published, so their output for each text is worked
out once; what is trained is small enough to be in the package. Seeded: the same machine gives the same weights.
"""

import argparse
import hashlib
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch  # type: ignore[import-not-found]  # lives in an environment of its own
from tokenizers import Tokenizer
from torch import nn

from firebreak.adapters import encoder_build, weights_file
from training.pieces import ATTACKS, SEED, Label, Row, chosen, rows

Tensor = Any

TRAINED = 3  # layers, the last ones
BATCH_TOKENS = 4096
RATE, HEAD_RATE, DECAY, SMOOTHING, DROPOUT = 1.2e-4, 1e-3, 0.02, 0.03, 0.1
RAISED = 3.6
"""Added to the log odds of orders and injections once all is learnt. The small model's, which count twice, are
mostly negative where the encoder is asked: without it what both find would score under a tenth."""
UNSEEN = 0.1  # share of tokens that a step hides, so that no single word decides
WARM_STEPS = 100
HELD_OUT = 2000

SERVED = {
    "attack_label": str(int(Label.INJECTION)),
    "order_label": str(int(Label.ORDER)),
    "play_label": str(int(Label.JAILBREAK)),
    "max_tokens": "400",
    "threshold": "0.98",
    "ask_from": "0.05",
    "ask_to": "1.0",
    "small_weight": "2.0",
    "origins": "user,tool,retrieval",
    "version": "6",
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
        self.head = nn.Linear(2 * table.shape[1], len(Label))
        self.coarse = False
        """Whether layers multiply in bfloat16."""
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
        return self._through(self.layers[:-TRAINED], state, mask)

    def _through(self, layers: Sequence[Layer], state: Tensor, mask: Tensor) -> Tensor:
        # A context for each batch: it keeps what it made of the weights, and these change from step to step.
        with torch.autocast("cpu", torch.bfloat16, enabled=self.coarse):
            for layer in layers:
                state = layer(state, _bias(mask))
        return state.float()

    def forward(self, state: Tensor, mask: Tensor) -> Tensor:
        state = self._through(self.layers[-TRAINED:], state, mask)
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
    """AdamW with a rate that falls to nothing. After the first pass a long attack is learnt from its surest piece."""
    descent = torch.optim.AdamW(_rates(model), weight_decay=DECAY)
    rng = Random(SEED + 2)
    steps = epochs * len(read.batches(numbers))
    done, loss_kept = 0, 1.0
    for epoch in range(epochs):
        left = _surest(model, read, numbers) if epoch else numbers
        model.train()
        for batch in read.batches(left, rng):
            share = min(1.0, (done + 1) / WARM_STEPS) * max(0.03, 1 - done / steps)
            for group in descent.param_groups:
                group["lr"] = group["full"] * share
            loss = _loss(model, read, batch)
            descent.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            descent.step()
            loss_kept += 0.02 * (loss.item() - loss_kept)
            if done % 50 == 0:
                told(f"step {done} of {steps}, loss {loss_kept:.3f}")
            done += 1
    model.eval()


def _rates(model: Encoder) -> list[dict[str, Any]]:
    layers = list(chain.from_iterable(layer.parameters() for layer in model.layers[-TRAINED:]))
    return [
        {"params": layers, "lr": RATE, "full": RATE},
        {"params": list(model.head.parameters()), "lr": HEAD_RATE, "full": HEAD_RATE},
    ]


def _loss(model: Encoder, read: Read, batch: Sequence[int]) -> Tensor:
    """Of what is said for the labels that a row may have; some of the tokens are hidden."""
    allowed = torch.tensor([[float(label in read.rows[number].labels) for label in Label] for number in batch])
    weight = torch.tensor([read.rows[number].weight for number in batch])
    state, mask = read.state(batch)
    mask = mask * (torch.rand(mask.shape) >= UNSEEN)
    mask[:, 0] = 1
    right = (model(state, mask).softmax(1) * allowed).sum(1)
    cost = -torch.log(SMOOTHING + (1 - 2 * SMOOTHING) * right)
    return (cost * weight).sum() / weight.sum()


def _surest(model: Encoder, read: Read, numbers: Sequence[int]) -> list[int]:
    """Without the other pieces of a text of which one need be an attack: much of a jailbreak is plain role-play."""
    model.eval()
    told("which pieces are attacks")
    unsure = [number for number in numbers if read.rows[number].whole]
    best: dict[int, tuple[float, int]] = {}
    for number, said in zip(unsure, scores(model, read, unsure)[:, [*ATTACKS]].sum(1).tolist(), strict=True):
        whole = read.rows[number].whole
        best[whole] = max(best.get(whole, (0.0, number)), (said, number))
    kept = {number for _, number in best.values()}
    return [number for number in numbers if not read.rows[number].whole or number in kept]


def scores(model: Encoder, read: Read, numbers: Sequence[int]) -> np.ndarray:
    """How likely each row has each label."""
    found = np.zeros((len(read.rows), len(Label)))
    with torch.inference_mode():
        for batch in read.batches(numbers):
            found[batch] = model(*read.state(batch)).softmax(1).numpy()
    return found[list(numbers)]


def tell(voice: str, said: np.ndarray, harmless: Sequence[bool], attack: Sequence[bool]) -> None:
    """How much is found at 1 % of false positives."""
    threshold = float(np.quantile(said[list(harmless)], 0.99))
    told(f"held out, {voice}: recall {np.mean(said[list(attack)] > threshold):.3f} over {threshold:.3f}")


def _raise(model: Encoder) -> None:
    with torch.no_grad():
        model.head.bias[[Label.ORDER, Label.INJECTION]] += RAISED


def _about(model: Path, train: Path) -> dict[str, str]:
    """The header of the file."""
    return {
        "base": encoder_build.digest(model),
        "data": hashlib.sha256(train.read_bytes()).hexdigest()[:16],
        "licence": "Apache-2.0 (all-MiniLM-L6-v2)",
        **SERVED,
    }


def told(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("model", type=Path, help="model.safetensors, config.json and tokenizer.json of MiniLM")
    parser.add_argument("out", type=Path, help="the trained layers, for firebreak encoder build")
    parser.add_argument("--scratch", type=Path, required=True, help="a file of about 5 GB")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of the pieces that are used, for a busy machine")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="a processor with AVX512-BF16 takes half the time")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    torch.manual_seed(SEED)
    tokenizer = Tokenizer.from_file(str(asked.model / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    pieces = list(rows(chosen(asked.train), tokenizer))
    Random(SEED).shuffle(pieces)
    del pieces[round(len(pieces) * asked.share) :]
    if len(pieces) < 2 * HELD_OUT:
        parser.error(f"--share {asked.share} leaves {len(pieces)} pieces, and {HELD_OUT} are held out: take more")
    tokens = sum(len(row.tokens) for row in pieces)
    told(f"{len(pieces)} pieces, {sum(row.labels <= ATTACKS for row in pieces)} attacks, {tokens} tokens")
    shape = encoder_build.shape(asked.model)
    model = Encoder(weights_file.read(asked.model / "model.safetensors"), shape.heads, shape.epsilon).eval()
    model.coarse = asked.bfloat16
    read = Read(model, pieces, asked.scratch)
    fit(model, read, range(HELD_OUT, len(pieces)), asked.epochs)
    found = scores(model, read, range(HELD_OUT))
    _raise(model)
    kinds = [row.labels for row in pieces[:HELD_OUT]]
    for voice, share, harmless, attacks in (
        ("user", found[:, [*ATTACKS]].sum(1), {Label.HARMLESS, Label.ORDER}, ATTACKS),
        ("injections of a user's", found[:, Label.INJECTION], {Label.HARMLESS, Label.ORDER}, {Label.INJECTION}),
        ("data", 1 - found[:, Label.HARMLESS], {Label.HARMLESS}, ATTACKS | {Label.ORDER}),
    ):
        tell(voice, share, [one <= harmless for one in kinds], [one <= attacks for one in kinds])
    weights_file.write(asked.out, encoder_build.pack(model.trained()), _about(asked.model, asked.train))


if __name__ == "__main__":
    main()
