"""Which topics of Shopify are translated, and by what (EVENTS.md section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.bridge.goods import deleted
from gateway.bridge.hook import Translate
from gateway.bridge.shopify.carts import cart, checkout
from gateway.bridge.shopify.customers import consent, customer, data_request, redact, shop_redact
from gateway.bridge.shopify.orders import cancelled, created, refunded, updated
from gateway.bridge.shopify.parcels import fulfillment, fulfillment_event
from gateway.bridge.shopify.products import level, product

TOPICS: Final[Mapping[str, Translate]] = {
    "carts/create": cart,
    "carts/update": cart,
    "checkouts/create": checkout,
    "checkouts/update": checkout,
    "orders/create": created,
    "orders/paid": updated,
    "orders/updated": updated,
    "orders/fulfilled": updated,
    "orders/partially_fulfilled": updated,
    "orders/cancelled": cancelled,
    "refunds/create": refunded,
    "fulfillments/create": fulfillment,
    "fulfillments/update": fulfillment,
    "fulfillment_events/create": fulfillment_event,
    "products/create": product,
    "products/update": product,
    "products/delete": deleted,
    "inventory_levels/update": level,
    "customers/create": customer,
    "customers/update": customer,
    "customers_marketing_consent/update": consent,
    "customers/data_request": data_request,
    "customers/redact": redact,
    "shop/redact": shop_redact,
}
"""By the header ``X-Shopify-Topic``."""
