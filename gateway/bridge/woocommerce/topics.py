"""Which topics of WooCommerce are translated, and by what (EVENTS.md section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.bridge.goods import deleted
from gateway.bridge.hook import Translate
from gateway.bridge.woocommerce.carts import cart
from gateway.bridge.woocommerce.customers import customer
from gateway.bridge.woocommerce.orders import created, updated
from gateway.bridge.woocommerce.products import product

TOPICS: Final[Mapping[str, Translate]] = {
    "order.created": created,
    "order.updated": updated,
    "customer.created": customer,
    "customer.updated": customer,
    "product.created": product,
    "product.updated": product,
    "product.restored": product,
    "product.deleted": deleted,
    "action.woocommerce_add_to_cart": cart,
}
"""By the header ``X-WC-Webhook-Topic``."""
