"""The draw after a plan: what is logged is how likely each slot was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from scoring.planner import Design, Exploration, Plan, plan

from .campaigns import campaigns, curves, limits

RUNS = 3_000


@pytest.fixture(scope="module")
def campaign() -> dict[str, Any]:
    """A tight campaign: zones, deadlines, parts, and two small slots."""
    n, slots = 400, 5
    extra = limits(n, seed=2, slots=slots)
    extra["allowed"][3] = [False, True, True, True, False]
    extra["deadline"] = np.where(np.arange(n) % 3, slots, slots - 1)
    capacity = np.array([30, 250, 250, 60, 260])
    return {"values": curves(n, seed=2, slots=slots), "capacity": capacity, **extra}


@pytest.fixture(scope="module")
def made(campaign: dict[str, Any]) -> Plan:
    """Its plan."""
    return plan(**campaign, explore_share=0.25, exact=False, random_state=0)


@pytest.fixture(scope="module")
def how(made: Plan) -> Design:
    """How its slots are drawn."""
    assert made.exploration is not None
    return made.exploration.design


@pytest.fixture(scope="module")
def runs(how: Design) -> list[Exploration]:
    """Drawn again and again."""
    return [how.draw(run) for run in range(RUNS)]


def test_the_logged_chances_are_the_true_frequencies(how: Design, runs: list[Exploration]) -> None:
    n, slots = len(how.planned), how.places.shape[1]
    slot = np.stack([drawn.slot for drawn in runs])
    seen = np.stack([(slot == s).mean(axis=0) for s in range(slots)], axis=1)
    said = how.chances(np.arange(n))
    error = np.sqrt(np.maximum(said * (1 - said), 1e-12) / RUNS)
    # 2,000 frequencies at once: the largest of so many is 3.5 standard errors off, about.
    assert (np.abs(seen - said) <= 5 * error + 1e-9).all()
    # And all together are as far off as chance makes them, neither further nor nearer.
    open_ = (said > 0) & (said < 1)
    assert (((seen - said) / error)[open_] ** 2).mean() == pytest.approx(1, abs=0.15)


def test_each_person_s_log_is_the_chance_of_the_slot_that_was_drawn(
    how: Design, runs: list[Exploration]
) -> None:
    written = np.flatnonzero(how.planned >= 0)
    said = how.chances(written)
    assert said.sum(axis=1) == pytest.approx(1)
    for drawn in runs[:20]:
        chosen = said[np.arange(len(written)), drawn.slot[written]]
        assert drawn.probability[written] == pytest.approx(chosen)


def test_each_draw_holds_what_the_plan_may(
    made: Plan, runs: list[Exploration], campaign: dict[str, Any]
) -> None:
    for drawn in runs[:200]:
        written = drawn.slot >= 0
        parts = campaign["parts"][written]
        load = np.bincount(drawn.slot[written], weights=parts, minlength=len(made.room))
        assert (load == made.load).all()
        assert (load <= made.room).all()


def test_the_value_of_another_policy_is_recovered_from_the_log(
    how: Design, runs: list[Exploration], campaign: dict[str, Any]
) -> None:
    """Weighting by the logged chances is unbiased wherever the chance is above 0."""
    truth = campaign["values"]
    said = how.chances(np.arange(len(truth)))
    able = np.flatnonzero((said > 0).sum(axis=1) > 1)
    target = np.array([np.flatnonzero(row > 0)[-1] for row in said[able]])
    worth = truth[able, target]
    estimates = [
        np.mean((drawn.slot[able] == target) / drawn.probability[able] * worth) for drawn in runs
    ]
    error = np.std(estimates) / np.sqrt(RUNS)
    assert np.mean(estimates) == pytest.approx(worth.mean(), abs=4 * error)


def test_a_share_of_people_is_drawn_and_nobody_loses_the_slot(
    how: Design, runs: list[Exploration]
) -> None:
    drawn = runs[0]
    assert len(drawn.drawn) / len(drawn.slot) == pytest.approx(0.25, abs=0.05)
    assert ((drawn.slot >= 0) == (how.planned >= 0)).all()


def test_with_room_everywhere_each_legal_slot_is_as_likely() -> None:
    made = plan(curves(20_000), np.full(14, 20_000), explore_share=0.1, random_state=0)
    assert made.exploration is not None
    said = made.exploration.design.chances(np.arange(20_000))
    others = said[said < 0.5]
    assert others == pytest.approx(0.1 / 14, rel=0.25)
    assert made.probability.min() >= 0.9 * 0.1 / 14


def test_a_full_plan_is_explored_by_exchange() -> None:
    """No room is left at all: who leaves a slot makes the room for who comes."""
    n, slots = 7_000, 14
    made = plan(curves(n), np.full(slots, n // slots), explore_share=0.2, random_state=0)
    assert made.exploration is not None
    assert (made.load == n // slots).all()
    assert (made.slot != made.exploration.design.planned).mean() > 0.15


def test_people_of_rare_windows_are_explored_within_a_narrower_one() -> None:
    n = 2_000
    allowed = np.ones((n, 6), dtype=bool)
    allowed[:, 5] = False
    allowed[:5] = True
    values = np.ones((n, 6))
    values[:, 0] = 2
    made = plan(values, np.full(6, n), allowed=allowed, explore_share=0.2, random_state=0)
    assert made.exploration is not None
    assert (made.exploration.design.chances(np.arange(5)).max(axis=1) < 1).all()


@settings(max_examples=100, deadline=None)
@given(campaign=campaigns())
def test_what_can_be_drawn_is_legal(campaign: dict[str, Any]) -> None:
    made = plan(**campaign, explore_share=0.5, random_state=0)
    assert made.exploration is not None
    n, slots = campaign["values"].shape
    last = np.full(n, slots) if campaign["deadline"] is None else campaign["deadline"]
    legal = campaign["allowed"] & (np.arange(slots) < last[:, np.newaxis])
    assert not (made.exploration.design.chances(np.arange(n)) > 0)[~legal].any()
