"""What shops sell, as their events tell it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from gateway.db.prepared import Prepared
from gateway.db.shop.told import Authority, Facts, merge
from gateway.db.tables import PRODUCTS
from gateway.domain.ids import StoreName

_IS = (PRODUCTS.c.store == bindparam("of"), PRODUCTS.c.product_id == bindparam("id"))
_FIND: Final = Prepared(select(PRODUCTS).where(*_IS))
_CHANGE: Final = Prepared(update(PRODUCTS).where(*_IS))
_ADD: Final = Prepared(insert(PRODUCTS))

_BLANK: Final[dict[str, Any]] = {
    "name": None,
    "category": None,
    "brand": None,
    "price": None,
    "currency": None,
    "url": None,
    "image_url": None,
    "tags": "[]",
    "inventory": None,
    "discontinued": False,
}


def tell_product(
    connection: Connection,
    store: StoreName,
    product: str,
    facts: Facts,
    at: datetime,
    authority: Authority = Authority.OWN,
) -> None:
    """Keep what is told of a product.

    Args:
        connection: the transaction.
        store: whose product it is.
        product: the store's id.
        facts: by column; what is None is not told.
        at: when it was so; UTC.
        authority: whether it is said of the product itself.
    """
    row = _FIND.first(connection, {"of": store, "id": product})
    known = _BLANK if row is None else row._asdict()
    merged = merge(known, known.get("told_at"), facts, at, authority)
    seen = {
        "told_at": merged.told_at,
        "first_seen_at": min(at, known.get("first_seen_at", at)),
        "changed_at": max(at, known.get("changed_at", at)),
    }
    if row is None:
        new = {**_BLANK, **merged.values, **seen, "store": store, "product_id": product}
        _ADD.run(connection, new)
    else:
        _CHANGE.run(connection, {**merged.values, **seen, "of": store, "id": product})
