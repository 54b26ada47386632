"""What happens in the demo's shop, made up: carts, orders and parcels, as CloudEvents.

The same seed tells the same story. Numbers are of the range that Ofcom keeps for fiction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

from gateway.cli.demo.orders import GOODS, NAMES

FIRST_CUSTOMER: Final = 1
FIRST_ORDER: Final = 50_000
"""Apart from the numbers of the orders that the store sends jobs about itself."""
CURRENCY: Final = "GBP"

_PARCEL: Final = ("in_transit", "out_for_delivery", "delivered")
_LEAVE: Final = 0.3
"""Share of the carts that are left."""

Story = tuple[str, dict[str, Any]]
"""The type of an event, and its properties."""


def shop_events(
    seed: int, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Iterator[str]:
    """Yield events as JSON without end; each happens when it is asked for.

    Args:
        seed: of the story.
        now: tells the time, UTC.
    """
    random = Random(f"events {seed}")  # noqa: S311 -- a story, not a secret
    number, customer = 0, FIRST_CUSTOMER
    while True:
        for kind, properties in _customer(customer, random, now):
            number += 1
            yield json.dumps(_event(number, kind, f"d{customer}", properties, now()))
        customer += 1


def _event(
    number: int, kind: str, customer: str, properties: dict[str, Any], at: datetime
) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"demo-{number}",
        "source": "//demo.example",
        "type": kind,
        "time": at.isoformat(),
        "data": {"userId": customer, "properties": properties},
    }


def _customer(customer: int, random: Random, now: Callable[[], datetime]) -> Iterator[Story]:
    """Somebody signs up, fills a cart, and leaves it or gets a parcel."""
    phone = f"+4477009{random.randrange(100):05}"
    yield "shop.customer.updated.v1", {"phone": phone, "first_name": random.choice(NAMES)}
    yield "shop.consent.updated.v1", _consent(phone, now())
    cart = _cart(customer, random)
    yield "shop.cart.updated.v1", cart
    if random.random() < _LEAVE:
        return
    yield "shop.order.completed.v1", _order(customer, cart)
    for status in _PARCEL:
        yield "shop.shipment.updated.v1", _parcel(customer, status)


def _consent(phone: str, at: datetime) -> dict[str, Any]:
    return {
        "phone": phone,
        "channel": "sms",
        "purpose": "marketing",
        "state": "subscribed",
        "consent_updated_at": at.isoformat(),
        "consent_collected_from": "https://demo.example/checkout",
        "text_version": "demo-1",
    }


def _cart(customer: int, random: Random) -> dict[str, Any]:
    name, price = random.choice(GOODS)
    product = {"product_id": name.replace(" ", "-"), "name": name, "price": price, "quantity": 1}
    return {
        "cart_id": f"cart-{customer}",
        "products": [product],
        "value": price,
        "currency": CURRENCY,
        "cart_url": f"https://demo.example/cart/{customer}",
    }


def _order(customer: int, cart: dict[str, Any]) -> dict[str, Any]:
    return {
        "order_id": f"{FIRST_ORDER + customer}",
        "cart_id": cart["cart_id"],
        "products": cart["products"],
        "total": cart["value"],
        "revenue": cart["value"],
        "currency": CURRENCY,
    }


def _parcel(customer: int, status: str) -> dict[str, Any]:
    return {
        "order_id": f"{FIRST_ORDER + customer}",
        "shipment_id": f"parcel-{customer}",
        "shipment_status": status,
        "tracking_company": "Demo Post",
        "tracking_url": f"https://demo.example/track/{customer}",
    }
