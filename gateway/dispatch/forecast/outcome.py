"""What came of a play. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from gateway.domain.ids import LineId


@dataclass(kw_only=True, slots=True)
class Share:
    """What went over one line, of what was asked about."""

    messages: int = 0
    parts: int = 0
    cost: Decimal = Decimal(0)


@dataclass(kw_only=True, slots=True)
class Played:
    """Seconds are from the start of the play."""

    shares: dict[LineId, Share] = field(default_factory=dict)
    first_at: float | None = None
    """When the first message goes; None when none does."""
    last_at: float | None = None
    """When the last part of the last one goes."""
    expired: int = 0
    """Messages whose deadline comes before their turn."""
    left: int = 0
    """Messages that no line sends within the time that was played."""
    ahead: int = 0
    """Parts of others that go before the last of these."""

    def count(self, line: LineId, messages: int, parts: int, price: Decimal) -> None:
        """Count messages that a line hands over, of so many parts each at a price."""
        share = self.shares.setdefault(line, Share())
        share.messages += messages
        share.parts += messages * parts
        share.cost += messages * parts * price
