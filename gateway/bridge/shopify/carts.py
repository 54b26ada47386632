"""Shopify's carts and checkouts.

A cart has a token and nobody's name; the checkout that it becomes has both, so that the gateway
finds out whose it was.
"""

from __future__ import annotations

from gateway.bridge.hook import Hook, Known, Told, Translation, UntranslatableError, ignore, tell
from gateway.bridge.reading import (
    amount,
    currency,
    ident,
    instant,
    locale,
    money,
    required_ident,
    text,
    web,
)
from gateway.bridge.shopify.lines import products_of, value_of
from gateway.bridge.shopify.people import customer_of, phone_of


def token_of(value: str | None) -> str | None:
    """Return a cart's token without the key that newer ones carry behind a question mark."""
    return None if value is None else value.partition("?")[0] or None


def cart(hook: Hook, _: Known) -> Translation:
    """Translate ``carts/create`` and ``carts/update``: a whole cart."""
    body = hook.body
    name = token_of(required_ident(body, "token", "id"))
    properties = {
        "cart_id": name,
        "products": products_of(body),
        "value": money(value_of(body)),
        "currency": currency(body, hook.currency, "currency"),
        "cart_url": f"https://{hook.source}/cart",
    }
    time = instant(body.get("updated_at"))
    return tell(Told(kind="shop.cart.updated.v1", properties=properties, time=time))


def checkout(hook: Hook, _: Known) -> Translation:
    """Translate ``checkouts/create`` and ``checkouts/update``."""
    body = hook.body
    if body.get("completed_at"):
        return ignore("the checkout is completed: its order tells the rest")
    person, number = customer_of(body), phone_of(body, hook.country)
    if person is None and number is None:
        return ignore("nobody is known by name or number yet")
    products = products_of(body)
    if not products:
        return ignore("there is nothing in it")
    token = required_ident(body, "token", "id")
    url = web(body.get("abandoned_checkout_url"))
    if url is None:
        raise UntranslatableError("abandoned_checkout_url is required: where the person goes on")
    value = amount(body.get("subtotal_price"))
    properties = {
        "phone": number,
        "checkout_id": token,
        "cart_id": token_of(ident(body, "cart_token")) or token,
        "products": products,
        "value": money(value_of(body) if value is None else value),
        "currency": currency(body, hook.currency, "presentment_currency", "currency"),
        "checkout_url": url,
    }
    return tell(
        Told(
            kind="shop.checkout.started.v1",
            properties=properties,
            customer=person,
            time=instant(body.get("updated_at")),
            locale=locale(text(body, "customer_locale")),
        )
    )
