"""WooCommerce's webhooks."""

from gateway.bridge.woocommerce.topics import TOPICS

__all__ = ["TOPICS"]
