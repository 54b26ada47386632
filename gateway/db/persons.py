"""What stores told of persons; one row a store and person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from gateway.db.tables import PERSONS
from gateway.domain.ids import PersonId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRecord:
    """A person as a store tells of them."""

    store: StoreName
    person: PersonId
    number: str
    """E.164."""
    changed_at: datetime
    """When it happened that the store told last; UTC."""
    customer: str | None = None
    """What the store calls the person."""
    country: str | None = None
    postal_code: str | None = None
    timezone: str | None = None
    language: str | None = None
    minor: bool = False


_FIND = select(PERSONS).where(
    PERSONS.c.store == bindparam("store"),
    PERSONS.c.person.in_(bindparam("persons", expanding=True)),
)
_OF_CUSTOMER = (
    select(PERSONS)
    .where(PERSONS.c.store == bindparam("store"), PERSONS.c.customer == bindparam("customer"))
    .order_by(PERSONS.c.changed_at.desc())
)


def find_person(
    connection: Connection, store: StoreName, persons: Sequence[PersonId]
) -> PersonRecord | None:
    """Return what a store told of a person, by any of their pseudonyms."""
    row = connection.execute(_FIND, {"store": store, "persons": list(persons)}).first()
    return None if row is None else _record(row)


def persons_of_customer(
    connection: Connection, store: StoreName, customer: str
) -> list[PersonRecord]:
    """Return who a store calls by this name, whoever was told last first."""
    rows = connection.execute(_OF_CUSTOMER, {"store": store, "customer": customer})
    return [_record(row) for row in rows]


def _record(row: Row[*tuple[Any, ...]]) -> PersonRecord:
    return PersonRecord(
        store=row.store,
        person=row.person,
        number=row.number,
        changed_at=row.changed_at,
        customer=row.customer,
        country=row.country,
        postal_code=row.postal_code,
        timezone=row.timezone,
        language=row.language,
        minor=row.minor,
    )


def put_person(
    connection: Connection,
    store: StoreName,
    person: PersonId,
    number: str,
    now: datetime,
    **facts: Any,
) -> None:
    """Keep what a store tells of a person; what it does not tell stays as it was."""
    values = {"number": number, "changed_at": now, **facts}
    known = update(PERSONS).where(PERSONS.c.store == store, PERSONS.c.person == person)
    if connection.execute(known.values(**values)).rowcount == 0:
        new = {"minor": False, **values, "store": store, "person": person}
        connection.execute(insert(PERSONS), new)


def remove_person(connection: Connection, store: StoreName, persons: Sequence[PersonId]) -> int:
    """Forget what a store told of a person; return how many rows went."""
    return connection.execute(
        delete(PERSONS).where(PERSONS.c.store == store, PERSONS.c.person.in_(persons))
    ).rowcount
