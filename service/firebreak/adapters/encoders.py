"""The encoders of a process, off its event loop: one thread, a bounded queue, a budget, and a memory of answers.

Rules:
1. An ask that does not fit into the queue or the budget is a fact for the policy, and never waits longer than that.
2. Waiting for the thread counts: the budget is what an exchange may be kept for.
3. A run that nobody waits for any more ends at its next batch, so that those behind it are not late too.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from typing import Generic, TypeVar

import numpy as np

from firebreak.adapters import intent_files
from firebreak.adapters.encoder_spec import ASKS, Task, find
from firebreak.adapters.onnx_model import Floats, GivenUp, OnnxModel, native
from firebreak.model.errors import Unavailable
from firebreak.pipeline.cascade import Band
from firebreak.pipeline.interface import AttackScore
from firebreak.pipeline.memory import MAX_HITS_KEPT, Memory
from firebreak.pipeline.mentions import Word, words

T = TypeVar("T")
GoOn = Callable[[], bool]

MAX_WAITING = 32
"""Asks under way or queued; with the default budget more could not be answered in time anyway."""


class Encoders:
    """What a mounted directory holds. Raises `BadConfig` for it when made. Shared by all snapshots of a process."""

    def __init__(self, directory: str, *, threads: int, budget_s: float, memory_entries: int) -> None:
        models = {spec.task: OnnxModel(spec, threads) for spec in find(directory)}
        injection, sentence = models.get(Task.INJECTION), models.get(Task.SENTENCE)
        one_thread = _Thread(budget_s)
        self.injection = InjectionEncoder(injection, one_thread, memory_entries) if injection else None
        self.sentence = SentenceEncoder(sentence, one_thread, memory_entries) if sentence else None
        tagger = models.get(Task.ENTITIES)
        self.entities = EntityTagger(tagger, one_thread, memory_entries) if tagger else None


class _Thread:
    """Runs one piece of work after another, for callers on any event loop."""

    def __init__(self, budget_s: float) -> None:
        self._pool = ThreadPoolExecutor(1, "encoder")
        self._budget_s = budget_s
        self._waiting = 0

    async def run(self, work: Callable[[GoOn], T]) -> T:
        """Raises `Unavailable`, or `TimeoutError` where the budget is spent."""
        if self._waiting >= MAX_WAITING:
            raise TimeoutError
        unwanted = threading.Event()
        self._waiting += 1
        try:
            with native(lambda kind: Unavailable(f"the encoder failed: {kind}")):
                async with asyncio.timeout(self._budget_s):
                    loop = asyncio.get_running_loop()
                    return await loop.run_in_executor(self._pool, work, lambda: not unwanted.is_set())
        finally:
            unwanted.set()
            self._waiting -= 1


class InjectionEncoder:
    """`pipeline.interface.AttackEncoder`."""

    def __init__(self, model: OnnxModel, thread: _Thread, memory_entries: int) -> None:
        self._model = model
        self._thread = thread
        self._known: _Known[AttackScore] = _Known(memory_entries)
        self.threshold = model.spec.threshold
        self.origins = model.spec.origins
        self.band = Band(model.spec.ask_from, model.spec.ask_to)
        self.small_weight = model.spec.small_weight

    async def attack_scores(self, texts: Sequence[str]) -> list[AttackScore]:
        known, new = self._known.of(texts)
        if new:
            scores = await self._thread.run(lambda go_on: self._model.attack_scores(new, go_on))
            known |= self._known.put(dict(zip(new, scores, strict=True)))
        return [known[text] for text in texts]

    def attack_scores_now(self, texts: Sequence[str]) -> list[AttackScore]:
        known, new = self._known.of(texts)
        known |= self._known.put(dict(zip(new, self._model.attack_scores(new), strict=True)))
        return [known[text] for text in texts]


class EntityTagger:
    """`pipeline.interface.EntityTagger`."""

    def __init__(self, model: OnnxModel, thread: _Thread, memory_entries: int) -> None:
        self._model = model
        self._thread = thread
        self._known: _Known[tuple[Word, ...]] = _Known(memory_entries)
        self.origins = model.spec.origins
        self.max_passages = model.spec.max_passages

    async def words(self, texts: Sequence[str]) -> list[tuple[Word, ...]]:
        known, new = self._known.of(texts)
        read: dict[str, tuple[Word, ...]] = {}
        try:
            if new:
                await self._thread.run(lambda go_on: self._read(new, read, go_on))
        finally:
            # What was read before the budget was spent is not read again when the same is asked again.
            some = read.copy()
            self._known.put({text: found for text, found in some.items() if len(found) <= MAX_HITS_KEPT})
        known |= read
        return [known[text] for text in texts]

    def _read(self, texts: Sequence[str], read: dict[str, tuple[Word, ...]], go_on: GoOn) -> None:
        spec = self._model.spec
        for text in texts:
            if not go_on():
                raise GivenUp
            places, shares = self._model.shares(text, go_on)
            read[text] = words(text, places, shares, spec.labels, spec.threshold)


class _Known(Generic[T]):
    """Answers by the text that they are about."""

    def __init__(self, entries: int) -> None:
        self._memory: Memory[T] = Memory(entries)

    def of(self, texts: Sequence[str]) -> tuple[dict[str, T], list[str]]:
        """What is remembered, and what is not, each text once."""
        known: dict[str, T] = {}
        new: dict[str, None] = {}
        for text in texts:
            answer = self._memory.get(_digest(text))
            if answer is None:
                new[text] = None
            else:
                known[text] = answer
        return known, list(new)

    def put(self, answers: Mapping[str, T]) -> Mapping[str, T]:
        for text, answer in answers.items():
            self._memory.put(_digest(text), answer)
        return answers


class SentenceEncoder:
    """`pipeline.interface.SentenceEncoder`."""

    def __init__(self, model: OnnxModel, thread: _Thread, memory_entries: int) -> None:
        self._model = model
        self._thread = thread
        self._memory: Memory[Floats] = Memory(memory_entries)
        self._fitted: dict[str, Floats] = {}
        self.learnt = intent_files.learnt_on(model.spec.place / ASKS, model.vectors(["a"]).shape[1])
        """What was learnt of asks on its vectors, where somebody put that beside it."""

    async def vector(self, text: str) -> Floats:
        key = _digest(text)
        known = self._memory.get(key)
        if known is None:
            known = (await self._thread.run(lambda go_on: self._model.vectors([text], go_on)))[0]
            self._memory.put(key, known)
        return known

    def vectors_now(self, texts: Sequence[str]) -> Floats:
        """For what a policy is fitted on: kept for its next version, whatever else is remembered."""
        new = sorted(set(texts) - set(self._fitted), key=len)  # texts of like length share a batch well
        if new:
            self._fitted |= dict(zip(new, self._model.vectors(new), strict=True))
        return np.array([self._fitted[text] for text in texts], np.float32)


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).digest()
