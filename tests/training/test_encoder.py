"""The encoder's trainer, on a small model. It needs torch, which is in no environment but that of `make train-encoder`:

build/encoder-venv/bin/pip install pytest && PYTHONPATH=service build/encoder-venv/bin/python -m pytest \\
    -p no:cacheprovider -c /dev/null --rootdir . tests/training/test_encoder.py
"""

from random import Random

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not here: build/encoder-venv has it, see this file's first lines")

from training import encoder  # noqa: E402 -- needs torch
from training.pieces import Label, Row  # noqa: E402 -- as above

WIDTH, INNER, HEADS, LAYERS, WORDS, LONGEST = 16, 32, 2, 4, 40, 24
ATTACK = 7
"""The word with which attacks begin."""


def weights():
    rng = np.random.default_rng(1)

    def normal(*shape):
        return rng.normal(0, 0.2, shape).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": normal(WORDS, WIDTH),
        "embeddings.position_embeddings.weight": normal(LONGEST, WIDTH),
        "embeddings.token_type_embeddings.weight": normal(2, WIDTH),
        "embeddings.LayerNorm.weight": np.ones(WIDTH, np.float32),
        "embeddings.LayerNorm.bias": np.zeros(WIDTH, np.float32),
    }
    shapes = {"intermediate.dense": (INNER, WIDTH), "output.dense": (WIDTH, INNER)}
    for number in range(LAYERS):
        for name in encoder.NAMES.values():
            place = f"encoder.layer.{number}.{name}"
            norm = name.endswith("LayerNorm")
            made[f"{place}.weight"] = np.ones(WIDTH, np.float32) if norm else normal(*shapes.get(name, (WIDTH, WIDTH)))
            made[f"{place}.bias"] = np.zeros(shapes.get(name, (WIDTH, WIDTH))[0], np.float32)
    return made


def row(rng, number):
    attack = number % 2 == 1
    words = [rng.randrange(10, WORDS) for _ in range(rng.randint(4, LONGEST - 2))]
    if attack:
        words[:3] = [ATTACK] * 3
    label = Label.INJECTION if attack else Label.HARMLESS
    return Row((1, *words, 2), frozenset({label}), "g", 1.0, whole=0)


@pytest.fixture
def rows():
    rng = Random(3)
    return [row(rng, number) for number in range(400)]


@pytest.mark.parametrize("coarse", [False, True])
def test_each_step_learns_from_what_the_last_one_changed(rows, tmp_path, monkeypatch, coarse):
    monkeypatch.setattr(encoder, "BATCH_TOKENS", 256)
    monkeypatch.setattr(encoder, "RATE", 2e-3)
    monkeypatch.setattr(encoder, "WARM_STEPS", 5)
    torch.manual_seed(1)
    model = encoder.Encoder(weights(), HEADS, 1e-12).eval()
    model.coarse = coarse
    before = {name: value.copy() for name, value in model.trained().items()}
    read = encoder.Read(model, rows, tmp_path / "read.npy")
    encoder.fit(model, read, range(100, 400), 4)
    said = encoder.scores(model, read, range(100))[:, Label.INJECTION]
    attack = np.array([Label.INJECTION in one.labels for one in rows[:100]])
    assert said[attack].mean() > said[~attack].mean() + 0.5
    assert all((before[name] != value).any() for name, value in model.trained().items() if "key.bias" not in name)


def test_the_lower_layers_stay_as_they_were_published(rows, tmp_path):
    model = encoder.Encoder(weights(), HEADS, 1e-12).eval()
    below = [value.clone() for value in model.layers[0].parameters()]
    encoder.fit(model, encoder.Read(model, rows, tmp_path / "read.npy"), range(400), 1)
    assert all(torch.equal(one, other) for one, other in zip(below, model.layers[0].parameters(), strict=True))
    assert not any(name.startswith("encoder.layer.0.") for name in model.trained())


def test_of_a_long_attack_the_surest_piece_is_left(rows, tmp_path):
    model = encoder.Encoder(weights(), HEADS, 1e-12).eval()
    pieces = [
        Row(one.tokens, one.labels, one.group, one.weight, whole=1 + number // 2) for number, one in enumerate(rows)
    ]
    read = encoder.Read(model, pieces, tmp_path / "read.npy")
    left = encoder._surest(model, read, range(len(pieces)))
    said = encoder.scores(model, read, range(len(pieces)))[:, [Label.INJECTION, Label.JAILBREAK]].sum(1)
    assert left == [pair + int(said[pair + 1] > said[pair]) for pair in range(0, len(pieces), 2)]


def test_the_line_is_raised_for_orders_and_injections_alone():
    model = encoder.Encoder(weights(), HEADS, 1e-12)
    before = model.trained()["head.bias"].copy()
    encoder._raise(model)
    raised = model.trained()["head.bias"] - before
    assert raised == pytest.approx([0, encoder.RAISED, encoder.RAISED, 0])
