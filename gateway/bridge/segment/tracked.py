"""What is tracked: the names of Segment's e-commerce events, and what ours need besides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from gateway.bridge.hook import Json
from gateway.bridge.reading import amount, ident, money, part, total, web

_ORDER: Final = "shop.order.completed.v1"
_CHECKOUT: Final = "shop.checkout.started.v1"
_CART: Final = "shop.cart.updated.v1"

KINDS: Final = {
    "product viewed": "shop.product.viewed.v1",
    "product updated": "shop.product.updated.v1",
    "cart viewed": _CART,
    "cart updated": _CART,
    "checkout started": _CHECKOUT,
    "order completed": _ORDER,
    "order updated": "shop.order.updated.v1",
    "order cancelled": "shop.order.cancelled.v1",
    "order refunded": "shop.order.refunded.v1",
    "shipment updated": "shop.shipment.updated.v1",
    "coupon applied": "shop.coupon.applied.v1",
}
"""By the name, in small letters.

``Product Added`` and ``Product Removed`` say too little: a cart is told whole. A write key is in
every page of a shop that tracks there, so that nobody's consent is taken from one.
"""

_IDS: Final = ("product_id", "order_id", "checkout_id", "cart_id", "shipment_id", "coupon_id")


def completed(kind: str, body: Json) -> Json:
    """Return the properties of an event, with what Segment says elsewhere or not at all."""
    said = _named(part(body, "properties"))
    products = said.get("products")
    if isinstance(products, list):
        said["products"] = [_named(one) if isinstance(one, dict) else one for one in products]
    page = web(part(body, "context", "page").get("url"))
    if kind == _ORDER:
        return _order(said)
    if kind == _CHECKOUT:
        checkout = ident(said, "checkout_id", "order_id", "cart_id")
        given = {"checkout_id": checkout, "cart_id": checkout, "checkout_url": page}
        return _filled(said, given | {"value": _value(said)})
    if kind == _CART:
        return _filled(said, {"cart_url": page, "value": _value(said)})
    return _filled(said, {"url": page}) if kind == "shop.product.viewed.v1" else said


def _named(said: Json) -> Json:
    """Return properties with texts for ids; sources also write numbers."""
    return said | {key: ident(said, key) for key in _IDS if key in said}


def _filled(said: Json, given: Json) -> Json:
    """Return what was said, and of what was given what was not said."""
    lacking = {key: value for key, value in given.items() if said.get(key) is None}
    return said | {key: value for key, value in lacking.items() if value is not None}


def _order(said: Json) -> Json:
    """Return an order with both sums: ``total`` has shipping and tax, ``revenue`` does not."""
    beside = total(amount(said.get(key)) for key in ("shipping", "tax"))
    revenue, whole = amount(said.get("revenue")), amount(said.get("total"))
    given: dict[str, Any] = {}
    if revenue is not None:
        given["total"] = money(revenue + beside)
    if whole is not None:
        given["revenue"] = money(max(whole - beside, Decimal(0)))
    return _filled(said, given)


def _value(said: Json) -> str:
    revenue = amount(said.get("revenue"))
    if revenue is not None:
        return money(revenue)
    products = said.get("products")
    lines = [one for one in products if isinstance(one, dict)] if isinstance(products, list) else []
    return money(
        total(
            (amount(one.get("price")) or Decimal(0))
            * (amount(one.get("quantity", 1)) or Decimal(0))
            for one in lines
        )
    )
