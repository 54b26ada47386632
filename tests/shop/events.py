"""Events as a shop publishes them: CloudEvents with Segment's names (EVENTS.md 2)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from shop.goods import Good

SOURCE: Final = "//shop.example/main"
CURRENCY: Final = "GBP"

NAMES: Final = {
    "shop.product.viewed.v1": "Product Viewed",
    "shop.cart.updated.v1": "Cart Updated",
    "shop.checkout.started.v1": "Checkout Started",
    "shop.order.completed.v1": "Order Completed",
    "shop.order.updated.v1": "Order Updated",
    "shop.order.cancelled.v1": "Order Cancelled",
    "shop.order.refunded.v1": "Order Refunded",
    "shop.shipment.updated.v1": "Shipment Updated",
    "shop.product.updated.v1": "Product Updated",
    "shop.customer.updated.v1": "Customer Updated",
    "shop.consent.updated.v1": "Consent Updated",
    "shop.coupon.applied.v1": "Coupon Applied",
    "shop.reconcile.v1": "Reconcile",
}


def told(
    number: int,
    kind: str,
    at: datetime,
    properties: dict[str, Any],
    *,
    customer: str | None = None,
    locale: str | None = None,
) -> dict[str, Any]:
    """Return an event; `customer` is what the shop calls the person, and is None for a guest."""
    data: dict[str, Any] = {"event": NAMES[kind], "properties": properties}
    if customer is not None:
        data["userId"] = customer
    if locale is not None:
        data["context"] = {"locale": locale}
    envelope = {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": SOURCE,
        "type": kind,
        "time": instant(at),
        "datacontenttype": "application/json",
        "data": data,
    }
    if customer is not None:
        envelope["subject"] = f"customer/{customer}"
    return envelope


def instant(at: datetime) -> str:
    """Return an instant as JSON has it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def amount(value: Decimal, number: int) -> str | float:
    """Return money as a number or as a string: shops do either."""
    return str(value) if number % 2 else float(value)


def item(good: Good, quantity: int, number: int) -> dict[str, Any]:
    """Return a product as carts and orders have it."""
    return {
        "product_id": good.id,
        "name": good.name,
        "category": good.category,
        "price": amount(good.price, number),
        "quantity": quantity,
        "url": good.url,
        "image_url": good.image,
    }
