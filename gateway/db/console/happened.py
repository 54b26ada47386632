"""What happened in a database since: what was handed over, and what persons took back.

It is what a copy must not forget; `gateway.backup.diary` keeps it where the copy is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, func, select, text, union

from gateway.db.prepared import Prepared
from gateway.db.streams import rows
from gateway.db.tables import (
    ATTEMPTS,
    CONSENT_EVENTS,
    INBOUND,
    JOBS,
    PARTS,
    PERSONS,
    SHEAVES,
)
from gateway.domain.consent import Action
from gateway.domain.ids import JobId, LineId, PersonId, StoreName
from gateway.domain.states import Outcome

TAKEN_BACK: Final = (
    Action.WITHDRAWN,
    Action.OBJECTED,
    Action.RESTRICTED,
    Action.ERASED,
    Action.DEACTIVATED,
)
"""Changes after which less is allowed than before."""

OVERLAP: Final = 500
"""Attempts on a server that may be committed after a later one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """How far a database has come: keys that were given are never given again."""

    attempts: int
    consents: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HandedOver:
    """A job of which something was handed to a modem or to a carrier."""

    key: int
    """Of the attempt."""
    at: datetime
    store: StoreName
    job: JobId
    digest: bytes
    seq: int
    parts: int
    line: LineId


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenBack:
    """What a person allows no more."""

    key: int
    """Of the event in the ledger."""
    at: datetime
    recorded_at: datetime
    store: StoreName
    person: PersonId
    purpose: str
    action: Action


_ALL = PARTS.alias("of_job")
_PARTS = select(func.count()).where(_ALL.c.job_key == JOBS.c.key).scalar_subquery()
_HANDED = Prepared(
    select(
        ATTEMPTS.c.key,
        ATTEMPTS.c.intended_at,
        ATTEMPTS.c.line,
        ATTEMPTS.c.outcome,
        JOBS.c.store,
        JOBS.c.id,
        JOBS.c.digest,
        JOBS.c.seq,
        _PARTS.label("parts"),
    )
    .join(PARTS, PARTS.c.key == ATTEMPTS.c.part_key)
    .join(JOBS, JOBS.c.key == PARTS.c.job_key)
    .where(ATTEMPTS.c.key > bindparam("after"))
    .order_by(ATTEMPTS.c.key)
    .limit(bindparam("most"))
)
_TAKEN_BACK = Prepared(
    select(
        CONSENT_EVENTS.c.key,
        CONSENT_EVENTS.c.at,
        CONSENT_EVENTS.c.recorded_at,
        CONSENT_EVENTS.c.store,
        CONSENT_EVENTS.c.person,
        CONSENT_EVENTS.c.purpose,
        CONSENT_EVENTS.c.action,
    )
    .where(CONSENT_EVENTS.c.key > bindparam("after"))
    .order_by(CONSENT_EVENTS.c.key)
    .limit(bindparam("most"))
)


def handed_since(
    connection: Connection, after: int, most: int
) -> tuple[list[HandedOver], int, bool]:
    """Return what was handed over by attempts beyond a key, in order.

    Args:
        connection: where to look.
        after: the key.
        most: attempts that are looked at.

    Returns:
        What may have been sent; the key of the last attempt that was looked at; and whether there
        may be more of them.
    """
    found = _HANDED.all(connection, {"after": after, "most": most})
    handed = [
        HandedOver(
            key=row.key,
            at=row.intended_at,
            store=StoreName(row.store),
            job=JobId(row.id),
            digest=row.digest,
            seq=row.seq,
            parts=row.parts,
            line=LineId(row.line),
        )
        for row in found
        if row.outcome != Outcome.NOT_SENT
    ]
    return handed, found[-1].key if found else after, len(found) == most


def taken_back_since(
    connection: Connection, after: int, most: int
) -> tuple[list[TakenBack], int, bool]:
    """Return what persons took back beyond a key of the ledger; as `handed_since` does."""
    found = _TAKEN_BACK.all(connection, {"after": after, "most": most})
    taken = [
        TakenBack(
            key=row.key,
            at=row.at,
            recorded_at=row.recorded_at,
            store=StoreName(row.store),
            person=PersonId(row.person),
            purpose=row.purpose,
            action=Action(row.action),
        )
        for row in found
        if row.action in TAKEN_BACK
    ]
    return taken, found[-1].key if found else after, len(found) == most


def marks_of(connection: Connection) -> Marks:
    """Return how far a database has come, whatever is kept no more."""
    return Marks(
        attempts=_last_key(connection, ATTEMPTS.name),
        consents=_highest(connection),
    )


def known_attempts(connection: Connection) -> tuple[int, Collection[int]]:
    """Return up to which key a database knows every attempt, and those it knows beyond that.

    The last key that was given tells nothing on a server: a dump holds a sequence as it was when
    its rows had long been read, and an attempt that was not yet committed then has a lower key.
    """
    if connection.dialect.name == "sqlite":
        return _last_key(connection, ATTEMPTS.name), ()
    keys = [sheaf.attempts.c.key for sheaf in SHEAVES]
    newest = max(connection.scalar(select(func.max(key))) or 0 for key in keys)
    since = max(0, newest - OVERLAP)
    beyond = union(*(select(key).where(key > since) for key in keys))
    return since, frozenset(connection.scalars(beyond))


def _last_key(connection: Connection, table: str) -> int:
    if connection.dialect.name == "sqlite":
        given = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(connection.execute(given, {"name": table}).scalar_one_or_none() or 0)
    given = text(
        "SELECT last_value FROM pg_sequences WHERE schemaname = current_schema()"
        " AND sequencename = :name"
    )
    return int(connection.execute(given, {"name": f"{table}_key_seq"}).scalar_one_or_none() or 0)


def _highest(connection: Connection) -> int:
    """Return the last key of the ledger, of which no row is ever removed."""
    return int(connection.execute(select(func.max(CONSENT_EVENTS.c.key))).scalar_one() or 0)


def numbers_in(connection: Connection) -> Iterator[str]:
    """Yield every number (E.164) that a database knows, some of them twice."""
    senders = select(INBOUND.c.sender.label("number")).where(INBOUND.c.sender.startswith("+"))
    known = union(
        *(select(sheaf.jobs.c.recipient.label("number")) for sheaf in SHEAVES),
        select(PERSONS.c.number.label("number")),
        senders,
    )
    for row in rows(connection, known, 1_000):
        yield str(row.number)
