"""Takes persons out of what is kept of shops: deletes what is theirs, and cuts sales off them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, or_, select, update

from gateway.db.owned import OWNED, Owned, Whose, customers_of, is_of
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
from gateway.domain.ids import StoreName
from gateway.domain.spelling import Spelling


def forget_shop(
    connection: Connection, whose: Whose, spelling: Spelling | None = None
) -> Mapping[str, int]:
    """Delete what of shops is a person's; the sales stay, and name nobody.

    Args:
        connection: the transaction.
        whose: the person.
        spelling: of the number, which must not stand in what stays; None: it may.

    Returns:
        How many rows of each table went or were changed.
    """
    theirs = _conditions(connection, whose)
    pages = _pages(connection, theirs)
    return {
        **_forget_orders(connection, theirs[ORDERS.name], spelling),
        **{
            table.name: _delete(connection, table, theirs[table.name])
            for table in (CARTS, PRODUCT_VIEWS, PERSON_WORDS, FLOW_RUNS, CAMPAIGN_MEMBERS)
        },
        **_forget_decisions(connection, theirs, pages),
        REFERRALS.name: _delete(connection, REFERRALS, theirs[REFERRALS.name]),
    }


def _conditions(connection: Connection, whose: Whose) -> dict[str, ColumnElement[bool]]:
    customers: Mapping[StoreName, set[str]] = customers_of(connection, whose)
    return {owned.table.name: is_of(owned, whose, customers) for owned in OWNED}


def _forget_orders(
    connection: Connection, theirs: ColumnElement[bool], spelling: Spelling | None
) -> dict[str, int]:
    """Cut the person out of orders; one whose own id tells the number goes as a whole."""
    rows = connection.execute(select(ORDERS).where(theirs)).all()
    telling = [row for row in rows if spelling is not None and _tells(row, spelling)]
    counts = {SHIPMENTS.name: 0, ORDER_LINES.name: 0, ORDERS.name: len(rows)}
    for row in rows:
        counts[SHIPMENTS.name] += _delete(connection, SHIPMENTS, _same_order(SHIPMENTS, row))
    for row in telling:
        counts[ORDER_LINES.name] += _delete(connection, ORDER_LINES, _same_order(ORDER_LINES, row))
        _delete(connection, ORDERS, _same_order(ORDERS, row))
    connection.execute(update(ORDERS).where(theirs).values(person=None, customer=None))
    return counts


def _tells(row: Any, spelling: Spelling) -> bool:
    names = (row.order_id, row.coupon, row.cart_id, row.checkout_id)
    return any(name is not None and spelling.stands_in(name) for name in names)


def _same_order(table: Any, row: Any) -> ColumnElement[bool]:
    same: ColumnElement[bool] = (table.c.store == row.store) & (table.c.order_id == row.order_id)
    return same


def _pages(
    connection: Connection, theirs: Mapping[str, ColumnElement[bool]]
) -> set[tuple[str, str]]:
    """Return the pages that are the person's alone, each with its store: of a cart, of a parcel.

    A link to one may be nobody's by name, and tells who it is about all the same.
    """
    parcels = (
        select(SHIPMENTS.c.store, SHIPMENTS.c.tracking_url)
        .join(
            ORDERS,
            (ORDERS.c.store == SHIPMENTS.c.store) & (ORDERS.c.order_id == SHIPMENTS.c.order_id),
        )
        .where(theirs[ORDERS.name], SHIPMENTS.c.tracking_url.is_not(None))
    )
    carts = select(CARTS.c.store, CARTS.c.url).where(theirs[CARTS.name], CARTS.c.url.is_not(None))
    return {(row[0], row[1]) for query in (parcels, carts) for row in connection.execute(query)}


def _forget_decisions(
    connection: Connection,
    theirs: Mapping[str, ColumnElement[bool]],
    pages: Collection[tuple[str, str]],
) -> dict[str, int]:
    """Delete decisions, with the links and clicks that hang on them; a code stays used."""
    keys = select(DECISIONS.c.key).where(theirs[DECISIONS.name])
    leads_there = (and_(LINKS.c.store == store, LINKS.c.url == url) for store, url in pages)
    links = or_(theirs[LINKS.name], LINKS.c.decision_key.in_(keys), *leads_there)
    tokens: Select[Any] = select(LINKS.c.token).where(links)
    clicks = _delete(connection, CLICKS, CLICKS.c.token.in_(tokens))
    coupons = or_(theirs[COUPONS.name], COUPONS.c.decision_key.in_(keys))
    cut = update(COUPONS).where(coupons).values(person=None, decision_key=None)
    return {
        CLICKS.name: clicks,
        LINKS.name: _delete(connection, LINKS, links),
        COUPONS.name: connection.execute(cut).rowcount,
        DECISIONS.name: _delete(connection, DECISIONS, theirs[DECISIONS.name]),
    }


def count_shop(connection: Connection, whose: Whose) -> Mapping[str, int]:
    """Return how many rows of each table would go or be changed; none that has none."""
    conditions = _conditions(connection, whose)
    found = {owned.table.name: _count(connection, owned, conditions) for owned in OWNED}
    return {name: count for name, count in found.items() if count}


def _count(
    connection: Connection, owned: Owned, conditions: Mapping[str, ColumnElement[bool]]
) -> int:
    query = select(owned.person).where(conditions[owned.table.name])
    return len(connection.execute(query).all())


def _delete(connection: Connection, table: Any, condition: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(condition)).rowcount
