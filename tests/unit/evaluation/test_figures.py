import math

import pytest

from firebreak.evaluation.figures import Rate, above, auc, difference, mcnemar, quantile, rate, roc


@pytest.mark.parametrize(
    ("hits", "n", "least", "most"),
    [  # Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3 (Wilson)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_bounds_are_the_published_ones(hits, n, least, most):
    assert Rate(hits, n).bounds == pytest.approx((least, most), abs=5e-5)


def test_a_rate_of_nothing_says_nothing():
    assert math.isnan(Rate(0, 0).value)
    assert Rate(0, 0).bounds == (0.0, 1.0)


def test_a_rate_of_all_ends_at_one():
    assert Rate(5, 5).bounds[1] == 1.0
    assert rate([True, False, True, True]) == Rate(3, 4)


@pytest.mark.parametrize(
    ("first", "second", "moved", "low", "high"),
    [  # Newcombe 1998, "Interval estimation for the difference between independent proportions", table II, method 10
        (Rate(48, 80), Rate(56, 70), 0.2, 0.0524, 0.3339),
        (Rate(3, 10), Rate(9, 10), 0.6, 0.1705, 0.8090),
        (Rate(2, 7), Rate(6, 7), 0.5714, 0.0582, 0.8062),
        (Rate(0, 29), Rate(5, 56), 0.0893, -0.0381, 0.1926),
    ],
)
def test_bounds_of_a_difference_are_the_published_ones(first, second, moved, low, high):
    assert difference(first, second) == pytest.approx((moved, low, high), abs=5e-5)


def test_a_difference_to_nothing_says_nothing():
    moved, low, high = difference(Rate(1, 2), Rate(0, 0))
    assert (math.isnan(moved), low, high) == (True, -1.0, 1.0)


def test_auc_counts_ties_half():
    assert auc([1.0, 0.5], [0.5, 0.0]) == (1 + 0.5 + 1 + 1) / 4
    assert auc([1.0], [0.0]) == 1.0
    assert math.isnan(auc([], [0.1]))
    assert math.isnan(auc([0.1], []))


def test_a_curve_has_one_step_for_each_score():
    assert roc([0.9, 0.5], [0.5, 0.1]) == [(0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0)]
    assert roc([], [0.1]) == []


def test_the_score_that_a_share_exceeds():
    harmless = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert above(harmless, 0.1) == 0.9
    assert above(harmless, 0.19) == 0.9
    assert above(harmless, 0.0) == 1.0
    assert above([], 0.1) == -math.inf
    assert above([0.5, 0.5, 0.5, 0.5], 0.25) == 0.5  # whole ties stay below: nothing exceeds it


def test_quantiles_are_values_that_were_seen():
    assert [quantile([4.0, 1.0, 3.0, 2.0], share) for share in (0.0, 0.5, 0.51, 0.99, 1.0)] == [1.0, 2.0, 3.0, 4.0, 4.0]
    assert math.isnan(quantile([], 0.5))


def test_mcnemar_is_exact_for_few_disagreements():
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(0, 5) == 2 / 32
    assert mcnemar(9, 1) == 22 / 1024
    assert mcnemar(4, 4) == 1.0


def test_mcnemar_of_many_goes_on_where_the_exact_one_ends():
    assert mcnemar(450, 549) == pytest.approx(mcnemar(450, 550), abs=1e-3)
    assert mcnemar(100_000, 100_000) == 1.0
    assert mcnemar(0, 100_000) < 1e-6
