"""Statements on the lives of a database: since it was made, and since each copy was put in place.

A copy says of itself that it is one: its newest row has the kind `copy`. Whoever opens such a
database for writing begins an epoch of the kind `restored` in it, and what waits in it is held
until that one is released.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, func, insert, select, update

from gateway.db.tables import EPOCHS, HELD_JOBS, JOBS
from gateway.domain.states import Stage

MOST_COUNTED: Final = 100_000
"""Held jobs that are counted at most: who asks does so every few seconds."""


class EpochKind(StrEnum):
    """What began an epoch."""

    MADE = "made"
    COPY = "copy"
    """A backup was written; nobody has put it in place yet."""
    RESTORED = "restored"


@dataclass(frozen=True, kw_only=True, slots=True)
class EpochRecord:
    """A life of a database."""

    id: str
    kind: EpochKind
    began_at: datetime
    copied_at: datetime | None
    """Of a copy: up to when it knows what happened; None: nobody can tell."""
    released_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """A restored copy that waits for the operator."""

    began_at: datetime
    """When it was put in place."""
    copied_at: datetime | None
    """Up to when it knows what happened; None: nobody can tell."""
    held: int
    """Jobs that wait for the operator's word, `MOST_COUNTED` at most."""


def newest_epoch(connection: Connection) -> EpochRecord | None:
    """Return the epoch that a database is in; None where it never was told."""
    row = connection.execute(select(EPOCHS).order_by(EPOCHS.c.key.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return EpochRecord(
        id=row.id,
        kind=EpochKind(row.kind),
        began_at=row.began_at,
        copied_at=row.copied_at,
        released_at=row.released_at,
    )


def knows_epoch(connection: Connection, name: str) -> bool:
    """Tell whether a database is, or comes from, an epoch."""
    found = select(EPOCHS.c.key).where(EPOCHS.c.id == name)
    return connection.execute(found).first() is not None


def begin_epoch(
    connection: Connection, kind: EpochKind, now: datetime, copied_at: datetime | None = None
) -> str:
    """Begin an epoch, and return its id."""
    name = secrets.token_hex(8)
    row = {"id": name, "kind": kind, "began_at": now, "copied_at": copied_at}
    connection.execute(insert(EPOCHS), row)
    return name


def is_held(connection: Connection) -> bool:
    """Tell whether the database is a restored copy that waits for the operator."""
    epoch = newest_epoch(connection)
    return epoch is not None and epoch.kind is EpochKind.RESTORED and epoch.released_at is None


def restored(connection: Connection) -> Restored | None:
    """Return the restored copy that the database is, while it waits; else None."""
    epoch = newest_epoch(connection)
    if epoch is None or not is_held(connection):
        return None
    return Restored(
        began_at=epoch.began_at, copied_at=epoch.copied_at, held=count_held_jobs(connection)
    )


def count_held_jobs(connection: Connection) -> int:
    """Return how many jobs wait for the operator's word, `MOST_COUNTED` at most."""
    waiting = (
        select(HELD_JOBS.c.job)
        .join(JOBS, JOBS.c.key == HELD_JOBS.c.job)
        .where(JOBS.c.stage == Stage.SCHEDULED)
        .limit(MOST_COUNTED)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(waiting)).scalar_one()


def release_epochs(connection: Connection, now: datetime) -> None:
    """Let go of a restored copy: what is held in it is held no more."""
    waits = (EPOCHS.c.kind == EpochKind.RESTORED, EPOCHS.c.released_at.is_(None))
    connection.execute(update(EPOCHS).where(*waits).values(released_at=now))
