"""What examples teach: a category's line and centre, what speaks against it, and which windows are worth a look."""

import json
import struct
from dataclasses import replace

import numpy as np
import pytest

from firebreak.intent.space import ENOUGH, Best, Calibration, Sample, Space, alike, joined
from firebreak.intent.vectors import MAGIC, parse

WORDS = ["ship", "boat", "poem", "song", "rain"]
ROWS = [[127, 0, 0], [120, 20, 0], [0, 127, 0], [0, 120, 20], [0, 0, 127]]
HEADER = json.dumps({"rows": 5, "dims": 3, "vocabulary_bytes": len(" ".join(WORDS))}).encode()
EMBEDDINGS = parse(
    b"".join(
        [
            MAGIC,
            struct.pack("<I", len(HEADER)),
            HEADER,
            "\n".join(WORDS).encode(),
            struct.pack("<5f", *[1 / 127] * 5),
            bytes(number for row in ROWS for number in row),
        ]
    ),
    "test",
)


FLAT = Calibration(
    line=1.0,
    near=1.0,
    centre=1.0,
    few=0.0,
    rival=1.0,
    apart=1.0,
    offset=0.0,
    dense=1.0,
    learnt=0.5,
    examples=0.25,
)


def space(texts=("ship", "poem", "rain"), owner=(0, 1, -1), against=None, handicap=(0.0, 0.0)) -> Space:
    return Space(Sample(texts, owner, against or (-1,) * len(texts)), handicap, EMBEDDINGS, FLAT)


def best_of(measured: Space, vectors) -> Best:
    """By the examples alone."""
    return measured.best(vectors, np.full((len(vectors), 2), np.nan, np.float32)[:, : measured.count])


def test_the_nearer_category_wins():
    best = best_of(space(), EMBEDDINGS.vectors(["boat", "song"]))
    assert best.category == [0, 1]
    assert min(best.odds) > 0


def test_each_vector_is_measured_by_itself():
    vectors = EMBEDDINGS.vectors(["boat", "song", "rain"])
    alone = [best_of(space(), vectors[row : row + 1]) for row in range(3)]
    together = best_of(space(), vectors)
    assert together.category == [best.category[0] for best in alone]
    assert together.odds == pytest.approx([best.odds[0] for best in alone])


def test_a_handicap_lowers_a_categorys_odds():
    vectors = EMBEDDINGS.vectors(["boat"])
    free, held = best_of(space(), vectors), best_of(space(handicap=(2.0, 0.0)), vectors)
    assert held.odds[0] == pytest.approx(free.odds[0] - 2)


def test_a_counterexample_pushes_its_own_category_away():
    texts, owner = ("ship", "poem", "rain", "boat"), (0, 1, -1, -1)
    vectors = EMBEDDINGS.vectors(["boat"])
    countered = best_of(space(texts, owner, (-1, -1, -1, 0)), vectors)
    assert countered.odds[0] < best_of(space(), vectors).odds[0] - 1


def test_a_counterexample_can_make_way_for_the_second_category():
    texts, owner = ("ship", "boat", "rain", "boat"), (0, 1, -1, -1)
    calibration = replace(FLAT, line=0.0, centre=0.0, rival=0.0)
    against = (-1, -1, -1, 1)
    held = Space(Sample(texts, owner, against), (0.0, 0.0), EMBEDDINGS, calibration)
    free = Space(Sample(texts, owner, (-1,) * 4), (0.0, 0.5), EMBEDDINGS, calibration)
    boat = EMBEDDINGS.vectors(["boat"])
    assert best_of(free, boat).category == best_of(held, boat).category == [0]


def test_promising_windows_are_those_over_the_least_logit():
    chunks = EMBEDDINGS.vectors(["boat", "rain", "song", "ship"])
    assert len(space().promising(chunks, 1e9)) == 0
    assert 1 <= len(space().promising(chunks, -1e9)) <= 2


def test_a_windows_logit_is_that_of_its_sum():
    chunks = EMBEDDINGS.vectors(["rain", "rain", "rain", "song", "poem"])
    assert (3, 5) in space().promising(chunks, -1e9)


def test_the_nearest_example_is_named_by_its_place_in_the_sample():
    best = best_of(space(), EMBEDDINGS.vectors(["song"]))
    assert space().nearest(best.similar[0], 1) == 1


def test_alike_is_the_cosine_of_the_means():
    of = EMBEDDINGS.vectors
    assert alike(of(["ship"]), of(["ship"])) == pytest.approx(1)
    assert alike(of(["ship"]), of(["rain"])) == pytest.approx(0)


def test_joined_keeps_the_order_and_makes_length_one():
    edges, chunks = np.array([[2, 0]], np.float32), np.array([[0, 3], [0, 1], [4, 0]], np.float32)
    assert joined(edges, chunks, [(0, 2), (2, 3)]).tolist() == [[1, 0], [0, 1], [1, 0]]


def test_some_window_of_a_long_text_sees_what_the_whole_drowns():
    pieces = EMBEDDINGS.pieces("ship " * 500 + "song " * 30 + "ship " * 500, 0.25)
    read = joined(pieces.edges, pieces.chunks, space().promising(pieces.chunks, 0.0))
    assert read[:3, 1].max() < 0.1
    assert read[3:, 1].max() > 0.8


def test_a_category_with_few_examples_is_asked_for_less():
    told = replace(FLAT, few=1.0)
    boat = EMBEDDINGS.vectors(["boat"])
    eased = Space(Sample(("ship", "poem", "rain"), (0, 1, -1), (-1,) * 3), (0.0, 0.0), EMBEDDINGS, told)
    assert best_of(eased, boat).odds[0] == pytest.approx(best_of(space(), boat).odds[0] + np.log(ENOUGH), abs=1e-4)


def test_the_second_category_is_told_with_its_odds():
    best = best_of(space(), EMBEDDINGS.vectors(["boat"]))
    assert best.second == [1]
    assert best.second_odds[0] < best.odds[0]


def test_a_category_alone_is_first_and_second():
    alone = best_of(space(("ship", "rain"), (0, -1), handicap=(0.0,)), EMBEDDINGS.vectors(["boat"]))
    assert (alone.category, alone.second) == ([0], [0])
    assert alone.odds == alone.second_odds


def test_another_category_speaks_against_the_policys():
    boat = EMBEDDINGS.vectors(["boat"])
    texts = ("ship", "poem", "rain", "boat")
    against = best_of(space(texts, (0, 1, -1, 2)), boat)
    assert against.odds[0] < best_of(space(), boat).odds[0]
    assert against.category == [0]


def test_two_categories_of_harm_together_are_likelier_than_either():
    told = replace(FLAT, line=0.0, centre=0.0, rival=0.0, dense=0.0)
    texts, owner = ("ship", "boat", "rain"), (0, 1, -1)
    vectors = EMBEDDINGS.vectors(["ship boat"])
    alone = best_of(Space(Sample(texts, owner, (-1,) * 3), (0.0, 0.0), EMBEDDINGS, told), vectors)
    both = best_of(Space(Sample(texts, owner, (-1,) * 3), (0.0, 0.0), EMBEDDINGS, told, (0, 1)), vectors)
    assert both.category == alone.category
    assert both.odds[0] == pytest.approx(np.logaddexp(alone.odds[0], alone.second_odds[0]), abs=1e-4)


def test_many_harmful_examples_about_a_text_speak_for_harm():
    texts, owner = ("ship", "poem", "rain"), (0, 1, -1)
    near, far = EMBEDDINGS.vectors(["boat"]), EMBEDDINGS.vectors(["rain"])
    plain, harm = space(texts, owner), Space(Sample(texts, owner, (-1,) * 3), (0.0, 0.0), EMBEDDINGS, FLAT, (0,))
    assert best_of(harm, near).odds[0] > best_of(plain, near).odds[0] + 1
    assert best_of(harm, far).harm_odds[0] < best_of(harm, near).harm_odds[0] - 1


def test_the_likeliest_harm_is_told_beside_a_likelier_everyday_category():
    texts, owner = ("ship", "poem", "rain"), (0, 1, -1)
    best = best_of(
        Space(Sample(texts, owner, (-1,) * 3), (0.0, 0.0), EMBEDDINGS, FLAT, (1,)), EMBEDDINGS.vectors(["boat"])
    )
    assert (best.category, best.harm) == ([0], [1])
    assert best.harm_odds[0] < best.odds[0]


def test_without_categories_of_harm_none_is_told():
    assert best_of(space(), EMBEDDINGS.vectors(["boat"])).harm == [-1]


def test_what_was_learnt_counts_beside_the_examples():
    boat = EMBEDDINGS.vectors(["boat"])
    examples = best_of(space(), boat).odds[0]
    told = space().best(boat, np.array([[3.0, np.nan]], np.float32))
    assert told.odds[0] == pytest.approx(FLAT.examples * examples + FLAT.learnt * 3.0, abs=1e-4)
    assert space().best(boat, np.array([[-9.0, np.nan]], np.float32)).category == [1]


def test_a_handicap_is_taken_off_what_was_learnt_too():
    boat, learnt = EMBEDDINGS.vectors(["boat"]), np.array([[3.0, 0.0]], np.float32)
    free, held = space().best(boat, learnt), space(handicap=(2.0, 0.0)).best(boat, learnt)
    assert held.odds[0] == pytest.approx(free.odds[0] - 2)
