"""Jobs that are still to go out, by store: what somebody waits for when a store is taken away."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from gateway.db.tables import ARCHIVED, HOT, JOBS
from gateway.domain.ids import JobId, StoreName
from gateway.domain.states import Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Jobs of a store that no modem has whole."""

    count: int
    first: tuple[JobId, ...]
    """Some of them, the oldest."""


def waiting_jobs(connection: Connection, store: StoreName, show: int) -> Waiting:
    """Return how many jobs of a store wait, with the first ``show`` of them."""
    of_store = (JOBS.c.store == store, _waits())
    count = connection.execute(select(func.count()).where(*of_store)).scalar_one()
    first = connection.execute(select(JOBS.c.id).where(*of_store).order_by(JOBS.c.key).limit(show))
    return Waiting(count=count, first=tuple(first.scalars()))


def count_waiting(connection: Connection) -> dict[StoreName, int]:
    """Return how many jobs wait, of each store that has any."""
    query = (
        select(JOBS.c.store, func.count().label("waiting")).where(_waits()).group_by(JOBS.c.store)
    )
    return {row.store: row.waiting for row in connection.execute(query)}


def has_jobs(connection: Connection, store: StoreName) -> bool:
    """Tell whether a store ever had a job here that is still known."""
    return any(
        connection.execute(select(jobs.c.key).where(jobs.c.store == store).limit(1)).first()
        for jobs in (HOT.jobs, ARCHIVED.jobs)
    )


def _waits() -> ColumnElement[bool]:
    return JOBS.c.stage.in_([Stage.SCHEDULED, Stage.READY, Stage.CLAIMED])
