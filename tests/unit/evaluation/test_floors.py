import math

import pytest
from tests.unit.evaluation.test_tally import SEEN

from firebreak.evaluation.floors import FIGURES, NO_FLOORS, hold, load
from firebreak.evaluation.tally import tallies
from firebreak.model.errors import BadConfig

GOOD = """
pools: {both: ["a*", "b*"]}
floors:
  - {kind: injection, set: pooled, figure: fpr, most: 0.01}
  - {kind: injection, set: both, figure: recall, least: 1}
"""


def loaded(tmp_path, text):
    file = tmp_path / "floors.yaml"
    file.write_text(text, encoding="utf-8")
    return load(file)


def test_a_file_of_floors(tmp_path):
    read = loaded(tmp_path, GOOD)
    assert read.pools == {"both": ("a*", "b*")}
    first, second = read.floors
    assert (first.place[-2:], first.set, first.most, first.least) == (":4", "pooled", 0.01, -math.inf)
    assert (second.bar, first.bar) == ("at least 1", "at most 0.01")


def test_each_floor_is_held_or_missed_and_says_so(tmp_path):
    read = loaded(tmp_path, GOOD)
    held = hold(read, {("injection", "pooled"): {"fpr": 0.01}, ("injection", "both"): {"recall": 0.5}})
    assert [one.missed for one in held] == [False, True]
    assert str(held[0]) == "held   injection, pooled: fpr is 0.01, has to be at most 0.01"
    assert str(held[1]) == "MISSED injection, both: recall is 0.5, has to be at least 1"


@pytest.mark.parametrize("figures", [{}, {("injection", "pooled"): {}}, {("injection", "pooled"): {"fpr": math.nan}}])
def test_a_figure_that_was_not_measured_is_missed(tmp_path, figures):
    first = hold(loaded(tmp_path, GOOD), figures)[0]
    assert first.missed
    assert "was not measured" in str(first)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("floors: 3", "not a list"),
        ("[1]", "not a mapping"),
        ("pools: {}", "no floors"),
        ("floor: []", "field is not known"),
        ("floors: [3]", "not a mapping"),
        ("floors: [{kind: injection, set: a, figure: fpr}]", "not whole"),
        ("floors: [{kind: injection, set: a, figure: fpr, least: 0, most: 1}]", "not whole"),
        ("floors: [{kind: injection, figure: fpr, least: 0}]", "not whole"),
        ("floors: [{kind: nonsense, set: a, figure: fpr, least: 0}]", "kind is not known"),
        ("floors: [{kind: injection, set: a, figure: speed, least: 0}]", "figure is not known"),
        ("floors: [{kind: injection, set: a, figure: fpr, least: true}]", "no number"),
        ("floors: [{kind: injection, set: 3, figure: fpr, least: 0}]", "no word"),
        ("floors: [{kind: injection, set: a, figure: fpr, least: 0, least: 1}]", "stands here twice"),
        ("pools: {a: b}\nfloors: []", "not a list"),
        ("pools: {pooled: [b]}\nfloors: []", "name of the whole"),
        ("", "empty"),
    ],
)
def test_what_is_not_of_the_form_is_refused_with_its_line(tmp_path, text, problem):
    with pytest.raises(BadConfig, match=problem) as caught:
        loaded(tmp_path, text)
    assert "floors.yaml:" in caught.value.place


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BadConfig, match=r"absent\.yaml: the floors cannot be read"):
        load(tmp_path / "absent.yaml")


def test_no_floors_hold():
    assert hold(NO_FLOORS, {}) == []


def test_every_figure_of_a_row_may_have_a_floor():
    assert set(tallies(SEEN)[0].rows[0].figures()) <= set(FIGURES)
