"""A shop's rows in tests: an order of two mugs that is under way, a cart, and the mug."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert
from support.known import put_person
from support.world import ACME, IDENTITIES, RECIPIENT, START

from gateway.db.tables import CARTS, ORDER_LINES, ORDERS, PRODUCTS, SHIPMENTS

PERSON = IDENTITIES.of(RECIPIENT)
CUSTOMER = "C-1"
TRACKING = "https://track.example/1"


def put_customer(connection: Connection, **facts: Any) -> None:
    """Let the store know the person."""
    told = {"first_name": "Ada", "customer": CUSTOMER, "language": "en", **facts}
    put_person(connection, ACME, PERSON, RECIPIENT, START, **told)


def put_order(connection: Connection, order: str = "1001", **fields: Any) -> None:
    """Let the person have ordered two mugs."""
    placed: datetime = fields.pop("placed_at", START - timedelta(days=2))
    row = {
        "store": ACME,
        "order_id": order,
        "person": PERSON,
        "customer": CUSTOMER,
        "placed_at": placed,
        "status": "placed",
        "status_at": placed,
        "total": Decimal("24.90"),
        "currency": "EUR",
        "items": 2,
        "changed_at": placed,
    }
    connection.execute(insert(ORDERS), row | fields)
    line = {"line": 1, "product_id": "mug", "name": "Blue mug", "quantity": 2}
    line |= {"store": ACME, "order_id": order, "price": Decimal("12.45"), "category": "Kitchen"}
    connection.execute(insert(ORDER_LINES), line)


def put_shipment(connection: Connection, order: str = "1001", **fields: Any) -> None:
    """Let a parcel of it be under way."""
    row = {
        "store": ACME,
        "shipment_id": f"S-{order}",
        "order_id": order,
        "status": "in_transit",
        "company": "DHL",
        "tracking_number": "1",
        "tracking_url": TRACKING,
        "estimated_at": START + timedelta(days=1),
        "changed_at": START,
    }
    connection.execute(insert(SHIPMENTS), row | fields)


def put_cart(connection: Connection, **fields: Any) -> None:
    """Let two mugs lie in a cart."""
    product = {"product_id": "mug", "name": "Blue mug", "price": 12.45, "quantity": 2}
    row = {
        "store": ACME,
        "cart_id": "cart-1",
        "person": PERSON,
        "value": Decimal("24.90"),
        "currency": "EUR",
        "products": json.dumps([product]),
        "url": "https://shop.example/cart/1",
        "active_at": START,
        "changed_at": START,
    }
    connection.execute(insert(CARTS), row | fields)


def put_product(connection: Connection, product: str = "mug", **fields: Any) -> None:
    """Let the shop sell a mug."""
    row = {
        "store": ACME,
        "product_id": product,
        "name": "Blue mug",
        "category": "Kitchen",
        "price": Decimal("12.45"),
        "currency": "EUR",
        "url": "https://shop.example/products/mug",
        "tags": "[]",
        "first_seen_at": START,
        "changed_at": START,
    }
    connection.execute(insert(PRODUCTS), row | fields)
