"""The tally: nothing is counted twice, nothing is lost, and nothing makes it grow without end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.measures import COUNTED, TIMED, Counted, Timed
from gateway.meter import Tally
from gateway.meter.tally import MOST, OTHER, Spread

SECONDS = st.floats(min_value=0, max_value=1e7, allow_nan=False)


def test_what_is_counted_adds_up_by_its_labels() -> None:
    tally = Tally()
    tally.count(Counted.PARTS_SENT, "m0", "otp")
    tally.count(Counted.PARTS_SENT, "m0", "otp", by=3)
    tally.count(Counted.PARTS_SENT, "m1", "otp")
    assert tally.counts == {
        (Counted.PARTS_SENT, ("m0", "otp")): 4,
        (Counted.PARTS_SENT, ("m1", "otp")): 1,
    }


@given(st.lists(SECONDS))
def test_each_time_is_in_the_first_bucket_that_reaches_it(times: list[float]) -> None:
    bounds = (1.0, 2.0, 60.0)
    spread = Spread(bounds)
    for seconds in times:
        spread.add(seconds)
    assert sum(spread.buckets) == spread.count == len(times)
    for place, bound in enumerate(bounds):
        assert sum(spread.buckets[: place + 1]) == sum(seconds <= bound for seconds in times)
    assert spread.total == pytest.approx(sum(times))


def test_extremes_are_those_since_they_were_last_taken() -> None:
    spread = Spread((1.0,))
    for seconds in (3.0, 1.0, 2.0):
        spread.add(seconds)
    assert spread.take_extremes() == (1.0, 3.0)
    assert spread.take_extremes() == (None, None)
    spread.add(9.0)
    assert spread.take_extremes() == (9.0, 9.0)


def test_a_clock_that_was_set_back_takes_no_time_away() -> None:
    tally = Tally()
    tally.time(Timed.REPORT_DELAY, -3600.0, "m0")
    assert tally.spreads[Timed.REPORT_DELAY, ("m0",)].total == 0.0


def test_labels_without_end_are_counted_together() -> None:
    """What it protects: the memory of the box, against a fault of ours."""
    tally = Tally()
    for number in range(MOST + 50):
        tally.count(Counted.PARTS_RECEIVED, f"m{number}")
        tally.time(Timed.SUBMIT, 1.0, f"m{number}")
    assert len(tally.counts) == len(tally.spreads) == MOST + 1
    assert tally.counts[Counted.PARTS_RECEIVED, (OTHER,)] == 50
    assert tally.spreads[Timed.SUBMIT, (OTHER,)].count == 50
    assert tally.counts[Counted.PARTS_RECEIVED, ("m0",)] == 1


def test_all_that_can_be_counted_is_described() -> None:
    assert set(COUNTED) == set(Counted)
    assert set(TIMED) == set(Timed)
    for about in TIMED.values():
        assert list(about.bounds) == sorted(set(about.bounds)), about.text
