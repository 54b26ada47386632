"""WooCommerce's orders: money is in strings, refunds and the status are in the order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from gateway.bridge.hook import Hook, Json, Known, RefundFact, Told, Translation, ignore, tell
from gateway.bridge.reading import (
    amount,
    currency,
    ident,
    instant,
    money,
    part,
    parts,
    required_amount,
    required_ident,
    text,
    total,
    web,
    whole,
)
from gateway.bridge.refunds import refund_of
from gateway.bridge.woocommerce.people import customer_of, phone_of

CART_KEY: Final = "shopbell_cart"
"""The order's meta datum with the id of its cart, which a filter in the shop adds."""

_NOT_PLACED: Final = frozenset({"checkout-draft", "auto-draft", "trash", "failed"})


def created(hook: Hook, _: Known) -> Translation:
    """Translate ``order.created``."""
    body = hook.body
    if text(body, "status") in _NOT_PLACED:
        return ignore("the order is not placed")
    person, number = customer_of(body), phone_of(body, hook.country)
    if person is None and number is None:
        return ignore("a guest without a number that can be reached")
    codes = [text(one, "code") for one in parts(body, "coupon_lines")]
    discount = amount(body.get("discount_total"))
    properties = {
        "phone": number,
        "order_id": required_ident(body, "id"),
        "cart_id": _cart(body),
        "total": money(required_amount(body, "total")),
        "revenue": money(total(amount(one.get("total")) for one in parts(body, "line_items"))),
        "currency": currency(body, hook.currency, "currency"),
        "products": list(_products(body)),
        "coupon": next((code for code in codes if code), None),
        "discount": money(discount) if discount else None,
    }
    time = instant(body.get("date_created_gmt"))
    return tell(
        Told(kind="shop.order.completed.v1", properties=properties, customer=person, time=time)
    )


def updated(hook: Hook, known: Known) -> Translation:
    """Translate ``order.updated``: the status, a cancellation, and what was given back so far."""
    body = hook.body
    status = text(body, "status")
    if status is None or status in _NOT_PLACED - {"failed"}:
        return ignore("the order is not placed")
    order, person = required_ident(body, "id"), customer_of(body)
    time = instant(body.get("date_modified_gmt"))
    money_of = currency(body, hook.currency, "currency")
    told = [
        Told(
            kind="shop.order.updated.v1",
            properties={"order_id": order, "status": status},
            customer=person,
            time=time,
        )
    ]
    if status == "cancelled":
        given = {"order_id": order, "total": money(required_amount(body, "total"))}
        properties = given | {"currency": money_of}
        told.append(
            Told(kind="shop.order.cancelled.v1", properties=properties, customer=person, time=time)
        )
    facts = list(_refunds(body, order))
    told += refund_of(hook, known, facts, currency=money_of, time=time, customer=person)
    return tell(*told, facts=facts)


def _refunds(body: Json, order: str) -> Iterator[RefundFact]:
    """Yield what was given back; Woo writes it as less than nothing."""
    for one in parts(body, "refunds"):
        given, name = amount(one.get("total")), ident(one, "id")
        if given is not None and name is not None:
            yield RefundFact(order=order, refund=name, amount=abs(given))


def _products(body: Json) -> Iterator[Json]:
    for line in parts(body, "line_items"):
        product, quantity = ident(line, "product_id"), whole(line.get("quantity"), 1) or 0
        if product is None or quantity < 1:
            continue
        whole_line = amount(line.get("subtotal")) or amount(line.get("total")) or Decimal(0)
        known = {
            "product_id": product,
            "price": money(amount(whole_line / quantity) or Decimal(0)),
            "quantity": quantity,
            "name": text(line, "parent_name", "name"),
            "sku": text(line, "sku"),
            "image_url": web(part(line, "image").get("src")),
        }
        yield {key: value for key, value in known.items() if value is not None}


def _cart(body: Json) -> str | None:
    for datum in parts(body, "meta_data"):
        if datum.get("key") == CART_KEY:
            return ident(datum, "value")
    return None
