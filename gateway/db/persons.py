"""What stores told of persons; one row a store and person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from gateway.db.tables import PERSONS
from gateway.domain.ids import PersonId, StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRecord:
    """A person as a store tells of them."""

    store: StoreName
    person: PersonId
    number: str
    """E.164."""
    country: str | None = None
    postal_code: str | None = None
    timezone: str | None = None
    language: str | None = None
    minor: bool = False


_FIND = select(PERSONS).where(
    PERSONS.c.store == bindparam("store"),
    PERSONS.c.person.in_(bindparam("persons", expanding=True)),
)


def find_person(
    connection: Connection, store: StoreName, persons: Sequence[PersonId]
) -> PersonRecord | None:
    """Return what a store told of a person, by any of their pseudonyms."""
    row = connection.execute(_FIND, {"store": store, "persons": list(persons)}).first()
    if row is None:
        return None
    return PersonRecord(
        store=row.store,
        person=row.person,
        number=row.number,
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
