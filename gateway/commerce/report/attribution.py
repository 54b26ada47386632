"""Which message an order is put down to: the last touch. Pure.

A code that was redeemed names its message outright. Else the last touch before the order counts: a
click for five days, a delivery for a day, over all messages of the store, so that no order is put
down to two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from typing import Final

from gateway.db.commerce.decisions import DecisionKey
from gateway.domain.ids import Campaign, PersonId


class Kind(IntEnum):
    """How a person was touched; of two at one instant the higher counts."""

    DELIVERED = 1
    CLICKED = 2
    REDEEMED = 3


CLICKED_FOR: Final = timedelta(days=5)
DELIVERED_FOR: Final = timedelta(hours=24)

_LASTS: Final = {Kind.CLICKED: CLICKED_FOR, Kind.DELIVERED: DELIVERED_FOR}


@dataclass(frozen=True, kw_only=True, slots=True)
class Touch:
    """That a message reached a person, or was followed."""

    at: datetime
    kind: Kind
    decision: DecisionKey
    campaign: Campaign


@dataclass(frozen=True, kw_only=True, slots=True)
class Sale:
    """An order that stands."""

    order_id: str
    person: PersonId
    placed_at: datetime
    revenue: Decimal
    """Of the goods, less what was given back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attributed:
    """An order, and the touch that it is put down to."""

    sale: Sale
    touch: Touch


def attribute(
    sales: Iterable[Sale],
    touches: Mapping[PersonId, Sequence[Touch]],
    redeemed: Mapping[str, Touch],
) -> Iterator[Attributed]:
    """Yield each order that a message is behind, with its touch.

    Args:
        sales: orders that stand.
        touches: deliveries and clicks of each person, in any order, over all messages of the store.
        redeemed: by order, the message whose code it was placed with; whoever placed it.
    """
    sorted_touches = {
        person: sorted(some, key=lambda one: (one.at, one.kind, one.decision))
        for person, some in touches.items()
    }
    for sale in sales:
        touch = redeemed.get(sale.order_id) or _last(sale, sorted_touches.get(sale.person, ()))
        if touch is not None:
            yield Attributed(sale=sale, touch=touch)


def _last(sale: Sale, touches: Sequence[Touch]) -> Touch | None:
    before = touches[: bisect_right(touches, sale.placed_at, key=lambda one: one.at)]
    lasting = (one for one in reversed(before) if _lasts(one, sale.placed_at))
    return next(lasting, None)


def _lasts(touch: Touch, until: datetime) -> bool:
    lasts = _LASTS.get(touch.kind)
    return lasts is not None and until - touch.at < lasts
