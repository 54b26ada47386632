"""Orders: completed, updated, cancelled and refunded."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from gateway.domain.shop import OrderCompleted, OrderReversed, OrderUpdated, Reversal
from gateway.mqtt.events.envelope import Data
from gateway.mqtt.events.happening import Goods, Label, ShopEvent, Thing, Told, items_of
from gateway.mqtt.events.money import Amount, Currency
from gateway.mqtt.model import PLAIN

MAX_STATUS = 32


class OrderProperties(Told):
    """What was ordered, as Segment has it."""

    order_id: Thing
    total: Amount
    """With shipping and tax."""
    revenue: Amount
    """Without them, after discounts."""
    currency: Currency
    products: list[Goods]
    checkout_id: Thing | None = None
    cart_id: Thing | None = None
    coupon: Label | None = None
    """The code that was used."""
    discount: Amount | None = None
    is_first_order: bool | None = None


class OrderData(Data):
    """Of an order."""

    event: Literal["Order Completed"] | None = None
    properties: OrderProperties


class OrderCompletedEvent(ShopEvent):
    """An order was placed."""

    type: Literal["shop.order.completed.v1"]
    data: OrderData

    def content(self) -> OrderCompleted:
        """Return what it says; see the base."""
        said = self.data.properties
        phone, customer = self.whom(said.phone)
        return OrderCompleted(
            phone=phone,
            customer=customer,
            order_id=said.order_id,
            items=items_of(said.products),
            total=said.total,
            revenue=said.revenue,
            currency=said.currency,
            checkout_id=said.checkout_id,
            cart_id=said.cart_id,
            coupon=said.coupon or None,
            discount=said.discount,
            first=said.is_first_order,
        )


class OrderUpdatedProperties(Told):
    """Where an order stands."""

    order_id: Thing
    status: Annotated[str, PLAIN, Field(max_length=MAX_STATUS)]
    """The store's word, such as `processing`."""


class OrderUpdatedData(Data):
    """Of a change of an order."""

    event: Literal["Order Updated"] | None = None
    properties: OrderUpdatedProperties


class OrderUpdatedEvent(ShopEvent):
    """An order has another status. Whose it is the order itself told, or will."""

    type: Literal["shop.order.updated.v1"]
    data: OrderUpdatedData

    def content(self) -> OrderUpdated:
        """Return what it says; see the base."""
        said = self.data.properties
        return OrderUpdated(
            phone=said.phone, customer=self.customer, order_id=said.order_id, status=said.status
        )


class ReversalProperties(Told):
    """What is given back."""

    order_id: Thing
    total: Amount
    """In all so far, of the order's total."""
    currency: Currency


class OrderCancelledData(Data):
    """Of a cancellation."""

    event: Literal["Order Cancelled"] | None = None
    properties: ReversalProperties


class OrderRefundedData(Data):
    """Of a refund."""

    event: Literal["Order Refunded"] | None = None
    properties: ReversalProperties


class _Reversed(ShopEvent):
    def reversal(self, said: ReversalProperties, kind: Reversal) -> OrderReversed:
        return OrderReversed(
            phone=said.phone,
            customer=self.customer,
            order_id=said.order_id,
            kind=kind,
            total=said.total,
            currency=said.currency,
        )


class OrderCancelledEvent(_Reversed):
    """An order was cancelled."""

    type: Literal["shop.order.cancelled.v1"]
    data: OrderCancelledData

    def content(self) -> OrderReversed:
        """Return what it says; see the base."""
        return self.reversal(self.data.properties, Reversal.CANCELLED)


class OrderRefundedEvent(_Reversed):
    """Money of an order was given back, all or some."""

    type: Literal["shop.order.refunded.v1"]
    data: OrderRefundedData

    def content(self) -> OrderReversed:
        """Return what it says; see the base."""
        return self.reversal(self.data.properties, Reversal.REFUNDED)
