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


def asset(table=None, categories=NAMES, filters=None, **changes) -> bytes:
    """A hidden place for each direction; ships lie along the first, poems along the second."""
    columns = len(categories) + 1
    filters = filters or (np.zeros((2, 0)), np.zeros(0), np.zeros((0, columns)))
    first, second = np.eye(2), np.zeros((2, columns))
    second[0, 1], second[1, 2] = 4.0, 4.0
    rows = np.zeros((BUCKETS, columns), np.int8) if table is None else table
    told = {"categories": categories, "dims": 2, "hidden": 2, "filters": len(filters[1])}
    told |= {"buckets": len(rows), "scale": 0.5, "base": "", **changes}
    head = json.dumps(told).encode()
    layers = (first, np.zeros(2), second, np.zeros(columns), *filters)
    return (
        MAGIC
        + struct.pack("<I", len(head))
        + head
        + b"".join(np.asarray(layer).astype("<f2").tobytes() for layer in layers)
        + rows.tobytes()
    )


def learnt(table=None, filters=None) -> Learnt:
    return parse(asset(table, filters=filters), "test")


def evidence(names, harm=(), grave=(), table=None, beside=None) -> Evidence:
    return Evidence(learnt(table), words(), names, frozenset(harm), frozenset(grave), beside)


def odds_of(evidence, text, vector=(0.0, 0.0)):
    return evidence.of_ask(text, np.array(vector, np.float32))[0]


def test_a_vector_speaks_for_the_category_that_lies_its_way():
    none, ships, poems = learnt().shares(np.array([[1.0, 0.0]], np.float32), [0], [(0, 1)], words())[0]
    assert ships == pytest.approx(np.exp(4) / (np.exp(4) + 2), abs=1e-5)
    assert none == poems


def test_a_words_bucket_speaks_beside_the_vector():
    table = np.zeros((BUCKETS, 3), np.int8)
    table[buckets([3])[0]] = (0, 0, 100)
    of = np.array([[0.0, 0.0]], np.float32)
    assert learnt(table).shares(of, [0], [(0, 1)], words())[0, 2] == pytest.approx(1 / 3)
    assert learnt(table).shares(of, [3], [(0, 1)], words())[0, 2] > 0.9


def in_a_row(first, second, third):
    """One filter that is excited by three words in this order, and speaks for poems."""
    return (np.concatenate([VECTORS[[word]].T / 127 for word in (first, second, third)], 1), [-2.5], [[0, 0, 40.0]])


def random_filters():
    rng = np.random.default_rng(3)
    return rng.standard_normal((2, 9)), rng.standard_normal(3), rng.standard_normal((3, 3))


def test_a_filter_hears_three_words_in_a_row_wherever_they_stand():
    told, of = learnt(filters=in_a_row(0, 1, 2)), np.zeros((1, 2), np.float32)

    def poems(*ids):
        return told.shares(of, ids, [(0, len(ids))], words())[0, 2]

    assert poems(0, 1, 2) > 0.9
    assert poems(3, 3, 0, 1, 2, 3) > 0.9
    for other in ((0, 2, 1), (2, 1, 0), (0, 3, 1, 2), (0, 1), (1, 2), (0,)):
        assert poems(*other) == pytest.approx(1 / 3)


def test_two_words_at_the_end_are_heard_as_well():
    first, base, second = in_a_row(0, 1, 2)
    first[:, 2] = 0.0
    told, of = learnt(filters=(first, [base[0] + 1], second)), np.zeros((1, 2), np.float32)
    for ids in ((0, 1), (2, 0, 1), (0, 1, 3)):
        assert told.shares(of, ids, [(0, len(ids))], words())[0, 2] > 0.9
    assert told.shares(of, [1, 0], [(0, 2)], words())[0, 2] == pytest.approx(1 / 3)


def test_behind_a_spans_last_word_stands_nothing():
    told, of = learnt(filters=in_a_row(0, 1, 2)), np.zeros((3, 2), np.float32)
    found = told.shares(of, [0, 1, 2, 0, 1], [(0, 2), (0, 3), (1, 5)], words())[:, 2]
    assert (found > 0.9).tolist() == [False, True, False]


def test_spans_are_read_each_by_itself():
    table = np.random.default_rng(0).integers(-20, 20, (BUCKETS, 3)).astype(np.int8)
    ids, spans, vectors = [0, 1, 2, 3, 1, 1], [(0, 3), (3, 6), (1, 6), (0, 6)], np.eye(4, 2, dtype=np.float32)
    told = learnt(table, random_filters())
    alone = [told.shares(vectors[row : row + 1], ids, spans[row : row + 1], words())[0].tolist() for row in range(4)]
    assert told.shares(vectors, ids, spans, words()) == pytest.approx(np.array(alone), abs=1e-6)


def test_a_span_that_ends_with_the_text_is_read_as_a_text():
    table = np.random.default_rng(0).integers(-20, 20, (BUCKETS, 3)).astype(np.int8)
    of = np.array([[1.0, 0.0]], np.float32)
    told = learnt(table, random_filters())
    assert told.shares(of, [0, 1, 2, 3], [(2, 4)], words()) == pytest.approx(
        told.shares(of, [2, 3], [(0, 2)], words()), abs=1e-6
    )


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
    odds = odds_of(evidence(("ships", "tea")), "ship")
    assert odds[0] > 1
    assert np.isnan(odds[1])


def test_of_harm_each_category_has_the_odds_of_any():
    apart = odds_of(evidence(NAMES), "ship poem")
    together = odds_of(evidence(NAMES, harm=NAMES), "ship poem")
    assert together[0] == together[1] > max(apart)


def test_of_harm_the_likeliest_category_stays_the_likeliest():
    ships, poems = odds_of(evidence(NAMES, harm=NAMES), "ship")
    share = learnt().shares(np.array([[1.0, 0.0]], np.float32), [0], [(0, 1)], words())[0]
    assert ships - poems == pytest.approx(OWN * np.log((share[1] + LEAST) / (share[2] + LEAST)), abs=1e-4)


def test_harm_that_the_policy_does_not_name_speaks_against_what_it_names():
    assert odds_of(evidence(("ships",), harm=NAMES), "poem")[0] < odds_of(evidence(("ships",)), "poem")[0] - 2
    assert odds_of(evidence(("ships",), harm=("poems",)), "poem")[0] < -3


def test_it_speaks_less_against_what_is_much_like_harm():
    alike = odds_of(evidence(("ships",), harm=("poems",), grave=("ships",)), "poem")[0]
    assert alike > odds_of(evidence(("ships",), harm=("poems",)), "poem")[0] + 2


def test_what_nobody_minds_speaks_little_against_a_category():
    assert odds_of(evidence(("ships",)), "rain")[0] == pytest.approx(np.log(1 / (2 * PLAIN)), abs=0.1)


def test_no_text_is_surer_than_the_most():
    table = np.zeros((BUCKETS, 3), np.int8)
    table[buckets([0])[0]] = (-127, 127, -127)
    sure, not_sure = odds_of(evidence(NAMES, table=table), "ship")
    assert sure == pytest.approx(-np.log(LEAST * PLAIN), abs=0.01)
    assert not_sure == pytest.approx(np.log(LEAST / PLAIN), abs=0.01)


def test_a_long_text_has_the_higher_odds_of_its_ends():
    begins = odds_of(evidence(NAMES), "ship " * EDGE_WORDS + "rain " * 500)
    ends = odds_of(evidence(NAMES), "rain " * 500 + "poem " * EDGE_WORDS)
    assert min(begins[0], ends[1]) > 5
    assert max(begins[1], ends[0]) < 3.5


def test_the_whole_comes_before_its_ends_and_its_spans():
    pieces = words().pieces("rain " * 200 + "ship " * 20 + "rain " * 200, 0.0)
    vectors = np.array([[-1, 0], [-1, 0], [-1, 0], [1, 0]], np.float32)
    odds = evidence(NAMES).of(pieces, [(200, 220)], vectors)
    assert odds.shape == (4, 2)
    assert odds[3, 0] > 5
    assert odds[:3, 0].max() < 3.5


NOTHING_KNOWN = np.zeros((0, 3), np.int8)


def encoders() -> Learnt:
    """What was learnt on an encoder's vectors: no words, the same directions."""
    return parse(asset(NOTHING_KNOWN, base="weights"), "test")


def test_what_was_learnt_on_an_encoders_vectors_reads_these_alone():
    assert encoders().base == "weights"
    of = np.array([[0.0, 1.0]], np.float32)
    assert encoders().shares(of) == pytest.approx(learnt().shares(of, [0], [(0, 1)], words()))


def test_beside_an_encoder_both_are_heard():
    alone, both = evidence(NAMES), evidence(NAMES, beside=encoders())
    assert odds_of(both, "ship", (1.0, 0.0))[0] == pytest.approx(odds_of(alone, "ship")[0], abs=1e-3)
    assert odds_of(alone, "ship", (0.0, 1.0))[0] > odds_of(both, "ship", (0.0, 1.0))[0] + 1
    ships, poems = odds_of(both, "ship", (0.0, 1.0))
    assert ships == pytest.approx(poems, abs=1e-3)


def test_of_a_text_without_a_known_word_an_encoder_speaks_alone():
    assert odds_of(evidence(NAMES, beside=encoders()), "война", (0.0, 1.0))[1] > 1


def test_beside_an_encoder_each_end_of_a_long_text_is_heard():
    both = evidence(NAMES, beside=encoders())
    begins, ends = "ship " * EDGE_WORDS + "rain " * 500, "rain " * 500 + "poem " * EDGE_WORDS
    assert odds_of(both, begins, (1.0, 0.0))[0] > odds_of(both, ends, (1.0, 0.0))[0] + 1


@pytest.mark.parametrize("text", ["", "...", "война"])
def test_of_a_text_without_a_known_word_nothing_is_said(text):
    assert np.isnan(odds_of(evidence(NAMES), text)).all()


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
        asset(buckets=7),
        asset(filters=(np.full((2, 3), np.inf), np.zeros(1), np.zeros((1, 3)))),
        asset(filters=(np.zeros((2, 3)), np.zeros(1), np.full((1, 3), np.nan))),
        asset(filters=in_a_row(0, 1, 2)).replace(b'"filters": 1', b'"filters":-1'),
        asset(filters=in_a_row(0, 1, 2))[:-6],
        asset(filters=random_filters(), dims=1),
        asset(NOTHING_KNOWN, buckets=BUCKETS),
        asset(NOTHING_KNOWN, filters=in_a_row(0, 1, 2)),
        asset(categories=[*NAMES, "more"], table=np.zeros((BUCKETS, 3), np.int8)),
        asset().replace(b'"dims"', b'"dimz"'),
    ],
)
def test_what_is_not_an_asset_is_refused(data):
    with pytest.raises(BadConfig, match="place: not a file of what was learnt of asks"):
        parse(data, "place")
