"""What becomes of an order: processing, parcels, cancellations and returns."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from shop.calendar import Calendar
from shop.events import CURRENCY, amount, instant
from shop.post import Post

CANCELLED, RETURNED, MISSED, FAILED, COLLECTED = 0.03, 0.04, 0.04, 0.01, 0.03
"""Shares of the orders."""

_WAY: Final = (("label_printed", 5), ("confirmed", 8), ("in_transit", 20), ("out_for_delivery", 44))
"""Hours after the order."""


class Parcels:
    """Sends what was ordered.

    Attributes:
        journeys: for each order each status of its parcel that was published, with the instant
            at which the gateway was first told.
    """

    def __init__(self, calendar: Calendar, post: Post, random: Random) -> None:
        self.journeys: dict[str, dict[str, datetime]] = {}
        self.cancelled: set[str] = set()
        self._calendar = calendar
        self._post = post
        self._random = random

    def take(self, order: str, total: Decimal, customer: str | None, at: datetime) -> None:
        """Take an order."""
        self.journeys[order] = {}
        self._tell("shop.order.updated.v1", at, 0.2, order, customer, status="processing")
        if self._random.random() < CANCELLED:
            self.cancelled.add(order)
            hours = self._random.uniform(0.5, 4)
            self._tell("shop.order.cancelled.v1", at, hours, order, customer, **_money(total))
            return
        tempo = self._random.uniform(0.8, 1.6)
        for status, hours in (*_WAY, *self._end()):
            self._calendar.after(
                at,
                hours * tempo,
                lambda now, status=status: self._move(order, customer, status, at, now),  # type: ignore[misc]
            )
        if self._random.random() < RETURNED:
            self._tell(
                "shop.order.refunded.v1",
                at,
                self._random.uniform(150, 400),
                order,
                customer,
                **_money(total),
            )

    def _end(self) -> tuple[tuple[str, float], ...]:
        lot = self._random.random()
        if lot < FAILED:
            return (("failure", 52),)
        if lot < FAILED + MISSED:
            return (("attempted_delivery", 48), ("delivered", 72))
        if lot < FAILED + MISSED + COLLECTED:
            return (("ready_for_pickup", 50), ("delivered", 80))
        return (("delivered", 50),)

    def _move(
        self, order: str, customer: str | None, status: str, ordered_at: datetime, now: datetime
    ) -> None:
        said = {
            "order_id": order,
            "shipment_id": f"s{order}",
            "shipment_status": status,
            "tracking_company": "Parcels & Co",
            "tracking_number": f"PC{order[1:]:>08}",
            "tracking_url": f"https://parcels.example/t/PC{order[1:]:>08}",
            "estimated_delivery_at": instant(ordered_at + timedelta(hours=60)),
        }
        self.journeys[order][status] = self._post.publish(
            "shop.shipment.updated.v1", now, said, customer=customer
        )

    def _tell(
        self,
        kind: str,
        at: datetime,
        hours: float,
        order: str,
        customer: str | None,
        **said: object,
    ) -> None:
        properties = {"order_id": order, **said}

        def do(now: datetime) -> None:
            self._post.publish(kind, now, properties, customer=customer)

        self._calendar.after(at, hours, do)


def _money(total: Decimal) -> dict[str, object]:
    return {"total": amount(total, 0), "currency": CURRENCY}
