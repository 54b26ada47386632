"""Which types of events are taken, and by which model."""

from __future__ import annotations

from typing import Final

from gateway.mqtt.events.cart import CartUpdatedEvent, CheckoutStartedEvent
from gateway.mqtt.events.consent import ConsentUpdatedEvent
from gateway.mqtt.events.coupon import CouponAppliedEvent
from gateway.mqtt.events.customer import CustomerUpdatedEvent
from gateway.mqtt.events.envelope import CloudEvent
from gateway.mqtt.events.order import (
    OrderCancelledEvent,
    OrderCompletedEvent,
    OrderRefundedEvent,
    OrderUpdatedEvent,
)
from gateway.mqtt.events.privacy import PrivacyRequestedEvent
from gateway.mqtt.events.product import ProductUpdatedEvent, ProductViewedEvent
from gateway.mqtt.events.reconcile import ReconcileEvent
from gateway.mqtt.events.shipment import ShipmentUpdatedEvent

EVENTS: Final[dict[str, type[CloudEvent]]] = {
    "shop.consent.updated.v1": ConsentUpdatedEvent,
    "shop.privacy.requested.v1": PrivacyRequestedEvent,
    "shop.customer.updated.v1": CustomerUpdatedEvent,
    "shop.product.viewed.v1": ProductViewedEvent,
    "shop.product.updated.v1": ProductUpdatedEvent,
    "shop.cart.updated.v1": CartUpdatedEvent,
    "shop.checkout.started.v1": CheckoutStartedEvent,
    "shop.order.completed.v1": OrderCompletedEvent,
    "shop.order.updated.v1": OrderUpdatedEvent,
    "shop.order.cancelled.v1": OrderCancelledEvent,
    "shop.order.refunded.v1": OrderRefundedEvent,
    "shop.shipment.updated.v1": ShipmentUpdatedEvent,
    "shop.coupon.applied.v1": CouponAppliedEvent,
    "shop.reconcile.v1": ReconcileEvent,
}
"""By ``type``; a field that goes or changes its meaning needs a ``.v2`` beside it."""
