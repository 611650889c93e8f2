"""Asks run on a thread of their own, within a budget and a queue, and are remembered."""

import asyncio
import threading

import pytest
from tests import encoders

from firebreak.adapters import encoders as module
from firebreak.adapters import intent_files
from firebreak.adapters.encoders import Encoders
from firebreak.adapters.onnx_model import OnnxModel
from firebreak.model.conversation import Origin
from firebreak.model.errors import BadConfig, Unavailable
from firebreak.pipeline.memory import MAX_HITS_KEPT
from firebreak.pipeline.mentions import Sort


def made(tmp_path, *, budget_s=20.0, entries=100):
    encoders.classifier(tmp_path / "injection")
    encoders.sentences(tmp_path / "intent")
    return Encoders(str(tmp_path), threads=1, budget_s=budget_s, memory_entries=entries)


def test_both_encoders_of_a_directory_answer(tmp_path):
    both = made(tmp_path)
    calm, evil = asyncio.run(both.injection.attack_scores(["hello", "evil"]))
    assert calm.user < both.injection.threshold < evil.user
    vector = asyncio.run(both.sentence.vector("sea"))
    assert vector @ both.sentence.vectors_now(["ship"])[0] == pytest.approx(1.0)


def test_a_directory_may_hold_one(tmp_path):
    encoders.classifier(tmp_path, threshold=0.7)
    one = Encoders(str(tmp_path), threads=1, budget_s=1, memory_entries=1)
    assert one.sentence is None
    assert one.injection
    assert one.injection.threshold == 0.7


def test_what_was_learnt_on_an_encoders_vectors_comes_with_it(tmp_path):
    assert made(tmp_path).sentence.learnt is None
    (tmp_path / "intent" / "asks.bin").write_bytes(intent_files.encoded()[1])
    with pytest.raises(BadConfig, match="made for another encoder"):  # that one's vectors have 384 numbers
        made(tmp_path)


def test_a_bad_directory_is_refused(tmp_path):
    with pytest.raises(BadConfig):
        Encoders(str(tmp_path), threads=1, budget_s=1, memory_entries=1)


@pytest.mark.parametrize("entries", [1, 100])
def test_the_loop_and_whoever_may_wait_get_the_same(tmp_path, entries):
    """Also where the memory holds less than one ask."""
    one = made(tmp_path, entries=entries).injection
    texts = ["evil", "hello", "evil", "sea", "code"]
    first = asyncio.run(one.attack_scores(texts))
    assert first == one.attack_scores_now(texts) == asyncio.run(one.attack_scores(texts))


def test_nothing_is_asked_twice(tmp_path, monkeypatch):
    both = made(tmp_path)
    asked: list[list[list[int]]] = []
    monkeypatch.setattr(OnnxModel, "_run", counting(OnnxModel._run, asked))
    for _ in range(3):
        asyncio.run(both.injection.attack_scores(["evil", "evil", "hello"]))
        asyncio.run(both.sentence.vector("sea"))
    assert [len(rows) for rows in asked] == [1, 1, 1]


def counting(real, asked):
    def run(self, rows):
        asked.append(rows)
        return real(self, rows)

    return run


class Gate:
    """Holds a model's runs until it is opened."""

    def __init__(self, monkeypatch):
        self.opened = threading.Event()
        self.runs = 0
        real = OnnxModel._run

        def run(model, rows):
            self.runs += 1
            assert self.opened.wait(20)
            return real(model, rows)

        monkeypatch.setattr(OnnxModel, "_run", run)


def test_the_loop_goes_on_while_an_encoder_runs(tmp_path, monkeypatch):
    one = made(tmp_path).injection
    gate = Gate(monkeypatch)

    async def both():
        asking = asyncio.create_task(one.attack_scores(["evil"]))
        await asyncio.sleep(0)
        gate.opened.set()  # only a loop that is free gets here
        return await asking

    assert asyncio.run(both())[0].user > 0.95


def test_over_budget_nobody_waits_and_the_run_ends_at_its_next_batch(tmp_path, monkeypatch):
    one = made(tmp_path, budget_s=0.05).injection
    gate = Gate(monkeypatch)
    texts = [f"hello {number}" for number in range(10 * module.MAX_WAITING)]
    with pytest.raises(TimeoutError):
        asyncio.run(one.attack_scores(texts))
    gate.opened.set()
    one._thread._pool.shutdown(wait=True)
    assert gate.runs <= 1  # none where the thread did not even begin in time


def test_a_full_queue_is_refused_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    one = made(tmp_path).injection
    gate = Gate(monkeypatch)

    async def many():
        asking = [asyncio.create_task(one.attack_scores([f"evil {number}"])) for number in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            await one.attack_scores(["evil"])
        gate.opened.set()
        return await asyncio.gather(*asking)

    assert len(asyncio.run(many())) == 2


def test_a_model_that_fails_is_unavailable_and_forgotten(tmp_path, monkeypatch):
    one = made(tmp_path).injection

    def fail(model, rows):
        raise RuntimeError(str(rows))

    with monkeypatch.context() as patch:
        patch.setattr(OnnxModel, "_run", fail)
        with pytest.raises(Unavailable, match="the encoder failed: RuntimeError"):
            asyncio.run(one.attack_scores(["evil"]))
    assert asyncio.run(one.attack_scores(["evil"]))[0].user > 0.95


def test_what_policies_are_fitted_on_is_read_once(tmp_path, monkeypatch):
    one = made(tmp_path, entries=1).sentence
    asked: list[list[list[int]]] = []
    monkeypatch.setattr(OnnxModel, "_run", counting(OnnxModel._run, asked))
    first = one.vectors_now(["sea ship", "code", "sea ship"])
    assert (first == one.vectors_now(["sea ship", "code", "sea ship"])).all()
    assert [len(rows) for rows in asked] == [1, 1]
    assert one.vectors_now(["code"])[0] @ first[1] == pytest.approx(1.0)


def tagger(tmp_path, *, budget_s=20.0, entries=100):
    encoders.tagger(tmp_path, origins=["user"], max_passages=7)
    one = Encoders(str(tmp_path), threads=1, budget_s=budget_s, memory_entries=entries).entities
    assert one
    return one


def test_a_tagger_names_words(tmp_path):
    one = tagger(tmp_path)
    found, nothing = asyncio.run(one.words(["hello Anna Smith", "hello"]))
    assert nothing == ()
    assert [("hello Anna Smith"[word.start : word.end], word.sort, word.begins) for word in found] == [
        ("Anna", Sort.PERSON, True),
        ("Smith", Sort.PERSON, False),
    ]
    assert (one.origins, one.max_passages) == ({Origin.USER}, 7)


def test_a_passage_is_tagged_once(tmp_path, monkeypatch):
    one = tagger(tmp_path)
    asked: list[list[list[int]]] = []
    monkeypatch.setattr(OnnxModel, "_run", counting(OnnxModel._run, asked))
    first = asyncio.run(one.words(["Anna", "Anna", "Bob"]))
    assert first == asyncio.run(one.words(["Anna", "Anna", "Bob"]))
    assert len(asked) == 2


def test_a_passage_full_of_names_does_not_fill_the_memory(tmp_path, monkeypatch):
    one = tagger(tmp_path)
    asked: list[list[list[int]]] = []
    monkeypatch.setattr(OnnxModel, "_run", counting(OnnxModel._run, asked))
    for _ in range(2):
        (found,) = asyncio.run(one.words(["Bob " * (MAX_HITS_KEPT + 1)]))
        assert len(found) == MAX_HITS_KEPT + 1
    first, second = len(asked) // 2, len(asked)
    assert second == 2 * first


def test_what_was_read_before_the_budget_was_spent_is_kept(tmp_path, monkeypatch):
    one = tagger(tmp_path)

    def fail(model, rows):
        raise RuntimeError(str(rows))

    asyncio.run(one.words(["Anna"]))
    real = OnnxModel.shares

    def late(model, text, go_on):
        if "street" in text:
            raise TimeoutError
        return real(model, text, go_on)

    with monkeypatch.context() as patch:
        patch.setattr(OnnxModel, "shares", late)
        with pytest.raises(TimeoutError):
            asyncio.run(one.words(["Anna", "Bob", "12 oak street"]))
    monkeypatch.setattr(OnnxModel, "_run", fail)
    assert all(asyncio.run(one.words(["Anna", "Bob"])))
    with pytest.raises(Unavailable):
        asyncio.run(one.words(["12 oak street"]))


def test_a_tagger_that_nobody_waits_for_stops(tmp_path, monkeypatch):
    one = tagger(tmp_path, budget_s=0.05)
    gate = Gate(monkeypatch)
    with pytest.raises(TimeoutError):
        asyncio.run(one.words([f"Anna {number}" for number in range(50)]))
    gate.opened.set()
    one._thread._pool.shutdown(wait=True)
    assert gate.runs <= 1  # none where the thread did not even begin in time
