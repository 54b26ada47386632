"""The products of a cart or an order of Shopify."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.bridge.hook import Json
from gateway.bridge.reading import amount, ident, money, parts, text, total, whole


def products_of(body: Json) -> list[Json]:
    """Return the lines as events have them; gift cards and fees without a price are none."""
    return list(_lines(body))


def value_of(body: Json) -> Decimal:
    """Return what the lines cost together."""
    return total(
        (amount(line.get("price")) or Decimal(0)) * (whole(line.get("quantity"), 1) or 0)
        for line in parts(body, "line_items")
    )


def _lines(body: Json) -> Iterator[Json]:
    for line in parts(body, "line_items"):
        product = ident(line, "product_id", "variant_id", "sku", "id")
        price, quantity = amount(line.get("price")), whole(line.get("quantity"), 1) or 0
        if product is None or price is None or price < 0 or quantity < 1:
            continue
        known = {
            "product_id": product,
            "price": money(price),
            "quantity": quantity,
            "name": text(line, "title", "name", "presentment_title"),
            "variant": text(line, "variant_title", "presentment_variant_title"),
            "sku": text(line, "sku"),
            "brand": text(line, "vendor"),
            "category": text(line, "product_type"),
        }
        yield {key: value for key, value in known.items() if value is not None}
