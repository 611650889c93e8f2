"""The graph says what the model says, worked out by hand."""

import sys

import numpy as np
import onnxruntime
import pytest
from tests import bert

from firebreak.adapters.encoder_graph import Graph, in_eight_bits, shape_of
from firebreak.model.errors import BadConfig

SHAPE = shape_of(bert.CONFIG, "config.json")
TEXTS = ([2, 4, 5, 6, 3], [2, 7, 3], [2, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3])


def run(model, texts=TEXTS):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    width = max(map(len, texts))
    ids = np.array([[*row, *[0] * (width - len(row))] for row in texts])
    mask = np.array([[*[1] * len(row), *[0] * (width - len(row))] for row in texts])
    return session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


def expected(known=None):
    return np.array([bert.last(known or bert.weights(), row).mean(0) for row in TEXTS])


def test_sentences_have_the_models_own_vectors():
    made = run(Graph(bert.weights(), SHAPE, small=False).sentences())
    assert np.abs(made - expected()).max() < 1e-4


def test_in_eight_bits_they_point_the_same_way():
    made, right = run(Graph(bert.weights(), SHAPE, small=True).sentences()), expected()
    cosine = (made * right).sum(1) / np.linalg.norm(made, axis=1) / np.linalg.norm(right, axis=1)
    assert cosine.min() > 0.98


def test_a_classifier_draws_a_line_through_mean_and_first_token():
    known = {**bert.weights(), **bert.head()}
    made = run(Graph(known, SHAPE, small=False).classifier())
    for row, logits in zip(TEXTS, made, strict=True):
        last = bert.last(known, row)
        both = np.concatenate([last.mean(0), last[0]])
        assert np.abs(known["head.weight"] @ both + known["head.bias"] - logits).max() < 1e-4


@pytest.mark.parametrize("small", [False, True])
def test_the_same_weights_give_the_same_bytes(small):
    first, second = (Graph(bert.weights(), SHAPE, small=small).sentences() for _ in range(2))
    assert first == second


def test_rounding_twice_changes_nothing():
    matrix = bert.weights()["encoder.layer.0.intermediate.dense.weight"]
    whole, scales = in_eight_bits(matrix)
    again, same = in_eight_bits(whole * scales[:, None])
    assert np.array_equal(whole, again)
    assert np.allclose(scales, same)
    assert np.abs(whole).max() == 63


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"model_type": "roberta"}, "not a BERT encoder"),
        ({"hidden_act": "relu"}, "not a BERT encoder"),
        ({"position_embedding_type": "relative_key"}, "positions are not absolute"),
        ({"hidden_size": None}, "size is not in it"),
    ],
)
def test_another_kind_of_model_is_refused(change, problem):
    with pytest.raises(BadConfig, match=problem):
        shape_of({**bert.CONFIG, **change}, "config.json")


def test_a_missing_weight_is_named():
    known = bert.weights()
    del known["encoder.layer.1.output.dense.bias"]
    with pytest.raises(BadConfig, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        Graph(known, SHAPE, small=False).sentences()


def test_a_missing_package_says_which_extra_has_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(BadConfig, match=r"install firebreak\[encoder-build\]"):
        Graph(bert.weights(), SHAPE, small=False)
