"""What the models advise about one person, and until when it is advice.

How it comes about is the models' concern (`scoring`); here it is data, small enough to be kept for
a million persons.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from gateway.domain.clock import require_aware

STALE_AFTER: Final = timedelta(days=14)
"""Older scores are advice no more."""

HOURS: Final = 168
"""Hours of a week, from Monday 00."""

MOST_PRODUCTS: Final = 100
"""Products in one list at most; nobody names more in a message."""

_STEPS: Final = 0xFFFF
_PACKED: Final = struct.Struct(f"<f{HOURS}H")
PACKED_OCTETS: Final = _PACKED.size


class BestHours(StrEnum):
    """What a shop's data speak for."""

    NOW = "now"
    """The hour does not matter."""
    ONE_HOUR = "one_hour"
    """One hour is best for everybody."""
    PERSONAL = "personal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """The advice about one person of one store.

    Raises:
        ValueError: a field cannot be; the text names it.
    """

    store: str
    person_id: str
    """The pseudonym, as in the lake."""
    churn: float | None
    """P(no purchase in the next ``horizon_days``); None: too little is known."""
    value: float | None
    """Expected spend in the next ``horizon_days``, in the store's currency."""
    value_low: float | None
    value_high: float | None
    next_order_at: datetime | None
    """UTC; None: not within a year."""
    hours: tuple[float, ...]
    """P(answer) in each hour of the week on the person's wall clock, from Monday 00; empty where no
    model tells."""
    best_hours: BestHours
    buy_again: tuple[str, ...]
    """Products, best first."""
    new_for_you: tuple[str, ...]
    """Products never bought, best first."""
    uplift: float | None
    """P(buys if written to) - P(buys if not); None: no experiment tells."""
    horizon_days: int
    model_id: str
    made_at: datetime
    """UTC."""

    def __post_init__(self) -> None:
        require_aware("made_at", self.made_at)
        if self.next_order_at is not None:
            require_aware("next_order_at", self.next_order_at)
        _require_within("churn", self.churn, 0, 1)
        _require_within("uplift", self.uplift, -1, 1)
        for name in ("value", "value_low", "value_high"):
            _require_within(name, getattr(self, name), 0, math.inf)
        _require_curve(self.hours)
        if max(len(self.buy_again), len(self.new_for_you)) > MOST_PRODUCTS:
            raise ValueError(f"buy_again or new_for_you has more than {MOST_PRODUCTS} products")

    def is_stale(self, now: datetime) -> bool:
        """Tell whether it is advice no more."""
        return is_stale(self.made_at, now)


def is_stale(made_at: datetime, now: datetime) -> bool:
    """Tell whether scores made at an instant are advice no more."""
    return now - made_at > STALE_AFTER


def _require_within(name: str, number: float | None, least: float, most: float) -> None:
    if number is not None and not (math.isfinite(number) and least <= number <= most):
        raise ValueError(f"{name} is {number}; right: {least:g} to {most:g}")


def _require_curve(hours: Sequence[float]) -> None:
    if not hours:
        return
    if len(hours) != HOURS:
        raise ValueError(f"hours has {len(hours)} numbers; right: {HOURS}")
    for number in (min(hours), max(hours), sum(hours)):
        if not (math.isfinite(number) and number >= 0):
            raise ValueError(f"hours has {number}; right: numbers from 0")


def send_hour(hours: Sequence[float]) -> int | None:
    """Return the hour of the day, 0 to 23, in which most answers come over a week.

    Returns:
        The earliest of several alike; None where no model tells.
    """
    if not hours:
        return None
    sums = [sum(hours[hour::24]) for hour in range(24)]
    return sums.index(max(sums))


def pack_hours(hours: Sequence[float]) -> bytes:
    """Return a curve in `PACKED_OCTETS`: its highest point, and each as a share of that.

    What is lost is less than a hundred-thousandth of the highest point.
    """
    if not hours:
        return b""
    peak = max(hours)
    scale = _STEPS / peak if peak > 0 else 0
    return _PACKED.pack(peak, *(round(hour * scale) for hour in hours))


def unpack_hours(packed: bytes) -> tuple[float, ...]:
    """Return a curve that `pack_hours` packed.

    Raises:
        ValueError: it did not.
    """
    if not packed:
        return ()
    if len(packed) != PACKED_OCTETS:
        raise ValueError(f"hours has {len(packed)} octets; right: {PACKED_OCTETS}")
    peak, *steps = _PACKED.unpack(packed)
    return tuple(step * peak / _STEPS for step in steps)
