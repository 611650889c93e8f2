import math

from firebreak.evaluation.examples import Example
from firebreak.evaluation.figures import Rate
from firebreak.evaluation.measure import Seen
from firebreak.evaluation.tally import Cut, tallies


def seen(name, harmful, score, found=None, *, kind="injection", text="x" * 512, cpu_ms=1.0, spans=(), covered=0):
    example = Example(f"{name}{score}", name, kind, text, harmful=harmful, spans=spans)
    return Seen(example, score >= 0.5 if found is None else found, score, cpu_ms, covered)


SEEN = [
    seen("attacks", True, 0.9),
    seen("attacks", True, 0.4),
    seen("mixed", True, 0.8),
    seen("mixed", False, 0.7),
    seen("benign", False, 0.1, cpu_ms=3.0),
    seen("benign", False, 0.2),
]


def rows(told=SEEN, **more):
    (tally,) = tallies(told, **more)
    return {row.name: row for row in tally.rows}


def test_every_set_has_a_row_and_the_first_is_all_of_them():
    assert list(rows()) == ["pooled", "attacks", "benign", "mixed"]
    pooled = rows()["pooled"]
    assert (pooled.recall, pooled.fpr, pooled.accuracy, pooled.n) == (Rate(2, 3), Rate(1, 3), Rate(4, 6), 6)


def test_a_set_of_one_class_is_held_against_all_of_the_other():
    assert rows()["attacks"].auc == (3 + 2) / 6
    assert rows()["mixed"].auc == 1.0
    assert rows()["benign"].recall.n == 0


def test_recall_is_told_over_the_score_that_few_harmless_texts_exceed():
    told = rows()
    assert told["pooled"].over["1"] == (Rate(2, 3), Rate(0, 3))
    assert told["attacks"].over["1"] == (Rate(1, 2), Rate(0, 0))


def test_pools_count_sets_together():
    told = rows(pools={"two": ["a*", "benign"], "none": ["z*"]})
    assert told["two"].n == 4
    assert "none" not in told


def test_another_threshold_moves_what_is_flagged_and_nothing_else():
    assert rows(cut=Cut(at_least=0.75))["pooled"].recall == Rate(2, 3)
    assert rows(cut=Cut(at_least=0.75))["pooled"].fpr == Rate(0, 3)
    assert rows(cut=Cut(fpr=0.34))["pooled"].fpr == Rate(1, 3)
    assert rows(cut=Cut(fpr=0.34))["pooled"].recall == Rate(3, 3)
    assert rows(cut=Cut(at_least=0.75))["pooled"].auc == rows()["pooled"].auc


def test_time_is_told_for_a_text_and_for_a_kilobyte():
    benign = rows()["benign"]
    assert (benign.p50_ms, benign.p99_ms, benign.ms_per_kb) == (1.0, 3.0, 4.0)
    assert math.isnan(rows([seen("empty", True, 0.9, text="")])["pooled"].ms_per_kb)


def test_each_kind_is_told_apart():
    told = tallies([*SEEN, seen("keys", True, 0.9, kind="secret", spans=((0, 1), (2, 3)), covered=1)])
    assert [tally.kind for tally in told] == ["injection", "secret"]
    assert told[1].rows[0].spans == Rate(1, 2)


def test_figures_have_the_names_that_floors_use():
    figures = rows()["pooled"].figures()
    assert figures["recall_at_fpr_1"] == 2 / 3
    assert figures["fpr_at_fpr_01"] == 0.0
    assert math.isnan(figures["spans"])
