"""What a part costs on a line, as its operator states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Tariff:
    """Prices of one line, in the currency of its gateway."""

    part: Decimal = Decimal(0)
    """To everywhere else; 0 also of a line that is paid for by the month."""
    to: Mapping[str, Decimal] = field(default_factory=dict)
    """By prefix of the recipient, such as ``+44``; the longest that fits counts."""

    def price(self, destination: str) -> Decimal:
        """Return the price of a part.

        Args:
            destination: a recipient (E.164), or the beginning that several share. Where a dearer
                price is for some of them, it is the dearest: what cannot be told apart is not
                taken for cheap.
        """
        if not self.to:
            return self.part
        fits = [prefix for prefix in self.to if destination.startswith(prefix)]
        price = self.to[max(fits, key=len)] if fits else self.part
        within = [cost for prefix, cost in self.to.items() if prefix.startswith(destination)]
        return max([price, *within])


FLAT: Final = Tariff()
"""Of a line whose parts cost nothing more."""
