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

from gateway.db.received import answered_jobs
from gateway.db.tables import INBOUND, PERSONS, SHEAVES, Sheaf
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
        *(_messages(sheaf, since, until) for sheaf in SHEAVES),
        _replies(since, until),
        _profiles(since, until),
    ).subquery()
    found = select(query).order_by(query.c.number, query.c.store, query.c.kind)
    if store is not None:
        found = found.where((query.c.store == store) | query.c.store.is_(None))
    for (number, whose), rows in groupby(connection.execute(found), key=lambda row: row[:2]):
        yield Affected(number=number, store=whose, kinds=tuple(row.kind for row in rows))


def _messages(sheaf: Sheaf, since: datetime, until: datetime) -> Select[Any]:
    jobs = sheaf.jobs.c
    columns = (jobs.recipient.label("number"), jobs.store, literal("messages").label("kind"))
    return select(*columns).where(jobs.accepted_at >= since, jobs.accepted_at < until)


def _replies(since: datetime, until: datetime) -> Select[Any]:
    answered = answered_jobs()
    kind, store = literal("replies").label("kind"), answered.store.label("store")
    return (
        select(INBOUND.c.sender.label("number"), store, kind)
        .select_from(answered.joined)
        .where(
            INBOUND.c.sender.is_not(None),
            INBOUND.c.received_at >= since,
            INBOUND.c.received_at < until,
        )
    )


def _profiles(since: datetime, until: datetime) -> Select[Any]:
    columns = (PERSONS.c.number, PERSONS.c.store, literal("profile").label("kind"))
    return select(*columns).where(PERSONS.c.changed_at >= since, PERSONS.c.changed_at < until)
