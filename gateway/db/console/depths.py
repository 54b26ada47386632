"""Statements on how much waits, cheap enough to be asked every few seconds.

What is counted is read of the counts that are kept up; how long jobs have waited is read of the
first job on each shelf, so that the cost is that of the shelves and not of the jobs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, select

from gateway.db.prepared import Prepared
from gateway.db.stock import ready_shelves
from gateway.db.tables import JOB_COUNTS, JOBS, OUTBOX
from gateway.domain.ids import StoreName
from gateway.domain.lane import Shelf
from gateway.domain.purpose import Purpose
from gateway.domain.states import WAITING, JobState

MOST_SHELVES: Final = 500
"""That are looked at; each takes some 50 µs. A box has a few for each store and each line."""

MOST_LETTERS: Final = 10_000
"""That are counted one by one; of more the keys tell about how many."""

OPEN: Final = (*WAITING, JobState.UNCONFIRMED)
"""States in which a job is not done: it waits, or nobody knows what became of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Depth:
    """How many jobs of a kind there are."""

    store: StoreName
    purpose: Purpose
    state: JobState
    jobs: int
    parts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """How long ready jobs of a store and a purpose have waited."""

    store: StoreName
    purpose: Purpose
    since: datetime
    """When the first of them might have gone; about: of each shelf the job counts that expires
    first."""
    expires_at: datetime
    """The earliest deadline."""

    def joined(self, other: Wait) -> Wait:
        """Return both together."""
        since, deadline = min(self.since, other.since), min(self.expires_at, other.expires_at)
        return replace(self, since=since, expires_at=deadline)


_DEPTHS: Final = (
    select(
        JOB_COUNTS.c.store,
        JOB_COUNTS.c.purpose,
        JOB_COUNTS.c.state,
        func.sum(JOB_COUNTS.c.jobs).label("jobs"),
        func.sum(JOB_COUNTS.c.parts).label("parts"),
    )
    .where(JOB_COUNTS.c.state.in_(OPEN))
    .group_by(JOB_COUNTS.c.store, JOB_COUNTS.c.purpose, JOB_COUNTS.c.state)
    .order_by(JOB_COUNTS.c.store, JOB_COUNTS.c.purpose, JOB_COUNTS.c.state)
)

_READY: Final[ColumnElement[bool]] = literal_column("jobs.stage = 'ready'")
_FIRST: Final = (
    select(JOBS.c.store, JOBS.c.purpose, JOBS.c.accepted_at, JOBS.c.not_before)
    .where(_READY, JOBS.c.lane == bindparam("lane"))
    .order_by(JOBS.c.expires_at, JOBS.c.key)
    .limit(1)
)
_FIRST_FREE: Final = Prepared(_FIRST.where(JOBS.c.held_for.is_(None)))
_FIRST_HELD: Final = Prepared(_FIRST.where(JOBS.c.held_for == bindparam("line")))

_LETTERS: Final = select(func.count()).select_from(
    select(OUTBOX.c.key).limit(MOST_LETTERS).subquery()
)
_KEYS: Final = select(
    # Each by itself: SQLite looks through all where both are asked for together.
    select(func.min(OUTBOX.c.key)).scalar_subquery(),
    select(func.max(OUTBOX.c.key)).scalar_subquery(),
)


def read_depths(connection: Connection) -> list[Depth]:
    """Return how many jobs are not done, by store, purpose and state."""
    return [
        Depth(
            store=StoreName(row.store),
            purpose=Purpose(row.purpose),
            state=JobState(row.state),
            jobs=int(row.jobs),
            parts=int(row.parts),
        )
        for row in connection.execute(_DEPTHS)
    ]


def jobs_by_purpose(depths: Iterable[Depth]) -> dict[Purpose, int]:
    """Return how many of them wait for a line, by purpose; each is named."""
    waiting = dict.fromkeys(Purpose, 0)
    for depth in depths:
        if depth.state in WAITING:
            waiting[depth.purpose] += depth.jobs
    return waiting


def read_waits(connection: Connection) -> Mapping[Purpose, Wait]:
    """Return how long ready jobs have waited, of each purpose that has any; of any store."""
    waits: dict[Purpose, Wait] = {}
    for wait in read_store_waits(connection).values():
        known = waits.get(wait.purpose, wait)
        waits[wait.purpose] = known.joined(wait)
    return waits


def read_store_waits(connection: Connection) -> Mapping[tuple[StoreName, Purpose], Wait]:
    """Return how long ready jobs have waited, of each store and purpose that has any."""
    waits: dict[tuple[StoreName, Purpose], Wait] = {}
    for shelf, head in ready_shelves(connection)[:MOST_SHELVES]:
        row = _first(connection, shelf)
        if row is not None:
            wait = Wait(
                store=StoreName(row.store),
                purpose=Purpose(row.purpose),
                since=max(row.accepted_at, row.not_before),
                expires_at=head,
            )
            name = wait.store, wait.purpose
            waits[name] = waits.get(name, wait).joined(wait)
    return waits


def _first(connection: Connection, shelf: Shelf) -> Any:
    if shelf.held_for is None:
        return _FIRST_FREE.first(connection, {"lane": shelf.lane})
    return _FIRST_HELD.first(connection, {"lane": shelf.lane, "line": shelf.held_for})


def count_letters(connection: Connection) -> int:
    """Return how many payloads wait for the broker; of very many, about."""
    counted = connection.execute(_LETTERS).scalar_one()
    if counted < MOST_LETTERS:
        return counted
    least, most = connection.execute(_KEYS).one()
    return int(most - least) + 1


def server_size(connection: Connection) -> int:
    """Return the octets of a database on a PostgreSQL server."""
    query = select(func.pg_database_size(func.current_database()))
    return int(connection.execute(query).scalar_one())
