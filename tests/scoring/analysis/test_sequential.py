"""Bounds keep their promise at all looks at once, and are those of the published tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from scoring.analysis.sequential import (
    ALWAYS,
    DAILY,
    ONCE,
    SPENT,
    always_valid,
    simulate_runs,
    spending_bounds,
)
from scoring.uplift import contacts_per_arm

BASE, LIFT = 0.1, 0.25
PEOPLE = contacts_per_arm(BASE, LIFT)


@pytest.fixture(scope="module")
def idle():
    """Experiments of a message that does nothing."""
    return simulate_runs(BASE, 0.0, people=PEOPLE, planned=LIFT, runs=4000, random_state=1)


def test_bounds_are_those_of_lan_and_demets():
    """As ldbounds and gsDesign print them for O'Brien-Fleming's shape, 2.5 % on each side."""
    five = spending_bounds([0.2, 0.4, 0.6, 0.8, 1.0])
    assert five == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-3)
    assert spending_bounds([0.5, 1.0]) == pytest.approx([2.9626, 1.9686], abs=1e-3)


def test_one_look_at_the_end_is_the_fixed_test():
    assert spending_bounds([1.0])[0] == pytest.approx(norm.isf(0.025), abs=1e-6)


def test_the_chance_of_ever_leaving_the_bounds_is_as_promised():
    rng = np.random.default_rng(0)
    times = np.array([0.1, 0.25, 0.5, 0.7, 1.0])
    steps = rng.normal(scale=np.sqrt(np.diff(times, prepend=0.0)), size=(40_000, len(times)))
    away = np.abs(steps.cumsum(axis=1)) / np.sqrt(times)
    for significance in (0.05, 0.2):
        left = (away > spending_bounds(times, significance=significance)).any(axis=1).mean()
        assert left == pytest.approx(significance, abs=0.006)


@pytest.mark.parametrize("fractions", [[], [0.0, 1.0], [0.5, 0.5, 1.0], [0.5, 1.2]])
def test_shares_that_do_not_rise_to_one_are_refused(fractions):
    with pytest.raises(ValueError, match="rise"):
        spending_bounds(fractions)


@pytest.mark.parametrize("truth", [-0.2, 0.0, 0.4])
@pytest.mark.parametrize("scale", [0.05, 0.4, 3.0])
def test_the_always_valid_interval_holds_the_truth_at_every_look(truth, scale):
    """In at least 95 of 100 experiments, wherever the truth lies and whatever was planned."""
    rng = np.random.default_rng(2)
    looks = np.arange(1, 1001)
    mean = truth + rng.normal(size=(1000, 1000)).cumsum(axis=1) / looks
    low, high = always_valid(mean, 1 / np.sqrt(looks), scale=scale)
    missed = ((truth < low) | (truth > high)).any(axis=1).mean()
    assert missed <= 0.05 + 0.01


def test_the_always_valid_interval_is_wider_than_the_fixed_one():
    error = np.array([0.5, 0.05, 0.005])
    low, high = always_valid(0.0, error, scale=0.02)
    assert (high > norm.isf(0.025) * error).all()
    assert low == pytest.approx(-high)


def test_peeking_raises_false_alarms_and_the_other_rules_do_not(idle):
    seen = {rule: stops.any(axis=1).mean() for rule, stops in idle.stops().items()}
    assert seen[DAILY] > 0.2
    assert seen[ONCE] == pytest.approx(0.05, abs=0.012)
    assert seen[SPENT] == pytest.approx(0.05, abs=0.012)
    assert seen[ALWAYS] < 0.05


def test_bounds_cost_little_power():
    runs = simulate_runs(BASE, LIFT, people=PEOPLE, planned=LIFT, runs=4000)
    seen = {rule: stops.any(axis=1).mean() for rule, stops in runs.stops().items()}
    assert seen[ONCE] == pytest.approx(0.8, abs=0.03)
    assert seen[ONCE] - 0.05 < seen[SPENT]
    assert seen[ALWAYS] > 0.35


def test_the_table_tells_who_ever_saw_an_effect_so_it_never_falls(idle):
    table = idle.table()
    rises = table.groupby("rule")["stopped"].apply(lambda share: share.is_monotonic_increasing)
    assert rises.all()
    assert table["look"].max() == idle.value.shape[1]


def test_the_deceived_run_left_the_fixed_interval_and_came_back(idle):
    run = idle.deceived()
    out = (run["low"] > 0) | (run["high"] < 0)
    assert out.any()
    assert not out.iloc[-1]
    assert (run["wide_low"] < run["low"]).all()


def test_where_nobody_was_deceived_there_is_no_row():
    sure = simulate_runs(0.3, 1.0, people=20_000, planned=1.0, runs=20)
    assert sure.deceived().empty
