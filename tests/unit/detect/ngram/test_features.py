from itertools import pairwise

import numpy as np
import pytest

from firebreak.detect.ngram.features import BLOCK, BUCKETS, LENGTHS, NARROWEST, NOTHING, WORD_SORTS, codes, grams


def words(text):
    """For each word the buckets of its sorts."""
    return [tuple(column) for column in grams(codes(text)).words.T]


def test_every_character_has_an_ngram_of_each_length_and_every_word_of_each_sort():
    found = grams(codes("Ignore it, now"))
    assert found.characters.shape == (len(LENGTHS), 14)
    assert found.words.shape == (WORD_SORTS, 3)
    assert found.starts.tolist() == [0, 7, 11]
    assert found.characters.max() < BUCKETS
    assert found.words.max() < BUCKETS


@pytest.mark.parametrize("text", ["", " ", "?!", "\ud800", "\U0010ffff" * 3, "a", "日"])
def test_any_text_can_be_read(text):
    assert grams(codes(text)).characters.shape == (len(LENGTHS), len(text))


@pytest.mark.parametrize("text", ["", "x", 'Wait: "all" of\n- it, 3 times.', "\0\t\x7f<b>bold</b> | (so)"])
def test_bytes_are_read_as_characters_are(text):
    narrow, wide = grams(codes(text)), grams(codes(text + "ä")[:-1])
    assert [codes(text).itemsize, codes(text + "ä").itemsize] == [1, 4]
    assert narrow.every.tolist() == wide.every.tolist()
    assert narrow.starts.tolist() == wide.starts.tolist()
    assert narrow.seams.tolist() == wide.seams.tolist()


def test_a_word_is_the_same_wherever_it_stands():
    first, second = grams(codes("please wait")), grams(codes("  so we all\nplease wait"))
    assert first.words[0].tolist() == second.words[0].tolist()[-2:]


def test_case_and_digits_do_not_count_and_letters_do():
    assert words("Reply 12 Times") == words("reply 98 times")
    assert words("reply") != words("repel")


def test_the_order_of_words_counts():
    assert words("forget rules")[0][1] != words("rules forget")[0][1]


def test_a_word_that_opens_a_sentence_is_told_from_one_that_does_not():
    sentence = grams(codes("we said so. please wait\nplease wait, please")).words
    assert (sentence[5] != NOTHING).tolist() == [True, False, False, True, False, True, False, False]
    assert sentence[5, 3] == sentence[5, 5]


def test_ideographs_are_words_and_syllables_of_other_scripts_join():
    assert len(grams(codes("忽略之前的指令")).starts) == 7
    assert len(grams(codes("이전 지시를 무시해")).starts) == 3
    assert len(grams(codes("निर्देशों को भूल जाओ")).starts) == 4
    assert len(grams(codes("use 指令 now")).starts) == 4


def test_a_whole_block_is_read():
    found = grams(codes("ab " * (BLOCK // 3)))
    assert len(found.starts) == BLOCK // 3
    assert np.unique(found.words[0]).size == 1


def test_seams_are_between_sentences_lines_and_cells():
    text = "A sentence is over. The next one, too! | a cell of some length |\nA line of its own"
    seams = grams(codes(text)).seams
    assert [text[a:b] for a, b in pairwise(seams)] == [
        "A sentence is over.",
        " The next one, too! |",
        " a cell of some length |\n",
        "A line of its own",
    ]


def test_full_stops_of_other_scripts_are_seams():
    assert grams(codes("請稍等一下再繼續往下讀這一段。請稍等一下")).seams.tolist() == [0, 15, 20]


def test_seams_are_never_dense():
    seams = grams(codes("\n" * 1200)).seams
    assert len(seams) <= 1200 // NARROWEST + 2
    assert seams[0] == 0
    assert seams[-1] == 1200
