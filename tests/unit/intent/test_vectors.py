"""The asset's form, a text's vectors, and what examples teach."""

import json
import struct

import numpy as np
import pytest

from firebreak.intent.vectors import (
    EDGE_WORDS,
    MAGIC,
    Calibration,
    Embeddings,
    Sample,
    Space,
    alike,
    joined,
    numbers,
    parse,
)
from firebreak.model.errors import BadConfig

WORDS = ["ship", "boat", "poem", "song", "rain"]
ROWS = [[127, 0, 0], [120, 20, 0], [0, 127, 0], [0, 120, 20], [0, 0, 127]]


def asset(words=WORDS, rows=ROWS, **changes):
    vocabulary = "\n".join(words).encode()
    header = {"rows": len(words), "dims": 3, "vocabulary_bytes": len(vocabulary), **changes}
    head = json.dumps(header).encode()
    scales = struct.pack(f"<{len(words)}f", *[1 / 127] * len(words))
    return (
        MAGIC
        + struct.pack("<I", len(head))
        + head
        + vocabulary
        + scales
        + bytes(number for row in rows for number in row)
    )


def embeddings() -> Embeddings:
    return parse(asset(), "test")


def test_a_text_is_the_direction_of_its_words():
    vector = embeddings().vectors(["ship"])[0]
    assert vector.tolist() == pytest.approx([1, 0, 0])


def test_each_vector_has_length_one():
    vectors = embeddings().vectors(["ship song", "rain", "boat boat poem"])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1])


def test_first_words_count_twice():
    rain_last = "ship boat ship boat ship boat rain"
    rain_first = "rain ship boat ship boat ship boat"
    of_last, of_first = embeddings().vectors([rain_last, rain_first])
    assert of_first[2] > of_last[2]


def test_a_short_text_has_one_vector_and_no_windows():
    pieces = embeddings().pieces("ship " * EDGE_WORDS, 0.25)
    assert pieces.edges.shape == (1, 3)
    assert len(pieces.windows) == 0


def test_some_window_of_a_long_text_sees_what_the_whole_drowns():
    pieces = embeddings().pieces("ship " * 500 + "song " * 30 + "ship " * 500, 0.25)
    assert pieces.edges[:, 1].max() < 0.1
    assert pieces.windows[:, 1].max() > 0.8


def test_beginning_and_end_of_a_long_text_are_read_by_themselves():
    pieces = embeddings().pieces("song " * 48 + "ship " * 500 + "rain " * 48, 0.25)
    assert pieces.edges[1].argmax() == 1
    assert pieces.edges[2].argmax() == 2


@pytest.mark.parametrize("text", ["", "...", "бот кот", "ship " + "неизвестный " * 5])
def test_a_text_that_is_hardly_understood_has_no_vectors(text):
    pieces = embeddings().pieces(text, 0.25)
    assert len(pieces.edges) == len(pieces.windows) == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"something else",
        MAGIC,
        asset()[:-1],
        asset() + b"x",
        asset(rows=ROWS[:-1]),
        asset(dims=4),
        asset(dims=0),
        asset(rows_="", vocabulary_bytes=-1),
        asset(vocabulary_bytes="many"),
        MAGIC + struct.pack("<I", 2) + b"[]",
        MAGIC + struct.pack("<I", 9) + b"{",
    ],
)
def test_a_broken_asset_is_a_config_error_that_names_the_file(data):
    with pytest.raises(BadConfig, match=r"words\.bin: not a word embeddings file"):
        parse(data, "words.bin")


FLAT = Calibration(logit=1.0, near=1.0, apart=-1.0, margin=0.0, offset=0.0)


def space(against: tuple[int, ...] = (-1, -1, -1)) -> Space:
    return Space(Sample(("ship", "poem", "rain"), (0, 1, -1), against), 2, embeddings())


def test_the_nearer_category_wins():
    vectors = embeddings().vectors(["boat", "song"])
    best = space().best(vectors, FLAT, numbers([0, 0]))
    assert best.category == [0, 1]
    assert min(best.odds) > 0


def test_a_handicap_lowers_a_categorys_odds():
    vectors = embeddings().vectors(["boat"])
    free = space().best(vectors, FLAT, numbers([0, 0]))
    held = space().best(vectors, FLAT, numbers([2, 0]))
    assert held.odds[0] == pytest.approx(free.odds[0] - 2)


def test_a_counterexample_pushes_its_own_category_away():
    texts, owner = ("ship", "poem", "rain", "boat"), (0, 1, -1, -1)
    vectors = embeddings().vectors(["boat"])
    countered = Space(Sample(texts, owner, (-1, -1, -1, 0)), 2, embeddings()).best(vectors, FLAT, numbers([0, 0]))
    assert countered.odds[0] < space().best(vectors, FLAT, numbers([0, 0])).odds[0] - 1


def test_promising_vectors_are_those_over_the_least_logit():
    vectors = embeddings().vectors(["boat", "rain", "song", "ship"])
    assert len(space().promising(vectors, 1e9)) == 0
    assert 1 <= len(space().promising(vectors, -1e9)) <= 2


def test_the_nearest_example_is_named_by_its_place_in_the_sample():
    vectors = embeddings().vectors(["song"])
    assert space().nearest(vectors[0], 1) == 1


def test_alike_is_the_cosine_of_the_means():
    of = embeddings().vectors
    assert alike(of(["ship"]), of(["ship"])) == pytest.approx(1)
    assert alike(of(["ship"]), of(["rain"])) == pytest.approx(0)


def test_joined_keeps_the_order():
    assert joined(numbers([1]), numbers([2, 3])).tolist() == [1, 2, 3]
