"""What a store has to do with a person, for who looks: found by indexes, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    literal_column,
    select,
    union,
)

from gateway.db.tables import (
    CONSENT_EVENTS,
    JOBS,
    ORDER_LINES,
    ORDERS,
    PERSONS,
    SHEAVES,
    Sheaf,
)
from gateway.domain.ids import PersonId, StoreName
from gateway.domain.phone import matching_tail

MOST_ORDERS: Final = 50

_NOBODYS: Final[ColumnElement[bool]] = func.coalesce(ORDERS.c.person, "") == ""
_AT: Final[ColumnElement[datetime]] = func.coalesce(ORDERS.c.placed_at, ORDERS.c.changed_at)
"""Both as no index has them: a customer's orders are few, and all others may be many."""

Rows = Sequence[Row[*tuple[Any, ...]]]


def number_told(connection: Connection, store: StoreName, person: PersonId) -> str | None:
    """Return the number that a store told of a pseudonym, E.164; None: none was."""
    known = (PERSONS.c.store == store, PERSONS.c.person == person)
    return connection.scalar(select(PERSONS.c.number).where(*known))


def stores_of_number(
    connection: Connection, number: str, persons: Sequence[PersonId]
) -> set[StoreName]:
    """Return the stores that told of a number, wrote to it, or know what the person allows.

    Args:
        connection: for reading.
        number: E.164.
        persons: its pseudonyms.
    """
    waiting: ColumnElement[bool] = literal_column("jobs.stage IN ('ready', 'scheduled')")
    asked = union(
        select(PERSONS.c.store).where(PERSONS.c.number == number),
        select(CONSENT_EVENTS.c.store).where(CONSENT_EVENTS.c.person.in_(persons)),
        select(JOBS.c.store).where(waiting, JOBS.c.recipient == number),
        *(_handed(sheaf, number) for sheaf in SHEAVES),
    )
    return {StoreName(store) for store in connection.scalars(asked)}


def _handed(sheaf: Sheaf, number: str) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    return (
        select(jobs.c.store)
        .select_from(parts.join(jobs, jobs.c.key == parts.c.job_key))
        .where(
            parts.c.tail == matching_tail(number),
            parts.c.handed_at.is_not(None),
            jobs.c.recipient == number,
        )
    )


def orders_of(
    connection: Connection, store: StoreName, persons: Sequence[PersonId], customer: str | None
) -> Rows:
    """Return a person's orders, the newest first, at most `MOST_ORDERS`.

    Args:
        connection: for reading.
        store: whose.
        persons: the pseudonyms.
        customer: what the store calls the person; what was ordered before a number was known is
            found by it.
    """
    theirs = select(ORDERS).where(ORDERS.c.store == store, ORDERS.c.person.in_(persons))
    rows = list(_newest(connection, theirs, ORDERS.c.placed_at))
    if customer is not None:
        called = and_(ORDERS.c.store == store, ORDERS.c.customer == customer)
        rows += _newest(connection, select(ORDERS).where(called, _NOBODYS), _AT)
    rows.sort(key=lambda row: row.placed_at or row.changed_at, reverse=True)
    return rows[:MOST_ORDERS]


def _newest(connection: Connection, query: Select[Any], at: ColumnElement[datetime]) -> Rows:
    return connection.execute(query.order_by(at.desc()).limit(MOST_ORDERS)).all()


def lines_of(connection: Connection, store: StoreName, orders: Sequence[str]) -> Rows:
    """Return the lines of some orders, in their order."""
    lines = ORDER_LINES.c
    if not orders:
        return []
    query = select(ORDER_LINES).where(lines.store == store, lines.order_id.in_(orders))
    return connection.execute(query.order_by(lines.order_id, lines.line)).all()
