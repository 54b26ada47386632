"""What is queued, sent, delivered and failed, for a person who looks: newest first.

However much is stored, a page is found by indexes: each store and state is a run of its own in one,
in the order of keys, and the newest of a few runs are the newest of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from heapq import nlargest
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal_column, or_, select

from gateway.db.jobs import find_job
from gateway.db.names import by_place, in_lots, one_of
from gateway.db.parts import PartRecord, read_parts
from gateway.db.prepared import Prepared
from gateway.db.tables import ARCHIVED, HOT, LANES, SHEAVES, Sheaf, both
from gateway.domain.ids import JobId, JobKey, ModemName, StoreName
from gateway.domain.job import NEVER, PartCounts
from gateway.domain.purpose import Purpose
from gateway.domain.states import FINAL, NO_FINAL_REPORT, JobState, PartState, Stage

_SENT: Final = (PartState.SENT, PartState.DELIVERED, PartState.UNDELIVERED)
"""States of a part that had its +CMGS."""

_FEW: Final = 2_000
"""Jobs of a store in the queue up to which they are all looked at, and sorted."""

_STORE_OF_EACH: Final = HOT.jobs.c.store.concat("")
"""The store as what no index serves: so they are gone through by the key, from the newest."""

_INDEXED: Final[ColumnElement[bool]] = literal_column("jobs.state <> 'accepted'")


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A job with what became of it."""

    key: JobKey
    store: StoreName
    id: JobId
    to: str
    """E.164."""
    text: str
    purpose: Purpose
    report: bool
    state: JobState
    parts: PartCounts
    modem: ModemName | None
    reason: str | None
    accepted_at: datetime
    not_before: datetime
    """When it was, or will next be, up for a line; UTC."""
    expires_at: datetime | None
    """None: never."""

    @property
    def settled(self) -> bool:
        """Whether a store will be told nothing more of it."""
        if self.state is JobState.SENT:
            return not self.report or self.reason == NO_FINAL_REPORT
        return self.state in FINAL


def list_jobs(
    connection: Connection,
    *,
    store: str | None = None,
    state: JobState | None = None,
    id: str | None = None,  # noqa: A002 -- the contract's word
    limit: int = 50,
    before: int | None = None,
) -> list[Listed]:
    """Return the newest jobs that fit, at most ``limit``.

    Args:
        connection: where to look.
        store: only of this store.
        state: only in this state.
        id: only the jobs of this id, one a store.
        limit: at most so many.
        before: only jobs before the one of this key, as a page before it ended.
    """
    if id is not None:
        found = _named(connection, id, store)
    elif store is None and state is None:
        found = _newest(connection, [(sheaf, ()) for sheaf in SHEAVES], before, limit)
    else:
        states = list(JobState) if state is None else [state]
        runs = [*_told(connection, store, states), *_untouched(connection, store, states)]
        found = _newest(connection, runs, before, limit)
    # Asked again of what an id found; the others fit.
    return [
        job
        for job in read_listed(connection, nlargest(limit, found))
        if (state is None or job.state is state) and (before is None or job.key < before)
    ]


_Run = tuple[Sheaf, Sequence[ColumnElement[bool]]]
"""Where to look, and the conditions that one index serves in the order of keys."""


def _stores(connection: Connection) -> list[str]:
    """Return the stores that have jobs, by a look at each in an index."""
    return sorted({store for sheaf in SHEAVES for store in _stores_in(connection, sheaf)})


def _stores_in(connection: Connection, sheaf: Sheaf) -> Iterator[str]:
    last, store = "", sheaf.jobs.c.store
    while (
        found := connection.execute(select(func.min(store)).where(store > last)).scalar_one()
    ) is not None:
        last = found
        yield last


def _named(connection: Connection, name: str, store: str | None) -> list[int]:
    stores = _stores(connection) if store is None else [store]
    queries = (
        select(sheaf.jobs.c.key).where(sheaf.jobs.c.store == one, sheaf.jobs.c.id == name)
        for one in stores
        for sheaf in SHEAVES
    )
    return [key for query in queries for key in connection.execute(query).scalars()]


def _told(connection: Connection, store: str | None, states: Sequence[JobState]) -> Iterator[_Run]:
    stores = _stores(connection) if store is None else [store]
    for one in stores:
        for state in states:
            jobs = ARCHIVED.jobs.c
            yield ARCHIVED, (jobs.store == one, jobs.state == state.value)
            jobs = HOT.jobs.c
            yield HOT, (jobs.store == one, jobs.state == state.value, _INDEXED)


def _untouched(
    connection: Connection, store: str | None, states: Sequence[JobState]
) -> Iterator[_Run]:
    """Yield what the queue's index leaves out: gone through by the key, from the newest."""
    accepted = HOT.jobs.c.state == JobState.ACCEPTED.value
    if JobState.ACCEPTED in states and store is None:
        yield HOT, (accepted,)
    elif JobState.ACCEPTED in states:
        of_store = HOT.jobs.c.store if _has_few(connection, store) else _STORE_OF_EACH
        yield HOT, (accepted, of_store == store)


def _has_few(connection: Connection, store: str | None) -> bool:
    """Tell whether all that a store has in the queue is sooner sorted than looked for among all."""
    some = select(HOT.jobs.c.key).where(HOT.jobs.c.store == store).limit(_FEW).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() < _FEW


def _newest(
    connection: Connection, runs: Iterable[_Run], before: int | None, limit: int
) -> list[int]:
    found: list[int] = []
    for sheaf, conditions in runs:
        key = sheaf.jobs.c.key
        query = select(key).where(*conditions).order_by(key.desc()).limit(limit)
        found += connection.execute(
            query if before is None else query.where(key < before)
        ).scalars()
    return found


def read_listed(connection: Connection, keys: Sequence[int]) -> list[Listed]:
    """Return jobs of either side by their keys, the newest first."""
    if not keys:
        return []
    # A lot is filled up with one of its keys, and each row comes once all the same.
    found = [row for lot in in_lots(keys) for row in _rows_of(connection, lot)]
    rows = sorted(found, key=lambda row: int(row.key), reverse=True)
    counts = {key: count for lot in in_lots(keys) for key, count in _counts_of(connection, lot)}
    stuck = _stuck_lanes(connection)
    return [_listed(row, counts[row.key], stuck) for row in rows]


def find_listed(
    connection: Connection, store: StoreName, name: JobId
) -> tuple[Listed, list[PartRecord]] | None:
    """Return a job and its parts; at a twentieth of the price of a list, for who asks often."""
    job = find_job(connection, store, name)
    if job is None:
        return None
    parts = read_parts(connection, job.key)
    counts = PartCounts(
        total=len(parts),
        sent=sum(part.state in _SENT for part in parts),
        delivered=sum(part.state is PartState.DELIVERED for part in parts),
    )
    return _listed(job, counts, _stuck_lanes(connection)), parts


_STUCK: Final = Prepared(select(LANES.c.key, LANES.c.reason).where(LANES.c.reason.is_not(None)))


def _stuck_lanes(connection: Connection) -> dict[int, str]:
    """Return why nothing goes out of the lanes of which nothing does: few, of few."""
    return {row.key: row.reason for row in _STUCK.all(connection, {})}


@cache
def _rows(count: int) -> Prepared:
    """Return the statement for so many jobs by their keys."""
    return Prepared(both(lambda side: select(side.jobs).where(one_of(side.jobs.c.key, count))))


@cache
def _counts(count: int) -> Prepared:
    """Return the statement for how far so many jobs have come."""

    def build(side: Sheaf) -> Select[Any]:
        parts = side.parts.c
        was_sent = or_(*(parts.state == state for state in _SENT))
        return (
            select(
                parts.job_key,
                func.count().label("total"),
                func.sum(case((was_sent, 1), else_=0)).label("sent"),
                func.sum(case((parts.state == PartState.DELIVERED, 1), else_=0)).label("delivered"),
            )
            .where(one_of(parts.job_key, count))
            .group_by(parts.job_key)
        )

    return Prepared(both(build))


def _rows_of(connection: Connection, keys: Sequence[int]) -> list[Any]:
    return _rows(len(keys)).all(connection, by_place(keys))


def _counts_of(connection: Connection, keys: Sequence[int]) -> Iterator[tuple[int, PartCounts]]:
    for row in _counts(len(keys)).all(connection, by_place(keys)):
        yield (
            row.job_key,
            PartCounts(total=int(row.total), sent=int(row.sent), delivered=int(row.delivered)),
        )


def _listed(row: Any, parts: PartCounts, stuck: Mapping[int, str]) -> Listed:
    waits = row.stage == Stage.READY and row.held_for is None
    return Listed(
        key=row.key,
        store=row.store,
        id=row.id,
        to=row.recipient,
        text=row.text,
        purpose=Purpose(row.purpose),
        report=row.report,
        state=JobState(row.state),
        parts=parts,
        modem=row.modem,
        reason=stuck.get(row.lane, row.reason) if waits else row.reason,
        accepted_at=row.accepted_at,
        not_before=row.not_before,
        expires_at=None if row.expires_at == NEVER else row.expires_at,
    )
