"""Moves jobs that have long ended out of the tables of the queue, and back when one is spoken of.

A job ends by its last status; how long ago is told by what stands in it and in its parts, so that
nothing has to be written for it while messages go out. One that was taken back before anything of
it went out counts from when it could have gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal_column,
    or_,
    select,
)

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
_STILL_OVER: Final = (
    select(JOBS.c.key)
    .where(JOBS.c.key.in_(bindparam("keys", expanding=True)), _long_over())
    # On a database that several gateways share, each leaves to another what that one has begun.
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
    found = connection.execute(_STILL_OVER, {"keys": list(keys), "before": before}).scalars().all()
    if found:
        _move(connection, HOT, ARCHIVED, found)
    return len(found)


def recall_job(connection: Connection, key: JobKey) -> None:
    """Bring a job back from the archive, because something is to happen to it."""
    _move(connection, ARCHIVED, HOT, [key])


def delete_jobs(connection: Connection, sheaf: Sheaf, keys: Sequence[JobKey]) -> None:
    """Delete jobs from one side with all that hangs on them."""
    for table, condition in reversed(_rows_of(sheaf, keys)):
        connection.execute(delete(table).where(condition))


def _move(connection: Connection, source: Sheaf, target: Sheaf, keys: Sequence[JobKey]) -> None:
    tables = (target.jobs, target.parts, target.attempts, target.reports, target.carriages)
    for into, (table, condition) in zip(tables, _rows_of(source, keys), strict=True):
        names = [column.name for column in table.columns]
        rows: Select[Any] = select(*table.columns).where(condition)
        connection.execute(insert(into).from_select(names, rows))
    delete_jobs(connection, source, keys)


def _rows_of(sheaf: Sheaf, keys: Sequence[JobKey]) -> list[tuple[Any, ColumnElement[bool]]]:
    """Return the tables with the conditions of some jobs' rows, none before what it refers to."""
    parts = select(sheaf.parts.c.key).where(sheaf.parts.c.job_key.in_(keys))
    return [
        (sheaf.jobs, sheaf.jobs.c.key.in_(keys)),
        (sheaf.parts, sheaf.parts.c.job_key.in_(keys)),
        (sheaf.attempts, sheaf.attempts.c.part_key.in_(parts)),
        (sheaf.reports, sheaf.reports.c.part_key.in_(parts)),
        (sheaf.carriages, sheaf.carriages.c.job_key.in_(keys)),
    ]
