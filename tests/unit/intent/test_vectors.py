"""The asset's form and a text's vectors."""

import json
import struct

import numpy as np
import pytest

from firebreak.intent.vectors import (
    BLOCK_TEXTS,
    CHUNK_WORDS,
    EDGE_WORDS,
    LONG_CHARS,
    MAGIC,
    MAX_ROWS,
    MAX_SENTENCES,
    Embeddings,
    Scanner,
    parse,
)
from firebreak.intent.words import Vocabulary
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


def test_many_texts_at_once_are_as_each_by_itself():
    texts = ["ship song", "", "rain", "boat boat poem", "?"] * BLOCK_TEXTS
    together = embeddings().vectors(texts)
    assert together[:5].ravel() == pytest.approx(
        np.concatenate([embeddings().vectors([text])[0] for text in texts[:5]])
    )
    assert together.tolist() == np.tile(together[:5], (BLOCK_TEXTS, 1)).tolist()
    assert not together[1].any()


def test_first_words_count_twice():
    rain_last = "ship boat ship boat ship boat rain"
    rain_first = "rain ship boat ship boat ship boat"
    of_last, of_first = embeddings().vectors([rain_last, rain_first])
    assert of_first[2] > of_last[2]


@pytest.mark.parametrize(
    ("words", "edges", "chunks"),
    [
        (1, 1, 0),
        (2 * CHUNK_WORDS, 1, 0),
        (2 * CHUNK_WORDS + 1, 1, 3),
        (EDGE_WORDS, 1, EDGE_WORDS // CHUNK_WORDS),
        (EDGE_WORDS + 1, 3, EDGE_WORDS // CHUNK_WORDS + 1),
    ],
)
def test_a_text_falls_into_chunks_and_a_long_one_has_ends(words, edges, chunks):
    pieces = embeddings().pieces("ship " * words, 0.25)
    assert (len(pieces.edges), len(pieces.chunks), len(pieces.ids)) == (edges, chunks, words)
    assert pieces.ends == ([(0, words)] if edges == 1 else [(0, EDGE_WORDS), (words - EDGE_WORDS, words)])


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("ship boat rain", []),
        ("ship boat rain. song poem ship boat", [(0, 3), (3, 7)]),
        ("Ship. boat rain poem! song poem ship?", [(1, 4), (4, 7)]),
        ("ship boat rain\nsong poem ship", [(0, 3), (3, 6)]),
        ("ship boat 1.2.3 rain", []),
        ("ship boat rain. " * 200, []),
        ("ship boat rain. " * MAX_SENTENCES, [(3 * row, 3 * row + 3) for row in range(MAX_SENTENCES)]),
        ("ship boat rain. " * (MAX_SENTENCES + 1) + "poem", []),
    ],
)
def test_sentences_are_told_by_their_words(text, sentences):
    pieces = embeddings().pieces(text, 0.1)
    assert pieces.sentences == sentences
    alone = embeddings().vectors([" ".join(WORDS[row] for row in pieces.ids[start:end]) for start, end in sentences])
    assert embeddings().asks(pieces.ids, sentences) == pytest.approx(alone, abs=1e-6)


def test_windows_of_chunks_are_told_by_their_words():
    pieces = embeddings().pieces("ship " * 20, 0.25)
    assert pieces.words([(0, 2), (1, 4)]) == [(0, 2 * CHUNK_WORDS), (CHUNK_WORDS, 20)]


def test_beginning_and_end_of_a_long_text_are_read_by_themselves():
    pieces = embeddings().pieces("song " * 48 + "ship " * 500 + "rain " * 48, 0.25)
    assert pieces.edges[1].argmax() == 1
    assert pieces.edges[2].argmax() == 2


@pytest.mark.parametrize("text", ["", "...", "бот кот", "ship " + "неизвестный " * 5])
def test_a_text_that_is_hardly_understood_has_no_vectors(text):
    pieces = embeddings().pieces(text, 0.25)
    assert len(pieces.edges) == len(pieces.chunks) == 0


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


def test_more_words_than_rows_have_numbers_are_no_asset():
    words = [f"w{number}" for number in range(MAX_ROWS + 1)]
    with pytest.raises(BadConfig):
        parse(asset(words, [[1, 0, 0]] * len(words)), "test")


SCANNED = ("ship", "boat", "x", "##y", "a1", "un", "##do", "##ing")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ?!",
        "ship",
        "ship,boat; the ship",
        "undoing a1 x-xy",
        "nothing known here",
        "ship? boat\u20acship caf\u00e9 \u0436\u0436",
        "\u20ac\u20ac",
        "\x00ship\x1fboat_x",
        "y x" * 9,
    ],
)
def test_a_scanned_text_has_the_ids_that_the_dictionary_gives(text):
    vocabulary = Vocabulary({word: number for number, word in enumerate(SCANNED)})
    ids, share = Scanner(vocabulary, SCANNED).read(text)
    reading = vocabulary.read(text)
    assert ids.tolist() == reading.ids
    assert share == pytest.approx(reading.share)


def test_words_that_share_a_slot_are_all_found():
    words = [f"w{number}" for number in range(30_000)]
    vocabulary = Vocabulary({word: number for number, word in enumerate(words)})
    ids, share = Scanner(vocabulary, words).read(" ".join(words[:5000]))
    assert ids.tolist() == list(range(5000))
    assert share == 1.0


def test_a_long_text_is_read_as_a_short_one_is():
    words = "Ship, the boat\u2019s song! "
    long = words * (LONG_CHARS // len(words) + 1)
    short = embeddings().vectors([words])[0]
    assert embeddings().vectors([long])[0] == pytest.approx(short, abs=0.02)
