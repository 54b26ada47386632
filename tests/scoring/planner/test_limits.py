"""Whatever is asked, a plan keeps every limit, and says who is left out."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import PlanError
from scoring.planner import Plan, plan

from .campaigns import SLOTS, campaigns, curves, limits


def _legal(campaign: dict[str, Any]) -> np.ndarray:
    """Return what is legal for whom, worked out without the planner."""
    allowed = np.asarray(campaign["allowed"])
    if campaign.get("zone") is not None:
        allowed = allowed[campaign["zone"]]
    n, slots = campaign["values"].shape
    deadline = campaign.get("deadline")
    last = np.full(n, slots) if deadline is None else np.asarray(deadline)
    return allowed & (np.arange(slots) < last[:, np.newaxis])


def _check(campaign: dict[str, Any], made: Plan) -> None:
    written = np.flatnonzero(made.slot >= 0)
    n, slots = campaign["values"].shape
    parts = np.ones(n) if campaign.get("parts") is None else campaign["parts"]
    load = np.bincount(made.slot[written], weights=parts[written], minlength=slots)
    assert (load <= np.asarray(campaign["capacity"]) * (1 - campaign["reserve"]) + 1e-9).all()
    assert _legal(campaign)[written, made.slot[written]].all()
    assert (made.load == load).all()
    nobody = np.concatenate([made.left, made.never, made.against])
    assert sorted([*written, *nobody]) == list(range(n))


@settings(max_examples=150, deadline=None)
@given(
    campaign=campaigns(),
    exact=st.sampled_from([True, False, None]),
    share=st.sampled_from([0.0, 0.3, 0.9]),
)
def test_no_plan_breaks_a_limit(campaign: dict[str, Any], exact: bool | None, share: float) -> None:
    made = plan(**campaign, exact=exact, explore_share=share, random_state=0)
    _check(campaign, made)


@pytest.mark.parametrize("tightness", [0.4, 1.0, 1.15, 5.0])
def test_a_large_plan_keeps_every_limit(tightness: float) -> None:
    n = 20_000
    extra = limits(n)
    campaign = {
        "values": curves(n),
        "capacity": np.full(SLOTS, int(tightness * extra["parts"].sum() / SLOTS)),
        **extra,
    }
    _check(campaign, plan(**campaign, explore_share=0.1, random_state=0))


def test_nobody_is_left_out_who_fits_and_is_worth_something() -> None:
    """Room that is left and somebody who is left have nothing to do with each other."""
    extra = limits(5_000)
    values = curves(5_000)
    made = plan(values, np.full(SLOTS, 300), **extra, exact=False)
    assert len(made.left) > 0
    campaign = {"values": values, **extra}
    room = (made.room - made.load) >= extra["parts"][made.left, np.newaxis]
    assert not (_legal(campaign)[made.left] & room).any()


@settings(max_examples=60, deadline=None)
@given(campaign=campaigns(), exact=st.booleans())
def test_the_room_that_is_said_to_be_enough_is_enough(
    campaign: dict[str, Any], exact: bool
) -> None:
    made = plan(**campaign, exact=exact)
    # Worths that are all the same: then the best plan is the one that leaves fewest people out.
    campaign = {**campaign, "values": np.where(campaign["values"] < 0, -1, 1)}
    again = plan(**{**campaign, "capacity": made.enough, "reserve": 0.0}, exact=True)
    assert (made.enough >= made.room).all()
    assert len(again.left) == 0


def test_who_is_left_is_worth_least() -> None:
    values = np.array([[0.3], [0.9], [0.1], [0.5]])
    made = plan(values, [2])
    assert list(made.slot) == [-1, 0, -1, 0]
    assert list(made.left) == [0, 2]


def test_a_long_message_gives_way_to_two_short_ones_worth_more() -> None:
    made = plan([[0.9], [0.5], [0.6]], [2], parts=[2, 1, 1])
    assert list(made.slot) == [-1, 0, 0]


def test_a_reserve_is_left_also_where_everything_would_be_needed() -> None:
    made = plan(np.ones((100, 2)), [50, 50], reserve=[0.2, 0.0])
    assert list(made.load) == [40, 50]
    assert made.enough.sum() == 100


def test_a_strict_plan_says_who_does_not_fit_and_what_would_be_enough() -> None:
    with pytest.raises(PlanError, match=r"1 of 3 people get no slot; .*1 in slot 0"):
        plan([[1.0], [2.0], [3.0]], [2], strict=True)
    with pytest.raises(PlanError, match="no slot is legal for 1 of 2 people"):
        plan([[1.0], [2.0]], [2], allowed=[[True], [False]], strict=True)


def test_nobody_is_written_to_for_whom_that_is_worse_than_silence() -> None:
    made = plan([[-0.5, -0.1], [0.0, -1.0]], [5, 5], strict=True)
    assert list(made.slot) == [-1, 0]
    assert list(made.against) == [0]
    assert made.report() == "a message is worth less than none to 1 of 2 people"


def test_a_plan_of_nobody_is_empty() -> None:
    made = plan(np.empty((0, 3)), [1, 1, 1], explore_share=0.1)
    assert made.slot.shape == (0,)
    assert made.share == 1


def test_the_planner_needs_numpy_and_scipy_alone() -> None:
    """The gateway's campaigns import it; tables and models would cost them a second and more."""
    heavy = "{'pandas', 'sklearn', 'pyarrow', 'duckdb', 'ibis', 'matplotlib'}"
    code = f"import sys, scoring.planner; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
