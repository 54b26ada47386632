"""What waits in the queue, as a forecast reads it: all of it, or an even sample of very much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from gateway.db.stock import lane_of
from gateway.db.tables import JOBS, LANES, PARTS
from gateway.domain.consent import Scope
from gateway.domain.ids import JobId, LineId
from gateway.domain.lane import Lane
from gateway.domain.purpose import Purpose
from gateway.domain.states import PartState

SAMPLE: Final = 20_000
"""Jobs that are looked at one by one, at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Queued:
    """A job that waits, and how many it stands for."""

    lane: Lane
    job: JobId
    recipient: str
    """E.164."""
    purpose: Purpose
    scope: Scope | None
    category: str | None
    held_for: LineId | None
    not_before: datetime
    expires_at: datetime
    parts: int
    """That are still to be handed over."""
    weight: int
    """Jobs that it stands for, itself among them."""


_UNSENT: Final[ColumnElement[bool]] = literal_column("jobs.stage IN ('ready', 'scheduled')")

_WAITING = (
    select(func.count())
    .select_from(PARTS)
    .where(PARTS.c.job_key == JOBS.c.key, PARTS.c.state == PartState.WAITING)
    .scalar_subquery()
)


def queued_jobs(connection: Connection) -> Iterator[Queued]:
    """Yield what no line is at work on yet."""
    total: int = connection.execute(
        select(func.count()).select_from(JOBS).where(_UNSENT)
    ).scalar_one()
    step = 1 + total // SAMPLE
    rows = connection.execute(
        select(
            *LANES.c,
            *(JOBS.c[name] for name in ("id", "recipient", "purpose", "scope", "category")),
            *(JOBS.c[name] for name in ("held_for", "not_before", "expires_at")),
            _WAITING.label("waiting"),
        )
        .join(LANES, LANES.c.key == JOBS.c.lane)
        .where(_UNSENT, JOBS.c.key % step == 0)
    )
    for row in rows:
        yield Queued(
            lane=lane_of(row),
            job=row.id,
            recipient=row.recipient,
            purpose=Purpose(row.purpose),
            scope=row.scope and Scope(row.scope),
            category=row.category,
            held_for=row.held_for,
            not_before=row.not_before,
            expires_at=row.expires_at,
            parts=max(1, row.waiting),
            weight=step,
        )
