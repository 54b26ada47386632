"""Persons whom a store knows, written straight into the table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, update

from gateway.db.tables import PERSONS
from gateway.domain.ids import PersonId, StoreName


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
