"""How fast may lanes be sent from? A port, filled by `gateway.app`.

What a line's own pace asks for it waits for before it asks for work; here is what lines share: the
pace of an operator, a store, a country.
"""

from __future__ import annotations

from typing import Protocol, Self

from gateway.domain.lane import Lane


class Buckets(Protocol):
    """Knows how fast the lines together may send.

    Times are seconds on the loop's clock.
    """

    def copy(self) -> Self:
        """Return one to try out what would be taken: a choice may be made anew."""
        ...

    def wait(self, lane: Lane, now: float) -> float:
        """Return the seconds until a message from a lane may be begun, 0.0 when it may now."""
        ...

    def take(self, lane: Lane, parts: int, now: float) -> None:
        """Count the parts of a message that was taken from a lane."""
        ...


class NoBuckets:
    """The buckets of a gateway that paces nothing but its lines."""

    def copy(self) -> Self:
        """Return itself: it keeps nothing."""
        return self

    def wait(self, lane: Lane, now: float) -> float:
        """Return that everything may go."""
        return 0.0

    def take(self, lane: Lane, parts: int, now: float) -> None:
        """Forget it."""
