"""The days of persons' calendars, for what is looked for once a day. Pure."""

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

FIRST_ZONE: Final = timedelta(hours=14)
"""Where a day begins first, on Kiribati; the last clocks of the Earth end it 26 hours later."""

LAST_ZONE: Final = timedelta(hours=-12)

_LEAP_DAY: Final = "02-29"


def days_now(now: datetime) -> list[date]:
    """Return the dates that it is somewhere on Earth.

    Args:
        now: UTC.
    """
    first, last = (now + LAST_ZONE).date(), (now + FIRST_ZONE).date()
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]


def began(day: date) -> datetime:
    """Return when a day begins where it begins first; UTC."""
    return datetime.combine(day, time(), UTC) - FIRST_ZONE


def at_hour(day: date, hour: int, zone: tzinfo) -> datetime:
    """Return the hour of a day on a clock; UTC. One that is left out is the one after it."""
    return datetime.combine(day, time(hour), zone).astimezone(UTC)


def birthdays_on(day: date) -> list[str]:
    """Return which birthdays are kept on a day, as ``11-26``.

    Who was born on 29 February keeps it on the 28th in years without one, so that the wish is not
    late.
    """
    kept = f"{day:%m-%d}"
    if (day.month, day.day) == (2, 28) and not isleap(day.year):
        return [kept, _LEAP_DAY]
    return [kept]
