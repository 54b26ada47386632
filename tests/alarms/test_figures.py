"""Small policies: storms, a disk that fills, a clock that jumps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.alarms.filling import EVERY, Filling
from gateway.alarms.jumps import SAID_FOR, Jumps
from gateway.alarms.storm import HOUR, Storm

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
GB = 1_000_000_000


@given(st.integers(1, 30), st.lists(st.floats(0, 600), max_size=300))
def test_an_hour_never_has_more_than_twice_what_is_allowed(most: int, pauses: list[float]) -> None:
    """A full bucket, and what flows in meanwhile; whatever comes in whatever order."""
    storm, now, went = Storm(most), 0.0, []
    for pause in pauses:
        now += pause
        if storm.allows(now):
            went.append(now)
    for first in went:
        assert sum(first <= at < first + HOUR for at in went) <= 2 * most


def test_a_storm_passes() -> None:
    storm = Storm(2)
    assert [storm.allows(0.0) for _ in range(3)] == [True, True, False]
    assert not storm.allows(HOUR / 2 - 1)
    assert storm.allows(HOUR / 2)


def fill(per_hour: int, hours: int) -> Filling:
    filling = Filling()
    for point in range(hours * 12 + 1):
        filling.note(point * EVERY, 50 * GB - per_hour * point // 12)
    return filling


def test_a_disk_lasts_for_what_is_left_at_the_pace_of_today() -> None:
    lasts = fill(per_hour=GB, hours=10).lasts(reserve=GB)
    assert lasts is not None
    assert lasts.total_seconds() == pytest.approx(timedelta(hours=39).total_seconds(), rel=0.01)


@pytest.mark.parametrize(("per_hour", "hours"), [(0, 10), (-GB, 10), (10 * GB, 0)])
def test_one_that_does_not_fill_or_is_new_lasts(per_hour: int, hours: int) -> None:
    assert fill(per_hour, hours).lasts(reserve=GB) is None


def test_looks_that_come_fast_are_one_point() -> None:
    filling = Filling()
    for at in range(0, 3000, 30):
        filling.note(at, 50 * GB - at * GB)
    assert filling.lasts(0) is None, "50 minutes are no hour"


def test_a_clock_that_is_set_is_noticed_and_said_for_a_while() -> None:
    jumps = Jumps()
    assert jumps.look(NOON, 0.0) is None
    assert jumps.look(NOON + timedelta(seconds=15), 5.0) is None, "10 s are steered away"
    assert jumps.look(NOON + timedelta(hours=2), 10.0) == timedelta(hours=2, seconds=-20)
    later = NOON + timedelta(hours=2, seconds=SAID_FOR)
    assert jumps.look(later, 10.0 + SAID_FOR) is not None
    assert jumps.look(later + timedelta(seconds=1), 11.0 + SAID_FOR) is None


def test_a_clock_that_is_set_back_is_noticed_too() -> None:
    jumps = Jumps()
    jumps.look(NOON, 0.0)
    assert jumps.look(NOON - timedelta(days=1), 60.0) == timedelta(days=-1, seconds=-60)
