"""The hour at which a person answers most, of those at which they may be written to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from gateway.domain.score import BestHours, Score

WEEK: Final = timedelta(days=7)
HOUR: Final = timedelta(hours=1)


class Opens(Protocol):
    """When somebody may be written to."""

    def opening(self, at: datetime) -> datetime | None:
        """Return the first instant from ``at`` on that is inside; None when there is none."""
        ...


def slots_of(begins: datetime, ends: datetime) -> list[datetime]:
    """Return when the hours begin in which something can be sent, a week's at most; UTC.

    The first is the instant at which it begins, within its hour.
    """
    first = begins.replace(minute=0, second=0, microsecond=0)
    until = min(ends, begins + WEEK)
    hours = [first + HOUR * number for number in range(int(WEEK / HOUR) + 1)]
    return [max(begins, hour) for hour in hours if hour < until]


def hour_of_week(at: datetime, zone: ZoneInfo) -> int:
    """Return the hour of the week on a zone's wall, from Monday 00, as scores have it."""
    local = at.astimezone(zone)
    return local.weekday() * 24 + local.hour


def curve(score: Score | None, slots: Sequence[datetime], zone: ZoneInfo) -> list[float]:
    """Return how likely a person answers in each slot; the same everywhere where nothing tells.

    Where the shop's data say that the hour does not matter, the first is as good as any.
    """
    if score is None or not score.hours or score.best_hours is BestHours.NOW:
        return [1.0] * len(slots)
    return [score.hours[hour_of_week(slot, zone)] for slot in slots]


def best_slot(
    score: Score | None, slots: Sequence[datetime], zone: ZoneInfo, opens: Opens | None
) -> datetime:
    """Return when a person's message goes.

    Args:
        score: what the models advise; None where they know nothing.
        slots: `slots_of`; at least one.
        zone: of the person's clock.
        opens: when the person may be written to; None: at any hour.

    Returns:
        The start of the best slot in which the person may be written to, the earlier of two alike;
        the first slot where there is none, and the gate says what is to be done.
    """
    worth = curve(score, slots, zone)
    order = sorted(range(len(slots)), key=lambda place: -worth[place])
    for place in order:
        if opens is None or opens.opening(slots[place]) == slots[place]:
            return slots[place]
    return slots[0]
