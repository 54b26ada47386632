"""What events tell of products, by the way too: as they are in carts, in orders and looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection

from gateway.db.shop.products import tell_product
from gateway.db.shop.told import Authority
from gateway.domain.ids import StoreName
from gateway.domain.shop import Item, ProductChange, ProductUpdated, ProductViewed

_SOLD: Final = {
    ProductChange.NEW: False,
    ProductChange.RESTOCKED: False,
    ProductChange.DISCONTINUED: True,
}
"""Whether it is sold no more; that it is cheaper says nothing of that."""


def learn_items(
    connection: Connection, store: StoreName, items: Iterable[Item], currency: str, at: datetime
) -> None:
    """Learn of products that are in a cart or an order: what the shop itself says stands before."""
    for item in items:
        tell_product(
            connection, store, item.product_id, _facts(item, currency), at, Authority.ASIDE
        )


def learn_viewed(
    connection: Connection, store: StoreName, said: ProductViewed, at: datetime
) -> None:
    """Learn of a product that somebody looked at."""
    tell_product(connection, store, said.product_id, _facts(said, said.currency), at)


def learn_updated(
    connection: Connection, store: StoreName, said: ProductUpdated, at: datetime
) -> None:
    """Keep what a shop says of a product."""
    facts = {
        **_facts(said, said.currency),
        "inventory": said.inventory,
        "tags": json.dumps(said.tags, ensure_ascii=False) if said.tags else None,
        "discontinued": _SOLD.get(said.change),
    }
    tell_product(connection, store, said.product_id, facts, at)


def _facts(said: Item | ProductViewed | ProductUpdated, currency: str | None) -> dict[str, Any]:
    return {
        "name": said.name,
        "category": said.category,
        "brand": None if isinstance(said, ProductViewed) else said.brand,
        "price": said.price,
        "currency": currency,
        "url": said.url,
        "image_url": said.image_url,
    }


def line_of(item: Item) -> dict[str, Any]:
    """Return an item as a line of an order, by column."""
    return {
        "product_id": item.product_id,
        "name": item.name,
        "category": item.category,
        "quantity": item.quantity,
        "price": item.price,
    }


def list_of(items: Iterable[Item]) -> str:
    """Return items as a cart keeps them: a JSON list, amounts as texts, without what is not told.

    The same items are always the same text.
    """
    names = list(Item.__dataclass_fields__)
    told = ({name: getattr(item, name) for name in names} for item in items)
    rows = [{name: value for name, value in row.items() if value is not None} for row in told]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, default=_text)


def _text(value: object) -> str:
    assert isinstance(value, Decimal)  # noqa: S101 -- all else in an item is JSON's
    return format(value, "f")
