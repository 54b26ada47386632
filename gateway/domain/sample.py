"""What the box measures of itself in a span of time, for the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3600
ALL: Final = ""
"""The subject of all together."""


class Series(StrEnum):
    """What is measured.

    Of what is counted, the total is the count. Of what is timed or looked at, the total is the sum
    of what was found, so that the mean is the total by the count.
    """

    ACCEPTED = "accepted"
    """Jobs taken; the subject is the store."""
    SENT = "sent"
    """Parts that the network took; the subject is the modem."""
    DELIVERED = "delivered"
    """Parts that the network reported as delivered; the subject is the modem."""
    FAILED = "failed"
    """Parts that were refused; the subject is the failure class."""
    REPORT_DELAY = "report_delay"
    """Seconds from the network's taking a part to the report of its delivery."""
    QUEUE = "queue"
    """Jobs that wait; the subject is the urgency."""
    SIGNAL = "signal"
    """dBm; the subject is the modem."""
    LOOP_DELAY = "loop_delay"
    """Seconds that a message between two lines of one's own took."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What was measured of one subject in one span."""

    series: Series
    subject: str = ALL
    count: int
    total: float
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The samples of one span, of all nodes."""

    at: datetime
    """When the span began; UTC."""
    count: int
    total: float
    least: float | None
    most: float | None

    @property
    def mean(self) -> float | None:
        """What was found on average; None when nothing was."""
        return self.total / self.count if self.count else None


def span_of(at: datetime, span: int) -> datetime:
    """Return when the span began in which an instant lies; UTC."""
    return datetime.fromtimestamp(at.timestamp() // span * span, UTC)


def span_length(span: int) -> timedelta:
    """Return how long a span is."""
    return timedelta(seconds=span)
