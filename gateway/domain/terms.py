"""On what terms a line may be used: what the law and its contract bar, and how much they allow."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.domain.phone import EVERYBODY, Prefixes
from gateway.domain.purpose import Purpose


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """What a line may not send, and therefore does not claim."""

    marketing: bool
    """Whether it bars marketing, or everything else."""
    to: Prefixes = EVERYBODY
    """To whom."""

    def holds(self, recipient: str, purpose: Purpose) -> bool:
        """Tell whether it bars a message to a recipient (E.164)."""
        return (purpose is Purpose.MARKETING) is self.marketing and self.to.match(recipient)


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """What holds for a line beside what its operator planned; None is no limit."""

    bars: tuple[Bar, ...] = ()
    per_second: float | None = None
    """Parts."""
    parts_per_day: int | None = None
    recipients_per_day: int | None = None
    """Different ones."""


FREE = Terms()
"""The terms of a line that nothing is asked of."""


def stricter(one: float | None, other: float | None) -> float | None:
    """Return the lower of two limits, of which None is none."""
    given = [limit for limit in (one, other) if limit is not None]
    return min(given, default=None)
