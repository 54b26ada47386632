"""Statements on jobs that wait for the line by which their person knows the store.

A job that was begun on a line, and one that only that line may send, wait for it too; these are
left alone here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    func,
    literal_column,
    null,
    select,
    update,
)

from gateway.db.jobs import JobRecord
from gateway.db.prepared import Prepared
from gateway.db.stock import stock_of
from gateway.db.tables import JOBS, LINES
from gateway.domain.ids import LaneKey, LineId
from gateway.domain.lane import Shelf
from gateway.domain.states import Stage

_READY: Final[ColumnElement[bool]] = literal_column(f"jobs.stage = '{Stage.READY.value}'")
_UNSENT: Final[ColumnElement[bool]] = literal_column("jobs.stage IN ('ready', 'scheduled')")
_FREE_TO_GO: Final = (JOBS.c.line.is_(None), JOBS.c.only_line.is_(None))
"""Held for the person's sake alone."""

_JOIN = Prepared(
    update(JOBS)
    .where(
        _UNSENT,
        JOBS.c.recipient == bindparam("to"),
        JOBS.c.store == bindparam("of_store"),
        JOBS.c.purpose == bindparam("about"),  # a line may be barred from another
        JOBS.c.held_for.is_(None),
        *_FREE_TO_GO,
    )
    .values(held_for=bindparam("which"))
    .returning(JOBS.c.lane, JOBS.c.stage, JOBS.c.expires_at)
)


def hold_others(connection: Connection, job: JobRecord, line: LineId) -> None:
    """Let what else is to go to a job's person wait for the line that it went out on.

    Of several messages that were queued before the first one went out, the others follow it: those
    of the same store and of the same purpose.
    """
    asked = {"to": job.recipient, "of_store": job.store, "about": job.purpose, "which": line}
    for row in _JOIN.all(connection, asked):
        if row.lane is not None and row.stage == Stage.READY:
            stock_of(connection).note(Shelf(LaneKey(row.lane), line), row.expires_at)


def _on_shelf() -> list[ColumnElement[bool]]:
    return [_READY, JOBS.c.lane == bindparam("of_lane"), JOBS.c.held_for == bindparam("which")]


_FREED = (
    select(JOBS.c.key)
    .where(*_on_shelf(), *_FREE_TO_GO, JOBS.c.expires_at <= bindparam("by"))
    .order_by(JOBS.c.expires_at.desc(), JOBS.c.key.desc())
    .limit(bindparam("most"))
)
_FREE = Prepared(
    update(JOBS)
    .where(JOBS.c.key.in_(_FREED.scalar_subquery()))
    .values(held_for=null())
    .returning(JOBS.c.expires_at)
)


def free_held(connection: Connection, shelf: Shelf, *, by: datetime, limit: int) -> int:
    """Let any line have jobs that are held for one; return how many.

    Args:
        connection: the transaction.
        shelf: of which lane, and held for whom.
        by: only what expires at or before it, the latest deadlines first.
        limit: jobs at most.
    """
    asked = {"of_lane": shelf.lane, "which": shelf.held_for, "by": by, "most": limit}
    rows = _FREE.all(connection, asked)
    for row in rows:
        stock_of(connection).note(Shelf(shelf.lane, None), row.expires_at)
    return len(rows)


_COUNTED = (
    select(JOBS.c.key)
    .where(*_on_shelf(), JOBS.c.expires_at <= bindparam("by"))
    .limit(bindparam("most"))
    .subquery()
)
_COUNT = Prepared(select(func.count().label("jobs")).select_from(_COUNTED))


def count_held(connection: Connection, shelf: Shelf, *, by: datetime, limit: int) -> int:
    """Return how many jobs of a shelf expire at or before an instant, counting to a limit."""
    asked = {"of_lane": shelf.lane, "which": shelf.held_for, "by": by, "most": limit}
    row = _COUNT.first(connection, asked)
    return 0 if row is None else int(row.jobs)


_ELSEWHERE = Prepared(
    select(LINES.c.id).where(LINES.c.node.is_not(None), LINES.c.node != bindparam("here"))
)


def lines_elsewhere(connection: Connection, node: str) -> frozenset[LineId]:
    """Return the lines that are in service at other gateways on this database."""
    return frozenset(LineId(row.id) for row in _ELSEWHERE.all(connection, {"here": node}))


_DEEPER = Prepared(
    select(JOBS.c.key)
    .where(_READY, JOBS.c.lane == bindparam("of_lane"), JOBS.c.held_for.is_(None))
    .limit(1)
    .offset(bindparam("passed"))
)


def deeper(connection: Connection, lane: LaneKey, count: int) -> bool:
    """Tell whether more than so many jobs of a lane wait for any line; it steps over as many."""
    return _DEEPER.first(connection, {"of_lane": lane, "passed": count}) is not None
