"""A line sends evenly and never faster than its operator set."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dispatch.pacing import Pace


def test_without_a_rate_nothing_waits() -> None:
    pace = Pace()
    pace.take(1.0, None)
    assert pace.wait(now=1.0) == 0.0


def test_the_first_part_leaves_at_once_and_the_second_one_interval_later() -> None:
    pace = Pace()
    assert pace.wait(now=100.0) == 0.0
    pace.take(100.0, 0.5)
    assert pace.wait(now=100.5) == pytest.approx(1.5)
    assert pace.wait(now=102.0) == 0.0


def test_idleness_saves_nothing_up() -> None:
    pace = Pace()
    pace.take(0.0, 1.0)
    pace.take(1000.0, 1.0)
    assert pace.wait(now=1000.0) == pytest.approx(1.0)


@given(st.lists(st.floats(0, 30), min_size=2, max_size=50), st.floats(0.1, 20))
def test_no_two_parts_are_closer_than_the_interval(gaps: list[float], per_second: float) -> None:
    pace, now, departures = Pace(), 0.0, []
    for gap in gaps:
        now += gap
        now += pace.wait(now)
        pace.take(now, per_second)
        departures.append(now)
    intervals = [later - earlier for earlier, later in itertools.pairwise(departures)]
    assert min(intervals) >= 1.0 / per_second - 1e-6
