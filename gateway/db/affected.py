"""Whose data were at work in a time: who has to be told when they were exposed (Art. 33, 34).

COMPLIANCE.md G-17.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, literal, select, union

from gateway.db.tables import INBOUND, JOBS, PERSONS
from gateway.domain.ids import StoreName


@dataclass(frozen=True, kw_only=True, slots=True)
class Affected:
    """A person with what of them was at work."""

    number: str
    """E.164, or as the network wrote it."""
    store: StoreName | None
    """None: it answered no store's message."""
    kinds: tuple[str, ...]
    """``messages``, ``replies``, ``profile``: parts of a person's export."""


def affected(
    connection: Connection, since: datetime, until: datetime, store: StoreName | None = None
) -> Iterator[Affected]:
    """Yield who was written to, wrote, or was told of by a store, by number.

    Args:
        connection: where to look.
        since: UTC, inclusive.
        until: UTC, exclusive.
        store: only of this one; what answers no store's message is every store's.
    """
    query = union(
        _messages(since, until), _replies(since, until), _profiles(since, until)
    ).subquery()
    found = select(query).order_by(query.c.number, query.c.store, query.c.kind)
    if store is not None:
        found = found.where((query.c.store == store) | query.c.store.is_(None))
    for (number, whose), rows in groupby(connection.execute(found), key=lambda row: row[:2]):
        yield Affected(number=number, store=whose, kinds=tuple(row.kind for row in rows))


def _messages(since: datetime, until: datetime) -> Select[Any]:
    columns = (JOBS.c.recipient.label("number"), JOBS.c.store, literal("messages").label("kind"))
    return select(*columns).where(JOBS.c.accepted_at >= since, JOBS.c.accepted_at < until)


def _replies(since: datetime, until: datetime) -> Select[Any]:
    columns = (INBOUND.c.sender.label("number"), JOBS.c.store, literal("replies").label("kind"))
    return (
        select(*columns)
        .join_from(INBOUND, JOBS, JOBS.c.key == INBOUND.c.job_key, isouter=True)
        .where(
            INBOUND.c.sender.is_not(None),
            INBOUND.c.received_at >= since,
            INBOUND.c.received_at < until,
        )
    )


def _profiles(since: datetime, until: datetime) -> Select[Any]:
    columns = (PERSONS.c.number, PERSONS.c.store, literal("profile").label("kind"))
    return select(*columns).where(PERSONS.c.changed_at >= since, PERSONS.c.changed_at < until)
