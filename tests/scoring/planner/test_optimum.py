"""Plans are as good as they can be, and the bound that is told is one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.optimize import linprog

from scoring.planner import plan

from .campaigns import SLOTS, campaigns, curves, limits


def _best(campaign: dict[str, Any]) -> float:
    """Return the worth of the best plan of fractions, worked out without the planner."""
    values = campaign["values"].astype(float)
    n, slots = values.shape
    if n == 0:
        return 0.0
    last = np.full(n, slots) if campaign["deadline"] is None else campaign["deadline"]
    legal = campaign["allowed"] & (np.arange(slots) < last[:, np.newaxis])
    parts = np.ones(n) if campaign["parts"] is None else campaign["parts"]
    one_each = np.kron(np.eye(n), np.ones(slots))
    in_slots = np.kron(parts, np.eye(slots))
    room = np.floor(campaign["capacity"] * (1 - campaign["reserve"]) + 1e-9)
    result = linprog(
        -values.ravel(),
        A_ub=np.vstack([one_each, in_slots]),
        b_ub=np.concatenate([np.ones(n), room]),
        bounds=np.stack([np.zeros(n * slots), legal.ravel()], axis=1),
    )
    return -result.fun


@settings(max_examples=80, deadline=None)
@given(campaign=campaigns(most=25))
def test_an_exact_plan_is_the_best_and_no_plan_is_above_its_bound(
    campaign: dict[str, Any],
) -> None:
    best = _best(campaign)
    exact, priced = plan(**campaign, exact=True), plan(**campaign, exact=False)
    assert exact.value <= exact.bound * (1 + 1e-9) + 1e-9
    assert exact.value >= priced.value - 1e-5 * (1 + best)
    if campaign["parts"] is None:
        assert exact.value == pytest.approx(best, rel=1e-5, abs=1e-5)
        assert exact.bound == pytest.approx(best, rel=1e-5, abs=1e-5)
        assert priced.bound >= best * (1 - 1e-7) - 1e-7


@pytest.mark.parametrize("tightness", [0.4, 1.0, 1.15, 5.0])
@pytest.mark.parametrize("several", [False, True])
def test_prices_come_near_the_best_of_highs(tightness: float, several: bool) -> None:
    n = 1_000
    extra = limits(n, seed=1)
    if not several:
        extra["parts"] = np.ones(n, dtype=int)
    capacity = np.full(SLOTS, int(tightness * extra["parts"].sum() / SLOTS / 0.9))
    values = curves(n, seed=1)
    priced = plan(values, capacity, **extra, exact=False)
    exact = plan(values, capacity, **extra, exact=True)
    assert priced.value >= 0.999 * exact.value
    assert exact.value <= priced.bound
    assert priced.value <= exact.bound


def test_a_large_plan_is_within_a_ten_thousandth_of_its_bound() -> None:
    n = 150_000
    extra = limits(n)
    capacity = np.full(SLOTS, int(1.15 * extra["parts"].sum() / SLOTS / 0.9))
    made = plan(curves(n), capacity, **extra)
    assert 0.9999 <= made.share <= 1


@pytest.mark.parametrize("tightness", [0.5, 1.15])
def test_people_who_are_all_alike_fill_the_slots_as_well(tightness: float) -> None:
    """One curve for everybody is what a shop has before it has learned of anybody."""
    n = 36_000
    values = np.tile(np.sin(np.arange(SLOTS)) + 2, (n, 1))
    extra = limits(n)
    capacity = np.full(SLOTS, int(tightness * extra["parts"].sum() / SLOTS / 0.9))
    assert plan(values, capacity, **extra).share >= 0.9999


def test_a_price_is_what_one_more_part_would_add() -> None:
    values, capacity = curves(300, seed=5), np.full(SLOTS, 22)
    made = plan(values, capacity, exact=True)
    dearest = int(made.prices.argmax())
    more = capacity.copy()
    more[dearest] += 1
    added = plan(values, more, exact=True).value - made.value
    assert added == pytest.approx(made.prices[dearest], rel=0.2)


def test_a_plan_is_the_same_each_time_and_whatever_is_drawn_after_it() -> None:
    values, capacity = curves(40_000), np.full(SLOTS, 3_000)
    first = plan(values, capacity)
    second = plan(values, capacity, explore_share=0.1, random_state=3)
    assert second.exploration is not None
    assert (first.slot == second.exploration.design.planned).all()


def test_worths_of_any_size_give_the_same_plan() -> None:
    """Worths are euros here and per-mille of a click there."""
    values, capacity = curves(20_000), np.full(SLOTS, 1_500)
    tiny, huge = plan(values * 2.0**-20, capacity), plan(values * 2.0**20, capacity)
    assert tiny.value * 2.0**40 == pytest.approx(huge.value, rel=1e-6)
