"""The stretches of time that budgets are for: a minute, an hour, a local day, a local month.

Minutes and hours are those of UTC, so that no change of the clocks makes one twice as long; days
and months are those of the box's zone, as a SIM's tariff counts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final


class Span(StrEnum):
    """The kinds, the shortest first."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


LENGTHS: Final[Mapping[Span, timedelta]] = {
    Span.MINUTE: timedelta(minutes=1),
    Span.HOUR: timedelta(hours=1),
}
"""Of those that are always equally long."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Those in which an instant lies."""

    now: datetime
    """Aware."""
    zone: tzinfo
    """Where days and months begin."""

    @property
    def day(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()

    @property
    def month(self) -> date:
        """The first day of the local month."""
        return self.day.replace(day=1)

    def begins(self, span: Span) -> datetime:
        """Return the instant at which one began; UTC."""
        if span is Span.MINUTE:
            return self.now.astimezone(UTC).replace(second=0, microsecond=0)
        if span is Span.HOUR:
            return self.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return self._midnight(self.day if span is Span.DAY else self.month)

    def ends(self, span: Span) -> datetime:
        """Return the instant at which the next one begins; UTC."""
        if span in LENGTHS:
            return self.begins(span) + LENGTHS[span]
        if span is Span.DAY:
            return self._midnight(self.day + timedelta(days=1))
        return self._midnight((self.month + timedelta(days=31)).replace(day=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Uses:
    """What a line was handed in each of them; parts, and different persons in the day."""

    minute: int = 0
    hour: int = 0
    day: int = 0
    month: int = 0
    recipients: int = 0

    def of(self, span: Span) -> int:
        """Return the parts in one of them."""
        return int(getattr(self, span.value))
