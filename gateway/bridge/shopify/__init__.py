"""Shopify's webhooks."""

from gateway.bridge.shopify.topics import TOPICS

__all__ = ["TOPICS"]
