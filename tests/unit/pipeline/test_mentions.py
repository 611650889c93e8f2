"""Words that a tagger took for something become names and addresses, whole and nothing else."""

import numpy as np
import pytest

from firebreak.pipeline.mentions import Label, Mention, Sort, Word, joined, mentions, words

NO, PER, IPER, STREET, CITY, IN = range(6)
LABELS = (
    Label("O"),
    Label("PER", Sort.PERSON, begins=True),
    Label("PER", Sort.PERSON),
    Label("STREET", Sort.ADDRESS, begins=True),
    Label("CITY", Sort.PLACE, begins=True),
    Label("STREET", Sort.ADDRESS),
)


def tagged(text, tokens, sure=0.9, threshold=0.5, labels=LABELS):
    """`tokens`: pieces of the text in their order, each with a label's index, or with shares."""
    offsets, rows, at = [], [], 0
    for piece, label in tokens:
        start = text.index(piece, at)
        at = start + len(piece)
        offsets.append((start, at))
        row = np.full(len(labels), (1 - sure) / (len(labels) - 1))
        row[label] = sure
        rows.append(row)
    return words(text, offsets, np.array(rows, np.float32).reshape(-1, len(labels)), labels, threshold)


def found(text, tokens, **more):
    return [(one.rule, text[one.start : one.end]) for one in mentions(text, tagged(text, tokens, **more))]


def test_pieces_of_words_become_a_name():
    text = "Dear Anna Schwartz, hello"
    tokens = [("Dear", NO), ("An", PER), ("na", IPER), ("Sch", IPER), ("wartz", IPER), (",", NO), ("hello", NO)]
    assert found(text, tokens) == [("person-name", "Anna Schwartz")]


def test_a_words_first_piece_speaks_for_it_and_so_do_all_where_they_are_surer():
    assert found("Schwartz came", [("Sch", PER), ("wartz", NO), ("came", NO)]) == [("person-name", "Schwartz")]
    assert found("Schwartz", [("S", NO), ("chw", IPER), ("ar", IPER), ("tz", IPER)]) == [("person-name", "Schwartz")]
    assert found("Schwartz", [("S", NO), ("chwartz", PER)]) == []


def test_a_piece_with_the_space_before_it_says_where_its_word_begins():
    text = "Anna Bob"
    assert found(text, [("Anna", PER), (" Bob", PER)]) == [("person-name", "Anna"), ("person-name", "Bob")]


@pytest.mark.parametrize(
    ("text", "tokens", "names"),
    [
        ("Anna Bob", [("Anna", PER), ("Bob", PER)], ["Anna", "Bob"]),
        ("Anna Bob", [("Anna", PER), ("Bob", IPER)], ["Anna Bob"]),
        ("Anna\nBob", [("Anna", PER), ("Bob", IPER)], ["Anna", "Bob"]),
        ("Anna, Bob", [("Anna", IPER), ("Bob", IPER)], ["Anna", "Bob"]),
        (
            "J. R. O'Hara-Lee",
            [("J", PER), ("R", IPER), ("O", IPER), ("Hara", IPER), ("Lee", IPER)],
            ["J. R. O'Hara-Lee"],
        ),
        ("“Anna”.", [("“", NO), ("Anna", PER), ("”.", PER)], ["Anna"]),
    ],
)
def test_where_a_name_ends(text, tokens, names):
    assert [said for _, said in found(text, tokens)] == names


def test_other_labels_of_a_person_go_on():
    labels = (Label("O"), Label("FIRSTNAME", Sort.PERSON, begins=True), Label("LASTNAME", Sort.PERSON, begins=True))
    assert found("Anna Smith", [("Anna", 1), ("Smith", 2)], labels=labels) == [("person-name", "Anna Smith")]


@pytest.mark.parametrize("text", ["J", "J. R.", "4711", "a1234"])
def test_what_is_no_name(text):
    assert found(text, [(piece, PER) for piece in text.replace(".", "").split()]) == []


def test_in_scripts_without_spaces_a_character_is_a_word():
    text = "我叫王小明，你好"
    tokens = [("我", NO), ("叫", NO), ("王小", PER), ("明", IPER), ("，", NO), ("你好", NO)]
    assert found(text, tokens) == [("person-name", "王小明")]


def test_marks_are_part_of_their_letters():
    text = "मेरा नाम राम है"
    assert found(text, [("मेरा", NO), ("नाम", NO), ("रा", PER), ("म", IPER), ("है", NO)]) == [("person-name", "राम")]


@pytest.mark.parametrize(
    ("text", "tokens", "addresses"),
    [
        ("12 Oak St, Paris!", [("12", CITY), ("Oak", STREET), ("St", IN), ("Paris", CITY)], ["12 Oak St, Paris"]),
        ("in Paris", [("in", NO), ("Paris", CITY)], []),
        ("75002 Paris", [("75002", STREET), ("Paris", CITY)], ["75002 Paris"]),
        ("12 Paris", [("12", CITY), ("Paris", CITY)], ["12 Paris"]),
        (
            "Oak St\n75002 Paris",
            [("Oak", STREET), ("St", IN), ("75002", CITY), ("Paris", CITY)],
            ["Oak St\n75002 Paris"],
        ),
        ("Oak St is far from Paris", [("Oak", STREET), ("St", IN), ("is", NO), ("Paris", CITY)], ["Oak St"]),
        ("Oak St. Elm St", [("Oak", STREET), ("St", IN), ("Elm", STREET), ("St", IN)], ["Oak St", "Elm St"]),
        ("12", [("12", STREET)], []),
        ("47111", [("47111", STREET)], []),
    ],
)
def test_an_address_has_a_street_or_a_number(text, tokens, addresses):
    assert [said for rule, said in found(text, tokens) if rule == "postal-address"] == addresses


def test_a_score_is_the_mean_of_the_words():
    text = "Anna Smith"
    some = (Word(0, 4, Sort.PERSON, "PER", True, 0.9), Word(5, 10, Sort.PERSON, "PER", False, 0.618))
    assert list(mentions(text, some)) == [Mention("person-name", 0, 10, 0.76)]


def test_the_labels_of_one_sort_count_together_and_the_threshold_holds():
    offsets = [(0, 4)]
    shares = np.array([[0.35, 0.33, 0.32, 0, 0, 0]], np.float32)
    assert words("Anna", offsets, shares, LABELS, 0.5)[0].score == pytest.approx(0.65)
    assert words("Anna", offsets, shares, LABELS, 0.7) == ()
    place = np.array([[0.1, 0, 0, 0.3, 0.6, 0]], np.float32)
    assert words("Anna", offsets, place, LABELS, 0.5)[0][2:5] == (Sort.PLACE, "CITY", True)


def test_nothing_is_found_in_nothing():
    assert words("", [], np.zeros((0, 6), np.float32), LABELS, 0.0) == ()
    assert words("...", [(0, 3)], np.full((1, 6), 0.5, np.float32), LABELS, 0.0) == ()
    assert words("Anna", [], np.zeros((0, 6), np.float32), LABELS, 0.0) == ()
    assert list(mentions("", [])) == []


def word(start, end, sort=Sort.PERSON, score=0.9):
    return Word(start, end, sort, sort.name, False, score)


def test_overlapping_passages_say_each_word_once():
    assert joined([word(5, 9), word(0, 4), word(5, 9, score=0.95)]) == [word(0, 4), word(5, 9, score=0.95)]


def test_pieces_of_a_word_that_was_cut_are_one():
    assert joined([word(0, 6), word(4, 9)]) == [word(0, 9)]


def test_of_two_readings_the_surer_counts():
    other = word(0, 4, Sort.ADDRESS, 0.95)
    assert joined([word(0, 4), other]) == [other]
    assert joined([other, word(0, 4)]) == [other]
