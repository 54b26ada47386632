"""Shopify's orders and refunds."""

from __future__ import annotations

from decimal import Decimal

from gateway.bridge.hook import (
    Hook,
    Json,
    Known,
    RefundFact,
    Told,
    Translation,
    ignore,
    tell,
)
from gateway.bridge.reading import (
    amount,
    currency,
    ident,
    instant,
    locale,
    money,
    part,
    parts,
    required_amount,
    required_ident,
    text,
    total,
)
from gateway.bridge.refunds import refund_of
from gateway.bridge.shopify.carts import token_of
from gateway.bridge.shopify.lines import products_of
from gateway.bridge.shopify.people import customer_of, phone_of

_TEST = "a test order"


def created(hook: Hook, _: Known) -> Translation:
    """Translate ``orders/create``: an order was placed, paid or not."""
    body = hook.body
    if body.get("test") is True:
        return ignore(_TEST)
    person, number = customer_of(body), phone_of(body, hook.country)
    if person is None and number is None:
        return ignore("the order is nobody's: it has no customer and no number")
    codes = [text(one, "code") for one in parts(body, "discount_codes")]
    count = part(body, "customer").get("orders_count")
    discount = amount(body.get("total_discounts"))
    properties = {
        "phone": number,
        "order_id": required_ident(body, "id"),
        "checkout_id": ident(body, "checkout_token"),
        "cart_id": token_of(ident(body, "cart_token")),
        "total": money(required_amount(body, "total_price")),
        "revenue": money(_revenue(body)),
        "currency": currency(body, hook.currency, "currency"),
        "products": products_of(body),
        "coupon": next((code for code in codes if code), None),
        "discount": money(discount) if discount else None,
        "is_first_order": count == 1 if isinstance(count, int) else None,
    }
    return tell(
        Told(
            kind="shop.order.completed.v1",
            properties=properties,
            customer=person,
            time=instant(body.get("created_at")),
            locale=locale(text(body, "customer_locale")),
        )
    )


def updated(hook: Hook, known: Known) -> Translation:
    """Translate ``orders/updated`` and what else says where an order stands."""
    body = hook.body
    if body.get("test") is True:
        return ignore(_TEST)
    order, person = required_ident(body, "id"), customer_of(body)
    time = instant(body.get("updated_at"))
    status = Told(
        kind="shop.order.updated.v1",
        properties={"order_id": order, "status": _status(body)},
        customer=person,
        time=time,
    )
    facts = [fact for one in parts(body, "refunds") if (fact := _refund(order, one)) is not None]
    money_of = currency(body, hook.currency, "currency")
    refunds = refund_of(hook, known, facts, currency=money_of, time=time, customer=person)
    return tell(status, *refunds, facts=facts)


def cancelled(hook: Hook, _: Known) -> Translation:
    """Translate ``orders/cancelled``."""
    body = hook.body
    properties = {
        "order_id": required_ident(body, "id"),
        "total": money(required_amount(body, "total_price")),
        "currency": currency(body, hook.currency, "currency"),
    }
    return tell(
        Told(
            kind="shop.order.cancelled.v1",
            properties=properties,
            customer=customer_of(body),
            time=instant(body.get("cancelled_at")),
        )
    )


def refunded(hook: Hook, known: Known) -> Translation:
    """Translate ``refunds/create``: one refund, of which the event tells the sum so far."""
    body = hook.body
    fact = _refund(required_ident(body, "order_id"), body)
    if fact is None:
        return ignore("no money was given back: the refund has no transaction that succeeded")
    named = next((one for one in parts(body, "transactions") if text(one, "currency")), {})
    time = instant(body.get("processed_at")) or instant(body.get("created_at"))
    money_of = currency(named, hook.currency, "currency")
    told = refund_of(hook, known, [fact], currency=money_of, time=time)
    return tell(*told, facts=[fact])


def _refund(order: str, body: Json) -> RefundFact | None:
    given = total(
        amount(one.get("amount"))
        for one in parts(body, "transactions")
        if one.get("kind") == "refund" and one.get("status") == "success"
    )
    name = ident(body, "id")
    if name is None or given <= Decimal(0):
        return None
    return RefundFact(order=order, refund=name, amount=given)


def _revenue(body: Json) -> Decimal:
    """Return what the goods brought in: after discounts, without shipping and tax."""
    subtotal = required_amount(body, "subtotal_price", "total_line_items_price")
    if body.get("taxes_included") is not True:
        return subtotal
    taxes = total(
        amount(tax.get("price"))
        for line in parts(body, "line_items")
        for tax in parts(line, "tax_lines")
    )
    return max(subtotal - taxes, Decimal(0))


def _status(body: Json) -> str:
    if body.get("cancelled_at"):
        return "cancelled"
    shipped, paid = text(body, "fulfillment_status"), text(body, "financial_status")
    return shipped or paid or "placed"
