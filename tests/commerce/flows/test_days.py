"""The days of persons' calendars: each begins where it begins first, and none is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.commerce.flows.days import at_hour, began, birthdays_on, days_now


@given(st.integers(0, 10_000_000))
def test_a_day_is_looked_for_from_where_it_begins_first_to_where_it_ends_last(
    minutes: int,
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    days = days_now(now)
    for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/London", "Asia/Kolkata"):
        assert now.astimezone(ZoneInfo(name)).date() in days
    assert all(began(day) <= now for day in days)


def test_the_morning_is_the_persons_own() -> None:
    day = date(2026, 11, 26)
    assert at_hour(day, 9, ZoneInfo("Pacific/Kiritimati")) == began(day) + timedelta(hours=9)
    assert at_hour(day, 9, ZoneInfo("America/New_York")) == datetime(2026, 11, 26, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        (date(2026, 11, 26), ["11-26"]),
        (date(2026, 2, 28), ["02-28", "02-29"]),
        (date(2028, 2, 28), ["02-28"]),
        (date(2028, 2, 29), ["02-29"]),
        (date(2026, 3, 1), ["03-01"]),
    ],
)
def test_who_was_born_on_29_february_has_a_birthday_each_year(day: date, kept: list[str]) -> None:
    assert birthdays_on(day) == kept
