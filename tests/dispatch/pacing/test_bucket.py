"""What leaves a bucket keeps to its rate in every stretch of time, however it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dispatch.pacing.bucket import Bucket

RATES = st.floats(0.01, 100)
GAPS = st.lists(st.floats(0, 30), min_size=2, max_size=50)


def test_without_a_rate_nothing_waits() -> None:
    bucket = Bucket()
    bucket.take(1.0, None)
    assert bucket.wait(1.0, None) == 0.0


def test_the_first_part_leaves_at_once_and_the_second_one_interval_later() -> None:
    bucket = Bucket()
    assert bucket.wait(100.0, 0.5) == 0.0
    bucket.take(100.0, 0.5)
    assert bucket.wait(100.5, 0.5) == pytest.approx(1.5)
    assert bucket.wait(102.0, 0.5) == 0.0


def test_idleness_saves_nothing_up() -> None:
    bucket = Bucket()
    bucket.take(0.0, 1.0)
    bucket.take(1000.0, 1.0)
    assert bucket.wait(1000.0, 1.0) == pytest.approx(1.0)


def test_a_new_rate_holds_for_who_waits_already() -> None:
    bucket = Bucket()
    bucket.take(0.0, 1 / 3600)
    assert bucket.wait(10.0, 1 / 3600) == pytest.approx(3590)
    assert bucket.wait(10.0, 1.0) == 0.0


def test_a_message_larger_than_the_bucket_is_waited_for_by_what_follows() -> None:
    bucket = Bucket()
    assert bucket.wait(0.0, 1.0, parts=5) == 0.0
    bucket.take(0.0, 1.0, parts=5)
    assert bucket.wait(0.0, 1.0) == pytest.approx(5.0)


@given(GAPS, RATES, st.floats(1, 5), st.lists(st.integers(1, 10), min_size=50, max_size=50))
def test_never_more_than_the_rate_and_the_burst_in_any_stretch(
    gaps: list[float], per_second: float, burst: float, sizes: list[int]
) -> None:
    bucket, now = Bucket(burst=burst), 0.0
    departures: list[tuple[float, int]] = []
    for gap, parts in zip(gaps, sizes, strict=False):
        now += gap
        now += bucket.wait(now, per_second, parts)
        bucket.take(now, per_second, parts)
        departures.append((now, parts))
    for first, (begin, _) in enumerate(departures):
        total = 0
        for end, parts in departures[first:]:
            total += parts
            allowed = per_second * (end - begin) + max(burst, parts)
            assert total <= allowed + 1e-3
