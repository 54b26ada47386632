"""What of shops is a person's, as parts of the person's export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from gateway.db.owned import OWNED, Whose, customers_of, is_of
from gateway.db.tables import (
    CAMPAIGN_MEMBERS,
    CARTS,
    CLICKS,
    COUPONS,
    DECISIONS,
    FLOW_RUNS,
    LINKS,
    ORDER_LINES,
    ORDERS,
    PERSON_WORDS,
    PRODUCT_VIEWS,
    REFERRALS,
    SHIPMENTS,
)

Rows = list[dict[str, Any]]


def read_shop(connection: Connection, whose: Whose) -> Mapping[str, Rows]:
    """Return a person's rows by the parts of the export; `words` hang on the profile."""
    customers = customers_of(connection, whose)
    theirs = {owned.table.name: is_of(owned, whose, customers) for owned in OWNED}

    def rows(table: Any) -> Rows:
        return _rows(connection, table, theirs[table.name])

    return {
        "orders": _with_parts(connection, rows(ORDERS)),
        "carts": rows(CARTS),
        "views": rows(PRODUCT_VIEWS),
        "words": rows(PERSON_WORDS),
        "decisions": [*rows(DECISIONS), *rows(FLOW_RUNS), *rows(CAMPAIGN_MEMBERS)],
        "links": _links(connection, theirs),
        "coupons": [*rows(COUPONS), *rows(REFERRALS)],
    }


def _with_parts(connection: Connection, orders: Rows) -> Rows:
    """Hang its lines and its parcels on each order."""
    for order in orders:
        for name, table in (("lines", ORDER_LINES), ("shipments", SHIPMENTS)):
            of = and_(table.c.store == order["store"], table.c.order_id == order["order_id"])
            order[name] = _rows(connection, table, of)
    return orders


def _links(connection: Connection, theirs: Mapping[str, Any]) -> Rows:
    keys = select(DECISIONS.c.key).where(theirs[DECISIONS.name])
    links = _rows(connection, LINKS, or_(theirs[LINKS.name], LINKS.c.decision_key.in_(keys)))
    for link in links:
        link["clicks"] = _rows(connection, CLICKS, CLICKS.c.token == link["token"])
    return links


def _rows(connection: Connection, table: Any, condition: Any) -> Rows:
    found: Iterable[Any] = connection.execute(
        select(table).where(condition).order_by(*table.primary_key)
    )
    return [dict(row._mapping) for row in found]
