"""What a person did last with a store: the newest order, cart, product looked at, and a parcel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from gateway.db.names import by_place, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import CARTS, ORDERS, PRODUCT_VIEWS, SHIPMENTS
from gateway.domain.ids import PersonId, StoreName

MOST: Final = 20
"""Orders of a person that are looked at: nobody asks for the one before."""

_NEWEST: dict[tuple[Any, int], Prepared] = {}


def _newest(name: Any, at: Any, person: Any, persons: int) -> Prepared:
    """Return the statement for the newest rows of a person, by any of the pseudonyms."""
    table = name.table
    if (name, persons) not in _NEWEST:
        _NEWEST[name, persons] = Prepared(
            select(name)
            .where(
                table.c.store == bindparam("store"),
                one_of(person, persons),
                at >= bindparam("since"),
            )
            .order_by(at.desc())
            .limit(MOST)
        )
    return _NEWEST[name, persons]


_PARCEL = Prepared(
    select(SHIPMENTS.c.shipment_id)
    .where(SHIPMENTS.c.store == bindparam("store"), SHIPMENTS.c.order_id == bindparam("order"))
    .order_by(SHIPMENTS.c.changed_at.desc())
    .limit(1)
)


def newest_orders(
    connection: Connection, store: StoreName, persons: Sequence[PersonId], since: datetime
) -> list[str]:
    """Return the ids of a person's orders since an instant, the newest first, at most `MOST`."""
    statement = _newest(ORDERS.c.order_id, ORDERS.c.placed_at, ORDERS.c.person, len(persons))
    given = {"store": store, "since": since, **by_place(persons)}
    return [str(row[0]) for row in statement.all(connection, given)]


def newest_cart(
    connection: Connection, store: StoreName, persons: Sequence[PersonId], since: datetime
) -> str | None:
    """Return the id of the cart that a person used last, at or after an instant."""
    statement = _newest(CARTS.c.cart_id, CARTS.c.active_at, CARTS.c.person, len(persons))
    return _id(statement, connection, store, persons, since)


def newest_view(
    connection: Connection, store: StoreName, persons: Sequence[PersonId], since: datetime
) -> str | None:
    """Return the id of the product that a person looked at last, at or after an instant."""
    views = PRODUCT_VIEWS.c
    statement = _newest(views.product_id, views.viewed_at, views.person, len(persons))
    return _id(statement, connection, store, persons, since)


def newest_parcel(connection: Connection, store: StoreName, order: str) -> str | None:
    """Return the id of the parcel of an order of which was heard last."""
    row = _PARCEL.first(connection, {"store": store, "order": order})
    return None if row is None else str(row[0])


def _id(
    statement: Prepared,
    connection: Connection,
    store: StoreName,
    persons: Sequence[PersonId],
    since: datetime,
) -> str | None:
    row = statement.first(connection, {"store": store, "since": since, **by_place(persons)})
    return None if row is None else str(row[0])
