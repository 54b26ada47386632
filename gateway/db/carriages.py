"""Statements on what goes out by carriers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    update,
)

from gateway.db.tables import CARRIAGES, JOBS, Sheaf, both
from gateway.domain.ids import CarriedId, JobKey, LineId


@dataclass(frozen=True, kw_only=True, slots=True)
class CarriageRecord:
    """A job at a carrier, with what it takes to recognise it there."""

    key: int
    job_key: JobKey
    carried_id: CarriedId | None
    handed_at: datetime
    recipient: str
    text: str
    expires_at: datetime
    report: bool
    """Whether its store wants to know whether it arrived."""


_DUE = (
    select(
        CARRIAGES.c.key,
        CARRIAGES.c.job_key,
        CARRIAGES.c.carried_id,
        CARRIAGES.c.handed_at,
        JOBS.c.recipient,
        JOBS.c.text,
        JOBS.c.expires_at,
        JOBS.c.report,
    )
    .join(JOBS, JOBS.c.key == CARRIAGES.c.job_key)
    .where(
        literal_column("carriages.look_at IS NOT NULL"),
        CARRIAGES.c.line == bindparam("line"),
        CARRIAGES.c.look_at <= bindparam("now"),
    )
    .order_by(CARRIAGES.c.look_at)
)


def open_carriage(
    connection: Connection, job: JobKey, line: LineId, *, now: datetime, look_at: datetime
) -> None:
    """Write that a job is being handed to a carrier; an earlier try that failed is forgotten."""
    drop_carriage(connection, job)
    row = {"job_key": job, "line": line, "handed_at": now, "look_at": look_at}
    connection.execute(insert(CARRIAGES), row)


def drop_carriage(connection: Connection, job: JobKey) -> None:
    """Forget a job that the carrier certainly did not take."""
    connection.execute(delete(CARRIAGES).where(CARRIAGES.c.job_key == job))


def change_carriage(connection: Connection, job: JobKey, **values: object) -> bool:
    """Set columns of a job's carriage; return False when the job is kept no more."""
    change = update(CARRIAGES).where(CARRIAGES.c.job_key == job).values(**values)
    return connection.execute(change).rowcount > 0


def hasten_doubtful(connection: Connection, line: LineId, now: datetime) -> None:
    """Have a carrier asked at once about what it may have; nothing may be on its way to it."""
    connection.execute(
        update(CARRIAGES)
        .where(
            literal_column("carriages.look_at IS NOT NULL"),
            CARRIAGES.c.line == line,
            CARRIAGES.c.carried_id.is_(None),
        )
        .values(look_at=now)
    )


def due_carriages(
    connection: Connection, line: LineId, now: datetime, limit: int
) -> list[CarriageRecord]:
    """Return what a carrier is to be asked about, the longest due first, at most ``limit``."""
    rows = connection.execute(_DUE.limit(limit), {"line": line, "now": now})
    return [CarriageRecord(**row._mapping) for row in rows]


def known_ids(connection: Connection, ids: Sequence[CarriedId]) -> set[CarriedId]:
    """Return which of a carrier's messages are known to be a job's."""

    def known(sheaf: Sheaf) -> Select[Any]:
        carried = sheaf.carriages.c.carried_id
        return select(carried).where(carried.in_(ids))

    return {row.carried_id for row in connection.execute(both(known))}
