"""Sees in orders which codes were used: a listener of what happens in shops."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gateway.commerce.coupons.redeeming import credit_late, redeem
from gateway.domain.event import CustomerUpdate, StoreEvent
from gateway.domain.ids import PersonId
from gateway.domain.shop import OrderCompleted


def note_coupon(
    connection: Connection,
    event: StoreEvent,
    person: PersonId | None,
    customer: str | None,
    now: datetime,
) -> None:
    """Note that an order used a code; see `gateway.commerce.shop.Listener`.

    Whose an order is may be told after it, with the number of its customer.
    """
    said = event.content
    if isinstance(said, CustomerUpdate) and person is not None:
        credit_late(connection, event.store, person)
    if isinstance(said, OrderCompleted) and said.coupon is not None:
        redeem(
            connection,
            event.store,
            said.coupon,
            said.order_id,
            person,
            event.time,
            discount=said.discount,
            first=said.first,
        )
