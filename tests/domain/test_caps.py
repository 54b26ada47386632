"""Caps: rolling windows, wherever they begin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.caps import Cap, free_at, longest

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CAPS = st.builds(
    Cap,
    count=st.integers(1, 4),
    window=st.integers(1, 100).map(lambda hours: timedelta(hours=hours)),
)
SENT = st.lists(
    st.integers(0, 200 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)), max_size=12
)


@pytest.mark.parametrize(
    ("text", "cap"),
    [
        ("2/24h", Cap(count=2, window=timedelta(hours=24))),
        ("6/7d", Cap(count=6, window=timedelta(days=7))),
        ("1/30d", Cap(count=1, window=timedelta(days=30))),
    ],
)
def test_a_cap_reads_and_writes(text: str, cap: Cap) -> None:
    assert Cap.parse(text) == cap
    assert str(cap) == text


@pytest.mark.parametrize("text", ["", "2", "0/24h", "2/0h", "2/24", "2 / 24h", "2/1w", 2])
def test_what_is_no_cap(text: object) -> None:
    with pytest.raises(ValueError, match="is no cap"):
        Cap.parse(text)


@given(caps=st.lists(CAPS, max_size=3), sent=SENT)
def test_another_message_fits_when_it_says_so_and_not_before(
    caps: list[Cap], sent: list[datetime]
) -> None:
    def fits(at: datetime) -> bool:
        return all(sum(at - cap.window < each <= at for each in sent) < cap.count for cap in caps)

    free = free_at(caps, sent, NOW)
    assert free >= NOW
    assert fits(free)
    if free > NOW:
        assert not fits(free - timedelta(seconds=1))


@pytest.mark.rule("US-2")
def test_the_third_in_a_day_waits_for_the_first_to_be_a_day_old() -> None:
    sent = [NOW - timedelta(hours=ago) for ago in (30, 20, 4)]
    assert free_at([Cap.parse("2/24h")], sent, NOW) == NOW + timedelta(hours=4)
    assert free_at([Cap.parse("3/24h")], sent, NOW) == NOW


def test_the_longest_says_how_far_to_look_back() -> None:
    assert longest([Cap.parse("2/24h"), Cap.parse("6/7d")]) == timedelta(days=7)
    assert longest([]) == timedelta()
