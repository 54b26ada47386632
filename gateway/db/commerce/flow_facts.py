"""What is known of a person's orders and of a flow's own past, when a flow asks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from gateway.db.commerce.decisions import Outcome
from gateway.db.prepared import Prepared
from gateway.db.shop.orders import NO_ORDER
from gateway.db.tables import DECISIONS, FLOW_RUNS, ORDER_LINES, ORDERS, PERSONS, REFERRALS
from gateway.domain.ids import Campaign, PersonId, StoreName

_STANDS = and_(*(ORDERS.c.status != status for status in NO_ORDER))
_OF_PERSON = (ORDERS.c.store == bindparam("store"), ORDERS.c.person == bindparam("person"))

_SINCE = Prepared(
    select(ORDERS.c.order_id)
    .where(*_OF_PERSON, ORDERS.c.placed_at >= bindparam("since"), _STANDS)
    .limit(1)
)
_COUNT = Prepared(
    select(func.count().label("orders")).where(
        *_OF_PERSON, ORDERS.c.placed_at <= bindparam("until"), _STANDS
    )
)
_BOUGHT = Prepared(
    select(ORDERS.c.order_id)
    .join(
        ORDER_LINES,
        (ORDER_LINES.c.store == ORDERS.c.store) & (ORDER_LINES.c.order_id == ORDERS.c.order_id),
    )
    .where(
        *_OF_PERSON,
        ORDERS.c.placed_at >= bindparam("since"),
        ORDER_LINES.c.product_id == bindparam("product"),
        _STANDS,
    )
    .limit(1)
)
_LATELY = (
    select(DECISIONS.c.key)
    .join(
        FLOW_RUNS,
        (FLOW_RUNS.c.store == DECISIONS.c.store)
        & (FLOW_RUNS.c.flow == bindparam("flow"))
        & (FLOW_RUNS.c.trigger == DECISIONS.c.trigger),
    )
    .where(
        DECISIONS.c.store == bindparam("store"),
        DECISIONS.c.person == bindparam("person"),
        DECISIONS.c.decided_at > bindparam("since"),
        DECISIONS.c.campaign == bindparam("campaign"),
        # What the gate stopped was never read; who was held out is counted as if they had read it.
        or_(
            DECISIONS.c.outcome == Outcome.HELD.value,
            (DECISIONS.c.outcome == Outcome.SENT.value) & DECISIONS.c.reason.is_(None),
        ),
    )
    .limit(1)
)
_LATELY_AT_ALL = Prepared(_LATELY)
_LATELY_ABOUT = Prepared(_LATELY.where(FLOW_RUNS.c.topic == bindparam("topic")))
_CREDITED = Prepared(
    select(REFERRALS.c.friend).where(
        REFERRALS.c.store == bindparam("store"), REFERRALS.c.order_id == bindparam("order")
    )
)
_CALLED = Prepared(
    select(PERSONS.c.person)
    .where(PERSONS.c.store == bindparam("store"), PERSONS.c.customer == bindparam("customer"))
    .order_by(PERSONS.c.changed_at.desc())
    .limit(1)
)


def ordered_since(
    connection: Connection, store: StoreName, person: PersonId, since: datetime
) -> bool:
    """Tell whether a person placed an order at or after an instant that still stands."""
    given = {"store": store, "person": person, "since": since}
    return _SINCE.first(connection, given) is not None


def orders_until(
    connection: Connection, store: StoreName, person: PersonId, until: datetime
) -> int:
    """Return how many orders of a person stand that were placed by an instant."""
    given = {"store": store, "person": person, "until": until}
    row: Any = _COUNT.first(connection, given)
    return int(row.orders)


def bought_since(
    connection: Connection, store: StoreName, person: PersonId, product: str, since: datetime
) -> bool:
    """Tell whether a person bought a product at or after an instant."""
    given = {"store": store, "person": person, "product": product, "since": since}
    return _BOUGHT.first(connection, given) is not None


def decided_since(
    connection: Connection,
    store: StoreName,
    person: PersonId,
    since: datetime,
    *,
    flow: str,
    campaign: Campaign,
    topic: str | None = None,
) -> bool:
    """Tell whether a person got a message of a flow after an instant, or would have.

    Args:
        connection: where to look.
        store: whose flow.
        person: the pseudonym.
        since: UTC.
        flow: its name.
        campaign: what its decisions belong to.
        topic: only about this; None: about anything.
    """
    given = {"store": store, "person": person, "since": since, "flow": flow, "campaign": campaign}
    if topic is None:
        return _LATELY_AT_ALL.first(connection, given) is not None
    return _LATELY_ABOUT.first(connection, given | {"topic": topic}) is not None


def was_credited(connection: Connection, store: StoreName, order: str) -> bool:
    """Tell whether an order counts as the first of a friend whom somebody's code brought."""
    return _CREDITED.first(connection, {"store": store, "order": order}) is not None


def person_called(connection: Connection, store: StoreName, customer: str) -> PersonId | None:
    """Return who a store calls so, whoever was told last."""
    row = _CALLED.first(connection, {"store": store, "customer": customer})
    return None if row is None else PersonId(row.person)
