"""A line is as fast as its operator set on the mean, as uneven as a person, and never ahead."""

from __future__ import annotations

import itertools
from random import Random
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dispatch.pacing import Pace, Speed
from gateway.dispatch.pacing.jitter import SPREAD

PERSON = Speed(per_second=1 / 3, jitter=True)


def run(
    pace: Pace, speed: Speed, count: int, *, idle: float = 0.0, begin: float = 0.0
) -> list[float]:
    """Return when so many parts leave that are there as soon as they may."""
    now, departures = begin, []
    for _ in range(count):
        now += idle
        now += pace.wait(now, speed)
        pace.take(now, speed)
        departures.append(now)
    return departures


def gaps(departures: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(departures)]


def test_without_jitter_all_pauses_are_one() -> None:
    pauses = gaps(run(Pace(), Speed(per_second=0.5), 20))
    assert pauses == pytest.approx([2.0] * 19)


def test_with_jitter_no_two_pauses_are_alike_and_their_mean_is_the_rates() -> None:
    departures = run(Pace(Random(7)), PERSON, 1001)
    pauses = gaps(departures)
    assert len({round(pause, 6) for pause in pauses}) > 900
    assert 0.2 < pstdev(pauses) / fmean(pauses) < 0.5
    assert fmean(pauses) == pytest.approx(3.0, abs=3.0 * SPREAD / 1000)


def test_one_seed_gives_one_run() -> None:
    assert run(Pace(Random(3)), PERSON, 50) == run(Pace(Random(3)), PERSON, 50)
    assert run(Pace(Random(3)), PERSON, 50) != run(Pace(Random(4)), PERSON, 50)


def test_an_unlimited_line_has_no_pauses_to_vary() -> None:
    assert run(Pace(), Speed(jitter=True), 20) == [0.0] * 20


@given(st.integers(0, 2**32), st.floats(0.01, 10), st.lists(st.floats(0, 20), max_size=60))
def test_jitter_is_never_ahead_of_a_line_without_it(
    seed: int, per_second: float, idle: list[float]
) -> None:
    """From the first of a run on, and in any stretch but for the spread."""
    pace, speed = Pace(Random(seed)), Speed(per_second=per_second, jitter=True)
    first = run(pace, speed, 30)
    for number, departure in enumerate(first):
        assert departure >= number / per_second - 1e-3
    now, departures = first[-1], []
    for gap in idle:
        [now] = run(pace, speed, 1, idle=gap, begin=now)
        departures.append(now)
    for begin, end in itertools.combinations(range(len(departures)), 2):
        most = per_second * (departures[end] - departures[begin]) + 1 + SPREAD
        assert end - begin + 1 <= most + 1e-3


def test_after_a_rest_the_whole_pause_is_kept() -> None:
    """A line that rested is late for nothing, and has nothing to make up for."""
    for seed in range(50):
        pace = Pace(Random(seed))
        run(pace, PERSON, 5)
        first, second = run(pace, PERSON, 2, begin=1000.0)
        assert first == 1000.0
        assert second - first >= 3.0 - 1e-6


def test_jitter_that_is_turned_off_ends_at_once() -> None:
    pace = Pace(Random(1))
    [*_, last] = run(pace, PERSON, 10)
    plain = Speed(per_second=PERSON.per_second)
    assert gaps(run(pace, plain, 10, begin=last + 100)) == pytest.approx([3.0] * 9)


def test_congestion_halves_the_rate_down_to_a_floor() -> None:
    pace, speed = Pace(), Speed(per_second=16.0)
    run(pace, speed, 2)
    assert [pace.slow_down(1.0) for _ in range(6)] == [8.0, 4.0, 2.0, 1.0, 1.0, 1.0]
    assert len(gaps(run(pace, speed, 3, begin=10.0))) == 2
    assert gaps(run(pace, speed, 3, begin=20.0)) == pytest.approx([1.0, 1.0])


def test_each_minute_without_congestion_gives_a_step_back() -> None:
    pace, speed = Pace(), Speed(per_second=16.0)
    run(pace, speed, 2)
    pace.slow_down(100.0)
    assert [pace.rate(100.0 + 60 * minute, speed) for minute in range(10)] == pytest.approx(
        [8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 16.0]
    )
    assert pace.rate(159.9, speed) == 8.0


def test_congestion_on_the_way_back_halves_what_there_is() -> None:
    pace, speed = Pace(), Speed(per_second=16.0)
    run(pace, speed, 2)
    pace.slow_down(0.0)
    assert pace.slow_down(240.0) == pytest.approx(6.0)
    assert pace.rate(299.0, speed) == pytest.approx(6.0)
    assert pace.rate(301.0, speed) == pytest.approx(7.0)


def test_a_line_without_a_rate_slows_down_from_its_own_speed() -> None:
    pace, speed = Pace(), Speed()
    for second in range(0, 100, 5):
        pace.take(float(second), speed)
    assert pace.slow_down(100.0) == pytest.approx(0.1)
    assert gaps(run(pace, speed, 3, begin=110.0)) == pytest.approx([10.0, 10.0])
    assert pace.rate(100.0 + 8 * 60, speed) is None


@given(st.lists(st.tuples(st.floats(0, 600), st.booleans()), max_size=80), st.floats(0.05, 10))
def test_the_rate_is_never_above_what_is_set_and_never_nothing(
    events: list[tuple[float, bool]], per_second: float
) -> None:
    pace, speed, now = Pace(), Speed(per_second=per_second), 0.0
    for gap, congested in events:
        now += gap
        pace.take(now, speed)
        if congested:
            pace.slow_down(now)
        rate = pace.rate(now, speed)
        assert rate is not None
        assert per_second / 16 <= rate <= per_second
    assert pace.rate(now + 16 * 60, speed) == per_second, "it always comes back"
