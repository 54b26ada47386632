"""Friends whom a code brought: credited once each, with their first order."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.prepared import Prepared
from gateway.db.tables import ORDERS, REFERRALS
from gateway.domain.ids import PersonId, StoreName


@cache
def _credit(dialect: str) -> Prepared:
    kind: Any = sqlite if dialect == "sqlite" else postgresql
    return Prepared(kind.insert(REFERRALS).on_conflict_do_nothing())


def credit_referral(
    connection: Connection,
    store: StoreName,
    friend: PersonId,
    coupon_key: int,
    order_id: str,
    at: datetime,
) -> bool:
    """Write that a friend's first order used a code; False where one of theirs did before."""
    row = {
        "store": store,
        "friend": friend,
        "coupon_key": coupon_key,
        "order_id": order_id,
        "at": at,
    }
    return _credit(connection.dialect.name).run(connection, row) > 0


_EARLIER = Prepared(
    select(ORDERS.c.order_id)
    .where(
        ORDERS.c.store == bindparam("store"),
        ORDERS.c.person == bindparam("person"),
        ORDERS.c.order_id != bindparam("order"),
        ORDERS.c.placed_at <= bindparam("at"),
    )
    .limit(1)
)


def ordered_before(
    connection: Connection, store: StoreName, person: PersonId, order_id: str, at: datetime
) -> bool:
    """Tell whether a person had ordered before an order."""
    asked = {"store": store, "person": person, "order": order_id, "at": at}
    return _EARLIER.first(connection, asked) is not None


_FIRST_ORDER = Prepared(
    select(ORDERS.c.order_id, ORDERS.c.coupon, ORDERS.c.placed_at, ORDERS.c.first)
    .where(
        ORDERS.c.store == bindparam("store"),
        ORDERS.c.person == bindparam("person"),
        ORDERS.c.placed_at.is_not(None),
    )
    .order_by(ORDERS.c.placed_at, ORDERS.c.order_id)
    .limit(1)
)


def first_order(connection: Connection, store: StoreName, person: PersonId) -> Any:
    """Return a person's first order: its id, coupon and time, and whether the store calls it so."""
    return _FIRST_ORDER.first(connection, {"store": store, "person": person})
