"""Lets go of jobs and of what came in, so that only counts and names stay. One transaction's work.

Both ends of what is kept come here: its time is over (COMPLIANCE.md G-12), or the person is erased
(G-7). So there is one way in which a job goes, and what is told of sums stays true on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.archive import delete_jobs
from gateway.db.counts import count_jobs, kind_of
from gateway.db.instants import day_of
from gateway.db.jobs import record_of
from gateway.db.spent import SpentJobs
from gateway.db.tables import DELIVERY_COUNTS, INBOUND, INBOUND_PARTS, SHEAVES, Sheaf
from gateway.domain.ids import JobKey, MessageKey
from gateway.domain.job import PartCounts
from gateway.domain.states import PartState, Stage

_SENT = (PartState.SENT, PartState.DELIVERED, PartState.UNDELIVERED)
_COUNTED = ("store", "line", "day", "purpose", "state")


def retire_jobs(
    connection: Connection, keys: Sequence[JobKey], spent: SpentJobs, now: datetime
) -> int:
    """Count the parts of jobs, keep their names, and delete them with all that hangs on them.

    Args:
        connection: the transaction.
        keys: of jobs; those that are gone, in the queue or with a line are left out.
        spent: writes the names.
        now: the instant of it.

    Returns:
        How many went.
    """
    return sum(_retire(connection, sheaf, keys, spent, now) for sheaf in SHEAVES)


def _retire(
    connection: Connection, sheaf: Sheaf, keys: Sequence[JobKey], spent: SpentJobs, now: datetime
) -> int:
    over = (Stage.DONE, Stage.HANDED)
    # Locked: of two gateways that let go of the same job, one counts it.
    meant = (
        select(sheaf.jobs)
        .where(sheaf.jobs.c.key.in_(keys), sheaf.jobs.c.stage.in_(over))
        .with_for_update()
    )
    jobs = [record_of(row) for row in connection.execute(meant)]
    if not jobs:
        return 0
    keys = [job.key for job in jobs]
    _count(connection, sheaf, keys)
    counts = _parts_of(connection, sheaf.parts, keys)
    spent.write(connection, [(job, counts[job.key]) for job in jobs], now)
    for job in jobs:
        kind = kind_of(job.store, job.purpose, job.accepted_at, job.state)
        count_jobs(connection, kind, -1, -counts[job.key].total)
    answers = update(INBOUND).where(INBOUND.c.job_key.in_(keys))
    connection.execute(answers.values(job_key=None))
    delete_jobs(connection, sheaf, keys)
    return len(jobs)


def retire_messages(connection: Connection, keys: Sequence[MessageKey]) -> int:
    """Delete what came in, with its parts; return how many messages went."""
    connection.execute(delete(INBOUND_PARTS).where(INBOUND_PARTS.c.message_key.in_(keys)))
    return connection.execute(delete(INBOUND).where(INBOUND.c.key.in_(keys))).rowcount


def _count(connection: Connection, sheaf: Sheaf, keys: Sequence[JobKey]) -> None:
    """Add the parts of jobs to the counts."""
    jobs, parts = sheaf.jobs, sheaf.parts
    line = func.coalesce(parts.c.line, "").label("line")
    day = day_of(jobs.c.accepted_at).label("day")
    about = (jobs.c.store, line, day, jobs.c.purpose, parts.c.state)
    rows = connection.execute(
        select(*about, func.count().label("parts"))
        .join_from(parts, jobs, jobs.c.key == parts.c.job_key)
        .where(jobs.c.key.in_(keys))
        .group_by(*about)
    )
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(DELIVERY_COUNTS)
    added = statement.on_conflict_do_update(
        index_elements=_COUNTED,
        set_={"parts": DELIVERY_COUNTS.c.parts + statement.excluded.parts},
    )
    connection.execute(added, [dict(row._mapping) for row in rows])


def _parts_of(connection: Connection, table: Any, keys: Sequence[JobKey]) -> dict[int, PartCounts]:
    states: dict[int, list[Any]] = {key: [] for key in keys}
    query = select(table.c.job_key, table.c.state).where(table.c.job_key.in_(keys))
    for key, state in connection.execute(query):
        states[key].append(state)
    return {
        key: PartCounts(
            total=len(found),
            sent=sum(state in _SENT for state in found),
            delivered=found.count(PartState.DELIVERED),
        )
        for key, found in states.items()
    }
