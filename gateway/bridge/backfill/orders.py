"""Orders of an export: one row for each line of an order, what is of the order on the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from gateway.bridge.backfill.form import (
    Facts,
    Form,
    RowFaultError,
    amount,
    currency,
    instant,
    person,
    required,
    required_amount,
    shown,
    whole,
)
from gateway.bridge.hook import Json, Told

MAX_STATUS: Final = 32
_NOT_PLACED: Final = frozenset({"failed", "trash", "checkout-draft", "draft"})
_CANCELLED: Final = frozenset({"cancelled", "canceled", "voided"})


def order_of(rows: Sequence[Facts], form: Form) -> Sequence[Told]:
    """Return what rows of one order say; nothing for one that was never placed, or of nobody.

    Raises:
        RowFaultError: they cannot be read.
    """
    head = rows[0]
    if _status(head) in _NOT_PLACED:
        return ()
    phone = person(head, form, "billing_country", "shipping_country")
    customer, order = head.get("customer"), required(head, "order")
    if phone is None and customer in (None, "0"):
        return ()
    at = instant(head, "at", form) or required(head, "at")
    total = required_amount(head, "total")
    properties: Json = {
        "phone": phone,
        "order_id": order,
        "cart_id": head.get("cart"),
        "checkout_id": head.get("checkout"),
        "total": shown(total),
        "revenue": shown(_revenue(rows, total)),
        "currency": currency(head, form),
        "products": list(_lines(rows)),
        "coupon": head.get("coupon"),
        "discount": shown(amount(head, "discount")),
    }
    who = None if customer == "0" else customer
    placed = Told(kind="shop.order.completed.v1", properties=properties, customer=who, time=at)
    return (placed, *_later(head, form, placed))


def _later(head: Facts, form: Form, placed: Told) -> Iterator[Told]:
    """Yield what became of an order, at the latest instant that the row knows."""
    order, who = placed.properties["order_id"], placed.customer
    known = [instant(head, fact, form) for fact in ("fulfilled_at", "paid_at")]
    last = max([placed.time or "", *(one for one in known if one is not None)])
    cancelled = instant(head, "cancelled_at", form)
    status = _status(head)
    if status is not None:
        properties = {"order_id": order, "status": status[:MAX_STATUS]}
        at = max(last, cancelled or "")
        yield Told(kind="shop.order.updated.v1", properties=properties, customer=who, time=at)
    given = {"order_id": order, "currency": placed.properties["currency"]}
    if cancelled is not None or status in _CANCELLED:
        back = given | {"total": placed.properties["total"]}
        at = cancelled or last
        yield Told(kind="shop.order.cancelled.v1", properties=back, customer=who, time=at)
    refunded = amount(head, "refunded")
    if refunded:
        back = given | {"total": shown(refunded)}
        at = max(last, cancelled or "")
        yield Told(kind="shop.order.refunded.v1", properties=back, customer=who, time=at)


def _status(head: Facts) -> str | None:
    """Return where an order stands: Woo's one word, or the later of Shopify's two."""
    shipped = head.get("fulfillment")
    if shipped is not None and shipped.lower() == "unfulfilled":
        shipped = None
    found = head.get("status") or shipped or head.get("payment")
    return None if found is None else found.lower().removeprefix("wc-")


def _revenue(rows: Sequence[Facts], total: Decimal) -> Decimal:
    """Return what the goods brought in: as the row says, else what its lines cost, at most all."""
    said = amount(rows[0], "revenue")
    if said is not None:
        return said
    lines = [(amount(row, "price"), whole(row, "quantity")) for row in rows]
    goods = [price * (1 if pieces is None else pieces) for price, pieces in lines if price]
    return min(sum(goods, Decimal(0)), total) if goods else total


def _lines(rows: Sequence[Facts]) -> Iterator[Json]:
    for row in rows:
        price, pieces = amount(row, "price"), whole(row, "quantity")
        product = row.get("product")
        if product is None or price is None:
            continue
        if pieces is not None and pieces < 0:
            raise RowFaultError("quantity", "is less than nothing")
        if pieces == 0:
            continue
        line = {
            "product_id": product[:128],
            "name": row.get("title"),
            "category": row.get("category"),
            "price": shown(price),
            "quantity": 1 if pieces is None else pieces,
        }
        yield {key: value for key, value in line.items() if value is not None}
