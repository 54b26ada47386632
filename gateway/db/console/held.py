"""Statements on the jobs of a restored copy that wait for the operator's word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    insert,
    literal_column,
    select,
    update,
)

from gateway.db.jobs import JobRecord, record_of
from gateway.db.prepared import Prepared
from gateway.db.tables import ATTEMPTS, HELD_JOBS, JOBS
from gateway.domain.ids import JobKey, LineId, PartKey
from gateway.domain.states import Outcome

_UNSENT: Final[ColumnElement[bool]] = literal_column("jobs.stage IN ('ready', 'scheduled')")
_WAITING = Prepared(
    select(JOBS)
    .where(_UNSENT, JOBS.c.key > bindparam("after"))
    .order_by(JOBS.c.key)
    .limit(bindparam("most"))
)
_HOLD = Prepared(insert(HELD_JOBS))
_IS_HELD = Prepared(select(HELD_JOBS.c.job).where(HELD_JOBS.c.job == bindparam("which")))
_ATTEMPT = Prepared(insert(ATTEMPTS))


def waiting_lots(connection: Connection, most: int) -> Iterator[Sequence[JobRecord]]:
    """Yield all jobs that no line is at work on and that may go, by their keys, in lots."""
    after = 0
    while rows := _WAITING.all(connection, {"after": after, "most": most}):
        yield [record_of(row) for row in rows]
        after = rows[-1].key


def note_held(connection: Connection, job: JobRecord) -> None:
    """Write that a job waits for the operator, and from when on it might go out."""
    if _IS_HELD.first(connection, {"which": job.key}) is None:
        _HOLD.run(connection, {"job": job.key, "not_before": job.not_before})


def note_attempt(
    connection: Connection, part: PartKey, line: LineId, node: str, at: datetime, reason: str
) -> None:
    """Write that a part was handed over in another life of the database, to what end nobody knows.

    Args:
        connection: the transaction.
        part: what was handed over.
        line: where.
        node: the gateway that writes it.
        at: when it was handed over, or is taken to have been.
        reason: words for it.
    """
    row = {
        "part_key": part,
        "node": node,
        "line": line,
        "modem": "",
        "repeat": False,
        "intended_at": at,
        "outcome": Outcome.UNKNOWN,
        "settled_at": at,
        "reason": reason,
    }
    _ATTEMPT.run(connection, row)


def held_jobs(connection: Connection, most: int) -> list[JobRecord]:
    """Return jobs that wait for the operator, at most so many; what has ended meanwhile is not."""
    query = (
        select(JOBS)
        .join(HELD_JOBS, HELD_JOBS.c.job == JOBS.c.key)
        .where(_UNSENT)
        .order_by(JOBS.c.key)
        .limit(most)
        .with_for_update(key_share=True, of=JOBS)
    )
    return [record_of(row) for row in connection.execute(query)]


def let_go(connection: Connection, keys: Sequence[JobKey]) -> None:
    """Let jobs go out when they were to, or at once where that is past; they are held no more."""
    when = select(HELD_JOBS.c.not_before).where(HELD_JOBS.c.job == JOBS.c.key).scalar_subquery()
    change = update(JOBS).where(JOBS.c.key.in_(keys), _UNSENT)
    connection.execute(change.values(not_before=when, reason=None))
    forget_held(connection, keys)


def forget_held(connection: Connection, keys: Sequence[JobKey]) -> None:
    """Forget that jobs are held."""
    connection.execute(delete(HELD_JOBS).where(HELD_JOBS.c.job.in_(keys)))


def forget_all_held(connection: Connection) -> None:
    """Forget it of all: what is left has come to its end."""
    connection.execute(delete(HELD_JOBS))
