"""How much of the queue waits, and for how long: as far as a few thousand rows tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from gateway.db.tables import JOBS, LANES
from gateway.domain.purpose import Purpose
from gateway.domain.states import Stage

URGENT_SEEN: Final = 2000
"""Urgent jobs that are looked at: more is told as so many."""
DUE_SEEN: Final = 50_000
"""Jobs with a deadline soon that are counted, some 10 ms."""

_READY: Final[ColumnElement[bool]] = literal_column(f"jobs.stage = '{Stage.READY.value}'")


@dataclass(frozen=True, kw_only=True, slots=True)
class Backlog:
    """What waits for a line and could go now."""

    urgent: int
    """Jobs that are no marketing, `URGENT_SEEN` at most."""
    oldest: datetime | None
    """Since when the oldest of them could have gone."""
    due: int
    """Jobs that expire soon, `DUE_SEEN` at most."""


def read_backlog(connection: Connection, now: datetime, due_by: datetime) -> Backlog:
    """Return what waits.

    Args:
        connection: where to look.
        now: what has expired by then, a moment ago, is not meant.
        due_by: what expires by then is due.
    """
    lanes = select(LANES.c.key).where(LANES.c.urgency < Purpose.MARKETING.urgency)
    urgent = (
        select(JOBS.c.not_before)
        .where(_READY, JOBS.c.lane.in_(lanes), JOBS.c.expires_at > now)
        .limit(URGENT_SEEN)
        .subquery()
    )
    count, oldest = connection.execute(select(func.count(), func.min(urgent.c.not_before))).one()
    soon = (
        select(JOBS.c.key)
        .where(_READY, JOBS.c.expires_at > now, JOBS.c.expires_at <= due_by)
        .limit(DUE_SEEN)
        .subquery()
    )
    due = connection.execute(select(func.count()).select_from(soon)).scalar_one()
    return Backlog(urgent=count, oldest=oldest, due=due)


def any_ready(connection: Connection, since: datetime) -> bool:
    """Tell whether something that could have gone before an instant still waits.

    Args:
        connection: where to look.
        since: what became ready after it has not waited yet. Of the first `URGENT_SEEN` alone.
    """
    ready = select(JOBS.c.not_before).where(_READY).limit(URGENT_SEEN).subquery()
    waited = select(ready.c.not_before).where(ready.c.not_before < since).limit(1)
    return connection.execute(waited).one_or_none() is not None
