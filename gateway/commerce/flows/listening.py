"""Hears what happens in shops, and writes what it sets off, in the transaction of the event.

Events come in any order and more than once. What is older than what is known sets off nothing, and
what sets off a flow has a name: the same again is the same run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from gateway.commerce.flows.conditions import ON
from gateway.commerce.flows.flow import Flow, Trigger, Word
from gateway.commerce.flows.loading import Book
from gateway.db.commerce.coupons import REFERRAL, find_coupon
from gateway.db.commerce.flow_runs import (
    NewRun,
    Run,
    begin_runs,
    drop_about,
    move_run,
    named,
    waiting_about,
)
from gateway.db.shop.subjects import cart_row, shipment_row
from gateway.domain.event import StoreEvent
from gateway.domain.ids import PersonId
from gateway.domain.shop import (
    CartUpdated,
    CheckoutStarted,
    OrderCompleted,
    ProductChange,
    ProductUpdated,
    ShipmentStatus,
    ShipmentUpdated,
)

PARCEL_TRIGGERS: Final[Mapping[ShipmentStatus, Trigger]] = MappingProxyType(
    {
        ShipmentStatus.IN_TRANSIT: Trigger.ORDER_SHIPPED,
        ShipmentStatus.OUT_FOR_DELIVERY: Trigger.OUT_FOR_DELIVERY,
        ShipmentStatus.READY_FOR_PICKUP: Trigger.READY_FOR_PICKUP,
        ShipmentStatus.ATTEMPTED_DELIVERY: Trigger.ATTEMPTED_DELIVERY,
        ShipmentStatus.DELIVERED: Trigger.ORDER_DELIVERED,
    }
)
PRODUCT_TRIGGERS: Final[Mapping[ProductChange, Trigger]] = MappingProxyType(
    {
        ProductChange.RESTOCKED: Trigger.RESTOCKED,
        ProductChange.PRICE_DROP: Trigger.PRICE_DROPPED,
        ProductChange.NEW: Trigger.PRODUCT_NEW,
    }
)

SPREADS: Final = "spreads"
"""In the subject of a run that stands for all whom something concerns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heard:
    """An event, and whom it is about."""

    connection: Connection
    event: StoreEvent
    person: PersonId | None
    customer: str | None
    flows: Sequence[Flow]

    def of(self, trigger: Trigger) -> Iterator[Flow]:
        """Give the flows that something sets off, unless it is too old for them."""
        for flow in self.flows:
            if flow.trigger is trigger:
                yield flow

    def run(self, flow: Flow, trigger: str, topic: str, **subject: Any) -> NewRun:
        """Return the run that the event sets off."""
        return NewRun(
            store=self.event.store,
            flow=flow.name,
            trigger=trigger,
            topic=topic,
            person=self.person,
            customer=self.customer,
            subject={ON: flow.trigger.value, **subject},
            began_at=self.event.time,
            due_at=self.event.time + flow.wait,
        )


class FlowListener:
    """Fills the port `gateway.commerce.shop.Listener`.

    Args:
        book: the flows of all stores.
    """

    def __init__(self, book: Book) -> None:
        self._book = book

    def __call__(
        self,
        connection: Connection,
        event: StoreEvent,
        person: PersonId | None,
        customer: str | None,
        now: datetime,
    ) -> None:
        """Write what an event sets off, or ends; see the port."""
        if event.history:
            return
        heard = _Heard(
            connection=connection,
            event=event,
            person=person,
            customer=customer,
            flows=[flow for flow in self._book.of(event.store) if now < event.time + flow.within],
        )
        said = event.content
        if isinstance(said, CartUpdated | CheckoutStarted):
            _hear_of_cart(heard, said)
        elif isinstance(said, OrderCompleted):
            _hear_of_order(heard, said)
        elif isinstance(said, ShipmentUpdated):
            _hear_of_parcel(heard, said)
        elif isinstance(said, ProductUpdated):
            _hear_of_product(heard, said)


def _hear_of_cart(heard: _Heard, said: CartUpdated | CheckoutStarted) -> None:
    """Begin to wait for the end of what a person does with a cart, or go on waiting."""
    store, at, topic = heard.event.store, heard.event.time, named("cart", said.cart_id)
    row: Any = cart_row(heard.connection, store, said.cart_id)
    if row is not None and row.active_at > at:
        return  # older than what is known of it
    if isinstance(said, CartUpdated) and not said.items:
        drop_about(heard.connection, store, topic, at, Word.CART_EMPTY)
        return
    for flow in heard.of(Trigger.CART_LEFT):
        _begin_or_go_on(heard, flow, topic, said.cart_id)


def _begin_or_go_on(heard: _Heard, flow: Flow, topic: str, cart: str) -> None:
    at = heard.event.time
    waiting = waiting_about(heard.connection, heard.event.store, flow.name, topic)
    if waiting is not None and at <= waiting.began_at:
        return
    if waiting is None or not _move(heard, flow, waiting):
        stamp = f"{at.timestamp():.3f}"  # what is left again after a message is left anew
        new = heard.run(flow, named("cart", cart, stamp), topic, cart_id=cart, since=at.isoformat())
        begin_runs(heard.connection, [new])


def _move(heard: _Heard, flow: Flow, waiting: Run) -> bool:
    """Let a run wait from now on; return whether another gateway has not decided it meanwhile."""
    return move_run(
        heard.connection,
        waiting,
        began_at=heard.event.time,
        due_at=heard.event.time + flow.wait,
        person=heard.person,
        customer=heard.customer,
    )


def _hear_of_order(heard: _Heard, said: OrderCompleted) -> None:
    """End what waits about the cart that was bought, and begin what follows an order."""
    connection, store, at = heard.connection, heard.event.store, heard.event.time
    if said.cart_id is not None:
        drop_about(connection, store, named("cart", said.cart_id), at, Word.BOUGHT)
    topic = named("order", said.order_id)
    placed = [
        heard.run(flow, topic, topic, order_id=said.order_id)
        for flow in heard.of(Trigger.ORDER_PLACED)
    ]
    begin_runs(connection, [*placed, *_of_code(heard, said)])


def _of_code(heard: _Heard, said: OrderCompleted) -> Iterator[NewRun]:
    """Give what the use of another's code sets off, for that other."""
    flows = list(heard.of(Trigger.REFERRAL_USED))
    if not flows or said.coupon is None:
        return
    coupon = find_coupon(heard.connection, heard.event.store, said.coupon)
    if coupon is None or coupon.kind != REFERRAL or coupon.person in (None, heard.person):
        return
    topic = named("order", said.order_id)
    for flow in flows:
        run = heard.run(flow, topic, topic, order_id=said.order_id)
        yield replace(run, person=coupon.person, customer=None)


def _hear_of_parcel(heard: _Heard, said: ShipmentUpdated) -> None:
    trigger = PARCEL_TRIGGERS.get(said.status)
    if trigger is None or _is_overtaken(heard, said):
        return
    name = named("shipment", said.shipment_id, said.status)
    topic = named("shipment", said.shipment_id)
    subject = {
        "order_id": said.order_id,
        "shipment_id": said.shipment_id,
        "status": said.status.value,
    }
    begin_runs(
        heard.connection, [heard.run(flow, name, topic, **subject) for flow in heard.of(trigger)]
    )


def _is_overtaken(heard: _Heard, said: ShipmentUpdated) -> bool:
    row: Any = shipment_row(heard.connection, heard.event.store, said.shipment_id)
    return row is not None and row.changed_at > heard.event.time and row.status != said.status


def _hear_of_product(heard: _Heard, said: ProductUpdated) -> None:
    """Begin what concerns many; whom, is found out batch by batch."""
    trigger = PRODUCT_TRIGGERS.get(said.change)
    if trigger is None:
        return
    stamp = f"{heard.event.time.timestamp():.3f}"
    name, topic = named(said.change, said.product_id, stamp), named("product", said.product_id)
    words = [word for word in (said.category, *said.tags) if word is not None]
    begin_runs(
        heard.connection,
        [
            replace(
                heard.run(
                    flow,
                    name,
                    topic,
                    product_id=said.product_id,
                    price=str(said.price),
                    words=words,
                    **{SPREADS: True},
                ),
                due_at=heard.event.time,
                person=None,
                customer=None,
            )
            for flow in heard.of(trigger)
            if trigger is not Trigger.PRICE_DROPPED or _fell(said) >= flow.drop
        ],
    )


def _fell(said: ProductUpdated) -> float:
    """Return by how many per cent a price fell; 0 where that was not told."""
    if not said.previous_price or said.previous_price <= said.price:
        return 0.0
    return float((said.previous_price - said.price) * 100 / said.previous_price)
