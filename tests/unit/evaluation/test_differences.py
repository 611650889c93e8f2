from firebreak.evaluation.differences import HEAD, LISTED, differences, rows, sentences
from firebreak.evaluation.figures import Rate
from firebreak.evaluation.runs import Answer


def answer(flag, *, due=True, name="s"):
    return Answer("injection", name, due, flag)


FIRST = {"a": answer(True), "b": answer(False), "c": answer(False, due=False), "d": answer(True), "e": answer(True)}
SECOND = {"a": answer(False), "b": answer(True), "c": answer(True, due=False), "d": answer(True), "f": answer(True)}


def test_runs_differ_in_texts_and_in_rates():
    found = differences(FIRST, SECOND)
    assert (found.gained, found.lost, found.apart) == (("b", "c"), ("a",), 2)
    assert [(one.name, one.due) for one in found.changes] == [
        ("injection pooled", True),
        ("injection pooled", False),
        ("injection s", True),
        ("injection s", False),
    ]
    recall, fpr = found.changes[:2]
    assert (recall.first, recall.second, recall.only_first, recall.only_second) == (Rate(2, 3), Rate(2, 3), 1, 1)
    assert (fpr.first, fpr.second, fpr.chance) == (Rate(0, 1), Rate(1, 1), 1.0)


def test_a_text_with_another_label_is_not_compared():
    assert differences({"a": answer(True)}, {"a": answer(True, due=False)}).apart == 1


def test_rows_and_sentences_say_what_changed():
    found = differences(FIRST, SECOND)
    assert rows(found)[1][:7] == ["injection pooled", "1", "FPR", "0.000", "1.000", "+1.000 (-0.122 to +1.000)", "0"]
    assert all(len(row) == len(HEAD) for row in rows(found))
    assert sentences(found, "old", "new") == [
        "1 text is (a) flagged by old alone",
        "2 texts are (b, c) flagged by new alone",
        "2 texts are in one of the runs only, or are labelled otherwise there",
    ]


def test_the_same_run_twice_differs_in_nothing():
    assert sentences(differences(FIRST, FIRST), "old", "new") == ["old and new flag the same texts"]


def test_many_texts_are_counted_and_not_all_named():
    first = {f"{number:03}": answer(True) for number in range(LISTED + 5)}
    second = {key: answer(False) for key in first}
    assert sentences(differences(first, second), "old", "new")[0].startswith(f"{LISTED + 5} texts are (000, 001")
    assert " and 5 more)" in sentences(differences(first, second), "old", "new")[0]
