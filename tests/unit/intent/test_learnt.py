"""The file of what was learnt, what it says of a text's words and vector, and how that bears on a policy."""

import json
import struct

import numpy as np
import pytest

from firebreak.intent.learnt import BUCKETS, LEAST, MAGIC, OWN, PLAIN, Evidence, Learnt, buckets, parse
from firebreak.intent.vectors import EDGE_WORDS, Embeddings
from firebreak.model.errors import BadConfig

WORDS = ("ship", "poem", "rain", "of")
VECTORS = np.array([[127, 0], [0, 127], [-127, 0], [0, 1]], np.int8)
NAMES = ("ships", "poems")


def words() -> Embeddings:
    return Embeddings(WORDS, VECTORS, np.full(len(WORDS), 1 / 127, np.float32))


def asset(table=None, categories=NAMES, **changes) -> bytes:
    """A hidden place for each direction; ships lie along the first, poems along the second."""
    columns = len(categories) + 1
    first, second = np.eye(2), np.zeros((2, columns))
    second[0, 1], second[1, 2] = 4.0, 4.0
    rows = np.zeros((BUCKETS, columns), np.int8) if table is None else table
    told = {"categories": categories, "dims": 2, "hidden": 2, "scale": 0.5, **changes}
    head = json.dumps(told).encode()
    layers = (first, np.zeros(2), second, np.zeros(columns))
    return (
        MAGIC
        + struct.pack("<I", len(head))
        + head
        + b"".join(layer.astype("<f4").tobytes() for layer in layers)
        + rows.tobytes()
    )


def learnt(table=None) -> Learnt:
    return parse(asset(table), "test")


def evidence(names, harm=(), grave=(), table=None) -> Evidence:
    return Evidence(learnt(table), words(), names, frozenset(harm), frozenset(grave))


def test_a_vector_speaks_for_the_category_that_lies_its_way():
    none, ships, poems = learnt().shares([0], [(0, 1)], np.array([[1.0, 0.0]], np.float32))[0]
    assert ships == pytest.approx(np.exp(4) / (np.exp(4) + 2), abs=1e-5)
    assert none == poems


def test_a_words_bucket_speaks_beside_the_vector():
    table = np.zeros((BUCKETS, 3), np.int8)
    table[buckets([3])[0]] = (0, 0, 100)
    of = np.array([[0.0, 0.0]], np.float32)
    assert learnt(table).shares([0], [(0, 1)], of)[0, 2] == pytest.approx(1 / 3)
    assert learnt(table).shares([3], [(0, 1)], of)[0, 2] > 0.9


def test_spans_are_read_each_by_itself():
    table = np.random.default_rng(0).integers(-20, 20, (BUCKETS, 3)).astype(np.int8)
    ids, spans, vectors = [0, 1, 2, 3, 1, 1], [(0, 3), (3, 6), (1, 6), (0, 6)], np.eye(4, 2, dtype=np.float32)
    told = learnt(table)
    alone = [told.shares(ids, spans[row : row + 1], vectors[row : row + 1])[0].tolist() for row in range(4)]
    assert told.shares(ids, spans, vectors) == pytest.approx(np.array(alone), abs=1e-6)


def test_a_span_that_ends_with_the_text_is_read_as_a_text():
    table = np.random.default_rng(0).integers(-20, 20, (BUCKETS, 3)).astype(np.int8)
    of = np.array([[1.0, 0.0]], np.float32)
    told = learnt(table)
    assert told.shares([0, 1, 2, 3], [(2, 4)], of) == pytest.approx(told.shares([2, 3], [(0, 2)], of), abs=1e-6)


def test_the_order_of_words_is_told():
    assert set(buckets([0, 1]).ravel()) != set(buckets([1, 0]).ravel())
    assert set(buckets([4, 1, 2, 3]).ravel()) != set(buckets([4, 2, 1, 3]).ravel())


def test_each_word_begins_an_n_gram_of_each_sort():
    alone, pairs, apart, threes = buckets([1, 2, 3, 4])
    for place in range(4):
        words = [*range(place + 1, 5), 0, 0][:3]
        own = buckets(words)[:, 0]
        assert (alone[place], pairs[place], apart[place], threes[place]) == tuple(own)


def test_of_a_category_that_nothing_was_learnt_of_nothing_is_said():
    odds = evidence(("ships", "tea")).of_text("ship")[0]
    assert odds[0] > 1
    assert np.isnan(odds[1])


def test_of_harm_each_category_has_the_odds_of_any():
    apart = evidence(NAMES).of_text("ship poem")[0]
    together = evidence(NAMES, harm=NAMES).of_text("ship poem")[0]
    assert together[0] == together[1] > max(apart)


def test_of_harm_the_likeliest_category_stays_the_likeliest():
    ships, poems = evidence(NAMES, harm=NAMES).of_text("ship")[0]
    share = learnt().shares([0], [(0, 1)], np.array([[1.0, 0.0]], np.float32))[0]
    assert ships - poems == pytest.approx(OWN * np.log((share[1] + LEAST) / (share[2] + LEAST)), abs=1e-4)


def test_harm_that_the_policy_does_not_name_speaks_against_what_it_names():
    assert evidence(("ships",), harm=NAMES).of_text("poem")[0, 0] < evidence(("ships",)).of_text("poem")[0, 0] - 2
    assert evidence(("ships",), harm=("poems",)).of_text("poem")[0, 0] < -3


def test_it_speaks_less_against_what_is_much_like_harm():
    alike = evidence(("ships",), harm=("poems",), grave=("ships",)).of_text("poem")[0, 0]
    assert alike > evidence(("ships",), harm=("poems",)).of_text("poem")[0, 0] + 2


def test_what_nobody_minds_speaks_little_against_a_category():
    assert evidence(("ships",)).of_text("rain")[0, 0] == pytest.approx(np.log(1 / (2 * PLAIN)), abs=0.1)


def test_no_text_is_surer_than_the_most():
    table = np.zeros((BUCKETS, 3), np.int8)
    table[buckets([0])[0]] = (-127, 127, -127)
    sure, not_sure = evidence(NAMES, table=table).of_text("ship")[0]
    assert sure == pytest.approx(-np.log(LEAST * PLAIN), abs=0.01)
    assert not_sure == pytest.approx(np.log(LEAST / PLAIN), abs=0.01)


def test_a_long_text_has_the_higher_odds_of_its_ends():
    begins = evidence(NAMES).of_text("ship " * EDGE_WORDS + "rain " * 500)[0]
    ends = evidence(NAMES).of_text("rain " * 500 + "poem " * EDGE_WORDS)[0]
    assert min(begins[0], ends[1]) > 5
    assert max(begins[1], ends[0]) < 3.5


def test_the_whole_comes_before_its_ends_and_its_spans():
    pieces = words().pieces("rain " * 200 + "ship " * 20 + "rain " * 200, 0.0)
    vectors = np.array([[-1, 0], [-1, 0], [-1, 0], [1, 0]], np.float32)
    odds = evidence(NAMES).of(pieces, [(200, 220)], vectors)
    assert odds.shape == (4, 2)
    assert odds[3, 0] > 5
    assert odds[:3, 0].max() < 3.5


@pytest.mark.parametrize("text", ["", "...", "война"])
def test_of_a_text_without_a_known_word_nothing_is_said(text):
    assert np.isnan(evidence(NAMES).of_text(text)).all()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"another file",
        MAGIC,
        MAGIC + b"\xff\xff\xff\xff{}",
        asset()[:-1],
        asset() + b"\0",
        asset(dims=3),
        asset(hidden=-1),
        asset(scale="wide"),
        asset(categories=[*NAMES, "more"], table=np.zeros((BUCKETS, 3), np.int8)),
        asset().replace(b'"dims"', b'"dimz"'),
    ],
)
def test_what_is_not_an_asset_is_refused(data):
    with pytest.raises(BadConfig, match="place: not a file of what was learnt of asks"):
        parse(data, "place")
