"""Words to ids: pieces, sampling, and bounds that hold whatever the text."""

import pytest

from firebreak.intent.words import MAX_CHARS, MAX_SPLITS, Vocabulary, sample

VOCABULARY = Vocabulary({"track": 0, "the": 1, "phone": 2, "un": 3, "##do": 4, "##ing": 5, "cafe": 6, "x": 7, "##y": 8})


def test_words_are_read_whatever_their_case_and_punctuation():
    assert VOCABULARY.read("Track, the PHONE!").ids == [0, 1, 2]


def test_typographers_marks_part_words_as_plain_ones_do():
    assert VOCABULARY.read("track\u2014the\u2019phone\u2026").ids == [0, 1, 2]
    assert VOCABULARY.read("track\u2014the caf\u00e9").ids == [0, 1, 6]


def test_a_word_out_of_vocabulary_is_split_into_its_longest_pieces():
    assert VOCABULARY.read("undoing the phone").ids == [3, 4, 5, 1, 2]


def test_a_word_with_a_rest_in_no_piece_is_lost_whole():
    reading = VOCABULARY.read("phone undozz")
    assert reading.ids == [2]
    assert reading.share == pytest.approx(5 / 11)


def test_accents_are_dropped_only_where_the_word_is_unknown():
    assert VOCABULARY.read("café").ids == [6]


def test_text_in_other_letters_is_not_understood():
    reading = VOCABULARY.read("Отследи телефон")
    assert reading.ids == []
    assert reading.share == 0.0


def test_nothing_is_read_of_an_empty_text():
    assert VOCABULARY.read("").share == 0.0
    assert VOCABULARY.read("?!  ").ids == []


def test_what_was_read_before_changes_no_ids():
    fresh = Vocabulary({"x": 7, "##y": 8})
    used = Vocabulary({"x": 7, "##y": 8})
    for number in range(30_000):
        used.read(f"word{number}")
    assert used.read("xy x").ids == fresh.read("xy x").ids == [7, 8, 7]


def test_only_so_many_words_of_a_text_are_split():
    words = " ".join("x" + "y" * (1 + number % 20) + "q" * (number // 20) for number in range(MAX_SPLITS))
    assert VOCABULARY.read(words + " undo").ids[-2:] != [3, 4]
    assert VOCABULARY.read("undo " + words).ids[:2] == [3, 4]


def test_a_short_text_is_read_whole():
    text = "a" * MAX_CHARS
    assert sample(text) is text


def test_a_long_text_keeps_both_ends_and_is_bounded():
    text = "BEGIN" + "m" * 1_000_000 + "END"
    taken = sample(text)
    assert taken.startswith("BEGIN")
    assert taken.endswith("END")
    assert len(taken) <= MAX_CHARS + 100


def test_a_long_text_is_sampled_from_its_middle_too():
    text = "a" * 400_000 + "b" * 400_000
    assert abs(sample(text).count("a") - sample(text).count("b")) < 2_000
