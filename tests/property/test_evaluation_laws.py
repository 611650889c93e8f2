"""Laws of an evaluation: what figures mean does not depend on the order of lines, nor on how they are computed."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from firebreak.evaluation.examples import Example
from firebreak.evaluation.figures import Rate, above, auc, difference, mcnemar, roc
from firebreak.evaluation.measure import Seen
from firebreak.evaluation.tally import Cut, tallies

scores = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 1.0]) | st.floats(0, 1), min_size=1, max_size=40)
rates = st.integers(0, 60).flatmap(lambda n: st.integers(0, n).map(lambda hits: Rate(hits, n)))


@given(scores, scores)
def test_auc_is_the_count_of_won_pairs_with_ties_half(harmful, harmless):
    won = sum((high > low) + (high == low) / 2 for high in harmful for low in harmless)
    assert math.isclose(auc(harmful, harmless), won / len(harmful) / len(harmless))


@given(scores, scores)
def test_auc_of_the_classes_exchanged_adds_up_to_one(harmful, harmless):
    assert math.isclose(auc(harmful, harmless) + auc(harmless, harmful), 1.0)


@given(scores, scores)
def test_the_area_under_the_curve_is_the_auc(harmful, harmless):
    curve = roc(harmful, harmless)
    area = sum((right - left) * (low + high) / 2 for (left, low), (right, high) in pairwise(curve))
    assert math.isclose(area, auc(harmful, harmless), abs_tol=1e-12)


@given(scores, scores)
def test_a_curve_never_falls_and_runs_from_corner_to_corner(harmful, harmless):
    curve = roc(harmful, harmless)
    assert (curve[0], curve[-1]) == ((0.0, 0.0), (1.0, 1.0))
    assert all(left <= right and low <= high for (left, low), (right, high) in pairwise(curve))


@given(scores, st.floats(0, 1))
def test_no_more_than_the_allowed_share_is_over_its_score(harmless, share):
    over = above(harmless, share)
    assert sum(score > over for score in harmless) <= share * len(harmless) + 1e-6
    if over > -math.inf:
        assert sum(score >= over for score in harmless) > share * len(harmless) - 1e-6  # no lower score would do


@given(rates)
def test_wilson_bounds_hold_the_rate_and_stay_in_range(rate):
    low, high = rate.bounds
    assert 0 <= low <= high <= 1
    if rate.n:
        assert low <= rate.value <= high
        mirrored = Rate(rate.n - rate.hits, rate.n).bounds
        assert math.isclose(low, 1 - mirrored[1], abs_tol=1e-12)
        assert math.isclose(high, 1 - mirrored[0], abs_tol=1e-12)


@given(rates, rates)
def test_a_difference_lies_in_its_bounds_and_turns_with_its_sides(first, second):
    moved, low, high = difference(first, second)
    if first.n and second.n:
        assert low - 1e-12 <= moved <= high + 1e-12
        back = difference(second, first)
        assert all(
            math.isclose(one, -other, abs_tol=1e-12) for one, other in zip(back, (moved, high, low), strict=True)
        )


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_mcnemar_is_a_chance_and_does_not_mind_which_run_is_first(one, other):
    assert 0 <= mcnemar(one, other) <= 1
    assert mcnemar(one, other) == mcnemar(other, one)


@st.composite
def runs(draw):
    seen = []
    for number in range(draw(st.integers(1, 25))):
        kind = draw(st.sampled_from(["injection", "secret"]))
        example = Example(str(number), draw(st.sampled_from("abc")), kind, "text", harmful=draw(st.booleans()))
        score = draw(st.sampled_from([0.0, 0.2, 0.5, 0.9]))
        seen.append(Seen(example, score >= 0.5, score, draw(st.sampled_from([0.5, 1.0, 2.0]))))
    return seen


@given(runs(), st.randoms(use_true_random=False), st.sampled_from([Cut(), Cut(at_least=0.3), Cut(fpr=0.2)]))
def test_the_order_of_the_lines_changes_no_figure(seen, random, cut):
    shuffled = seen.copy()
    random.shuffle(shuffled)
    one, other = tallies(seen, {"p": ["a", "b"]}, cut), tallies(shuffled, {"p": ["a", "b"]}, cut)
    for left, right in zip(one, other, strict=True):
        assert repr([row.figures() for row in left.rows]) == repr([row.figures() for row in right.rows])
        assert [row.name for row in left.rows] == [row.name for row in right.rows]
        assert left.curve == right.curve
