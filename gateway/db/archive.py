"""Moves jobs that have long ended out of the tables of the queue, and back when one is spoken of.

A job ends by its last status; how long ago is told by what stands in it and in its parts, so that
nothing has to be written for it while messages go out. One that was taken back before anything of
it went out counts from when it could have gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    or_,
    select,
)

from gateway.db.names import by_place, in_lots, one_of
from gateway.db.prepared import Prepared
from gateway.db.tables import ARCHIVED, CARRIAGES, HOT, JOBS, PARTS, Sheaf
from gateway.domain.ids import JobKey
from gateway.domain.states import NO_FINAL_REPORT, JobState, Stage

_SAID: Final = (
    "jobs.state IN ('delivered', 'undelivered', 'failed', 'expired', 'cancelled')"
    f" OR (jobs.state = 'sent' AND (NOT jobs.report OR jobs.reason = '{NO_FINAL_REPORT}'))"
)
"""Nothing more is told of it; not so of what is in doubt, however old."""


def _long_over() -> ColumnElement[bool]:
    """Return the condition: it ended before an instant, and nobody will look at it again."""
    before: ColumnElement[datetime] = bindparam("before")
    later = or_(PARTS.c.handed_at >= before, PARTS.c.settled_at >= before)
    asked = and_(CARRIAGES.c.job_key == JOBS.c.key, CARRIAGES.c.look_at.is_not(None))
    return and_(
        JOBS.c.stage == literal_column(f"'{Stage.DONE.value}'"),
        literal_column(f"({_SAID})"),
        JOBS.c.accepted_at < before,
        JOBS.c.not_before < before,
        or_(JOBS.c.state != JobState.EXPIRED.value, JOBS.c.expires_at < before),
        ~exists().where(PARTS.c.job_key == JOBS.c.key, later),
        ~exists().where(asked),
    )


# Jobs are taken in the order of their keys, so that what is too young for it need not be read.
_YOUNG: Final = (
    select(JOBS.c.key)
    .where(JOBS.c.accepted_at >= bindparam("before"), JOBS.c.key > bindparam("after"))
    .order_by(JOBS.c.key)
    .limit(1)
)
_FIND: Final = (
    select(JOBS.c.key)
    .where(JOBS.c.key > bindparam("after"), _long_over())
    .order_by(JOBS.c.key)
    .limit(bindparam("limit"))
)
_FIND_OLDER: Final = _FIND.where(JOBS.c.key < bindparam("young"))


@cache
def _still_over(count: int) -> Prepared:
    return Prepared(
        select(JOBS.c.key)
        .where(one_of(JOBS.c.key, count), _long_over())
        # On a database that several gateways share, each leaves to another what it has begun.
        .with_for_update(skip_locked=True, of=JOBS)
    )


def jobs_long_over(
    connection: Connection, before: datetime, after: int, limit: int
) -> Sequence[JobKey]:
    """Return jobs that ended before an instant, in the order of their keys; run it on a reader.

    Args:
        connection: where to look.
        before: the instant; UTC.
        after: only keys beyond this one.
        limit: at most so many.
    """
    given = {"before": before, "after": after, "limit": limit}
    young = connection.execute(_YOUNG, {"before": before, "after": after}).scalar_one_or_none()
    if young is None:
        return connection.execute(_FIND, given).scalars().all()
    return connection.execute(_FIND_OLDER, given | {"young": young}).scalars().all()


def archive_jobs(connection: Connection, keys: Sequence[JobKey], before: datetime) -> int:
    """Move jobs into the archive that still ended before an instant; return how many that were."""
    moved = 0
    for lot in in_lots(keys):
        rows = _still_over(len(lot)).all(connection, {"before": before, **by_place(lot)})
        _move(connection, HOT, ARCHIVED, [row.key for row in rows])
        moved += len(rows)
    return moved


def recall_job(connection: Connection, key: JobKey) -> None:
    """Bring a job back from the archive, because something is to happen to it."""
    _move(connection, ARCHIVED, HOT, [key])


def delete_jobs(connection: Connection, sheaf: Sheaf, keys: Sequence[JobKey]) -> None:
    """Delete jobs from one side with all that hangs on them."""
    for lot in in_lots(keys):
        for statement in _deletions(sheaf, len(lot)):
            statement.run(connection, by_place(lot))


@cache
def _deletions(sheaf: Sheaf, count: int) -> tuple[Prepared, ...]:
    rows = reversed(_rows_of(sheaf, count))
    return tuple(Prepared(delete(table).where(condition)) for table, condition in rows)


def _move(connection: Connection, source: Sheaf, target: Sheaf, keys: Sequence[JobKey]) -> None:
    for lot in in_lots(keys):
        for statement in _copies(source, target, len(lot)):
            statement.run(connection, by_place(lot))
    delete_jobs(connection, source, keys)


@cache
def _copies(source: Sheaf, target: Sheaf, count: int) -> tuple[Prepared, ...]:
    tables = (target.jobs, target.parts, target.attempts, target.reports, target.carriages)
    return tuple(
        Prepared(
            insert(into).from_select(
                [column.name for column in table.columns],
                select(*table.columns).where(condition),
                include_defaults=False,
            )
        )
        for into, (table, condition) in zip(tables, _rows_of(source, count), strict=True)
    )


def _rows_of(sheaf: Sheaf, count: int) -> list[tuple[Any, ColumnElement[bool]]]:
    """Return the tables with the conditions of so many jobs' rows, none before what it needs."""
    parts = select(sheaf.parts.c.key).where(one_of(sheaf.parts.c.job_key, count))
    return [
        (sheaf.jobs, one_of(sheaf.jobs.c.key, count)),
        (sheaf.parts, one_of(sheaf.parts.c.job_key, count)),
        (sheaf.attempts, sheaf.attempts.c.part_key.in_(parts)),
        (sheaf.reports, sheaf.reports.c.part_key.in_(parts)),
        (sheaf.carriages, one_of(sheaf.carriages.c.job_key, count)),
    ]
