"""From when on something is wrong, as the operator sets it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmLimits:
    """The thresholds; the defaults are those of the configuration."""

    line_down: timedelta = timedelta(minutes=5)
    """How long a modem may be out of service."""
    urgent_wait: timedelta = timedelta(minutes=10)
    """How long what is no marketing may wait."""
    reports_share: float = 0.6
    """Of the share of reports that came before."""
    disk_free: int = 500_000_000
    """Octets that are to be free."""
    disk_ahead: timedelta = timedelta(days=3)
    """How long the disk has to last."""
    broker_away: timedelta = timedelta(minutes=2)
    """How long the broker may be away."""
    loop_slow: timedelta = timedelta(minutes=2)
    """How long a message between own lines may take."""
