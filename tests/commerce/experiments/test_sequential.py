"""Whoever looks every day is wrong no more often than they were told."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from gateway.commerce.experiments.sequential import (
    ALPHA,
    LEAST_PERSONS,
    TIGHTEST_AT,
    Sample,
    boundary,
    compare,
)

STORES = 2_000
"""Experiments that are run; the standard error of a rate of 0.05 is below 0.005."""
PERSONS = 6_000
HOLDOUT = 0.1


def sample(values: NDArray[np.float64]) -> Sample:
    return Sample(persons=len(values), total=float(values.sum()), squares=float((values**2).sum()))


def ever_decided(rate: float, lift: float, seed: int = 7) -> float:
    """Return in which share of experiments somebody who looks after every 100 persons decides."""
    random = np.random.default_rng(seed)
    decided = 0
    for _ in range(STORES // 4):
        held = random.random(PERSONS) < HOLDOUT
        bought = random.random(PERSONS) < np.where(held, rate, rate * (1 + lift))
        decided += any(
            found is not None and found.decided()
            for end in range(500, PERSONS + 1, 100)
            if (found := _look(held[:end], bought[:end])) is not None
        )
    return decided / (STORES // 4)


def _look(held: NDArray[np.bool_], bought: NDArray[np.bool_]) -> object:
    values = bought.astype(float)
    return compare(sample(values[~held]), sample(values[held]))


def test_no_difference_is_seldom_seen_however_often_one_looks() -> None:
    assert ever_decided(0.1, 0.0) <= ALPHA + 0.02


def test_a_test_for_one_look_would_be_wrong_far_more_often() -> None:
    """What this guards against: 1.96 standard errors, looked at every day."""
    random = np.random.default_rng(7)
    wrong = 0
    for _ in range(300):
        walk = np.cumsum(random.standard_normal(PERSONS))
        looks = np.arange(500, PERSONS, 100)
        wrong += bool((np.abs(walk[looks]) > 1.96 * np.sqrt(looks)).any())
    assert wrong / 300 > 3 * ALPHA


def test_a_difference_is_found() -> None:
    assert ever_decided(0.1, 1.0) > 0.9


def test_the_interval_and_p_say_the_same() -> None:
    for treated in range(40, 400, 7):
        one = Sample(persons=2000, total=treated, squares=treated)
        other = Sample(persons=1000, total=100, squares=100)
        found = compare(one, other)
        assert found is not None
        assert found.decided() == (found.low > 0 or found.high < 0)


def test_too_few_say_nothing() -> None:
    some = Sample(persons=LEAST_PERSONS - 1, total=50, squares=50)
    many = Sample(persons=10_000, total=50, squares=50)
    assert compare(some, many) is None
    assert compare(many, some) is None


def test_where_nobody_bought_nothing_is_decided() -> None:
    none = Sample(persons=1000, total=0, squares=0)
    found = compare(none, none)
    assert found is not None
    assert (found.difference, found.p, found.relative) == (0, 1.0, None)


def test_the_difference_is_of_a_person() -> None:
    found = compare(
        Sample(persons=1000, total=3000, squares=20_000),
        Sample(persons=500, total=1000, squares=9_000),
    )
    assert found is not None
    assert (found.difference, found.relative) == (1.0, 0.5)


def test_a_sample_knows_its_variance() -> None:
    values = np.array([0.0, 1.5, 7.25, 3.0])
    assert sample(values).variance == pytest.approx(values.var(ddof=1))
    assert Sample(persons=1, total=4, squares=16).variance == 0


def test_it_reaches_further_than_one_look_and_not_much_further() -> None:
    """Robbins' mixture at its best: 3.0 standard errors at 5 %, where one look has 1.96."""
    assert 2.9 < boundary(TIGHTEST_AT) < 3.1
    assert boundary(TIGHTEST_AT // 4) < 1.125 * boundary(TIGHTEST_AT)
    assert boundary(TIGHTEST_AT * 25) < 1.125 * boundary(TIGHTEST_AT)
    assert math.isfinite(boundary(10_000_000))
