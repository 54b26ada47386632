"""WooCommerce's carts, of which its core tells nothing.

Its custom topic for ``woocommerce_add_to_cart`` brings the name of the hook and a key. A filter in
the shop, which docs/bridge.md has, adds the whole cart as ``cart``.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gateway.bridge.hook import Hook, Json, Known, Told, Translation, UntranslatableError, tell
from gateway.bridge.reading import (
    amount,
    currency,
    ident,
    instant,
    money,
    part,
    parts,
    required_ident,
    text,
    web,
    whole,
)
from gateway.bridge.woocommerce.people import customer_of, phone_of


def cart(hook: Hook, _: Known) -> Translation:
    """Translate ``action.woocommerce_add_to_cart``."""
    body = part(hook.body, "cart")
    if not body:
        raise UntranslatableError(
            "cart is required: the hook alone says no more than a key; add the filter of "
            "docs/bridge.md to the shop"
        )
    products = list(_products(body))
    value = sum((Decimal(one["price"]) * one["quantity"] for one in products), Decimal(0))
    properties = {
        "phone": phone_of(body, hook.country),
        "cart_id": required_ident(body, "id"),
        "products": products,
        "value": money(value),
        "currency": currency(body, hook.currency, "currency"),
        "cart_url": web(body.get("url")) or f"{hook.source.rstrip('/')}/cart/",
    }
    return tell(
        Told(
            kind="shop.cart.updated.v1",
            properties=properties,
            customer=customer_of(body),
            time=instant(body.get("date_modified_gmt")),
        )
    )


def _products(body: Json) -> Iterator[Json]:
    for line in parts(body, "line_items"):
        product, price = ident(line, "product_id"), amount(line.get("price"))
        quantity = whole(line.get("quantity"), 1) or 0
        if product is None or price is None or price < 0 or quantity < 1:
            continue
        known = {
            "product_id": product,
            "price": money(price),
            "quantity": quantity,
            "name": text(line, "name"),
            "category": text(line, "category"),
            "url": web(line.get("permalink")),
        }
        yield {key: value for key, value in known.items() if value is not None}
