"""Directories with tiny real ONNX encoders: a word is a token, and what a token says is a row of a table."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "evil", "good", "sea", "ship", "wave", "code", "python", "loop", "hello")
DIMS = 4
CALM, EVIL = 4.0, 8.0
"""What every word says for the first label, and `evil` for the last."""


def tokenizer(place: Path) -> None:
    made = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, "[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
    made.save(str(place / "tokenizer.json"))


def _model(table, nodes, output, inputs=("input_ids", "attention_mask")) -> bytes:
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in inputs],
        [helper.make_tensor_value_info(*output)],
        [
            numpy_helper.from_array(np.asarray(table, np.float32), "table"),
            numpy_helper.from_array(np.array([1]), "one"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def _own(place: Path, model: bytes, said: dict) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "model.onnx").write_bytes(model)
    tokenizer(place)
    (place / "encoder.json").write_text(json.dumps(said))
    return place


def classifier_model(labels: int = 2, inputs=("input_ids", "attention_mask"), calm: float = CALM) -> bytes:
    """The highest row of a text's words, so that one word decides; of three labels `loop` means the second. The mask is
    read and changes nothing.
    """
    table = np.zeros((len(WORDS), labels))
    table[:, 0] = calm
    table[WORDS.index("evil"), -1] = EVIL
    table[WORDS.index("loop"), 1:-1] = EVIL
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceMax", ["rows"], ["logits"], axes=[1], keepdims=0),
    ]
    return _model(table, nodes, ("logits", TensorProto.FLOAT, ["n", labels]), inputs)


def classifier(place: Path, **said) -> Path:
    """A text with `evil` in it is an attack; with an `order_label`, or a `play_label`, one with `loop` is that."""
    return _own(
        place,
        classifier_model(3 if {"order_label", "play_label"} & set(said) else 2),
        {"task": "injection-classifier", "max_tokens": 16, **said},
    )


def sentences_model() -> bytes:
    table = np.zeros((len(WORDS), DIMS))
    for words, dim in ((("sea", "ship", "wave"), 0), (("code", "python", "loop"), 1), (("evil",), 2), (("hello",), 3)):
        for word in words:
            table[WORDS.index(word), dim] = 1.0
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["out"])]
    return _model(table, nodes, ("out", TensorProto.FLOAT, ["n", "t", DIMS]))


def sentences(place: Path, **said) -> Path:
    """Words of one subject point the same way."""
    return _own(place, sentences_model(), {"task": "sentence-encoder", "max_tokens": 16, **said})


def flat_model() -> bytes:
    """One number for all texts together."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceMax", ["rows"], ["out"], keepdims=0),
    ]
    return _model(np.zeros((len(WORDS), 2)), nodes, ("out", TensorProto.FLOAT, []))


def broken_model() -> bytes:
    """Takes the right inputs and fails when it runs: the reshape fits no text."""
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Constant", [], ["shape"], value=numpy_helper.from_array(np.array([7, 11]))),
        helper.make_node("Reshape", ["rows", "shape"], ["logits"]),
    ]
    return _model(np.zeros((len(WORDS), 2)), nodes, ("logits", TensorProto.FLOAT, [7, 11]))


def checked(model: bytes) -> bytes:
    onnx.checker.check_model(onnx.load_from_string(model))
    return model


PIECES = (
    *WORDS[:4],
    *("an", "##na", "##s", "smith", "bob", "j", "12", "oak", "street", "paris", "hello", "from", ",", "!", "王", "明"),
)
LABELS = ("O", "B-PER", "I-PER", "B-STREET", "I-STREET", "B-CITY", "B-BUILDINGNUM")
SAID = {
    "B-PER": ("an", "bob", "j", "王"),
    "I-PER": ("smith", "明"),
    "B-STREET": ("oak",),
    "I-STREET": ("street",),
    "B-CITY": ("paris",),
    "B-BUILDINGNUM": ("12",),
}
"""What the tagger takes words for. Of `anna` it knows the first piece only, as models that were taught no more."""


def tagger_model(labels: int = len(LABELS)) -> bytes:
    """Every piece speaks for itself, so that a text may be cut anywhere."""
    table = np.zeros((len(PIECES), labels))
    table[:, 0] = CALM
    for label, pieces in SAID.items():
        table[[PIECES.index(piece) for piece in pieces], LABELS.index(label) % labels] = 2 * EVIL
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["logits"])]
    return _model(table, nodes, ("logits", TensorProto.FLOAT, ["n", "t", labels]))


def pieces_tokenizer(place: Path) -> None:
    made = Tokenizer(models.WordPiece({piece: number for number, piece in enumerate(PIECES)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", None, [("[CLS]", 2), ("[SEP]", 3)])
    made.save(str(place / "tokenizer.json"))


def tagger(place: Path, **said) -> Path:
    """`Anna Smith` is a person, `12 Oak Street, Paris` an address."""
    _own(place, tagger_model(), {"task": "entity-tagger", "labels": LABELS, "max_tokens": 16, **said})
    pieces_tokenizer(place)
    return place
