"""When a person may be written to for marketing: the hours of the person's own clock. Pure.

Service messages have no hours; whoever asks here asks about marketing (COMPLIANCE.md US-1, US-2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from gateway.consent.country import CountryPolicy, Span, Week
from gateway.consent.restdays import RestDays, rest_days
from gateway.consent.zones import Whereabouts

HORIZON: Final = 60
"""Days within which hours open again, or they never do: longer than any row of holidays."""

_TURNS: Final = 1000
"""How often clocks are asked in turn for an instant that suits all; each turn is a step forward."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hours:
    """The hours of a week on one clock."""

    week: Week
    zone: ZoneInfo
    rest: RestDays

    def open_at(self, now: datetime) -> bool:
        """Tell whether an instant is inside."""
        local = now.astimezone(self.zone)
        return any(span.holds(local.time()) for span in self._spans(local.date()))

    def opening(self, now: datetime) -> datetime | None:
        """Return the first instant from now on that is inside, UTC; None when there is none."""
        if self.open_at(now):
            return now
        first = now.astimezone(self.zone).date()
        for days in range(HORIZON):
            found = [
                start
                for start in self._starts(first + timedelta(days=days))
                if start >= now and self.open_at(start)
            ]
            if found:
                return min(found)
        return None

    def _spans(self, day: date) -> tuple[Span, ...]:
        asks = self.week.holidays is not None
        return self.week.spans(day, holiday=asks and day in self.rest)

    def _starts(self, day: date) -> Iterator[datetime]:
        """Give when the clock shows the start of each span: twice where an hour is repeated.

        A start that the clock jumps over gives an instant after the jump, and one before it that
        is not inside.
        """
        for span in self._spans(day):
            wall = datetime.combine(day, time(span.start // 60, span.start % 60), self.zone)
            yield wall.astimezone(UTC)
            yield wall.replace(fold=1).astimezone(UTC)


def hours_of(policy: CountryPolicy, where: Whereabouts) -> tuple[Hours, ...]:
    """Return all the hours that have to be open for a person: every rule on every clock (US-2).

    Args:
        policy: of the person's country.
        where: the person may be.
    """
    states = [policy.states[state] for state in sorted(where.states) if state in policy.states]
    windows = [state.marketing_window for state in states if state.marketing_window is not None]
    rest = rest_days(policy, where.postal_code)
    return tuple(
        Hours(week=week, zone=zone, rest=rest)
        for week in dict.fromkeys([policy.marketing_window, *windows])
        for zone in where.zones
    )


def next_opening(hours: Sequence[Hours], now: datetime) -> datetime | None:
    """Return the first instant from now on at which all are open, UTC; None when there is none.

    Args:
        hours: of every clock that the person may have.
        now: aware.
    """
    latest, at = now + timedelta(days=HORIZON), now.astimezone(UTC)
    for _ in range(_TURNS):
        openings = [each.opening(at) for each in hours]
        found = [opening for opening in openings if opening is not None]
        if len(found) < len(openings):
            return None
        if (later := max(found, default=at)) <= at:
            return at
        at = later
        if at > latest:
            return None
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Openings:
    """All the hours that have to be open for some persons; equal for whom they are the same."""

    hours: tuple[Hours, ...]

    def opening(self, at: datetime) -> datetime | None:
        """Return the first instant from ``at`` on that is inside, UTC; None when there is none."""
        return next_opening(self.hours, at)
