"""A BERT of a few numbers as its weights are published, and what it says, worked out the slow and obvious way."""

import json
from math import erf
from pathlib import Path

import numpy as np
from tests import encoders

from firebreak.adapters import weights_file

LAYERS, HEADS, WIDTH, INNER, PLACES = 2, 2, 8, 16, 32
EPSILON = 1e-12
CONFIG = {
    "architectures": ["BertModel"],
    "model_type": "bert",
    "hidden_act": "gelu",
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "hidden_size": WIDTH,
    "layer_norm_eps": EPSILON,
    "max_position_embeddings": PLACES,
}
_LINES = {
    "attention.self.query": (WIDTH, WIDTH),
    "attention.self.key": (WIDTH, WIDTH),
    "attention.self.value": (WIDTH, WIDTH),
    "attention.output.dense": (WIDTH, WIDTH),
    "intermediate.dense": (INNER, WIDTH),
    "output.dense": (WIDTH, INNER),
}


def weights(seed: int = 0) -> weights_file.Weights:
    rng = np.random.default_rng(seed)
    made = {
        "embeddings.word_embeddings.weight": rng.normal(size=(len(encoders.WORDS), WIDTH)),
        "embeddings.position_embeddings.weight": rng.normal(size=(PLACES, WIDTH)),
        "embeddings.token_type_embeddings.weight": rng.normal(size=(2, WIDTH)),
    }
    normals = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        for line, shape in _LINES.items():
            made[f"{name}{line}.weight"] = rng.normal(size=shape) / 2
            made[f"{name}{line}.bias"] = rng.normal(size=shape[0]) / 2
        normals += [f"{name}attention.output.LayerNorm", f"{name}output.LayerNorm"]
    for name in normals:
        made[f"{name}.weight"] = 1 + rng.normal(size=WIDTH) / 10
        made[f"{name}.bias"] = rng.normal(size=WIDTH) / 10
    return {name: array.astype(np.float32) for name, array in made.items()}


def head(seed: int = 1) -> weights_file.Weights:
    rng = np.random.default_rng(seed)
    return {
        "head.weight": rng.normal(size=(2, 2 * WIDTH)).astype(np.float32),
        "head.bias": rng.normal(size=2).astype(np.float32),
    }


def published(place: Path) -> Path:
    """The directory of a model as a hub has it."""
    place.mkdir(parents=True, exist_ok=True)
    weights_file.write(place / "model.safetensors", weights(), {"format": "pt"})
    (place / "config.json").write_text(json.dumps(CONFIG))
    encoders.tokenizer(place)
    return place


def last(known: weights_file.Weights, ids: list[int]) -> np.ndarray:
    """The last layer's vector of each token of one text."""
    state = np.array(
        [
            known["embeddings.word_embeddings.weight"][number]
            + known["embeddings.position_embeddings.weight"][place]
            + known["embeddings.token_type_embeddings.weight"][0]
            for place, number in enumerate(ids)
        ],
        np.float64,
    )
    state = _normal(known, "embeddings.LayerNorm", state)
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}."
        query, key, value = (_line(known, f"{name}attention.self.{one}", state) for one in ("query", "key", "value"))
        size = WIDTH // HEADS
        heads = []
        for one in (slice(head * size, (head + 1) * size) for head in range(HEADS)):
            scores = np.exp(query[:, one] @ key[:, one].T / np.sqrt(size))
            heads.append(scores / scores.sum(1, keepdims=True) @ value[:, one])
        seen = _line(known, f"{name}attention.output.dense", np.concatenate(heads, 1))
        state = _normal(known, f"{name}attention.output.LayerNorm", state + seen)
        inner = _line(known, f"{name}intermediate.dense", state)
        inner = inner * 0.5 * (1 + np.vectorize(erf)(inner / np.sqrt(2)))
        state = _normal(known, f"{name}output.LayerNorm", state + _line(known, f"{name}output.dense", inner))
    return state


def _line(known: weights_file.Weights, name: str, state: np.ndarray) -> np.ndarray:
    return state @ known[f"{name}.weight"].T + known[f"{name}.bias"]


def _normal(known: weights_file.Weights, name: str, state: np.ndarray) -> np.ndarray:
    state = (state - state.mean(1, keepdims=True)) / np.sqrt(state.var(1, keepdims=True) + EPSILON)
    return state * known[f"{name}.weight"] + known[f"{name}.bias"]
