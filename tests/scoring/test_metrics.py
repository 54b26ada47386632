"""Metrics say what they are meant to say, and their intervals cover."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import log_loss as sklearn_log_loss
from sklearn.metrics import roc_auc_score

from scoring import metrics


@pytest.fixture
def predictions() -> tuple[np.ndarray, np.ndarray]:
    """What happened and what was said, with many ties."""
    random = np.random.default_rng(3)
    p = random.integers(1, 20, 2_000) / 20
    return (random.random(2_000) < p).astype(int), p


def test_auc_and_log_loss_are_those_of_scikit_learn(
    predictions: tuple[np.ndarray, np.ndarray],
) -> None:
    y, p = predictions
    assert metrics.auc(y, p) == pytest.approx(roc_auc_score(y, p))
    assert metrics.log_loss(y, p) == pytest.approx(sklearn_log_loss(y, p))


def test_a_level_that_is_off_by_a_tenth_costs_a_tenth_of_calibration() -> None:
    y = np.r_[np.ones(600), np.zeros(400)]
    assert metrics.expected_calibration_error(y, np.full(1_000, 0.7)) == pytest.approx(0.1)


def test_errors_of_two_bins_do_not_cancel() -> None:
    """Right on average but wrong in both bins is not calibrated."""
    y = np.r_[np.ones(500), np.zeros(500)]
    p = np.r_[np.full(500, 0.8), np.full(500, 0.2)]
    assert metrics.expected_calibration_error(y, p) == pytest.approx(0.2)


def test_a_probability_of_one_is_in_the_last_bin() -> None:
    table = metrics.calibration_table([1, 1], [0.95, 1.0])
    assert table["people"].tolist() == [2]


def test_equal_scores_are_taken_in_no_order() -> None:
    """Who stands first in the data must not win or lose by it."""
    y = np.r_[np.ones(10), np.zeros(90)]
    same = np.ones(100)
    assert metrics.lift(y, same) == pytest.approx(1.0)
    assert metrics.normalised_gini(y, same) == pytest.approx(0.0)


def test_gini_is_one_for_the_truth_and_near_zero_for_noise() -> None:
    random = np.random.default_rng(0)
    spend = random.pareto(2, 5_000)
    assert metrics.normalised_gini(spend, spend**3) == pytest.approx(1.0)
    assert abs(metrics.normalised_gini(spend, random.random(5_000))) < 0.1


def test_one_class_has_no_order() -> None:
    assert np.isnan(metrics.auc([1, 1, 1], [0.1, 0.2, 0.3]))
    assert np.isnan(metrics.lift([0, 0, 0], [0.1, 0.2, 0.3]))


def test_intervals_cover_the_truth_when_rows_of_a_person_are_alike() -> None:
    """Rows drawn one by one would be three times too sure here: each person has ten."""
    hits = alone = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        person = np.repeat(np.arange(50), 10)
        values = np.repeat(random.normal(size=50), 10)
        found = metrics.interval(np.mean, values, groups=person, times=200)
        naive = metrics.interval(np.mean, values, times=200)
        hits += found.low <= 0 <= found.high
        alone += naive.low <= 0 <= naive.high
    assert hits >= 50
    assert alone < 45


def test_a_paired_difference_is_surer_than_two_intervals(
    predictions: tuple[np.ndarray, np.ndarray],
) -> None:
    y, p = predictions
    worse = np.clip(p + 0.1, 0, 1)
    paired = metrics.paired_difference(metrics.brier, y, p, worse)
    apart = metrics.interval(metrics.brier, y, p)
    assert paired.high < 0
    assert paired.high - paired.low < apart.high - apart.low
