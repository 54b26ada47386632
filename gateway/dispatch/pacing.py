"""How fast a line may send: a pure token bucket, in parts.

Daily limits are counted in the database, in the transaction of the intent, so that they survive a
restart; see `gateway.db.lines`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """A bucket that holds one part: parts leave evenly, never in bursts that operators notice.

    Attributes:
        next_at: seconds on the caller's monotonic clock from which the next part may leave.
    """

    next_at: float = 0.0

    def wait(self, now: float) -> float:
        """Return the seconds until the next part may leave, 0.0 when it may now."""
        return max(0.0, self.next_at - now)

    def take(self, now: float, per_second: float | None, parts: int = 1) -> None:
        """Count parts that leave at ``now``, at so many a second or without a limit."""
        if per_second is not None:
            self.next_at = max(now, self.next_at) + parts / per_second
