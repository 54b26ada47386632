"""Writes what an event says happened in a shop; whom it turns out to be about comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from gateway.commerce.shop.goods import (
    learn_items,
    learn_updated,
    learn_viewed,
    line_of,
    list_of,
)
from gateway.commerce.shop.whom import Whom
from gateway.db.shop.carts import CartNews, cart_whom, mark_bought, settle_carts, tell_cart
from gateway.db.shop.orders import PLACED, OrderNews, Placed, order_whom, tell_order
from gateway.db.shop.owners import claim
from gateway.db.shop.shipments import tell_shipment
from gateway.db.shop.views import count_view
from gateway.domain.event import CustomerUpdate, StoreEvent
from gateway.domain.shop import (
    CartUpdated,
    CheckoutStarted,
    CouponApplied,
    OrderCompleted,
    OrderReversed,
    OrderUpdated,
    ProductUpdated,
    ProductViewed,
    ShipmentUpdated,
)

_Write = Callable[[Connection, StoreEvent, Any, Whom], Whom]


def write(connection: Connection, event: StoreEvent, whom: Whom) -> Whom:
    """Write what an event says.

    Args:
        connection: the transaction.
        event: the event.
        whom: whom it names.

    Returns:
        Whom it is about: of an order, a parcel or a cart whose event names nobody, its own.
    """
    writer = _WRITERS.get(type(event.content))
    return whom if writer is None else writer(connection, event, event.content, whom)


def _customer(connection: Connection, event: StoreEvent, said: CustomerUpdate, whom: Whom) -> Whom:
    """Give the person what the customer did before the number was told."""
    if said.customer is not None and whom.person is not None:
        former = claim(connection, event.store, said.customer, whom.person)
        settle_carts(connection, event.store, {*former, whom.person})
    return whom


def _viewed(connection: Connection, event: StoreEvent, said: ProductViewed, whom: Whom) -> Whom:
    learn_viewed(connection, event.store, said, event.time)
    count_view(connection, event.store, said.product_id, whom.person, whom.customer, event.time)
    return whom


def _cart(
    connection: Connection, event: StoreEvent, said: CartUpdated | CheckoutStarted, whom: Whom
) -> Whom:
    learn_items(connection, event.store, said.items, said.currency, event.time)
    news = CartNews(
        at=event.time,
        products=list_of(said.items),
        value=said.value,
        currency=said.currency,
        url=said.url,
        checkout_id=said.checkout_id if isinstance(said, CheckoutStarted) else None,
        person=whom.person,
        customer=whom.customer,
    )
    tell_cart(connection, event.store, said.cart_id, news)
    return _or_else(whom, cart_whom(connection, event.store, said.cart_id))


def _completed(connection: Connection, event: StoreEvent, said: OrderCompleted, whom: Whom) -> Whom:
    learn_items(connection, event.store, said.items, said.currency, event.time)
    facts = {
        "total": said.total,
        "revenue": said.revenue,
        "currency": said.currency,
        "coupon": said.coupon,
        "cart_id": said.cart_id,
        "checkout_id": said.checkout_id,
        "first": said.first,
    }
    placed = Placed(facts=facts, lines=[line_of(item) for item in said.items])
    row = tell_order(
        connection, event.store, said.order_id, _news(event, whom, PLACED, placed=placed)
    )
    mark_bought(connection, row)
    return _or_else(whom, (row.person, row.customer))


def _updated(connection: Connection, event: StoreEvent, said: OrderUpdated, whom: Whom) -> Whom:
    row = tell_order(connection, event.store, said.order_id, _news(event, whom, said.status))
    return _or_else(whom, (row.person, row.customer))


def _reversed(connection: Connection, event: StoreEvent, said: OrderReversed, whom: Whom) -> Whom:
    news = _news(event, whom, said.kind, refunded=said.total, currency=said.currency)
    row = tell_order(connection, event.store, said.order_id, news)
    return _or_else(whom, (row.person, row.customer))


def _news(event: StoreEvent, whom: Whom, status: str, **said: Any) -> OrderNews:
    return OrderNews(
        at=event.time, status=str(status), person=whom.person, customer=whom.customer, **said
    )


def _shipped(connection: Connection, event: StoreEvent, said: ShipmentUpdated, whom: Whom) -> Whom:
    facts = {
        "order_id": said.order_id,
        "status": said.status.value,
        "company": said.company,
        "tracking_number": said.tracking_number,
        "tracking_url": said.tracking_url,
        "estimated_at": said.estimated_at,
    }
    tell_shipment(connection, event.store, said.shipment_id, facts, event.time)
    return _or_else(whom, order_whom(connection, event.store, said.order_id))


def _product(connection: Connection, event: StoreEvent, said: ProductUpdated, whom: Whom) -> Whom:
    learn_updated(connection, event.store, said, event.time)
    return whom


def _coupon(connection: Connection, event: StoreEvent, said: CouponApplied, whom: Whom) -> Whom:
    """Keep nothing: whether a code was used in the end is in the order."""
    if said.order_id is not None:
        return _or_else(whom, order_whom(connection, event.store, said.order_id))
    if said.cart_id is not None:
        return _or_else(whom, cart_whom(connection, event.store, said.cart_id))
    return whom


def _or_else(whom: Whom, other: tuple[Any, ...]) -> Whom:
    """Return whom an event names, with what is known of its order or cart."""
    person, customer = other
    return replace(whom, person=person or whom.person, customer=customer or whom.customer)


_WRITERS: Final[Mapping[type, _Write]] = {
    CustomerUpdate: _customer,
    ProductViewed: _viewed,
    CartUpdated: _cart,
    CheckoutStarted: _cart,
    OrderCompleted: _completed,
    OrderUpdated: _updated,
    OrderReversed: _reversed,
    ShipmentUpdated: _shipped,
    ProductUpdated: _product,
    CouponApplied: _coupon,
}
