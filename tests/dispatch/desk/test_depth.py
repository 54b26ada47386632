"""How much waits in a lane is asked seldom, and the more seldom the more it costs."""

from __future__ import annotations

from typing import Any

import pytest

from gateway.dispatch.desk.depth import FRESH, STEPS, Depths
from gateway.domain.ids import LaneKey

LANE = LaneKey(1)
NOBODY: Any = None


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the database was asked; twenty thousand jobs wait."""
    counts: list[int] = []

    def deeper(_connection: object, _lane: LaneKey, count: int) -> bool:
        counts.append(count)
        return count < 20_000

    monkeypatch.setattr("gateway.dispatch.desk.depth.deeper", deeper)
    return counts


def test_an_answer_holds_for_a_moment_and_for_what_follows_from_it(asked: list[int]) -> None:
    depths = Depths()
    assert depths.deeper(NOBODY, LANE, 100, 0.0)
    assert depths.deeper(NOBODY, LANE, 90, 0.5), "where more than 100 wait more than 90 do"
    assert asked == [100]
    assert depths.deeper(NOBODY, LANE, 110, 0.5)
    assert asked == [100, 110]
    assert depths.deeper(NOBODY, LANE, 110, 0.5 + FRESH)
    assert asked == [100, 110, 110]


def test_where_less_waits_less_does_for_a_greater_number_too(asked: list[int]) -> None:
    depths = Depths()
    assert not depths.deeper(NOBODY, LANE, 20_000, 0.0)
    assert not depths.deeper(NOBODY, LANE, 30_000, 0.5)
    assert depths.deeper(NOBODY, LANE, 10, 0.5)
    assert asked == [20_000, 10]


def test_the_more_an_answer_costs_the_longer_it_holds(asked: list[int]) -> None:
    depths = Depths()
    depths.deeper(NOBODY, LANE, 10 * STEPS, 0.0)
    depths.deeper(NOBODY, LANE, 10 * STEPS, 9.9)
    assert len(asked) == 1
    depths.deeper(NOBODY, LANE, 10 * STEPS, 10.0)
    assert len(asked) == 2


def test_each_lane_has_its_own(asked: list[int]) -> None:
    depths = Depths()
    depths.deeper(NOBODY, LANE, 5, 0.0)
    depths.deeper(NOBODY, LaneKey(2), 5, 0.0)
    assert asked == [5, 5]
