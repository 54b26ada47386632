"""Events as shops publish them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.world import ACME

from gateway.domain.errors import RejectedError
from gateway.domain.event import StoreEvent
from gateway.mqtt.events import parse_event

CONSENT = "shop.consent.updated.v1"
PRIVACY = "shop.privacy.requested.v1"
CUSTOMER = "shop.customer.updated.v1"
VIEWED = "shop.product.viewed.v1"
PRODUCT = "shop.product.updated.v1"
CART = "shop.cart.updated.v1"
CHECKOUT = "shop.checkout.started.v1"
ORDER = "shop.order.completed.v1"
STATUS = "shop.order.updated.v1"
CANCELLED = "shop.order.cancelled.v1"
REFUNDED = "shop.order.refunded.v1"
SHIPMENT = "shop.shipment.updated.v1"
COUPON = "shop.coupon.applied.v1"
RECONCILE = "shop.reconcile.v1"

PHONE = "+447700900123"
TIME = "2026-11-23T08:30:00Z"
"""Half an hour before the tests' clock."""

TEA_POT: dict[str, Any] = {"product_id": "p1", "name": "Tea pot", "price": "23.90", "quantity": 2}

PROPERTIES: dict[str, dict[str, Any]] = {
    CONSENT: {
        "phone": PHONE,
        "channel": "sms",
        "purpose": "marketing.offers",
        "state": "subscribed",
        "consent_updated_at": TIME,
        "consent_collected_from": "https://shop.example/checkout",
        "text_version": "sms-2026-03",
    },
    PRIVACY: {"phone": PHONE, "kind": "object", "due_at": "2026-12-23T00:00:00Z"},
    CUSTOMER: {"phone": PHONE, "country": "GB", "timezone": "Europe/London"},
    VIEWED: {
        "product_id": "p1",
        "name": "Tea pot",
        "price": "23.90",
        "currency": "GBP",
        "url": "https://shop.example/p1",
    },
    PRODUCT: {"product_id": "p1", "change": "restocked", "price": "23.90", "currency": "GBP"},
    CART: {
        "cart_id": "k-551",
        "products": [TEA_POT],
        "value": "47.80",
        "currency": "GBP",
        "cart_url": "https://shop.example/r/k-551",
    },
    CHECKOUT: {
        "checkout_id": "c-551",
        "cart_id": "k-551",
        "products": [TEA_POT],
        "value": "47.80",
        "currency": "GBP",
        "checkout_url": "https://shop.example/r/c-551",
    },
    ORDER: {
        "order_id": "1001",
        "total": "51.75",
        "revenue": "47.80",
        "currency": "GBP",
        "products": [TEA_POT],
    },
    STATUS: {"order_id": "1001", "status": "processing"},
    CANCELLED: {"order_id": "1001", "total": "51.75", "currency": "GBP"},
    REFUNDED: {"order_id": "1001", "total": "23.90", "currency": "GBP"},
    SHIPMENT: {"order_id": "1001", "shipment_id": "s-1", "shipment_status": "in_transit"},
    COUPON: {"coupon_id": "TEA10", "discount": "4.78", "cart_id": "k-551"},
    RECONCILE: {"day": "2026-11-22", "types": {}},
}
"""What each type needs."""

LEFT_OUT = "(left out)"


def document(
    kind: str,
    name: str = "event-1",
    /,
    *,
    time: str = TIME,
    customer: str | None = "8812",
    envelope: dict[str, Any] | None = None,
    **properties: Any,
) -> dict[str, Any]:
    """An event; `LEFT_OUT` takes a property out."""
    said = PROPERTIES[kind] | properties
    data: dict[str, Any] = {
        "properties": {key: value for key, value in said.items() if value != LEFT_OUT}
    }
    if customer is not None:
        data["userId"] = customer
    return {
        "specversion": "1.0",
        "id": name,
        "source": "//shop.example/main",
        "type": kind,
        "time": time,
        "data": data,
    } | (envelope or {})


def event(kind: str, name: str = "event-1", /, **changes: Any) -> StoreEvent:
    """The same, as it comes from the door."""
    return parse_event(ACME, json.dumps(document(kind, name, **changes)).encode())


def refusal_of(kind: str, **changes: Any) -> RejectedError:
    with pytest.raises(RejectedError) as caught:
        event(kind, **changes)
    return caught.value
