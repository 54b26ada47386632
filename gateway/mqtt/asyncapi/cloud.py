"""Events as examples of the document have them."""

from __future__ import annotations

from typing import Any, Final

CLOUD_EVENTS: Final = "application/cloudevents+json"

TITLES: Final = {
    "shop.consent.updated.v1": "Consent Updated",
    "shop.privacy.requested.v1": "Privacy Requested",
    "shop.customer.updated.v1": "Customer Updated",
    "shop.product.viewed.v1": "Product Viewed",
    "shop.product.updated.v1": "Product Updated",
    "shop.cart.updated.v1": "Cart Updated",
    "shop.checkout.started.v1": "Checkout Started",
    "shop.order.completed.v1": "Order Completed",
    "shop.order.updated.v1": "Order Updated",
    "shop.order.cancelled.v1": "Order Cancelled",
    "shop.order.refunded.v1": "Order Refunded",
    "shop.shipment.updated.v1": "Shipment Updated",
    "shop.coupon.applied.v1": "Coupon Applied",
    "shop.reconcile.v1": "Reconcile",
}
"""What `data.event` may say of each type."""

NOBODY: Final = frozenset({"shop.product.updated.v1", "shop.reconcile.v1"})
"""Types that are about no person."""


def event(kind: str, number: int, /, **properties: Any) -> dict[str, Any]:
    """Return an event of a type; the number tells it from the other examples."""
    about = {} if kind in NOBODY else {"userId": "8812", "context": {"locale": "en-GB"}}
    return {
        "specversion": "1.0",
        "id": f"6f1d0c1e-2a9a-4a0a-9a4f-0d8f1f0b9{number:03}",
        "source": "//shop.example/main",
        "type": kind,
        **({} if kind in NOBODY else {"subject": "customer/8812"}),
        "time": "2026-11-20T09:31:04.120Z",
        "datacontenttype": "application/json",
        "data": {"event": TITLES[kind], **about, "properties": properties},
    }


def without(properties: dict[str, Any], field: str) -> dict[str, Any]:
    """Return properties but for one."""
    return {key: value for key, value in properties.items() if key != field}
