"""What happens in a shop, as admission gets it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select
from support.world import ACME, START

from gateway.db.columns import Table
from gateway.domain.event import Content, StoreEvent
from gateway.domain.shop import (
    CartUpdated,
    CheckoutStarted,
    Item,
    OrderCompleted,
    ProductViewed,
)

SHOP_TABLES = (
    "products",
    "orders",
    "order_lines",
    "shipments",
    "carts",
    "product_views",
    "person_words",
    "persons",
)


def at(minutes: float) -> datetime:
    """So many minutes after the day of the tests began."""
    return START - timedelta(hours=9) + timedelta(minutes=minutes)


def happened(content: Content, minutes: float = 0, name: str = "", **fields: Any) -> StoreEvent:
    """An event of the store acme; without a name it has that of what it says."""
    said = f"{content!r} {minutes}"
    values: dict[str, Any] = {
        "store": ACME,
        "id": name or hashlib.sha256(said.encode()).hexdigest()[:16],
        "source": "//shop.example/main",
        "type": f"shop.{type(content).__name__}.v1",
        "time": at(minutes),
        "content": content,
        "digest": hashlib.sha256(said.encode()).digest(),
    }
    return StoreEvent(**(values | fields))


def item(product: str = "p1", price: str = "23.90", **fields: Any) -> Item:
    """A product in a cart or an order."""
    values: dict[str, Any] = {"name": "Tea pot", "category": "Kitchen"}
    return Item(product_id=product, price=Decimal(price), **(values | fields))


def cart(name: str = "k-1", **fields: Any) -> CartUpdated:
    """A cart with a tea pot."""
    values: dict[str, Any] = {
        "cart_id": name,
        "items": (item(),),
        "value": Decimal("23.90"),
        "currency": "EUR",
        "url": f"https://shop.example/r/{name}",
    }
    return CartUpdated(**(values | fields))


def checkout(name: str = "c-1", cart_id: str = "k-1", **fields: Any) -> CheckoutStarted:
    """Somebody goes to pay a cart."""
    values: dict[str, Any] = {
        "checkout_id": name,
        "cart_id": cart_id,
        "items": (item(),),
        "value": Decimal("23.90"),
        "currency": "EUR",
        "url": f"https://shop.example/r/{name}",
    }
    return CheckoutStarted(**(values | fields))


def order(name: str = "1001", **fields: Any) -> OrderCompleted:
    """An order of a tea pot."""
    values: dict[str, Any] = {
        "order_id": name,
        "items": (item(),),
        "total": Decimal("28.80"),
        "revenue": Decimal("23.90"),
        "currency": "EUR",
    }
    return OrderCompleted(**(values | fields))


def viewed(product: str = "p1", **fields: Any) -> ProductViewed:
    """Somebody looked at a tea pot."""
    values: dict[str, Any] = {
        "product_id": product,
        "name": "Tea pot",
        "price": Decimal("23.90"),
        "currency": "EUR",
        "url": f"https://shop.example/{product}",
    }
    return ProductViewed(**(values | fields))


def rows(connection: Connection, name: str) -> list[dict[str, Any]]:
    """Return what a table holds, in order, without surrogate keys."""
    table = Table.metadata.tables[name]
    found = [dict(row._mapping) for row in connection.execute(select(table))]
    for row in found:
        row.pop("key", None)
    return sorted(found, key=repr)


def tables(connection: Connection) -> Mapping[str, list[dict[str, Any]]]:
    """Return what the tables of the shop hold."""
    return {name: rows(connection, name) for name in SHOP_TABLES}
