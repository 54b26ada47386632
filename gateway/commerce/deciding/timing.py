"""When the message of an arm goes. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.commerce.experiments import Arm


def goes_at(arm: Arm, wanted: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant from which on the message of an arm may go.

    Args:
        arm: what was drawn.
        wanted: from when on any arm's may go; UTC.
        zone: of the person's clock.

    Returns:
        With an hour, its first beginning at or after ``wanted`` and the arm's delay, or the same
        instant where that lies within the hour; UTC.
    """
    earliest = wanted + arm.delay
    if arm.hour is None:
        return earliest
    local = earliest.astimezone(zone)
    if local.hour == arm.hour:
        return earliest
    day = local.date() + timedelta(days=local.hour > arm.hour)
    # An hour that a clock leaves out is read as the one after it (PEP 495).
    return datetime.combine(day, time(arm.hour), zone).astimezone(UTC)
