"""How many jobs there are of a store, a purpose, a day and a state: kept up, so that nobody counts.

What a change adds and takes away is gathered in memory and written once before the commit of its
transaction, be it one change or a group of hundreds: a row is then touched once a group. What is
rolled back was never written, and a change that is run again gathers again. Each gateway writes
rows of its own, so that none waits for another; the figure is their sum.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    and_,
    bindparam,
    delete,
    event,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from gateway.db.prepared import Prepared
from gateway.db.tables import JOB_COUNTS, Sheaf, both
from gateway.domain.ids import StoreName
from gateway.domain.purpose import Purpose
from gateway.domain.states import JobState

_TALLY: Final = "shopbell_job_counts"
_MONTH: Final = "2026-11"
"""How the month of days that are counted together is written."""
_SAVED: Final = "shopbell_job_counts_saved"
_EVENTS: Final = ("begin", "savepoint", "release_savepoint", "rollback_savepoint")
_KINDS: Final = ("node", "store", "purpose", "day", "state")


class Kind(NamedTuple):
    """What jobs are counted by."""

    store: str
    purpose: str
    day: str
    """ISO date, UTC, on which they were accepted; of long ago the month alone."""
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """How many jobs there are of a store in a state."""

    store: StoreName
    state: JobState
    jobs: int
    parts: int


def kind_of(store: str, purpose: Purpose, accepted_at: datetime, state: JobState) -> Kind:
    """Return what a job is counted by."""
    day = accepted_at.astimezone(UTC).date().isoformat()
    return Kind(store, str(purpose), day, str(state))


def count_jobs(connection: Connection, kind: Kind, jobs: int, parts: int) -> None:
    """Add jobs of a kind, or take them away, as the transaction is committed."""
    tally = connection.info.get(_TALLY)
    if tally is not None:  # a migration, or a test that looks at tables alone, counts nothing
        had = tally.get(kind, (0, 0))
        tally[kind] = (had[0] + jobs, had[1] + parts)


def count_move(connection: Connection, kind: Kind, state: JobState, parts: int) -> None:
    """Count a job of so many parts that goes from one state to another."""
    count_jobs(connection, kind, -1, -parts)
    count_jobs(connection, kind._replace(state=str(state)), 1, parts)


def keep_counts(engine: Engine) -> None:
    """Have an engine gather in each of its transactions what `write_counts` is to write."""

    def begin(connection: Connection) -> None:
        connection.info[_TALLY], connection.info[_SAVED] = {}, []

    def savepoint(connection: Connection, _name: str) -> None:
        connection.info[_SAVED].append(dict(connection.info[_TALLY]))

    def release(connection: Connection, _name: str, _context: object) -> None:
        connection.info[_SAVED].pop()

    def back(connection: Connection, _name: str, _context: object) -> None:
        connection.info[_TALLY] = connection.info[_SAVED].pop()

    listeners: tuple[Callable[..., None], ...] = (begin, savepoint, release, back)
    for name, listener in zip(_EVENTS, listeners, strict=True):
        event.listen(engine, name, listener)


def write_counts(connection: Connection, node: str) -> None:
    """Write what was gathered in a transaction, at its end, in the rows of a gateway."""
    tally: dict[Kind, tuple[int, int]] = connection.info[_TALLY]
    rows = [
        {"node": node, **kind._asdict(), "jobs": jobs, "parts": parts}
        # In one order: two gateways that wait for each other's rows would wait for ever.
        for kind, (jobs, parts) in sorted(tally.items())
        if jobs or parts
    ]
    if rows:
        _ADD[connection.dialect.name].many(connection, rows)


def _add(dialect: Any) -> Any:
    statement = dialect.insert(JOB_COUNTS)
    return statement.on_conflict_do_update(
        index_elements=_KINDS,
        set_={
            "jobs": JOB_COUNTS.c.jobs + statement.excluded.jobs,
            "parts": JOB_COUNTS.c.parts + statement.excluded.parts,
        },
    )


_ADD: Final = {"sqlite": Prepared(_add(sqlite)), "postgresql": Prepared(_add(postgresql))}


_SUMS: Final = (
    select(
        JOB_COUNTS.c.store,
        JOB_COUNTS.c.state,
        func.sum(JOB_COUNTS.c.jobs).label("jobs"),
        func.sum(JOB_COUNTS.c.parts).label("parts"),
    )
    .group_by(JOB_COUNTS.c.store, JOB_COUNTS.c.state)
    .having(or_(func.sum(JOB_COUNTS.c.jobs) != 0, func.sum(JOB_COUNTS.c.parts) != 0))
    .order_by(JOB_COUNTS.c.store, JOB_COUNTS.c.state)
)


def read_counts(connection: Connection) -> list[Count]:
    """Return how many jobs each store has in each state, by what was kept up."""
    return [_count(row) for row in connection.execute(_SUMS)]


def _jobs(sheaf: Sheaf) -> Select[Any]:
    jobs, parts = sheaf.jobs, sheaf.parts
    of_job = select(func.count()).where(parts.c.job_key == jobs.c.key).scalar_subquery()
    return select(jobs.c.store, jobs.c.state, of_job.label("parts"))


def recount(connection: Connection) -> list[Count]:
    """Return the same by counting every job there is: seconds a million, on a reader."""
    found = both(_jobs).subquery()
    query = (
        select(
            found.c.store,
            found.c.state,
            func.count().label("jobs"),
            func.sum(found.c.parts).label("parts"),
        )
        .group_by(found.c.store, found.c.state)
        .order_by(found.c.store, found.c.state)
    )
    return [_count(row) for row in connection.execute(query)]


def _count(row: Any) -> Count:
    return Count(
        store=StoreName(row.store),
        state=JobState(row.state),
        jobs=int(row.jobs),
        parts=int(row.parts),
    )


_FOLD: Final = (
    delete(JOB_COUNTS)
    .where(
        JOB_COUNTS.c.day < bindparam("before"),
        or_(
            func.length(JOB_COUNTS.c.day) > literal_column(str(len(_MONTH))),
            and_(JOB_COUNTS.c.jobs == 0, JOB_COUNTS.c.parts == 0),
        ),
    )
    .returning(*JOB_COUNTS.c)
)


def fold_counts(connection: Connection, before: date) -> int:
    """Make one row of the days of a month, of those before a day; return how many rows went.

    A job of such a day that changes later is counted in a row of that day again, until the next
    time: what counts is the sum.
    """
    rows = connection.execute(_FOLD, {"before": before.isoformat()}).all()
    for row in rows:
        kind = Kind(row.store, row.purpose, row.day[: len(_MONTH)], row.state)
        count_jobs(connection, kind, row.jobs, row.parts)
    return len(rows)
