"""An encoder from a mounted directory, run by onnxruntime: the one module that knows it and `tokenizers`.

Rules:
1. Whatever is wrong with a directory shows when it is loaded: the model is asked once before it is used.
2. A text that is longer than the model reads is read in overlapping pieces, all of it.
3. Threads are bounded and none of them spins: the library's default takes every core of the machine.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from firebreak.adapters.encoder_spec import TOKENIZER, Spec, Task
from firebreak.model.errors import BadConfig
from firebreak.pipeline.interface import AttackScore

Floats = NDArray[np.float32]

BATCH = 1
"""Pieces that are run at once; between two batches a run may be given up. In 8 bits a text is scaled by what is largest
in its batch: in company it would score a little differently each time, and on one thread company saves next to nothing.
"""
OVERLAP = 4
"""A piece begins a quarter of a piece before the end of the one before it."""
_KNOWN = ("input_ids", "attention_mask", "token_type_ids", "position_ids")
_NEEDED = frozenset({"input_ids", "attention_mask"})
_PADS = ("[PAD]", "<pad>", "<|padding|>")
_PROBE = ("a", "some words to try it with")
_MEND = "put the model's own files into the directory again"


class GivenUp(Exception):
    """A run ended early because nobody waits for it any more."""


class OnnxModel:
    """Safe to share between threads, but one run after another is faster on few cores. `close` is not needed."""

    def __init__(self, spec: Spec, threads: int = 1) -> None:
        self.spec = spec
        self._tokenizer = _tokenizer(spec)
        self._before, self._after = _frame(self._tokenizer)
        self._pad = next((number for name in _PADS if (number := self._tokenizer.token_to_id(name)) is not None), 0)
        self._session = _session(spec, threads)
        names = [one.name for one in self._session.get_inputs()]
        if not set(names) >= _NEEDED or not set(names) <= set(_KNOWN):
            problem = f"the model's inputs are {', '.join(names) or 'none'}, not input_ids and attention_mask"
            raise BadConfig(str(spec.model), problem, "export it with the inputs of its tokenizer")
        self._inputs = names
        self._prove()

    def attack_scores(self, texts: Sequence[str], go_on: Callable[[], bool] = lambda: True) -> list[AttackScore]:
        """How likely each text holds an attack: the highest of its pieces. `go_on` is asked between batches."""
        rows, owner = self._pieces(texts)
        scores = [AttackScore(0.0, 0.0)] * len(texts)
        for start in range(0, len(rows), BATCH):
            if not go_on():
                raise GivenUp
            said = _softmax(self._run(rows[start : start + BATCH])[0])
            for text, shares in zip(owner[start : start + BATCH], said, strict=True):
                scores[text] = self._highest(scores[text], shares)
        return scores

    def _highest(self, known: AttackScore, shares: Floats) -> AttackScore:
        spec = self.spec
        said = (min(1.0, float(shares[list(labels)].sum())) for labels in (spec.attacks, spec.orders, spec.play))
        return AttackScore(*map(max, known, said))

    def vectors(self, texts: Sequence[str], go_on: Callable[[], bool] = lambda: True) -> Floats:
        """One unit vector for each text, of its beginning and end where it is longer than the model reads."""
        rows = [self._framed(self._clipped(self._ids(text))) for text in texts]
        made: list[Floats] = []
        for start in range(0, len(rows), BATCH):
            if not go_on():
                raise GivenUp
            out, mask = self._run(rows[start : start + BATCH])
            made += list(self._pooled(out, mask))
        vectors: Floats = np.array(made, np.float32)
        vectors /= np.maximum(np.sqrt((vectors * vectors).sum(1, keepdims=True)), 1e-9)
        return vectors

    def shares(self, text: str, go_on: Callable[[], bool] = lambda: True) -> tuple[list[tuple[int, int]], Floats]:
        """The characters of each token of a text, and how likely it has each label. A token that two pieces hold is
        taken from the one in which it stands farther from the edge.
        """
        ids, places = self._tokens(text)
        room, step = self._room, self._step
        shares: Floats = np.zeros((len(ids), len(self.spec.labels)), np.float32)
        for start in self._starts(len(ids)):
            if not go_on():
                raise GivenUp
            row = ids[start : start + room]
            out, _ = self._run([self._framed(row)])
            near = (room - step) // 2 if start else 0
            said = out[0, len(self._before) + near : len(self._before) + len(row)]
            if len(said):
                shares[start + near : start + len(row)] = _softmax(said)
        return places, shares

    def _pooled(self, out: Floats, mask: NDArray[np.int64]) -> Floats:
        if out.ndim == 2:
            return out
        if self.spec.pooling == "cls":
            return out[:, 0]
        weights = mask[:, :, None].astype(np.float32)
        pooled: Floats = (out * weights).sum(1) / weights.sum(1)
        return pooled

    @property
    def _room(self) -> int:
        """Tokens of a text in one piece."""
        return max(1, self.spec.max_tokens - len(self._before) - len(self._after))

    @property
    def _step(self) -> int:
        """Tokens from one piece to the next."""
        return max(1, self._room - self._room // OVERLAP)

    def _starts(self, tokens: int) -> range:
        """Where the pieces of a text of so many tokens begin."""
        return range(0, max(1, tokens - (self._room - self._step)), self._step)

    def _ids(self, text: str) -> list[int]:
        return self._tokens(text)[0]

    def _tokens(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Their numbers, and the characters of each."""
        # A lone surrogate, which JSON can carry, is no text to the library; what stands for it is one character too.
        clean = text.encode("utf-8", "replace").decode()
        encoded = self._tokenizer.encode(clean, add_special_tokens=False)
        return encoded.ids, encoded.offsets

    def _pieces(self, texts: Sequence[str]) -> tuple[list[list[int]], list[int]]:
        """Token rows, and which text each belongs to."""
        rows: list[list[int]] = []
        owner: list[int] = []
        for number, text in enumerate(texts):
            ids = self._ids(text)
            for start in self._starts(len(ids)):
                rows.append(self._framed(ids[start : start + self._room]))
                owner.append(number)
        return rows, owner

    def _clipped(self, ids: list[int]) -> list[int]:
        room = self._room
        return ids if len(ids) <= room else ids[: room // 2] + ids[room // 2 - room :]

    def _framed(self, ids: list[int]) -> list[int]:
        return [*self._before, *ids, *self._after] or [self._pad]

    def _run(self, rows: Sequence[list[int]]) -> tuple[Floats, NDArray[np.int64]]:
        """The model's first output for a batch, and which tokens of it are the texts'."""
        width = max(map(len, rows))
        ids = np.full((len(rows), width), self._pad, np.int64)
        mask = np.zeros((len(rows), width), np.int64)
        for number, row in enumerate(rows):
            ids[number, : len(row)] = row
            mask[number, : len(row)] = 1
        fed = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
            "position_ids": np.broadcast_to(np.arange(width, dtype=np.int64), ids.shape).copy(),
        }
        out = self._session.run(None, {name: fed[name] for name in self._inputs})[0]
        return np.asarray(out, np.float32), mask

    def _prove(self) -> None:
        """The model answers, in the form that its task needs."""
        place = str(self.spec.model)
        with native(lambda _: BadConfig(place, "the model cannot be run", _MEND)):
            out, mask = self._run([self._framed(self._ids(text)) for text in _PROBE])
        if self.spec.task is Task.INJECTION:
            right = out.ndim == 2 and len(out) == len(mask) and out.shape[1] >= 2
            if not right or max(self.spec.orders) >= out.shape[1]:
                shape = "x".join(map(str, out.shape))
                problem = f"its first output is {shape}, not a number for each label"
                raise BadConfig(place, problem, "check the label's index, and that the model is a classifier")
        elif self.spec.task is Task.ENTITIES:
            if out.shape != (*mask.shape, len(self.spec.labels)):
                shape = "x".join(map(str, out.shape))
                problem = f"its first output is {shape}, not a number for each token and label"
                raise BadConfig(place, problem, "check its labels, and that the model is a classifier of tokens")
        elif not (out.ndim == 2 or (out.ndim == 3 and out.shape[1] == mask.shape[1])) or len(out) != len(mask):
            raise BadConfig(place, "its first output is no vector for each text", "export the encoder without a head")
        if not np.isfinite(out).all():
            raise BadConfig(place, "it answers with what is no number", _MEND)


@contextmanager
def native(refusal: Callable[[str], Exception]) -> Iterator[None]:
    """Whatever the two native libraries raise, as `refusal` of its type's name; its message may hold a text.

    Their exceptions have no class in common but `Exception`, so this is the one place that takes any for a failure.
    """
    try:
        yield
    except (BadConfig, TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - they have no other class in common
        raise refusal(type(error).__name__) from None


def _softmax(logits: Floats) -> Floats:
    powers: Floats = np.exp(logits - logits.max(1, keepdims=True))
    shares: Floats = powers / powers.sum(1, keepdims=True)
    return shares


def _library(name: str) -> ModuleType:
    """From an extra: whoever has no encoder does not need it."""
    # onnxruntime reads it when it is loaded. From 1.29 on it would tell its makers of each model that is loaded.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        return import_module(name)
    except ImportError as error:
        mend = "install firebreak[encoder], or take an image that was built with EXTRAS=encoder"
        raise BadConfig("encoder_dir", f"needs the package `{name}`", mend) from error


def _tokenizer(spec: Spec) -> Any:
    path = spec.place / TOKENIZER
    library = _library("tokenizers")
    with native(lambda _: BadConfig(str(path), "not a tokenizer", _MEND)):
        tokenizer = library.Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _frame(tokenizer: Any) -> tuple[list[int], list[int]]:
    """What the tokenizer puts before a text, and after it."""
    ids: list[int] = tokenizer.encode("", add_special_tokens=True).ids
    return (ids[:1], ids[1:]) if len(ids) > 1 else ([], ids)


def _session(spec: Spec, threads: int) -> Any:
    onnxruntime = _library("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what it would log is about a file that we refuse with a sentence
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    with native(lambda _: BadConfig(str(spec.model), "not a model that onnxruntime can run", _MEND)):
        return onnxruntime.InferenceSession(str(spec.model), options, providers=["CPUExecutionProvider"])
