"""Intervals, the paired test and the reliability curve."""

import pytest

from eval.measures import Share
from eval.statistics import (
    Bin,
    adjust_holm,
    calibration_error,
    compare_pairs,
    estimate,
    reliability,
)


def test_a_measure_is_the_sum_of_numerators_over_the_sum_of_denominators() -> None:
    # 1 of 1 and 1 of 3: 2 of 4 plans, not the mean of 1 and 1/3
    found = estimate([Share(1, 1), Share(1, 3)])
    assert found.value == 0.5
    assert found.n == 2
    assert found.low <= found.value <= found.high


def test_median_and_percentile() -> None:
    shares = [Share(float(value)) for value in range(1, 22)]
    assert estimate(shares, "median").value == 11.0
    assert estimate(shares, "p95").value == 20.0


def test_the_interval_shrinks_with_more_questions() -> None:
    few = estimate([Share(float(n % 2)) for n in range(20)])
    many = estimate([Share(float(n % 2)) for n in range(500)])
    assert many.high - many.low < (few.high - few.low) / 3
    # half of 500: the interval of a share is about 1.96 * sqrt(0.25 / 500) to each side
    assert many.high - many.low == pytest.approx(2 * 1.96 * (0.25 / 500) ** 0.5, rel=0.1)


def test_the_same_shares_give_the_same_interval() -> None:
    shares = [Share(float(n % 3 == 0)) for n in range(40)]
    assert estimate(shares) == estimate(shares)


def test_no_questions_have_no_value() -> None:
    with pytest.raises(ValueError, match="over no questions"):
        estimate([])


def test_a_clear_gain_is_found_and_chance_is_not() -> None:
    worse, better = [Share(0.0)] * 20, [Share(1.0)] * 20
    gain = compare_pairs(worse, better)
    assert (gain.value, gain.low, gain.high) == (1.0, 1.0, 1.0)
    assert gain.p < 0.001
    mixed = [Share(float(n % 2)) for n in range(20)]
    turned = [Share(float((n + 1) % 2)) for n in range(20)]
    assert compare_pairs(mixed, turned).value == 0.0
    assert compare_pairs(mixed, turned).p == 1.0


def test_few_differing_questions_prove_little() -> None:
    first = [Share(1.0)] * 28 + [Share(0.0)] * 2
    second = [Share(1.0)] * 30
    # two questions that both went one way: chance does as much in half of the swaps
    assert compare_pairs(first, second).p == pytest.approx(0.5, abs=0.05)


def test_pairs_are_wanted() -> None:
    with pytest.raises(ValueError, match="found 1 and 2 shares"):
        compare_pairs([Share(1.0)], [Share(1.0), Share(0.0)])


def test_holm() -> None:
    adjusted = adjust_holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.5})
    assert adjusted == pytest.approx({"a": 0.04, "c": 0.09, "b": 0.09, "d": 0.5})


def test_reliability_and_its_error() -> None:
    bins = reliability([(0.05, False), (0.95, True), (0.91, False), (1.0, True)])
    assert [(step.low, step.n) for step in bins] == [(0.0, 1), (0.9, 3)]
    assert bins[1].observed == pytest.approx(2 / 3)
    expected = (1 * 0.05 + 3 * abs((0.95 + 0.91 + 1.0) / 3 - 2 / 3)) / 4
    assert calibration_error(bins) == pytest.approx(expected)
    assert calibration_error([]) == 0.0
    assert calibration_error([Bin(0.0, 0.1, 0.05, 0.05, 7)]) == 0.0
