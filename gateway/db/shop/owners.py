"""Whose rows are whose: by the number that the store last told of a customer."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, bindparam, or_, select, update

from gateway.db.prepared import Prepared
from gateway.db.tables import CARTS, FLOW_RUNS, ORDERS, PERSONS, PRODUCT_VIEWS
from gateway.domain.ids import PersonId, StoreName

_CLAIMED: Final = (ORDERS, CARTS, PRODUCT_VIEWS, FLOW_RUNS)
"""Tables whose rows may name a customer alone."""

_CALLED = Prepared(
    select(PERSONS.c.person)
    .where(PERSONS.c.store == bindparam("store"), PERSONS.c.customer == bindparam("customer"))
    .order_by(PERSONS.c.changed_at.desc(), PERSONS.c.person)
    .limit(1)
)


def person_of(connection: Connection, store: StoreName, customer: str) -> PersonId | None:
    """Return whom a store calls by a name; None: it never told a number."""
    row = _CALLED.first(connection, {"store": store, "customer": customer})
    return None if row is None else PersonId(row.person)


def owner(
    connection: Connection, store: StoreName, customer: str | None, other: str | None
) -> str | None:
    """Return the person of a row: the customer's, where known, else another that was told."""
    known = None if customer is None else person_of(connection, store, customer)
    return other if known is None else known


def _of_customer(table: Any) -> tuple[Any, ...]:
    return (table.c.store == bindparam("of"), table.c.customer == bindparam("called"))


_OTHERS = [
    Prepared(
        select(table.c.person)
        .where(
            *_of_customer(table),
            table.c.person.is_not(None),
            table.c.person != bindparam("person"),
        )
        .distinct()
    )
    for table in (ORDERS, CARTS)
]
_CLAIM = [
    Prepared(
        update(table)
        .where(
            *_of_customer(table),
            or_(table.c.person.is_(None), table.c.person != bindparam("person")),
        )
        .values(person=bindparam("person"))
    )
    for table in _CLAIMED
]


def claim(
    connection: Connection, store: StoreName, customer: str, person: PersonId
) -> set[PersonId]:
    """Give all that is of a customer to the person whose number was told.

    Returns:
        Whose orders and carts it was by then.
    """
    named = {"of": store, "called": customer, "person": person}
    former = {row.person for query in _OTHERS for row in query.all(connection, named)}
    for statement in _CLAIM:
        statement.run(connection, named)
    return former
