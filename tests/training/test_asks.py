"""What the classifier of intents learns from: labelled texts to rows, to weights, to the file and back."""

import gzip
import json
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp
from tests import encoders

from firebreak.adapters.encoder_spec import read_spec
from firebreak.adapters.intent_files import embeddings
from firebreak.adapters.onnx_model import OnnxModel
from firebreak.intent.learnt import BUCKETS, CALM, buckets, parse
from firebreak.intent.taxonomy import HARM
from firebreak.intent.vectors import EDGE_WORDS, Embeddings
from firebreak.model.errors import BadConfig
from training import asks
from training.asks import CATEGORIES, HARMLESS_LABEL, MINDED, OTHER_LABEL, Ask, Net, Rows, Size

FILES = sorted(asks.FOLDER.glob("*.jsonl"))
SMALL = Size(32, 8, 15)
LABELS = {*CATEGORIES, HARMLESS_LABEL, OTHER_LABEL}


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def corpus():
    return [
        row["text"] for name in ("intent", "traffic") for row in lines(asks.ROOT / "tests" / "corpus" / f"{name}.jsonl")
    ]


@pytest.fixture
def public(tmp_path):
    """A shared set with one harmless text and one attack of each source."""
    path = tmp_path / "train.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        for name in asks.PUBLIC:
            for label in (0, 1):
                file.write(json.dumps({"text": f"{name} says {label}", "label": label, "source": name}) + "\n")
    return path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_line_is_one_text_with_a_known_label(path):
    found = lines(path)
    assert len(found) >= 300
    assert all(set(row) == {"text", "label"} and len(row["text"]) > 2 and row["label"] in LABELS for row in found)


def test_no_text_is_there_twice():
    count = Counter(re.sub(r"\W+", "", row["text"].casefold()) for path in FILES for row in lines(path))
    assert [text for text, times in count.items() if times > 1] == []


def test_no_text_stands_in_what_is_measured(corpus):
    measured = {re.sub(r"\W+", "", text.casefold()) for text in corpus}
    written = {re.sub(r"\W+", "", row["text"].casefold()) for path in FILES for row in lines(path)}
    assert not written & measured


def test_no_text_shares_six_words_in_a_row_with_what_is_measured(corpus):
    def sixes(text):
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[start : start + 6]) for start in range(len(words) - 5)}

    measured = set().union(*map(sixes, corpus))
    assert [row["text"] for path in FILES for row in lines(path) if not measured.isdisjoint(sixes(row["text"]))] == []


def test_what_is_merely_harmless_may_be_anything_that_nobody_minds(public):
    found = list(asks.asks(public))
    said = {row["text"] for path in FILES for row in lines(path) if row["label"] == "harmless"}
    (harmless,) = {ask.allowed for ask in found if ask.text in said}
    assert 0 in harmless
    assert {CATEGORIES[number - 1] for number in harmless if number} == set(CATEGORIES) - MINDED
    (public,) = {ask.allowed for ask in found if ask.text.startswith("clinc_train")}
    assert set(harmless) - set(public) == {CATEGORIES.index("cyber_defense") + 1}
    assert MINDED > HARM
    assert {"coding", "cyber_defense", "translation"}.isdisjoint(MINDED)


def test_a_label_is_the_one_category_that_a_text_is_in(public):
    told = {row["text"]: row["label"] for path in FILES for row in lines(path)}
    for ask in asks.asks(public):
        label = told.get(ask.text)
        if label in CATEGORIES:
            assert ask.allowed == (CATEGORIES.index(label) + 1,)
        elif label == "other":
            assert ask.allowed == (0,)


def test_attacks_of_the_shared_set_are_not_learnt_as_harmless(public):
    said = {ask.text for ask in asks.asks(public) if ask.text.endswith((" says 0", " says 1"))}
    assert said == {f"{name} says 0" for name in asks.PUBLIC}


def test_a_long_text_is_learnt_by_its_ends_and_one_without_words_not_at_all():
    long = "translate the report " * 100
    read = asks.rows([Ask("translate it", (1,), 2.0), Ask("...", (1,), 2.0), Ask(long, (1, 2), 0.5)], embeddings())
    assert read.grams.shape == (3, BUCKETS)
    assert read.weights.tolist() == [2.0, 0.5, 0.5]
    assert (read.allowed[:, :3] == 0).tolist() == [[False, True, False], [False, True, True], [False, True, True]]
    assert not (read.allowed[:, 3:] == 0).any()
    assert np.linalg.norm(read.vectors, axis=1) == pytest.approx([1, 1, 1])
    assert read.sizes.tolist() == [2, EDGE_WORDS, EDGE_WORDS]
    assert np.array_equal(read.ids[:2], embeddings().pieces("translate it", 0.0).ids)
    assert read.known.shape == (embeddings().count + 1, embeddings().dims)
    assert not read.known[-1].any()
    sums = np.asarray(read.grams.sum(1)).ravel()
    sizes = 4 * np.array([2, EDGE_WORDS, EDGE_WORDS])
    assert sums == pytest.approx(sizes / np.sqrt(sizes + CALM), rel=1e-5)


def test_of_what_is_in_no_category_windows_are_learnt_too_with_less_weight():
    text = " ".join(["the weather is fine"] * 8)
    alone = asks.rows([Ask(text, (1,), 2.0)], embeddings())
    beside = asks.rows([Ask(text, (0, 1), 2.0)], embeddings())
    assert alone.weights.tolist() == [2.0]
    assert beside.weights.tolist() == [2.0] + [2.0 * asks.WINDOW_SHARE] * asks.WINDOWS
    assert np.linalg.norm(beside.vectors, axis=1) == pytest.approx([1.0] * (1 + asks.WINDOWS))
    sizes = np.diff(beside.grams.indptr)[1:]
    assert set(sizes) <= {4 * words for words in range(7, 19)}


KNOWN = np.concatenate((np.random.default_rng(4).standard_normal((40, 3)) / 6, np.zeros((1, 3)))).astype(np.float32)
"""Vectors of forty words, as long as those of real ones, and of nothing."""


def made() -> Rows:
    """Two sorts of text, told apart by word and by vector, and one that may be of either."""
    rng = np.random.default_rng(1)
    kinds = np.arange(90) % 3
    said = [np.array([number % 7 + 10 * int(kind) for number in range(5)]) for kind in kinds]
    words = [buckets(ids).ravel() for ids in said]
    ends = np.concatenate(([0], np.cumsum([len(row) for row in words])))
    grams = sp.csr_matrix(
        (np.full(ends[-1], 0.2, np.float32), np.concatenate(words).astype(np.int32), ends), (90, BUCKETS)
    )
    vectors = np.eye(3, dtype=np.float32)[kinds] + 0.1 * rng.standard_normal((90, 3)).astype(np.float32)
    allowed = np.full((90, 3), -30.0, np.float32)
    allowed[kinds == 0, 0] = allowed[kinds == 1, 1] = 0.0
    allowed[np.ix_(kinds == 2, [0, 2])] = 0.0
    sizes = np.full(90, 5)
    return Rows(
        grams, vectors, allowed, np.ones(90, np.float32), np.concatenate(said), np.cumsum(sizes) - sizes, sizes, KNOWN
    )


def excited(net: Net, ids) -> Any:
    """How much each filter is excited by a text at most, worked out place by place."""
    count = len(net.filters_base)
    places = []
    for at in range(len(ids)):
        words = [KNOWN[word] for word in ids[at : at + 3]]
        places.append(sum(word @ net.filters[:, n * count : (n + 1) * count] for n, word in enumerate(words)))
    return np.max(places, 0) + net.filters_base


def said(net: Net, given: Rows):
    hidden = np.maximum(given.vectors @ net.first + net.first_base, 0)
    texts = [given.ids[start : start + size] for start, size in zip(given.starts, given.sizes, strict=True)]
    spoken = np.maximum([excited(net, ids) for ids in texts], 0)
    return given.grams @ net.table + hidden @ net.second + net.second_base + spoken @ net.filters_second


def loss(net: Net, given: Rows, chosen) -> float:
    shares = asks.softmax(said(net, given)[chosen])
    return float(-np.mean(np.log((shares * (given.allowed[chosen] == 0)).sum(1))))


def test_the_slopes_are_those_of_the_loss(monkeypatch):
    monkeypatch.setattr(asks, "DECAY", 0.0)
    given, rng, chosen = made(), np.random.default_rng(2), np.arange(20)
    shapes = ((BUCKETS, 3), (3, 4), (4,), (4, 3), (3,), (3, 15), (5,), (5, 3))
    layers: list[Any] = [rng.standard_normal(shape) / 3 for shape in shapes]
    slopes = list(asks.slopes(Net(*layers), given, chosen, np.ones((20, 9), np.float32)))
    bucket = int(given.grams.indices[0])
    places = ((0, (bucket, 1)), (1, (2, 3)), (2, (1,)), (3, (0, 2)), (4, (1,)))
    for number, at in (*places, (5, (2, 3)), (5, (1, 8)), (5, (0, 12)), (6, (2,)), (7, (3, 1))):
        both = []
        for step in (1e-4, -1e-4):
            moved = [layer.copy() for layer in layers]
            moved[number][at] += step
            both.append(loss(Net(*moved), given, chosen))
        assert slopes[number][at] == pytest.approx((both[0] - both[1]) / 2e-4, abs=1e-4)


def test_it_learns_what_a_text_is_and_what_it_is_not():
    given = made()
    shares = asks.softmax(said(asks.fit(given, SMALL), given))
    assert shares[0::3, 0].min() > 0.9
    assert shares[1::3, 1].min() > 0.9
    assert shares[2::3, 1].max() < 0.1


def test_the_same_rows_give_the_same_bytes_and_others_others(monkeypatch):
    monkeypatch.setattr(asks, "CATEGORIES", ("one", "two"))
    given = made()
    first = asks.pack(asks.fit(given, SMALL))
    assert first == asks.pack(asks.fit(given, SMALL))
    assert first != asks.pack(asks.fit(replace(given, weights=given.weights * 2), SMALL))


def test_the_file_says_what_was_learnt(monkeypatch):
    monkeypatch.setattr(asks, "CATEGORIES", ("one", "two"))
    given = made()
    net = asks.fit(given, SMALL)
    read = parse(asks.pack(net), "test")
    assert read.categories == ("one", "two")
    ids = given.ids[5:10].tolist()
    words = Embeddings(
        [f"w{n}" for n in range(40)], np.rint(KNOWN[:40] * 200).astype(np.int8), np.full(40, 1 / 200, "f4")
    )
    grams = np.zeros((1, BUCKETS), np.float32)
    np.add.at(grams[0], buckets(ids).ravel(), 1 / np.sqrt(20 + CALM))
    one = replace(
        given,
        grams=sp.csr_matrix(grams),
        vectors=given.vectors[1:2],
        starts=given.starts[1:2],
        sizes=given.sizes[1:2],
    )
    wanted = asks.softmax(said(net, one))[0]
    assert read.shares(given.vectors[1:2], ids, [(0, 5)], words)[0] == pytest.approx(wanted, abs=0.02)


def test_on_an_encoders_vectors_no_words_are_learnt(tmp_path):
    place = encoders.sentences(tmp_path / "intent", about={"base_sha256": "weights"})
    ships = [Ask(text, (1,), 2.0) for text in ("sea", "a ship", "ship and wave", "the wave")]
    code = [Ask(text, (0, 2), 1.0) for text in ("python", "code", "a loop", "python code")]
    read = parse(asks.with_encoder(ships + code, str(tmp_path)), "test")
    assert (read.base, read.dims, read.categories) == ("weights", encoders.DIMS, CATEGORIES)
    vectors = OnnxModel(read_spec(place)).vectors(["sea and wave", "code and loop"])
    at_sea, in_code = read.shares(vectors)
    assert at_sea[1] > 0.9
    assert in_code[[0, 2]].sum() > 0.9


def test_an_encoder_that_does_not_say_what_it_is_made_from_is_refused(tmp_path):
    with pytest.raises(BadConfig, match="no encoder of sentences in it"):
        asks.with_encoder([], str(encoders.classifier(tmp_path / "injection")))
    with pytest.raises(BadConfig, match=r"encoder\.json: says no `about\.base_sha256`"):
        asks.with_encoder([], str(encoders.sentences(tmp_path / "intent")))
