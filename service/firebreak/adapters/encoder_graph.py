"""A BERT encoder's weights to an ONNX graph, written node by node: the one module that knows `onnx`.

The model is that of Devlin et al. (https://arxiv.org/abs/1810.04805) with one kind of token; names are those of the
published weights. In 8 bits a matrix has a scale for each column and the text's side is scaled as it comes
(`DynamicQuantizeLinear`); 7 of the bits are used, because processors without VNNI add pairs of products in 16 bits.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firebreak.model.errors import BadConfig

OPSET, IR = 17, 8
MOST = 63.0  # of a matrix's 8-bit numbers
MOST_OF_ROW = 127.0  # of the words' vectors, which are looked up and never multiplied
FAR = 1e4  # taken off the score of a place that is no text
WORDS = "embeddings.word_embeddings.weight"

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """From the model's `config.json`."""

    layers: int
    heads: int
    width: int
    epsilon: float


def shape_of(config: Mapping[str, Any], place: str) -> Shape:
    """Raises `BadConfig` for a model that is not of this kind."""
    if config.get("model_type") != "bert" or config.get("hidden_act") != "gelu":
        raise BadConfig(place, "not a BERT encoder with gelu", "export this model with its own tools")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise BadConfig(place, "its positions are not absolute", "export this model with its own tools")
    try:
        return Shape(
            int(config["num_hidden_layers"]),
            int(config["num_attention_heads"]),
            int(config["hidden_size"]),
            float(config["layer_norm_eps"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadConfig(place, "the model's size is not in it", "put the model's own config.json there") from error


class Graph:
    """Nodes and numbers in the order they are needed. Each method returns the name of what it made."""

    def __init__(self, weights: Mapping[str, Array], shape: Shape, *, small: bool) -> None:
        self._onnx = _onnx()
        self._weights = weights
        self._shape = shape
        self._small = small
        self._nodes: list[Any] = []
        self._numbers: dict[str, Any] = {}

    def sentences(self) -> bytes:
        """One vector for each text: the mean over its tokens."""
        return self._model(self._mean(self._encoded()), "vector", ["n", self._shape.width])

    def classifier(self) -> bytes:
        """A number for each label of the head, by a line on the mean and the first token."""
        last = self._encoded()
        first = self._node("Gather", last, self._whole("first", 0), axis=1)
        both = self._node("Concat", self._mean(last), first, axis=1)
        logits = self._node("Gemm", both, self._keep("head.weight"), self._keep("head.bias"), transB=1)
        return self._model(logits, "logits", ["n", len(self._weight("head.bias"))])

    def _encoded(self) -> str:
        state = self._embedded()
        held = self._node("Cast", "attention_mask", to=1)
        absent = self._node("Sub", self._number("one", 1.0), held)
        bias = self._node("Mul", absent, self._number("far", -FAR))
        bias = self._node("Unsqueeze", bias, self._whole("places", [1, 2]))
        for layer in range(self._shape.layers):
            state = self._layer(f"encoder.layer.{layer}.", state, bias)
        return state

    def _embedded(self) -> str:
        table = np.asarray(self._weight(WORDS), np.float32)
        if self._small:
            scales = np.maximum(np.abs(table).max(1, keepdims=True), 1e-9) / MOST_OF_ROW
            self._put("words", np.rint(table / scales).astype(np.int8))
            self._put("words.scale", scales.astype(np.float32))
            rows = self._node("Cast", self._node("Gather", "words", "input_ids"), to=1)
            rows = self._node("Mul", rows, self._node("Gather", "words.scale", "input_ids"))
        else:
            self._put("words", table)
            rows = self._node("Gather", "words", "input_ids")
        places = self._weight("embeddings.position_embeddings.weight")
        kind = self._weight("embeddings.token_type_embeddings.weight")[0]
        self._put("places.table", np.asarray(places + kind, np.float32))
        length = self._node("Slice", self._node("Shape", "input_ids"), self._whole("from", [1]), self._whole("to", [2]))
        here = self._node("Slice", "places.table", self._whole("start", [0]), length)
        return self._normal("embeddings.LayerNorm", self._node("Add", rows, here))

    def _layer(self, name: str, state: str, bias: str) -> str:
        heads, width = self._shape.heads, self._shape.width
        parts = [f"{name}attention.self.{one}" for one in ("query", "key", "value")]
        matrix = np.concatenate([self._weight(f"{part}.weight") for part in parts])
        offset = np.concatenate([self._weight(f"{part}.bias") for part in parts])
        every = self._line(f"{name}attention", matrix, offset, state)
        every = self._node("Reshape", every, self._whole("heads", [0, 0, 3, heads, width // heads]))
        every = self._node("Transpose", every, perm=[2, 0, 3, 1, 4])
        query, key, value = (self._node("Gather", every, self._whole(f"row{row}", row), axis=0) for row in range(3))
        key = self._node("Transpose", key, perm=[0, 1, 3, 2])
        scores = self._node("MatMul", query, key)
        scores = self._node("Mul", scores, self._number("scale", float(1.0 / np.sqrt(width / heads))))
        shares = self._node("Softmax", self._node("Add", scores, bias), axis=-1)
        seen = self._node("Transpose", self._node("MatMul", shares, value), perm=[0, 2, 1, 3])
        seen = self._node("Reshape", seen, self._whole("joined", [0, 0, width]))
        seen = self._dense(f"{name}attention.output.dense", seen)
        state = self._normal(f"{name}attention.output.LayerNorm", self._node("Add", state, seen))
        inner = self._gelu(self._dense(f"{name}intermediate.dense", state))
        inner = self._dense(f"{name}output.dense", inner)
        return self._normal(f"{name}output.LayerNorm", self._node("Add", state, inner))

    def _gelu(self, name: str) -> str:
        error = self._node("Erf", self._node("Mul", name, self._number("half.root", float(np.sqrt(0.5)))))
        grown = self._node("Add", error, self._number("one", 1.0))
        return self._node("Mul", self._node("Mul", name, grown), self._number("half", 0.5))

    def _dense(self, name: str, state: str) -> str:
        return self._line(name, self._weight(f"{name}.weight"), self._weight(f"{name}.bias"), state)

    def _line(self, name: str, matrix: Array, offset: Array, state: str) -> str:
        """`state` times the matrix, which is stored turned, plus the offset."""
        self._put(f"{name}.offset", np.asarray(offset, np.float32))
        if not self._small:
            self._put(f"{name}.matrix", np.ascontiguousarray(matrix.T, np.float32))
            return self._node("Add", self._node("MatMul", state, f"{name}.matrix"), f"{name}.offset")
        whole, scales = in_eight_bits(matrix)
        self._put(f"{name}.matrix", np.ascontiguousarray(whole.T))
        self._put(f"{name}.scale", scales)
        self._put("zero", np.array(0, np.int8))
        made = self._name("DynamicQuantizeLinear")
        said = [f"{made}.whole", f"{made}.scale", f"{made}.zero"]
        self._nodes.append(self._onnx.helper.make_node("DynamicQuantizeLinear", [state], said, name=made))
        product = self._node("MatMulInteger", said[0], f"{name}.matrix", said[2], "zero")
        real = self._node("Cast", product, to=1)
        real = self._node("Mul", real, self._node("Mul", said[1], f"{name}.scale"))
        return self._node("Add", real, f"{name}.offset")

    def _normal(self, name: str, state: str) -> str:
        weight, bias = self._keep(f"{name}.weight"), self._keep(f"{name}.bias")
        return self._node("LayerNormalization", state, weight, bias, axis=-1, epsilon=self._shape.epsilon)

    def _mean(self, last: str) -> str:
        held = self._node("Unsqueeze", self._node("Cast", "attention_mask", to=1), self._whole("behind", [2]))
        total = self._node("ReduceSum", self._node("Mul", last, held), self._whole("tokens", [1]), keepdims=0)
        return self._node("Div", total, self._node("ReduceSum", held, self._whole("tokens", [1]), keepdims=0))

    def _weight(self, name: str) -> Array:
        try:
            return self._weights[name]
        except KeyError:
            raise BadConfig(name, "not among the model's weights", "put the model's own file there") from None

    def _keep(self, name: str) -> str:
        return self._put(name, np.asarray(self._weight(name), np.float32))

    def _number(self, name: str, value: float) -> str:
        return self._put(f"number.{name}", np.array(value, np.float32))

    def _whole(self, name: str, value: int | list[int]) -> str:
        return self._put(f"whole.{name}", np.array(value, np.int64))

    def _put(self, name: str, array: Array) -> str:
        self._numbers.setdefault(name, self._onnx.numpy_helper.from_array(array, name))
        return name

    def _name(self, kind: str) -> str:
        return f"{kind}.{len(self._nodes)}"

    def _node(self, kind: str, *inputs: str, **said: Any) -> str:
        name = self._name(kind)
        self._nodes.append(self._onnx.helper.make_node(kind, list(inputs), [name], name=name, **said))
        return name

    def _model(self, last: str, output: str, form: list[str | int]) -> bytes:
        helper, whole, real = self._onnx.helper, 7, 1
        self._nodes.append(helper.make_node("Identity", [last], [output], name=output))
        inputs = [helper.make_tensor_value_info(name, whole, ["n", "t"]) for name in ("input_ids", "attention_mask")]
        made = helper.make_tensor_value_info(output, real, form)
        graph = helper.make_graph(self._nodes, "encoder", inputs, [made], list(self._numbers.values()))
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR, producer_name="firebreak")
        self._onnx.checker.check_model(model)
        data: bytes = model.SerializeToString(deterministic=True)
        return data


def in_eight_bits(matrix: Array) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers, and a scale for each row. What is read back and done again gives the same."""
    scales = (np.maximum(np.abs(matrix).max(1), 1e-9) / MOST).astype(np.float32)
    return np.rint(matrix / scales[:, None]).astype(np.int8), scales


def _onnx() -> Any:
    try:
        return import_module("onnx")
    except ImportError as error:
        raise BadConfig("encoder build", "needs the package `onnx`", "install firebreak[encoder-build]") from error
